//! Whether this place is public, and whether a sign-in page waits. What a network can forge only
//! ever raises suspicion.

mod portal;
mod signs;
mod trust;

pub use portal::{evidence as portal_evidence, portal};
pub use signs::{GUEST_WORDS, Sign, Strength, signs};
pub use trust::{Elements, weaker};

use crate::facts::link::{Interface, Medium};
use crate::facts::{Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::connection::HotspotSummary;
use crate::inference::link;
use crate::inference::wifi::{self, Security};

/// The sign-in page. The words of the contract's `hotspot.portal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalState {
    /// There is none, shown by two agreeing looks or one that cannot be forged cheaply.
    Absent,
    /// It stands in the way now.
    Present,
    /// There is one, and it lets this machine through.
    Passed,
    /// Cannot tell.
    Unknown,
}

impl PortalState {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Present => "present",
            Self::Passed => "passed",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether the place is public: `true` public or to be treated so, `false` vouched for or without
/// any sign of being public after all signs were looked for.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn is_public(facts: &Facts, guidance: &Guidance) -> Result<bool, Missing> {
    let undecided = || Missing::from(Reason::Undecided { what: Thing::Place });
    let outward = link::outward(facts)?.ok_or_else(undecided)?;
    if has_portal(facts) {
        return Ok(true);
    }
    if trusted(facts, guidance).is_some() || is_phone_link(outward) {
        return Ok(false);
    }
    let portal = portal(facts);
    let signs = signs(facts);
    let score = signs::score(facts, &signs);
    if score >= 3 && signs.iter().any(|sign| sign.strength >= Strength::Good) {
        return Ok(true);
    }
    if score >= 2 {
        return Err(undecided());
    }
    if outward.medium == Medium::Wifi {
        // Signs of a Wi-Fi that could not be read were not looked for.
        wifi::security(facts)?.ok_or_else(undecided)?;
    }
    match portal {
        Ok(_) => Ok(false),
        Err(missing) => Err(missing),
    }
}

/// Whether more than the want of signs speaks for a place that is not public: the guidance vouches for it, it is a
/// phone's link, or a Wi-Fi that asks for a password. A cable shows little of whose it is.
pub fn is_shown_private(facts: &Facts, guidance: &Guidance) -> bool {
    let of_its_own = link::outward(facts).ok().flatten().is_some_and(|outward| {
        is_phone_link(outward)
            || outward.medium == Medium::Wifi
                && wifi::security(facts).ok().flatten().is_some_and(|(security, _)| asks_password(security))
    });
    is_public(facts, guidance) == Ok(false) && (of_its_own || trusted(facts, guidance).is_some())
}

/// A sign-in page was seen or is announced. Neither a phone's cable nor a place that looks like one vouched for
/// outranks that: the phone may share a hotel's Wi-Fi, the place may be a copy.
fn has_portal(facts: &Facts) -> bool {
    portal::is_announced(facts) || matches!(portal(facts), Ok(PortalState::Present))
}

/// The guidance's name for this place, when it vouches for it. A place with a sign-in page is none of them.
pub fn trusted<'a>(facts: &Facts, guidance: &'a Guidance) -> Option<&'a str> {
    if has_portal(facts) {
        return None;
    }
    guidance.trusted.iter().find(|place| trust::matches(facts, place)).map(|place| place.name.as_str())
}

/// What tells this network from another for as long as one is in it: the name of a Wi-Fi, else the router's address, else the
/// interface. `None` without a connection, and where that is not known. No proof of anything: names can be imitated.
pub fn name(facts: &Facts) -> Option<String> {
    let outward = link::outward(facts).ok()??;
    if let Some(ssid) = facts.wifi.known().and_then(Option::as_ref).and_then(|wifi| wifi.association.as_ref())
        && outward.medium == Medium::Wifi
    {
        return Some(format!("wifi {}", ssid.bss.ssid.to_text()));
    }
    let ways = link::ways_out(facts).ok()?;
    let router = ways.iter().find(|way| way.interface.name == outward.name).and_then(|way| way.gateway_mac);
    Some(router.map_or_else(|| format!("link {}", outward.name), |mac| format!("router {mac}")))
}

/// The page to sign in at: what the network announces, if that is a page of the web; else the page whose asking showed that
/// there is one, which the network answers itself. `None` where the guidance has no such page.
pub fn sign_in_page<'a>(facts: &'a Facts, guidance: &'a Guidance) -> Option<&'a str> {
    let api = facts.portal.known().and_then(|portal| portal.api.known()).and_then(Option::as_ref);
    let announced = api.and_then(|api| api.user_portal_url.as_deref());
    announced
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
        .or_else(|| guidance.portal.first.as_ref().map(|probe| probe.url.as_str()))
}

/// The marks of this place as `[[trusted]]` of the guidance takes them: `key = "value"`.
pub fn marks(facts: &Facts) -> Vec<String> {
    trust::marks(facts)
}

/// Whether the connection runs over a phone (USB, Bluetooth, a modem, or a Wi-Fi hotspot that shows it).
///
/// What a Wi-Fi shows of a phone can be forged: it counts only with encryption, and only for the words; it
/// never makes a place less public.
///
/// # Errors
/// [`Missing`] when the link is not known.
pub fn is_phone(facts: &Facts) -> Result<bool, Missing> {
    Ok(link::outward(facts)?.is_some_and(|outward| is_phone_link(outward) || looks_like_phone(facts, outward)))
}

/// Whether the medium itself is a phone or modem.
const fn is_phone_link(interface: &Interface) -> bool {
    matches!(interface.medium, Medium::UsbPhone | Medium::Bluetooth | Medium::Cellular)
}

const fn asks_password(security: Security) -> bool {
    matches!(security, Security::Wpa2Personal | Security::Wpa2Wpa3Personal | Security::Wpa3Personal)
}

/// An encrypted Wi-Fi whose DHCP server says `ANDROID_METERED`, or that gives 172.20.10.2–14 as iPhones do.
fn looks_like_phone(facts: &Facts, outward: &Interface) -> bool {
    let encrypted = wifi::security(facts).ok().flatten().is_some_and(|(security, _)| asks_password(security));
    let android = facts
        .dhcp
        .known()
        .is_some_and(|dhcp| dhcp.leases.iter().any(|lease| lease.interface == outward.name && lease.android_metered));
    let iphone = outward.addresses.iter().any(|address| match address.net {
        ipnet::IpNet::V4(net) => net.prefix_len() == 28 && net.network().octets() == [172, 20, 10, 0],
        ipnet::IpNet::V6(_) => false,
    });
    outward.medium == Medium::Wifi && encrypted && (android || iphone)
}

/// The place for the contract's `connection.hotspot`.
pub fn summary(facts: &Facts, guidance: &Guidance) -> HotspotSummary {
    HotspotSummary {
        public: is_public(facts, guidance).ok(),
        portal: portal(facts).unwrap_or(PortalState::Unknown),
        signs: signs(facts)
            .into_iter()
            .filter(|sign| sign.strength > Strength::Against)
            .map(|sign| sign.shows.says)
            .collect(),
    }
}

#[cfg(test)]
mod tests;
