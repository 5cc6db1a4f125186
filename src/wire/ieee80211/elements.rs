//! The elements of a beacon or probe response, one at a time: a malformed neighbour hides nothing.
//!
//! Element numbers: IEEE 802.11-2020 table 9-92, vendor types as in hostap's `ieee802_11_defs.h`.

use std::borrow::Cow;

use crate::facts::text::Ssid;
use crate::facts::wifi::{Bss, Interworking, OweTransition, Rsnx};

use super::suites;
use super::wps;

const SSID: u8 = 0;
const DS_PARAMETERS: u8 = 3;
const BSS_LOAD: u8 = 11;
const RSN: u8 = 48;
const MOBILITY_DOMAIN: u8 = 54;
const HT_OPERATION: u8 = 61;
const WAPI: u8 = 68;
const MULTIPLE_BSSID: u8 = 71;
const MULTIPLE_BSSID_INDEX: u8 = 85;
const INTERWORKING: u8 = 107;
const VENDOR: u8 = 221;
const FRAGMENT: u8 = 242;
const RSNX: u8 = 244;

const MICROSOFT: [u8; 3] = [0x00, 0x50, 0xf2];
const WFA: [u8; 3] = [0x50, 0x6f, 0x9a];

/// One element: its number and what it holds, fragments joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// Element id; 255 for extended ones, whose real id is the first byte of the body.
    pub id: u8,
    /// What it holds.
    pub body: Cow<'a, [u8]>,
}

/// Walks elements. What is cut off at the end is left out.
pub fn walk(bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (id, body, after) = split(rest)?;
        rest = after;
        let mut element = Element { id, body: Cow::Borrowed(body) };
        // A full element that is followed by a fragment (242) goes on there; so do full fragments.
        let mut full = body.len() == 255;
        while full && let Some((FRAGMENT, more, after)) = split(rest) {
            full = more.len() == 255;
            element.body.to_mut().extend_from_slice(more);
            rest = after;
        }
        Some(element)
    })
}

/// Reads what was heard last (a probe response where there was one) and the last beacon. What the
/// first leaves out is taken from the second; RSN elements that differ are flagged, for a station
/// cannot know which to believe.
pub fn read_both(heard: &[u8], beacon: &[u8], bss: &mut Bss) {
    read(heard, bss);
    if beacon.is_empty() || beacon == heard {
        return;
    }
    let mut other = Bss { ssid: bss.ssid.clone(), ..Bss::default() };
    read(beacon, &mut other);
    if heard.is_empty() {
        let Bss { bssid, frequency, privacy, .. } = std::mem::take(bss);
        *bss = Bss { bssid, frequency, privacy, ..other };
        return;
    }
    bss.rsn_malformed |= other.rsn_malformed || other.rsn != bss.rsn || other.wpa != bss.wpa;
    fill(bss, other);
}

/// Takes from `other`, the same network's, what `bss` leaves out.
pub fn fill(bss: &mut Bss, other: Bss) {
    if bss.ssid.0.is_empty() {
        bss.ssid = other.ssid;
    }
    bss.stations = bss.stations.or(other.stations);
    bss.interworking = bss.interworking.or(other.interworking);
    bss.owe_transition = bss.owe_transition.take().or(other.owe_transition);
    bss.wps = bss.wps.take().or(other.wps);
    bss.rsnx = bss.rsnx.or(other.rsnx);
    bss.hotspot20 |= other.hotspot20;
    bss.multi_ap |= other.multi_ap;
}

/// Whether elements fill these bytes to the last.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((_, _, after)) = split(rest) {
        rest = after;
    }
    rest.is_empty()
}

/// The number of the channel: by the DS parameters, or where the primary channel of HT is told.
pub fn channel(bytes: &[u8]) -> Option<u16> {
    let of = |wanted| walk(bytes).find(|element| element.id == wanted)?.body.first().copied();
    of(DS_PARAMETERS).or_else(|| of(HT_OPERATION)).map(u16::from)
}

fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[id, length], rest) = bytes.split_first_chunk::<2>()?;
    let (body, after) = rest.split_at_checked(usize::from(length))?;
    Some((id, body, after))
}

/// Reads all elements that bear on security into `bss`, whose name, address, frequency and privacy
/// bit come from elsewhere. The first of several wins; a second RSN or WPA element, or one that
/// cannot be parsed, is flagged.
pub fn read(bytes: &[u8], bss: &mut Bss) {
    let mut wps_body: Option<Vec<u8>> = None;
    let mut rsn_seen = false;
    let mut wpa_seen = false;
    for element in walk(bytes) {
        let body = element.body.as_ref();
        match element.id {
            // A hidden name is empty, or as long as the real one and all zeros.
            SSID if bss.ssid.0.is_empty() && body.len() <= 32 && body.iter().any(|&byte| byte != 0) => {
                bss.ssid = Ssid(body.to_vec());
            }
            BSS_LOAD => bss.stations = bss.stations.or_else(|| bss_load(body)),
            RSN => {
                let parsed = suites::rsn(body);
                bss.rsn_malformed |= rsn_seen || parsed.is_none();
                rsn_seen = true;
                bss.rsn = bss.rsn.take().or(parsed);
            }
            MOBILITY_DOMAIN => bss.mobility_domain = true,
            WAPI => bss.wapi = true,
            INTERWORKING => bss.interworking = bss.interworking.or_else(|| interworking(body)),
            RSNX => bss.rsnx = bss.rsnx.or_else(|| rsnx(body)),
            VENDOR => match vendor(body) {
                Some((MICROSOFT, 0x01, body)) => {
                    let parsed = suites::wpa(body);
                    bss.rsn_malformed |= wpa_seen || parsed.is_none();
                    wpa_seen = true;
                    bss.wpa = bss.wpa.take().or(parsed);
                }
                Some((MICROSOFT, 0x04, body)) => {
                    wps_body.get_or_insert_default().extend_from_slice(body);
                }
                Some((WFA, 0x10, _)) => bss.hotspot20 = true,
                Some((WFA, 0x12, _)) => bss.osen = true,
                Some((WFA, 0x1b, _)) => bss.multi_ap = true,
                Some((WFA, 0x1c, body)) => {
                    bss.owe_transition = bss.owe_transition.take().or_else(|| owe_transition(body));
                }
                Some((WFA, 0x29 | 0x2a, body)) => match suites::rsn(body) {
                    Some(suites) if bss.rsn_overrides.len() < 2 => bss.rsn_overrides.push(suites),
                    Some(_) | None => bss.rsn_malformed = true,
                },
                Some((WFA, 0x2b, body)) => bss.rsnx = rsnx(body).or(bss.rsnx),
                Some(_) | None => {}
            },
            _ => {}
        }
    }
    bss.wps = wps_body.map(|body| wps::parse(&body));
}

