//! 802.11 frames: networks by their beacons, how a station joined, and who is thrown out.

mod header;
mod network;

use super::Stamp;
use super::decode::{self, Lost, Pair};
use super::eapol::{self, Tells};
use super::ieee80211::mac;
use super::labels;
use super::lan::{Around, Domain};
use super::learned::time;
use super::protocols::Seen;
use super::recent::{Recent, Window};
use crate::facts::traffic::{Handshake, Heard};
use crate::facts::wifi::Negotiated;
use header::{Header, Kind};
use network::Networks;

/// Handshakes that are remembered.
const HANDSHAKES: usize = 4096;
/// Interfaces on which a handshake may be going on.
const CHOSEN: usize = 64;
/// An access point answers within so many nanoseconds.
const ANSWER: u64 = 10_000_000_000;
/// A flood throws out so often within one second.
const FLOOD: usize = 10;

/// What was heard in the air. Bounded.
#[derive(Debug)]
pub struct Air {
    networks: Networks,
    handshakes: Recent<Ends, Joined>,
    /// What this machine chose lately, where the capture does not say of whose offer.
    chosen: Recent<Domain, ([u8; 6], Negotiated, Stamp)>,
    thrown_out: Window,
}

impl Default for Air {
    fn default() -> Self {
        Self {
            networks: Networks::default(),
            handshakes: Recent::new(HANDSHAKES),
            chosen: Recent::new(CHOSEN),
            thrown_out: Window::new(FLOOD, 1),
        }
    }
}

/// Who shook hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Ends {
    station: [u8; 6],
    bssid: [u8; 6],
}

#[derive(Debug)]
struct Joined {
    chose: Negotiated,
    agreed: bool,
    last: Stamp,
}

/// What a readable data frame carries.
#[derive(Clone, Copy, Debug)]
pub struct Inner<'a> {
    /// An LLC header and what follows; of an aggregate several frames.
    pub bytes: &'a [u8],
    /// Whether it is an aggregate.
    pub aggregate: bool,
}

/// Who sent a frame to whom, in which network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stations {
    /// Sender and receiver.
    pub pair: Pair,
    /// The network, where the frame tells it.
    pub bssid: Option<[u8; 6]>,
}

impl Air {
    /// The networks heard.
    pub fn networks(&self) -> impl Iterator<Item = Heard> {
        self.networks.heard()
    }

    /// The handshakes heard.
    pub fn handshakes(&self) -> impl Iterator<Item = Handshake> {
        self.handshakes.iter().map(|(ends, joined)| Handshake {
            bssid: mac(ends.bssid),
            station: mac(ends.station),
            negotiated: joined.chose.clone(),
            agreed: joined.agreed,
            last: time(joined.last),
        })
    }

