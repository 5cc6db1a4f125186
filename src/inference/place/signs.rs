//! What speaks for a public place. A network can forge most of it: signs only add up, save one that rests on
//! cryptography.

use std::collections::BTreeSet;

use crate::checks::{Evidence, Message, say};
use crate::facts::link::{Interface, Scope};
use crate::facts::wifi::{Association, Wifi};
use crate::facts::{Basis, Facts};
use crate::inference::link;
use crate::inference::place::{PortalState, is_phone_link, portal, trust};
use crate::inference::wifi::{self, Security};
use crate::signatures::hotspots::{Hotspots, NameMatch};

/// How strongly a sign speaks. The order is used to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Speaks against a public place.
    Against,
    /// A hint (one star).
    Hint,
    /// Good (two stars).
    Good,
    /// Near proof (three stars).
    NearProof,
}

impl Strength {
    /// What it adds to the score.
    pub const fn weight(self) -> i32 {
        match self {
            Self::Against => -2,
            Self::Hint => 1,
            Self::Good => 2,
            Self::NearProof => 5,
        }
    }
}

/// One sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// How strongly it speaks.
    pub strength: Strength,
    /// What it is, for a person, and how it is known: only what the signs add up to is inferred.
    pub shows: Evidence,
    /// Whether it tells only of the size of the network and what it is made of. Offices and well-furnished homes
    /// show the same.
    pub equipment: bool,
}

const fn sign(strength: Strength, shows: Evidence) -> Sign {
    Sign { strength, shows, equipment: false }
}

const fn equipment(strength: Strength, shows: Evidence) -> Sign {
    Sign { strength, shows, equipment: true }
}

/// An answer to the probes.
fn probed(says: Message) -> Evidence {
    says.known(Basis::Measured, "probe")
}

/// What a Wi-Fi says of itself.
fn beacon(says: Message) -> Evidence {
    says.known(Basis::Advertised, "nl80211")
}

/// What the DHCP server says.
fn leased(says: Message) -> Evidence {
    says.known(Basis::Advertised, "dhcp")
}

/// What the signs add up to. Signs of equipment say one thing however many they are where one has to be known to
/// join: there the strongest of them counts alone.
pub(super) fn score(facts: &Facts, signs: &[Sign]) -> i32 {
    let sum =
        |equipment| signs.iter().filter(move |sign| sign.equipment == equipment).map(|sign| sign.strength.weight());
    let members = wifi::security(facts).ok().flatten().is_some_and(|(security, _)| for_members(security));
    let equipment = if members { sum(true).max().unwrap_or(0) } else { sum(true).sum() };
    sum(false).sum::<i32>() + equipment
}

/// Whether a Wi-Fi of this protection lets in only who has its password or an account.
const fn for_members(security: Security) -> bool {
    match security {
        Security::WpaPersonal
        | Security::WpaEnterprise
        | Security::WpaWpa2Personal
        | Security::WpaWpa2Enterprise
        | Security::Wpa2PersonalTkip
        | Security::Wpa2Personal
        | Security::Wpa2Wpa3Personal
        | Security::Wpa3Personal
        | Security::Wpa2Enterprise
        | Security::Wpa2Wpa3Enterprise
        | Security::Wpa3Enterprise
        | Security::Wpa3Enterprise192
        | Security::Dpp => true,
        Security::Open
        | Security::OpenOweTransition
        | Security::Owe
        | Security::Wep
        | Security::Passpoint
        | Security::Wapi
        | Security::Unrecognised => false,
    }
}

/// The signs of this place, strongest first. Empty when there is no connection; of a phone's only a sign-in page.
pub fn signs(facts: &Facts) -> Vec<Sign> {
    let Ok(Some(outward)) = link::outward(facts) else {
        return Vec::new();
    };
    let mut signs = Vec::new();
    by_portal(facts, &mut signs);
    if is_phone_link(outward) {
        return signs;
    }
    if let Some(association) = trust::association(facts) {
        by_name(association, &mut signs);
        by_elements(facts, association, &mut signs);
        by_protection(facts, &mut signs);
        if let Ok(Some(wifi)) = wifi::carrier(facts) {
            by_access_points(wifi, association, &mut signs);
        }
    }
    by_addresses(outward, &mut signs);
    by_lease(facts, outward, &mut signs);
    by_certificate(facts, outward, &mut signs);
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.strength));
    signs
}

fn by_portal(facts: &Facts, signs: &mut Vec<Sign>) {
    match portal(facts) {
        Ok(PortalState::Present) => signs.push(sign(Strength::NearProof, probed(say("place-sign-portal")))),
        Ok(PortalState::Passed) => signs.push(sign(Strength::NearProof, leased(say("place-sign-portal-passed")))),
        _ if super::portal::is_announced(facts) => {
            signs.push(sign(Strength::NearProof, leased(say("place-sign-announced"))));
        }
        _ if super::portal::unconfirmed(facts) => {
            signs.push(sign(Strength::Good, probed(say("place-sign-portal-unconfirmed"))));
        }
        _ => {}
    }
    if super::portal::one_address_for_all(facts) {
        signs.push(sign(Strength::NearProof, probed(say("place-sign-one-address"))));
    }
}

/// The encrypted half of an OWE transition pair hides behind a name nobody sees: people pick the open half's.
fn by_name(association: &Association, signs: &mut Vec<Sign>) {
    let bss = &association.bss;
    let open_half = bss.owe_transition.as_ref().filter(|pair| bss.privacy && !pair.ssid.0.is_empty());
    let picked = open_half.map_or(&bss.ssid, |pair| &pair.ssid);
    let ssid = picked.to_text();
    match Hotspots::built_in().name(picked) {
        Some(NameMatch::Known(about)) => {
            signs.push(sign(
                Strength::Good,
                beacon(say("place-sign-known-name").with("ssid", ssid).with("about", about)),
            ));
        }
        Some(NameMatch::Alike(_)) => {
            signs.push(sign(Strength::Hint, beacon(say("place-sign-like-name").with("ssid", ssid))));
        }
        None => {}
    }
}

