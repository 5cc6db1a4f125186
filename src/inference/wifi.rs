//! The class of protection of a Wi-Fi association: judged by what was negotiated where that is
//! known, and never called more than the basis allows.

use crate::checks::{Arg, Check, Evidence, Failure, Message, Outcome};
use crate::facts::link::Medium;
use crate::facts::profiles::{Enterprise, WifiProfile};
use crate::facts::wifi::{Akm, Association, Bss, Cipher, Negotiated, Suites, Wifi};
use crate::facts::{Facts, Missing, Observed, Reason, Thing};
use crate::inference::connection::{WifiBasis, WifiSummary};
use crate::inference::link;

/// The security words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Security {
    /// No encryption.
    Open,
    /// No encryption; an OWE sibling exists.
    OpenOweTransition,
    /// Encrypted, unauthenticated.
    Owe,
    /// WEP of any kind.
    Wep,
    /// WPA1 with a password.
    WpaPersonal,
    /// WPA1 with 802.1X.
    WpaEnterprise,
    /// WPA1 and WPA2 side by side, with a password.
    WpaWpa2Personal,
    /// WPA1 and WPA2 side by side, with 802.1X.
    WpaWpa2Enterprise,
    /// WPA2 with TKIP only.
    Wpa2PersonalTkip,
    /// WPA2 with AES and a password.
    Wpa2Personal,
    /// WPA2 and WPA3 side by side.
    Wpa2Wpa3Personal,
    /// WPA3 with a password.
    Wpa3Personal,
    /// WPA2 with 802.1X.
    Wpa2Enterprise,
    /// WPA2 and WPA3 with 802.1X.
    Wpa2Wpa3Enterprise,
    /// WPA3 with 802.1X.
    Wpa3Enterprise,
    /// WPA3 with 802.1X, 192-bit.
    Wpa3Enterprise192,
    /// Hotspot 2.0 with 802.1X.
    Passpoint,
    /// Wi-Fi Easy Connect.
    Dpp,
    /// WAPI.
    Wapi,
    /// Protection this version does not know. Never "open".
    Unrecognised,
}

impl Security {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OpenOweTransition => "open-owe-transition",
            Self::Owe => "owe",
            Self::Wep => "wep",
            Self::WpaPersonal => "wpa-personal",
            Self::WpaEnterprise => "wpa-enterprise",
            Self::WpaWpa2Personal => "wpa-wpa2-personal",
            Self::WpaWpa2Enterprise => "wpa-wpa2-enterprise",
            Self::Wpa2PersonalTkip => "wpa2-personal-tkip",
            Self::Wpa2Personal => "wpa2-personal",
            Self::Wpa2Wpa3Personal => "wpa2-wpa3-personal",
            Self::Wpa3Personal => "wpa3-personal",
            Self::Wpa2Enterprise => "wpa2-enterprise",
            Self::Wpa2Wpa3Enterprise => "wpa2-wpa3-enterprise",
            Self::Wpa3Enterprise => "wpa3-enterprise",
            Self::Wpa3Enterprise192 => "wpa3-enterprise-192",
            Self::Passpoint => "passpoint",
            Self::Dpp => "dpp",
            Self::Wapi => "wapi",
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// The protection of the Wi-Fi that carries the traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection<'a> {
    /// The interface.
    pub interface: &'a str,
    /// The association.
    pub association: &'a Association,
    /// What was agreed, where that is known.
    pub agreed: Option<&'a Negotiated>,
    /// Its class.
    pub security: Security,
    /// How that is known.
    pub basis: WifiBasis,
    /// Key managements in play: the agreed one, or all that are offered while that is not known.
    pub akms: Vec<Akm>,
    /// Pairwise ciphers in play, likewise.
    pub pairwise: Vec<Cipher>,
    /// Group cipher; `None` when there is none or the elements disagree.
    pub group: Option<Cipher>,
}

