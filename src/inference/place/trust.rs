//! Whether this place is one the guidance vouches for: at least three elements, all that are given match.

use crate::facts::Facts;
use crate::facts::link::{Medium, Scope};
use crate::facts::wifi::Association;
use crate::guidance::TrustedNetwork;
use crate::inference::{link, wifi};

/// How many elements must be given: the name of a Wi-Fi alone never makes a place (CVE-2023-52424).
const ENOUGH: usize = 3;

/// Whether all given elements, and enough of them, match.
pub(super) fn matches(facts: &Facts, place: &TrustedNetwork) -> bool {
    let Ok(Some(outward)) = link::outward(facts) else {
        return false;
    };
    let association = association(facts);
    let bssid = association.map(|association| association.bss.bssid.as_str());
    let lease = facts.dhcp.known().and_then(|dhcp| dhcp.leases.iter().find(|lease| lease.interface == outward.name));
    let links = facts.link.known();
    let elements = [
        place.ssid.as_ref().map(|ssid| association.is_some_and(|association| association.bss.ssid == *ssid)),
        place.security.as_ref().map(|wanted| {
            wifi::security(facts).ok().flatten().is_some_and(|(found, _)| at_least(wanted, found.word()))
        }),
        place.gateway_mac.as_ref().map(|wanted| {
            links.is_some_and(|links| {
                links.routers.iter().any(|router| {
                    router.interface == outward.name
                        && router.mac.as_deref().is_some_and(|mac| mac.eq_ignore_ascii_case(wanted))
                })
            })
        }),
        place.bssid_prefix.as_ref().map(|wanted| {
            !wanted.is_empty()
                && bssid
                    .and_then(|bssid| bssid.get(..wanted.len()))
                    .is_some_and(|start| start.eq_ignore_ascii_case(wanted))
        }),
        place.dhcp_server.map(|wanted| {
            lease.and_then(|lease| lease.server).is_some_and(|server| std::net::IpAddr::V4(server) == wanted)
        }),
        place.subnet.map(|wanted| {
            outward
                .addresses
                .iter()
                .any(|address| address.scope == Scope::Global && address.net.trunc() == wanted.trunc())
        }),
        place.domain.as_ref().map(|wanted| {
            lease.and_then(|lease| lease.domain.as_deref()).is_some_and(|domain| domain.eq_ignore_ascii_case(wanted))
        }),
    ];
    let given: Vec<bool> = elements.into_iter().flatten().collect();
    given.len() >= ENOUGH && given.into_iter().all(|matches| matches)
}

/// What [`matches`] would compare here, in the guidance's form. A name with a quotation mark or a
/// backslash is left out: it could feign a mark of its own.
pub(super) fn marks(facts: &Facts) -> Vec<String> {
    let Ok(Some(outward)) = link::outward(facts) else {
        return Vec::new();
    };
    let security = wifi::security(facts).ok().flatten().map(|(security, _)| security.word());
    let routers = facts.link.known().into_iter().flat_map(|links| &links.routers);
    let router = routers.filter(|router| router.interface == outward.name).find_map(|router| router.mac.as_deref());
    let lease = facts.dhcp.known().and_then(|dhcp| dhcp.leases.iter().find(|lease| lease.interface == outward.name));
    let subnet =
        outward.addresses.iter().find(|address| address.scope == Scope::Global && address.net.addr().is_ipv4());
    [
        (
            "ssid",
            association(facts)
                .map(|association| association.bss.ssid.to_text())
                .filter(|name| !name.contains(['"', '\\'])),
        ),
        (
            "security",
            security.filter(|word| strength(word).is_some_and(|(strength, _)| strength >= 4)).map(str::to_owned),
        ),
        ("gateway-mac", router.map(str::to_owned)),
        ("dhcp-server", lease.and_then(|lease| lease.server).map(|server| server.to_string())),
        ("subnet", subnet.map(|address| address.net.trunc().to_string())),
    ]
    .into_iter()
    .filter_map(|(key, value)| value.map(|value| format!("{key} = \"{value}\"")))
    .collect()
}

/// The elements a network is known by, as they are now: independent of each other, so that an imitation must get all right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elements {
    /// The name of the Wi-Fi, in its lossless form. `None` for a cable.
    pub name: Option<String>,
    /// The class of its protection: the contract's word.
    pub security: Option<&'static str>,
    /// The first half of the access point's address, whatever is local in it taken out.
    pub maker: Option<String>,
    /// The router's hardware address.
    pub router: Option<String>,
    /// Who lent the address.
    pub server: Option<String>,
    /// The network's addresses.
    pub subnet: Option<String>,
    /// What it calls itself.
    pub domain: Option<String>,
}

