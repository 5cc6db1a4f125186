//! The words wpa_supplicant and iwd use for suites.
//!
//! wpa_supplicant: `wpa_key_mgmt_txt` and `wpa_cipher_txt` of hostap's `wpa_common.c`. iwd:
//! `diagnostic_akm_suite_to_security` of its `diagnostic.c`.

use crate::facts::profiles::Enterprise;
use crate::facts::wifi::{Akm, Bss, Cipher, Negotiated};

use super::Silence;

/// The reply to `STATUS`: lines of `name=value`. While keys are renewed the state goes back to a
/// handshake; the suites stay, so that an association the kernel calls `authorized` is settled then too.
pub(super) fn status(reply: &str, bss: &Bss, authorized: bool) -> Result<Negotiated, Silence> {
    let value = |name: &str| {
        reply.lines().find_map(|line| line.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
    };
    let settled = match value("wpa_state").ok_or(Silence::Mute)? {
        "COMPLETED" => true,
        "4WAY_HANDSHAKE" | "GROUP_HANDSHAKE" => authorized,
        _ => false,
    };
    if !settled || !value("bssid").is_some_and(|bssid| bssid.eq_ignore_ascii_case(&bss.bssid)) {
        return Err(Silence::Unsettled);
    }
    let key_management = value("key_mgmt").ok_or(Silence::Mute)?;
    let akm = self::akm(key_management, bss)?;
    let pairwise = optional_cipher(value("pairwise_cipher"))?;
    let group = optional_cipher(value("group_cipher"))?;
    // 802.1X without WPA is WEP with keys that change.
    let (pairwise, group) = if key_management == "IEEE 802.1X (no WPA)" {
        (pairwise.or(Some(Cipher::Wep104)), group.or(Some(Cipher::Wep104)))
    } else {
        (pairwise, group)
    };
    Ok(Negotiated { akm, pairwise, group, source: "wpa-supplicant".to_owned() })
}

/// The profile in use, by its number in the reply to `STATUS`.
pub(super) fn id(reply: &str) -> Option<u32> {
    reply.lines().find_map(|line| line.strip_prefix("id="))?.parse().ok()
}

/// Whether a suite rests on 802.1X.
pub(super) const fn is_enterprise(akm: Option<Akm>) -> bool {
    matches!(
        akm,
        Some(
            Akm::WpaIeee8021x
                | Akm::Ieee8021x
                | Akm::Ieee8021xSha256
                | Akm::Ieee8021xSha384
                | Akm::FtIeee8021x
                | Akm::FtIeee8021xSha384
                | Akm::FtIeee8021xSha384Unrestricted
                | Akm::SuiteB
                | Akm::SuiteB192
                | Akm::FilsSha256
                | Akm::FilsSha384
                | Akm::FtFilsSha256
                | Akm::FtFilsSha384
        )
    )
}

/// The variables of a profile that tell how the server is verified (`wpa_supplicant.conf`).
pub(super) const VERIFICATION: [&str; 7] =
    ["eap", "ca_cert", "ca_path", "domain_suffix_match", "domain_match", "subject_match", "altsubject_match"];

/// Where the system keeps the authorities that everybody trusts.
const SYSTEM: [&str; 4] = ["/etc/ssl/cert", "/etc/pki/tls/cert", "/etc/pki/ca-trust/", "/etc/ca-certificates/"];

/// What the replies to `GET_NETWORK` say; a variable that is not set is answered `FAIL`.
pub(super) fn verification<'r>(reply: impl Fn(&str) -> Option<&'r str>) -> Enterprise {
    let value = |variable: &str| {
        let told = reply(variable)?.trim_end();
        let told = told.strip_prefix('"').and_then(|told| told.strip_suffix('"')).unwrap_or(told);
        (!told.is_empty() && told != "FAIL").then_some(told)
    };
    // `probe://` takes whatever certificate comes; `hash://` takes one and no other.
    let authority = value("ca_cert").filter(|told| !told.starts_with("probe://"));
    let by_hash = authority.is_some_and(|told| told.starts_with("hash://"));
    let of_system = |told: &str| SYSTEM.iter().any(|folder| told.starts_with(folder));
    let named = ["domain_suffix_match", "domain_match", "subject_match", "altsubject_match"];
    Enterprise {
        methods: value("eap").into_iter().flat_map(str::split_whitespace).map(str::to_lowercase).collect(),
        ca_certificate: authority.or(value("ca_path")).is_some(),
        system_ca: [authority, value("ca_path")].into_iter().flatten().any(of_system),
        name_checked: by_hash || named.into_iter().any(|variable| value(variable).is_some()),
    }
}

/// `CurrentAuthMode` of the D-Bus service; for 802.1X it names the EAP method instead.
pub(super) fn auth_mode(mode: &str, bss: &Bss) -> Result<Negotiated, Silence> {
    let akm = if mode.starts_with("EAP-") {
        match (&bss.rsn, &bss.wpa) {
            (Some(_), None) => Some(Akm::Ieee8021x),
            (None, Some(_)) => Some(Akm::WpaIeee8021x),
            // WPA or WPA2 cannot be told apart; with neither, keys are WEP's, which is not told either.
            (Some(_), Some(_)) | (None, None) => return Err(Silence::Mute),
        }
    } else {
        akm(mode, bss)?
    };
    // Without key management there is none, or WEP: the privacy bit of a joined network tells.
    let wep = (akm.is_none() && bss.privacy).then_some(Cipher::Wep104);
    Ok(Negotiated { akm, pairwise: wep, group: wep, source: "wpa-supplicant".to_owned() })
}