impl Protection<'_> {
    /// The network's name as an argument of a sentence.
    pub fn name(&self) -> Arg {
        let name = self.association.bss.ssid.to_text();
        if name.is_empty() { Arg::Key("wifi-nameless".to_owned()) } else { Arg::Text(name) }
    }

    /// The class in words for a person, as an argument of a sentence.
    pub fn class(&self) -> Arg {
        Arg::Key(format!("wifi-class-{}", self.security.word()))
    }

    /// Evidence that rests on how the protection is known.
    pub fn shows(&self, says: Message) -> Evidence {
        let source = match self.basis {
            WifiBasis::Configured => "networkmanager",
            WifiBasis::Advertised => "nl80211",
            WifiBasis::Negotiated => match self.agreed.map(|agreed| agreed.source.as_str()) {
                Some("wpa-supplicant") => "wpa-supplicant",
                Some("iwd") => "iwd",
                Some("eapol") => "eapol",
                Some(_) | None => "nl80211",
            },
        };
        says.known(self.basis.evidence(), source)
    }

    /// The failure, if what is known of the protection is enough for one of this check; else unknown.
    pub fn failing(&self, check: &Check, failure: Failure) -> Outcome {
        if self.basis.evidence() < check.basis { self.undecided(failure.evidence) } else { Outcome::Fail(failure) }
    }

    /// What is known of the association does not decide; this much is known.
    pub fn undecided(&self, evidence: Vec<Evidence>) -> Outcome {
        let reason = match &self.association.negotiated {
            Observed::Unknown(reason) if self.agreed.is_none() => reason.clone(),
            Observed::Unknown(_) | Observed::Known(_) => Reason::Undecided { what: Thing::WifiNegotiation },
        };
        Outcome::Unknown(reason.into(), evidence)
    }

    /// Whether there is no encryption whatever.
    pub const fn is_open(&self) -> bool {
        matches!(self.security, Security::Open | Security::OpenOweTransition)
    }

    /// Whether it rests on 802.1X.
    pub const fn is_enterprise(&self) -> bool {
        matches!(
            self.security,
            Security::WpaEnterprise
                | Security::WpaWpa2Enterprise
                | Security::Wpa2Enterprise
                | Security::Wpa2Wpa3Enterprise
                | Security::Wpa3Enterprise
                | Security::Wpa3Enterprise192
                | Security::Passpoint
        )
    }
}

/// The Wi-Fi interface that carries, or carries beneath a VPN, the traffic; `Ok(None)` when the
/// traffic is not carried by Wi-Fi.
///
/// # Errors
/// [`Missing`] when that cannot be told.
pub fn carrier(facts: &Facts) -> Result<Option<&Wifi>, Missing> {
    if matches!(facts.wifi, Observed::Known(None)) && facts.link.known().is_none() {
        // No Wi-Fi in this machine: nothing else need be known.
        return Ok(None);
    }
    let Some(outward) = link::outward(facts)?.filter(|interface| interface.medium == Medium::Wifi) else {
        return Ok(None);
    };
    let undecided = || Missing::new(Reason::Undecided { what: Thing::Nl80211 });
    let first = facts.wifi.get()?.as_ref().ok_or_else(undecided)?;
    let links = facts.link.get()?;
    let carries = |wifi: &Wifi| {
        wifi.interface == outward.name
            || links
                .named(&wifi.interface)
                .is_some_and(|beneath| outward.lower.contains(&beneath.index) || beneath.master == Some(outward.index))
    };
    std::iter::once(first).chain(&first.others).find(|wifi| carries(wifi)).map(Some).ok_or_else(undecided)
}

/// The protection of the Wi-Fi that carries the traffic; `Ok(None)` when the traffic is not carried by Wi-Fi.
///
/// # Errors
/// [`Missing`] when it cannot be told: the association is gone or not yet finished, or what the
/// access point says of itself cannot be believed.
pub fn protection(facts: &Facts) -> Result<Option<Protection<'_>>, Missing> {
    let Some(wifi) = carrier(facts)? else { return Ok(None) };
    let undecided = || Missing::new(Reason::Undecided { what: Thing::WifiNegotiation });
    let association = wifi.association.as_ref().ok_or_else(undecided)?;
    if association.authorized.known() == Some(&false) {
        return Err(undecided());
    }
    let agreed = association.negotiated.known().or_else(|| handshake(facts, wifi, association));
    let (choices, basis) = in_play(association, agreed)?;
    let security = match (&association.negotiated, association.bss.bssid.is_empty()) {
        (Observed::Unknown(_), true) => configured(association.configured.get()?),
        _ => classify(&choices, &association.bss, association.management_protected.known().copied()),
    };
    Ok(Some(Protection {
        interface: &wifi.interface,
        association,
        agreed,
        security,
        basis,
        akms: choices.akms,
        pairwise: choices.pairwise,
        group: choices.group,
    }))
}