fn by_elements(facts: &Facts, association: &Association, signs: &mut Vec<Sign>) {
    let bss = &association.bss;
    if let Some(interworking) = bss.interworking {
        match interworking.network_type {
            2 | 3 => signs.push(sign(Strength::NearProof, beacon(say("place-sign-says-public")))),
            _ if interworking.additional_step => {
                signs.push(sign(Strength::NearProof, beacon(say("place-sign-says-sign-in"))));
            }
            1 => signs.push(sign(Strength::Good, beacon(say("place-sign-says-guests")))),
            // "Private" and "personal device" are the network's own word and count for nothing.
            _ => {}
        }
    }
    if bss.hotspot20 || bss.osen {
        signs.push(sign(Strength::NearProof, beacon(say("place-sign-passpoint"))));
    }
    if let Some(count @ 15..) = bss.stations {
        // Lamps and sensors make forty of a home's own.
        let members = wifi::security(facts).ok().flatten().is_some_and(|(security, _)| for_members(security));
        let strength = if count >= 40 && !members { Strength::Good } else { Strength::Hint };
        signs.push(equipment(strength, beacon(say("place-sign-crowd").with("count", u64::from(count)))));
    }
    if let Some(maker) = Hotspots::built_in().maker(&bss.bssid) {
        signs.push(equipment(Strength::Hint, beacon(say("place-sign-maker").with("maker", maker))));
    }
}

fn by_protection(facts: &Facts, signs: &mut Vec<Sign>) {
    let Ok(Some(protection)) = wifi::protection(facts) else {
        return;
    };
    let says = match protection.security {
        Security::Open | Security::OpenOweTransition => say("place-sign-open"),
        Security::Owe => say("place-sign-owe"),
        _ => return,
    };
    signs.push(sign(Strength::Good, protection.shows(says)));
}

/// Many access points with one name. One router has several addresses that differ in the first or the last
/// octet: nodes are counted, not addresses. A mesh for homes has few, all of which say that they are one; what a
/// single one says, or a mesh of many, counts for nothing.
fn by_access_points(wifi: &Wifi, association: &Association, signs: &mut Vec<Sign>) {
    let all = || wifi.same_name.iter().chain(std::iter::once(&association.bss));
    let nodes: BTreeSet<&str> = all().filter_map(|bss| bss.bssid.get(3..14)).collect();
    let channels: BTreeSet<u32> = all().map(|bss| bss.frequency).collect();
    let strength = match nodes.len() {
        8.. if channels.len() >= 2 => Strength::Good,
        3.. if channels.len() >= 2 && !all().all(|bss| bss.multi_ap) => Strength::Hint,
        _ => return,
    };
    signs.push(equipment(strength, beacon(say("place-sign-access-points").with("count", nodes.len()))));
}

/// Networks of homes are rarely larger than 510 addresses, and never of the range that carriers share.
fn by_addresses(outward: &Interface, signs: &mut Vec<Sign>) {
    let large = outward.addresses.iter().filter(|address| address.scope == Scope::Global).find_map(|address| {
        let ipnet::IpNet::V4(net) = address.net else {
            return None;
        };
        let [first, second, ..] = net.addr().octets();
        let shared = first == 100 && second & 0xc0 == 64;
        let private = net.addr().is_private();
        let width = net.prefix_len();
        (shared || (private && (8..=22).contains(&width))).then(|| net.trunc())
    });
    if let Some(net) = large {
        signs.push(equipment(
            Strength::Hint,
            say("place-sign-large-network").with("net", ipnet::IpNet::V4(net)).known(Basis::Measured, "rtnetlink"),
        ));
    }
}

/// Words of domains that speak of guests.
pub const GUEST_WORDS: [&str; 6] = ["guest", "hotspot", "hotel", "visitor", "meraki", "publicwifi"];

/// A lease of under an hour; a domain that speaks of guests.
fn by_lease(facts: &Facts, outward: &Interface, signs: &mut Vec<Sign>) {
    let Some(lease) =
        facts.dhcp.known().and_then(|dhcp| dhcp.leases.iter().find(|lease| lease.interface == outward.name))
    else {
        return;
    };
    if let Some(seconds) = lease.lease_seconds.filter(|seconds| *seconds < 3600) {
        signs
            .push(sign(Strength::Hint, leased(say("place-sign-short-lease").with("minutes", u64::from(seconds / 60)))));
    }
    let domains = lease.domain.iter().chain(&lease.search);
    let telling = domains.into_iter().find(|domain| {
        let domain = domain.to_ascii_lowercase();
        GUEST_WORDS.iter().any(|word| domain.contains(word))
    });
    if let Some(domain) = telling {
        signs.push(sign(Strength::Hint, leased(say("place-sign-domain").with("domain", domain))));
    }
}

/// An 802.1X network that proved itself by a certificate of a set authority and name: the network cannot forge it.
fn by_certificate(facts: &Facts, outward: &Interface, signs: &mut Vec<Sign>) {
    let Some(association) = trust::association(facts) else { return };
    if let Ok((settings, source)) = wifi::verification(facts, &outward.name, association)
        && settings.ca_certificate
        && settings.name_checked
    {
        signs.push(sign(Strength::Against, say("place-sign-verified").known(Basis::Configured, source)));
    }
}