/// iwd's `Security` and `PairwiseCipher`.
pub(super) fn iwd(security: &str, pairwise: Option<&str>, bss: &Bss) -> Result<Negotiated, Silence> {
    let akm = match security {
        "Open" => None,
        "WPA1-Personal" => Some(Akm::WpaPsk),
        "WPA2-Personal" => Some(Akm::Psk),
        "WPA2-Personal + FT" => Some(Akm::FtPsk),
        "WPA3-Personal" => Some(Akm::Sae),
        "WPA3-Personal + FT" => Some(Akm::FtSae),
        "WPA2-Enterprise" => Some(enterprise(bss)),
        "WPA2-Enterprise + FT" => Some(Akm::FtIeee8021x),
        "OWE" => Some(Akm::Owe),
        "FILS" => Some(Akm::FilsSha256),
        "FILS + FT" => Some(Akm::FtFilsSha256),
        "OSEN" => Some(Akm::Osen),
        _ => return Err(Silence::Mute),
    };
    let pairwise = optional_cipher(pairwise)?;
    Ok(Negotiated { akm, pairwise, group: None, source: "iwd".to_owned() })
}

/// iwd has one word for both 802.1X suites: the older one, unless the network offers only the newer.
fn enterprise(bss: &Bss) -> Akm {
    let offers = |akm| bss.rsn.as_ref().is_some_and(|rsn| rsn.akms.contains(&akm));
    if offers(Akm::Ieee8021xSha256) && !offers(Akm::Ieee8021x) { Akm::Ieee8021xSha256 } else { Akm::Ieee8021x }
}

/// wpa_supplicant's word for a key management; `None` when it says that there is none.
fn akm(word: &str, bss: &Bss) -> Result<Option<Akm>, Silence> {
    Ok(Some(match word {
        "NONE" | "IEEE 802.1X (no WPA)" => return Ok(None),
        "WPA-NONE" => Akm::WpaNone,
        "WPA-PSK" => Akm::WpaPsk,
        "WPA2-PSK" => Akm::Psk,
        "WPA/IEEE 802.1X/EAP" => Akm::WpaIeee8021x,
        "WPA2/IEEE 802.1X/EAP" => Akm::Ieee8021x,
        // The D-Bus service tells the profile's versions, not the agreed one: what is on the air decides.
        "WPA2-PSK+WPA-PSK" => either(bss, Akm::Psk, Akm::WpaPsk)?,
        "WPA2+WPA/IEEE 802.1X/EAP" => either(bss, Akm::Ieee8021x, Akm::WpaIeee8021x)?,
        "FT-EAP" => Akm::FtIeee8021x,
        "FT-EAP-SHA384" => Akm::FtIeee8021xSha384,
        "FT-PSK" => Akm::FtPsk,
        "WPA2-EAP-SHA256" => Akm::Ieee8021xSha256,
        "WPA2-EAP-SHA384" => Akm::Ieee8021xSha384,
        "WPA2-PSK-SHA256" => Akm::PskSha256,
        "SAE" => Akm::Sae,
        "FT-SAE" => Akm::FtSae,
        "SAE-EXT-KEY" => Akm::SaeExtKey,
        "FT-SAE-EXT-KEY" => Akm::FtSaeExtKey,
        "WPA2-EAP-SUITE-B" => Akm::SuiteB,
        "WPA2-EAP-SUITE-B-192" => Akm::SuiteB192,
        "FILS-SHA256" => Akm::FilsSha256,
        "FILS-SHA384" => Akm::FilsSha384,
        "FT-FILS-SHA256" => Akm::FtFilsSha256,
        "FT-FILS-SHA384" => Akm::FtFilsSha384,
        "OWE" => Akm::Owe,
        "DPP" => Akm::Dpp,
        "OSEN" => Akm::Osen,
        _ => return Err(Silence::Mute),
    }))
}

const fn either(bss: &Bss, rsn: Akm, wpa: Akm) -> Result<Akm, Silence> {
    match (&bss.rsn, &bss.wpa) {
        (Some(_), None) => Ok(rsn),
        (None, Some(_)) => Ok(wpa),
        (Some(_), Some(_)) | (None, None) => Err(Silence::Mute),
    }
}

/// The cipher of this word; `None` when it says that there is none, or nothing.
fn optional_cipher(word: Option<&str>) -> Result<Option<Cipher>, Silence> {
    match word {
        None | Some("NONE") => Ok(None),
        Some(word) => cipher(word).map(Some).ok_or(Silence::Mute),
    }
}

fn cipher(word: &str) -> Option<Cipher> {
    Some(match word {
        "WEP-40" => Cipher::Wep40,
        "WEP-104" => Cipher::Wep104,
        "TKIP" => Cipher::Tkip,
        "CCMP" | "CCMP-128" => Cipher::Ccmp128,
        "CCMP-256" => Cipher::Ccmp256,
        "GCMP" | "GCMP-128" => Cipher::Gcmp128,
        "GCMP-256" => Cipher::Gcmp256,
        "GTK_NOT_USED" => Cipher::GroupNotAllowed,
        _ => return None,
    })
}