/// What the association may rest on: one choice where it is known, every offered one where not.
#[derive(Debug, Default)]
struct Choices {
    akms: Vec<Akm>,
    pairwise: Vec<Cipher>,
    group: Option<Cipher>,
    group_management: Option<Cipher>,
    /// Every element in play requires protected management frames.
    mfp_required: bool,
}

impl Choices {
    fn of(elements: &[&Suites]) -> Self {
        let mut choices = Self { mfp_required: !elements.is_empty(), ..Self::default() };
        let mut groups = Vec::new();
        for suites in elements {
            choices.akms.extend(&suites.akms);
            choices.pairwise.extend(
                suites.pairwise.iter().map(|&cipher| if cipher == Cipher::UseGroup { suites.group } else { cipher }),
            );
            choices.mfp_required &= suites.mfp_required;
            choices.group_management = suites.group_management;
            groups.push(suites.group);
        }
        choices.akms.sort();
        choices.akms.dedup();
        choices.pairwise.sort();
        choices.pairwise.dedup();
        groups.sort();
        groups.dedup();
        choices.group = match groups.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
        choices
    }
}

/// What packets showed to be agreed: this machine chose it, in message 2 of the handshake with its access point, which
/// agreed in message 3. Of several, the last.
fn handshake<'a>(facts: &'a Facts, wifi: &Wifi, association: &Association) -> Option<&'a Negotiated> {
    let mac = facts.link.known()?.named(&wifi.interface)?.mac.as_ref()?;
    let ours =
        facts.traffic.known()?.handshakes.iter().filter(|handshake| {
            handshake.agreed && handshake.bssid == association.bss.bssid && handshake.station == *mac
        });
    ours.max_by_key(|handshake| handshake.last).map(|handshake| &handshake.negotiated)
}

fn in_play(association: &Association, agreed: Option<&Negotiated>) -> Result<(Choices, WifiBasis), Missing> {
    let bss = &association.bss;
    let elements: Vec<&Suites> = bss.wpa.iter().chain(&bss.rsn).chain(&bss.rsn_overrides).collect();
    if let Some(negotiated) = agreed {
        let Some(akm) = negotiated.akm else {
            // No key management: open or WEP. A network that asks for one is not joined that way.
            if !elements.is_empty() && negotiated.pairwise.is_none() {
                return Err(Reason::Undecided { what: Thing::WifiNegotiation }.into());
            }
            let choices = Choices {
                pairwise: negotiated.pairwise.into_iter().collect(),
                group: negotiated.group,
                ..Choices::default()
            };
            return Ok((choices, WifiBasis::Negotiated));
        };
        let fitting: Vec<&Suites> = elements.into_iter().filter(|suites| suites.akms.contains(&akm)).collect();
        let mut choices = Choices::of(&fitting);
        choices.akms = vec![akm];
        if let Some(pairwise) = negotiated.pairwise {
            choices.pairwise = vec![pairwise];
        }
        choices.group = negotiated.group.or(choices.group);
        return Ok((choices, WifiBasis::Negotiated));
    }
    if bss.bssid.is_empty() {
        return Ok((Choices::default(), WifiBasis::Configured));
    }
    if bss.rsn_malformed {
        return Err(Reason::Undecided { what: Thing::WifiNegotiation }.into());
    }
    // With RSN override the base element allows no protected management frames and the overriding
    // ones require them: the flag of the association tells which was used.
    if let (Some(rsn), Some(&protected)) = (&bss.rsn, association.management_protected.known())
        && bss.wpa.is_none()
        && !rsn.mfp_capable
        && !bss.rsn_overrides.is_empty()
        && bss.rsn_overrides.iter().all(|suites| suites.mfp_required)
    {
        let used: Vec<&Suites> = if protected { bss.rsn_overrides.iter().collect() } else { vec![rsn] };
        return Ok((Choices::of(&used), WifiBasis::Negotiated));
    }
    Ok((Choices::of(&elements), WifiBasis::Advertised))
}