/// A network that another's beacon tells of beside its own (IEEE 802.11-2020 11.1.3.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// So many low bits of the address tell the networks of a set apart.
    bits: u8,
    /// Its place in the set, from 1.
    index: u8,
    /// Low byte of its capabilities.
    capabilities: u8,
    /// Its elements; what it leaves out is as in the network that tells of it.
    pub elements: Vec<u8>,
}

impl Profile {
    /// Its address, by that of the network that tells of it.
    pub fn address(&self, of: [u8; 6]) -> [u8; 6] {
        let [a, b, c, d, e, last] = of;
        let mask = u8::MAX.checked_shr(8_u32.saturating_sub(u32::from(self.bits))).unwrap_or(0);
        [a, b, c, d, e, (last & !mask) | (last.wrapping_add(self.index) & mask)]
    }

    /// What it says of itself, by what the network that tells of it says.
    pub fn bss(&self, of: &Bss, bssid: String) -> Bss {
        let mut bss = Bss { bssid, frequency: of.frequency, privacy: self.capabilities & 0x10 != 0, ..Bss::default() };
        read(&self.elements, &mut bss);
        // The Non-Inheritance element: a count, then numbers of elements that are not its own either.
        let not = walk(&self.elements).find_map(|element| match element.body.as_ref() {
            [56, count, ids @ ..] if element.id == 255 => Some(ids.get(..usize::from(*count))?.to_vec()),
            _ => None,
        });
        if bss.rsn.is_none() && !not.unwrap_or_default().contains(&RSN) {
            bss.rsn.clone_from(&of.rsn);
        }
        bss
    }
}

/// The networks beside its own that a beacon or probe response tells of. What is cut off is left out.
pub fn profiles(bytes: &[u8]) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = Vec::new();
    for element in walk(bytes).filter(|element| element.id == MULTIPLE_BSSID) {
        let Some((&bits, parts)) = element.body.split_first() else { continue };
        for part in walk(parts).filter(|part| part.id == 0) {
            match part.body.as_ref() {
                [83, 2, capabilities, _, elements @ ..] => {
                    let elements = elements.to_vec();
                    profiles.push(Profile { bits, index: 0, capabilities: *capabilities, elements });
                }
                // It goes on from the element before.
                more => {
                    if let Some(profile) = profiles.last_mut() {
                        profile.elements.extend_from_slice(more);
                    }
                }
            }
        }
    }
    for profile in &mut profiles {
        let index = walk(&profile.elements).find(|element| element.id == MULTIPLE_BSSID_INDEX);
        profile.index = index.and_then(|index| index.body.first().copied()).unwrap_or(0);
    }
    profiles.retain(|profile| profile.index != 0 && (1..=8).contains(&profile.bits));
    profiles
}

/// Organisation, type and the rest of a vendor element.
fn vendor(body: &[u8]) -> Option<([u8; 3], u8, &[u8])> {
    let (&[a, b, c, kind], rest) = body.split_first_chunk::<4>()?;
    Some(([a, b, c], kind, rest))
}

/// The station count of a BSS Load element.
fn bss_load(body: &[u8]) -> Option<u16> {
    match body {
        [low, high, _utilisation, _, _, ..] => Some(u16::from_le_bytes([*low, *high])),
        _ => None,
    }
}

/// Access network options: the low nibble is the kind of network, 0x10 Internet, 0x20 ASRA.
fn interworking(body: &[u8]) -> Option<Interworking> {
    let &options = body.first()?;
    Some(Interworking {
        network_type: options & 0x0f,
        internet: options & 0x10 != 0,
        additional_step: options & 0x20 != 0,
    })
}

/// Bits of the RSNX element; the low four bits of the first byte are its length less one.
fn rsnx(body: &[u8]) -> Option<Rsnx> {
    let &first = body.first()?;
    let length = usize::from(first & 0x0f) + 1;
    let bits = body.get(..length.min(body.len()))?;
    let bit = |number: usize| bits.get(number / 8).is_some_and(|byte| byte >> (number % 8) & 1 == 1);
    Some(Rsnx { sae_h2e: bit(5), sae_pk: bit(6), ssid_protection: bit(21) })
}

/// BSSID (6), length of the name (1), name; then perhaps a band and a channel.
fn owe_transition(body: &[u8]) -> Option<OweTransition> {
    let (bssid, rest) = body.split_first_chunk::<6>()?;
    let (&length, rest) = rest.split_first()?;
    let name = rest.get(..usize::from(length)).filter(|name| name.len() <= 32)?;
    Some(OweTransition { bssid: super::mac(*bssid), ssid: Ssid(name.to_vec()) })
}

#[cfg(test)]
mod tests;