impl Elements {
    /// Those of this moment; `None` without a connection, or where that is not known.
    pub fn of(facts: &Facts) -> Option<Self> {
        let outward = link::outward(facts).ok()??;
        let association = association(facts);
        if outward.medium == Medium::Wifi && association.is_none() {
            return None;
        }
        let routers = facts.link.known().into_iter().flat_map(|links| &links.routers);
        let router = routers.filter(|router| router.interface == outward.name).find_map(|router| router.mac.clone());
        let lease =
            facts.dhcp.known().and_then(|dhcp| dhcp.leases.iter().find(|lease| lease.interface == outward.name));
        let subnet =
            outward.addresses.iter().find(|address| address.scope == Scope::Global && address.net.addr().is_ipv4());
        Some(Self {
            name: association.map(|association| association.bss.ssid.to_text()).filter(|name| !name.is_empty()),
            security: wifi::security(facts).ok().flatten().map(|(security, _)| security.word()),
            maker: association.and_then(|association| maker(&association.bss.bssid)),
            router,
            server: lease.and_then(|lease| lease.server).map(|server| server.to_string()),
            subnet: subnet.map(|address| address.net.trunc().to_string()),
            domain: lease.and_then(|lease| lease.domain.as_deref()).map(str::to_ascii_lowercase),
        })
    }

    /// How many of them are known.
    pub fn known(&self) -> usize {
        let texts = [&self.name, &self.maker, &self.router, &self.server, &self.subnet, &self.domain];
        texts.iter().filter(|text| text.is_some()).count() + usize::from(self.security.is_some())
    }
}

/// `02:11:22` of `02:11:22:33:44:55`. Access points of several networks set the local bit for all but one of them, so that
/// bit is taken out.
fn maker(bssid: &str) -> Option<String> {
    let first = u8::from_str_radix(bssid.get(..2)?, 16).ok()? & !2;
    Some(format!("{first:02x}{}", bssid.get(2..8)?).to_ascii_lowercase())
}

/// Whether one protection is weaker than another: both words of the contract. What cannot be compared is not weaker. The two
/// halves of a WPA2/WPA3 transition, and OWE beside no encryption, count as steps of their own.
pub fn weaker(now: &str, before: &str) -> bool {
    // Encrypted for each, and anyone may join: more than nothing, less than WEP's idea of a key is worth nothing, too.
    let step = |word| if word == "owe" { Some((1, false)) } else { strength(word) };
    let (Some((now, now_enterprise)), Some((before, was_enterprise))) = (step(now), step(before)) else { return false };
    now < before || (was_enterprise && !now_enterprise)
}

/// The association that carries the traffic, when that is Wi-Fi.
pub(super) fn association(facts: &Facts) -> Option<&Association> {
    wifi::carrier(facts).ok()??.association.as_ref()
}

/// Whether a protection is at least as strong as the one wanted. What asks for 802.1X is met by 802.1X only.
fn at_least(wanted: &str, found: &str) -> bool {
    let (Some((wanted, enterprise)), Some((found, has_enterprise))) = (strength(wanted), strength(found)) else {
        return false;
    };
    found >= wanted && (has_enterprise || !enterprise)
}

/// Strength of a security word of the contract, and whether it means 802.1X; `None` where it cannot be compared.
fn strength(word: &str) -> Option<(u8, bool)> {
    Some(match word {
        "open" | "open-owe-transition" => (0, false),
        "wep" => (1, false),
        "wpa-personal" => (2, false),
        "wpa-enterprise" => (2, true),
        "wpa-wpa2-personal" | "wpa2-personal-tkip" => (3, false),
        "wpa-wpa2-enterprise" => (3, true),
        "wpa2-personal" => (4, false),
        "wpa2-enterprise" | "passpoint" => (4, true),
        "wpa2-wpa3-personal" => (5, false),
        "wpa2-wpa3-enterprise" => (5, true),
        "wpa3-personal" => (6, false),
        "wpa3-enterprise" => (6, true),
        "wpa3-enterprise-192" => (7, true),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{at_least, maker, weaker};

    #[test]
    fn weaker_is_weaker_and_what_cannot_be_compared_is_not() {
        assert!(
            weaker("open", "wpa2-personal")
                && weaker("owe", "wpa2-personal")
                && weaker("wpa2-personal", "wpa2-enterprise")
        );
        assert!(!weaker("wpa2-personal", "wpa2-personal") && !weaker("wpa3-personal", "wpa2-personal"));
        assert!(!weaker("unrecognised", "wpa2-personal") && !weaker("open", "unrecognised"));
        assert!(weaker("wpa3-personal", "wpa2-enterprise"), "a password in the place of a certificate");
    }

    #[test]
    fn the_makers_half_of_an_address_has_no_local_bit() {
        assert_eq!(maker("02:11:22:33:44:55").as_deref(), Some("00:11:22"));
        assert_eq!(maker("00:11:22:33:44:55").as_deref(), Some("00:11:22"));
        assert_eq!(maker(""), None);
    }

    #[test]
    fn weaker_or_other_protection_does_not_pass_for_the_wanted_one() {
        assert!(at_least("wpa2-personal", "wpa2-personal"));
        assert!(at_least("wpa2-personal", "wpa3-personal"));
        assert!(!at_least("wpa2-personal", "wpa-wpa2-personal"));
        assert!(!at_least("wpa2-personal", "open"));
        assert!(!at_least("wpa2-personal", "owe"));
        assert!(!at_least("wpa2-enterprise", "wpa3-personal"));
        assert!(!at_least("unrecognised", "unrecognised"));
    }
}