/// The class of a network of which nothing is known but what it says of itself. One whose elements cannot be read, or
/// contradict each other, is [`Security::Unrecognised`].
pub fn advertised(bss: &Bss) -> Security {
    if bss.rsn_malformed {
        return Security::Unrecognised;
    }
    let elements: Vec<&Suites> = bss.wpa.iter().chain(&bss.rsn).chain(&bss.rsn_overrides).collect();
    classify(&Choices::of(&elements), bss, None)
}

/// The class of what is in play, from the weakest it can be up.
fn classify(choices: &Choices, bss: &Bss, protected: Option<bool>) -> Security {
    let all = |cipher: fn(Cipher) -> bool| {
        !choices.pairwise.is_empty() && choices.pairwise.iter().all(|&pairwise| cipher(pairwise))
    };
    if all(is_wep) {
        return Security::Wep;
    }
    if choices.akms.is_empty() {
        return without_key_management(bss);
    }
    let any = |kind: Kind| choices.akms.iter().any(|&akm| Kind::of(akm) == kind);
    let personal = any(Kind::Psk) || any(Kind::Sae);
    let enterprise = any(Kind::Enterprise) || any(Kind::Enterprise3) || any(Kind::Enterprise192);
    if any(Kind::Owe) {
        return Security::Owe;
    }
    if any(Kind::WpaPersonal) {
        return if personal { Security::WpaWpa2Personal } else { Security::WpaPersonal };
    }
    if any(Kind::WpaEnterprise) {
        return if enterprise { Security::WpaWpa2Enterprise } else { Security::WpaEnterprise };
    }
    if personal {
        return match (any(Kind::Psk), any(Kind::Sae)) {
            _ if all(|cipher| cipher == Cipher::Tkip) => Security::Wpa2PersonalTkip,
            (true, true) => Security::Wpa2Wpa3Personal,
            (true, false) => Security::Wpa2Personal,
            (false, _) => Security::Wpa3Personal,
        };
    }
    if enterprise {
        return self::enterprise(choices, bss, protected);
    }
    if any(Kind::Dpp) { Security::Dpp } else { Security::Unrecognised }
}

fn without_key_management(bss: &Bss) -> Security {
    match bss {
        Bss { wapi: true, .. } => Security::Wapi,
        Bss { osen: true, .. } => Security::Unrecognised,
        Bss { privacy: true, .. } => Security::Wep,
        Bss { owe_transition: Some(_), .. } => Security::OpenOweTransition,
        Bss { .. } => Security::Open,
    }
}

fn enterprise(choices: &Choices, bss: &Bss, protected: Option<bool>) -> Security {
    if bss.hotspot20 {
        return Security::Passpoint;
    }
    let all = |wanted: fn(Kind) -> bool| choices.akms.iter().all(|&akm| wanted(Kind::of(akm)));
    let management = choices.mfp_required || (choices.akms.len() == 1 && protected == Some(true));
    let strong = choices.pairwise == [Cipher::Gcmp256]
        && matches!(choices.group, Some(Cipher::Gcmp256) | None)
        && matches!(choices.group_management, Some(Cipher::BipGmac256) | None);
    if all(|kind| kind == Kind::Enterprise192) && management && strong {
        return Security::Wpa3Enterprise192;
    }
    if all(|kind| kind == Kind::Enterprise) {
        return Security::Wpa2Enterprise;
    }
    let old = choices.akms.contains(&Akm::Ieee8021x);
    match (old, management) {
        (false, true) => Security::Wpa3Enterprise,
        (false, false) if choices.akms.len() == 1 => Security::Wpa2Enterprise,
        _ => Security::Wpa2Wpa3Enterprise,
    }
}

/// The class a saved profile asks for, by NetworkManager's `key-mgmt`; `open` where it has none.
fn configured(key_management: &str) -> Security {
    match key_management {
        "open" => Security::Open,
        "none" | "ieee8021x" => Security::Wep,
        // These join WPA1 as well as WPA2 networks.
        "wpa-psk" => Security::WpaWpa2Personal,
        "wpa-eap" => Security::WpaWpa2Enterprise,
        "sae" => Security::Wpa3Personal,
        "owe" => Security::Owe,
        "wpa-eap-suite-b-192" => Security::Wpa3Enterprise192,
        _ => Security::Unrecognised,
    }
}