    /// Hears one frame, which the capture may have `cut`; tells its ends, and what a readable data frame carries.
    ///
    /// # Errors
    /// [`Lost`] when it cannot be read.
    pub fn hear<'a>(
        &mut self,
        air: decode::Air<'a>,
        cut: bool,
        at: Stamp,
        seen: &mut Seen,
    ) -> Result<(Option<Stations>, Option<Inner<'a>>), Lost> {
        let header = Header::read(air, cut).ok_or(Lost::Malformed)?;
        seen.see(labels::WIFI_ANY);
        if header.damaged {
            return Ok((None, None));
        }
        let inner = match header.kind {
            Kind::Management => {
                self.management(&header, at, seen);
                None
            }
            Kind::Data => data(&header, seen),
            Kind::Control => None,
        };
        Ok((header.stations, inner))
    }

    fn management(&mut self, header: &Header<'_>, at: Stamp, seen: &mut Seen) {
        let body = header.body;
        let algorithm = body.first_chunk::<2>().map(|number| u16::from_le_bytes(*number));
        match header.subtype {
            // The fixed fields before the elements: capabilities and interval, for a reassociation the old address.
            0 => network::joins(body.get(4..).unwrap_or_default(), seen),
            2 => network::joins(body.get(10..).unwrap_or_default(), seen),
            4 => seen.see(labels::WIFI_PROBE_REQ),
            5 | 8 => self.networks.hear(header, seen),
            10 | 12 => {
                seen.see(labels::WIFI_DEAUTH);
                if !header.protected && self.thrown_out.counts(at) {
                    seen.see(labels::WIFI_DEAUTH_FLOOD);
                }
            }
            // The third message of WEP's login is encrypted.
            11 if header.protected => header::wep(body, seen),
            11 if algorithm == Some(1) => seen.see(labels::WIFI_WEP_AUTH_SHAREDKEY),
            11 if algorithm == Some(3) => seen.see(labels::WIFI_AUTH_SAE),
            _ => {}
        }
    }

    /// Hears an EAPOL packet, from the air or from a cable; `sent` by this machine, where that is known.
    pub fn eapol(&mut self, bytes: &[u8], around: &Around, sent: Option<bool>, seen: &mut Seen) {
        let (Some(tells), Some(Pair { source, destination })) = (eapol::hear(bytes, seen), around.mac) else { return };
        // Cooked captures do not tell the receiver: what this machine sends is for whoever answers it.
        let known = destination != [0; 6];
        match tells {
            Tells::Chose(chose) if known => {
                self.chose(Ends { station: source, bssid: destination }, chose, around.at);
            }
            Tells::Chose(chose) if sent == Some(true) => {
                let kept = self.chosen.entry(around.domain, || (source, chose.clone(), around.at));
                *kept = (source, chose, around.at);
            }
            Tells::Agrees if known => self.agrees(Ends { station: destination, bssid: source }, around.at),
            Tells::Agrees if sent == Some(false) => {
                if let Some((station, chose, at)) = self.chosen.get_mut(&around.domain).cloned()
                    && around.at.since(at) <= ANSWER
                {
                    let ends = Ends { station, bssid: source };
                    self.chose(ends, chose, around.at);
                    self.agrees(ends, around.at);
                }
            }
            Tells::Chose(_) | Tells::Agrees => {}
        }
    }

    fn chose(&mut self, ends: Ends, chose: Negotiated, at: Stamp) {
        let joined = self.handshakes.entry(ends, || Joined { chose: chose.clone(), agreed: false, last: at });
        joined.agreed &= joined.chose == chose;
        joined.chose = chose;
        joined.last = at;
    }

    fn agrees(&mut self, ends: Ends, at: Stamp) {
        if let Some(joined) = self.handshakes.get_mut(&ends) {
            joined.agreed = true;
            joined.last = at;
        }
    }
}

/// A data frame: encrypted, or readable.
fn data<'a>(header: &Header<'a>, seen: &mut Seen) -> Option<Inner<'a>> {
    // Bit 2 of the subtype: no data.
    if header.subtype & 4 != 0 || header.fragment != 0 || header.body.is_empty() {
        return None;
    }
    if header.protected {
        header::wep(header.body, seen);
        return None;
    }
    let inner = Inner { bytes: header.body, aggregate: header.aggregate };
    let ip = |llc| matches!(llc, Some(decode::Llc::Ether(decode::ether::IPV4 | decode::ether::IPV6, _)));
    if inner.frames().any(|frame| ip(decode::llc(frame))) {
        seen.see(labels::WIFI_DATA_UNPROTECTED_IP);
    }
    Some(inner)
}

impl<'a> Inner<'a> {
    /// The frames, each from its LLC header on. In an aggregate each has addresses and a length before it, and up to
    /// three bytes of padding after it.
    pub fn frames(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.bytes;
        std::iter::from_fn(move || {
            if !self.aggregate {
                return (!rest.is_empty()).then(|| std::mem::take(&mut rest));
            }
            let (head, after) = rest.split_first_chunk::<14>()?;
            let &[.., high, low] = head;
            let (frame, _) = after.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
            rest = after.get(frame.len() + (14 + frame.len()).wrapping_neg() % 4..).unwrap_or_default();
            (!frame.is_empty()).then_some(frame)
        })
    }
}

#[cfg(test)]
mod tests;