/// What a key management suite makes of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// WPA1 with a password.
    WpaPersonal,
    /// WPA1 with 802.1X.
    WpaEnterprise,
    /// WPA2 with a password.
    Psk,
    /// WPA3 with a password.
    Sae,
    /// 802.1X as WPA2 has it.
    Enterprise,
    /// 802.1X as WPA3 has it, FILS.
    Enterprise3,
    /// 802.1X with the 192-bit suites.
    Enterprise192,
    /// Encryption without authentication.
    Owe,
    /// Wi-Fi Easy Connect.
    Dpp,
    /// None of these.
    Other,
}

impl Kind {
    /// The kind of a suite.
    pub const fn of(akm: Akm) -> Self {
        match akm {
            Akm::WpaPsk | Akm::WpaNone => Self::WpaPersonal,
            Akm::WpaIeee8021x => Self::WpaEnterprise,
            Akm::Psk | Akm::FtPsk | Akm::PskSha256 | Akm::FtPskSha384 | Akm::PskSha384 => Self::Psk,
            Akm::Sae | Akm::FtSae | Akm::SaeExtKey | Akm::FtSaeExtKey => Self::Sae,
            Akm::Ieee8021x | Akm::FtIeee8021x => Self::Enterprise,
            Akm::Ieee8021xSha256
            | Akm::SuiteB
            | Akm::FilsSha256
            | Akm::FilsSha384
            | Akm::FtFilsSha256
            | Akm::FtFilsSha384
            | Akm::FtIeee8021xSha384Unrestricted
            | Akm::Ieee8021xSha384 => Self::Enterprise3,
            Akm::SuiteB192 | Akm::FtIeee8021xSha384 => Self::Enterprise192,
            Akm::Owe => Self::Owe,
            Akm::Dpp => Self::Dpp,
            Akm::Cckm | Akm::Osen | Akm::Other(_) => Self::Other,
        }
    }
}

/// Whether a cipher is WEP, or Cisco's relatives of it.
pub const fn is_wep(cipher: Cipher) -> bool {
    matches!(cipher, Cipher::Wep40 | Cipher::Wep104 | Cipher::Ckip)
}

/// How the association on this interface verifies the server of its 802.1X, and whose word that is: the saved profile's,
/// else that of the program that made the association.
///
/// # Errors
/// [`Missing`] when neither could be read.
pub fn verification<'f>(
    facts: &'f Facts,
    interface: &str,
    association: &'f Association,
) -> Result<(&'f Enterprise, &'static str), Missing> {
    let in_use = |profile: &&WifiProfile| profile.active_on.as_deref() == Some(interface);
    let saved = facts.profiles.known().and_then(|profiles| profiles.wifi.iter().find(in_use));
    if let Some(settings) = saved.and_then(|profile| profile.enterprise.as_ref()) {
        return Ok((settings, "networkmanager"));
    }
    match &association.verification {
        Observed::Known(settings) => Ok((settings, "wpa-supplicant")),
        // The program would tell, and may not: that can be helped.
        Observed::Unknown(reason @ Reason::NotPermitted { .. }) => Err(reason.clone().into()),
        Observed::Unknown(_) => match &facts.profiles {
            Observed::Unknown(reason) => Err(reason.clone().into()),
            Observed::Known(_) => Err(Reason::NotAvailable { what: Thing::Profiles }.into()),
        },
    }
}

/// The class of the Wi-Fi that carries the traffic, and how it is known; `Ok(None)` when the
/// traffic is not carried by Wi-Fi.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn security(facts: &Facts) -> Result<Option<(Security, WifiBasis)>, Missing> {
    Ok(protection(facts)?.map(|protection| (protection.security, protection.basis)))
}

/// The Wi-Fi for the contract's `connection.wifi`; `None` when the medium is another or unknown.
pub fn summary(facts: &Facts) -> Option<WifiSummary> {
    let protection = protection(facts).ok()??;
    let bss = &protection.association.bss;
    let agreed = protection.agreed;
    Some(WifiSummary {
        ssid: bss.ssid.clone(),
        bssid: bss.bssid.clone(),
        security: protection.security,
        basis: protection.basis,
        akm: agreed.and_then(|agreed| agreed.akm),
        pairwise: agreed.and_then(|agreed| agreed.pairwise),
        group: agreed.and_then(|agreed| agreed.group),
        pmf: protection.association.management_protected.known().copied(),
        wps: bss.wps.is_some(),
    })
}

#[cfg(test)]
mod tests;
