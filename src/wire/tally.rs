//! What was seen, counted: labels, how often, in how many flows, with a few examples. No content.

use std::net::{IpAddr, SocketAddr};

use super::Stamp;
use super::classify::is_local;
use super::labels::Label;

/// Examples kept of each label.
pub const EXAMPLES: usize = 3;

/// One label's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Packets that showed it.
    pub packets: u64,
    /// Flows in which it was shown; 0 for what belongs to no flow (ARP, beacons).
    pub flows: u64,
    /// Packets to or from an address of the Internet.
    pub outside: u64,
    /// Packets this machine sent, as far as the source says.
    pub sent: u64,
    /// Packets it received, likewise.
    pub received: u64,
    /// Packets it sent since it last received one.
    pub unanswered: u64,
    /// The first packet's time.
    pub first: Stamp,
    /// The last packet's time.
    pub last: Stamp,
    /// The first few.
    pub examples: Vec<Example>,
}

/// One packet that showed a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its number in its file, from 1.
    pub packet: u64,
    /// The file's place on the command line, from 0.
    pub file: u32,
    /// Who sent it.
    pub from: Endpoint,
    /// To whom.
    pub to: Endpoint,
}

/// One end of a packet, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Address and port; port 0 where the protocol has none.
    Ip(SocketAddr),
    /// A link-layer address.
    Mac([u8; 6]),
    /// Neither.
    Unknown,
}

/// Where a label was seen.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The packet's number.
    pub packet: u64,
    /// The file's place.
    pub file: u32,
    /// Its time.
    pub at: Stamp,
    /// Sender.
    pub from: Endpoint,
    /// Receiver.
    pub to: Endpoint,
    /// Whether this machine sent it, where that is known.
    pub sent: Option<bool>,
}

impl Place {
    /// Whether one end is an address of the Internet. Two ends that share a network (24 bits of IPv4, 64 of IPv6) are
    /// neighbours, whatever their addresses.
    pub fn is_outside(&self) -> bool {
        let (Endpoint::Ip(from), Endpoint::Ip(to)) = (self.from, self.to) else { return false };
        let (from, to) = (from.ip(), to.ip());
        let apart = match (from, to) {
            (IpAddr::V4(from), IpAddr::V4(to)) => from.to_bits() >> 8 != to.to_bits() >> 8,
            (IpAddr::V6(from), IpAddr::V6(to)) => from.to_bits() >> 64 != to.to_bits() >> 64,
            _ => true,
        };
        apart && (!is_local(from) || !is_local(to)) && !is_group(to)
    }
}

/// Whether packets to it stay near: multicast and broadcast.
const fn is_group(to: IpAddr) -> bool {
    match to {
        IpAddr::V4(to) => to.is_multicast() || to.is_broadcast(),
        IpAddr::V6(to) => to.is_multicast(),
    }
}

/// All that was seen so far. Bounded by the number of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By label.
    pub sightings: Sightings,
}

/// Sightings in the order in which their labels were first seen; found by label at the cost of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sightings {
    /// Of each label its place in `all`, plus one; 0 where it was not seen.
    places: Vec<u16>,
    all: Vec<(Label, Sighting)>,
}

impl Sightings {
    /// How many labels were seen.
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The sighting of this label.
    pub fn get(&self, label: Label) -> Option<&Sighting> {
        let place = self.places.get(usize::from(label.0)).copied()?.checked_sub(1)?;
        self.all.get(usize::from(place)).map(|(_, sighting)| sighting)
    }

    /// All of them, in the order in which they were first seen.
    pub fn iter(&self) -> impl Iterator<Item = (Label, &Sighting)> {
        self.all.iter().map(|(label, sighting)| (*label, sighting))
    }

    /// The labels seen from this place on, in that order.
    pub fn since(&self, place: usize) -> impl Iterator<Item = Label> {
        self.all.iter().skip(place).map(|(label, _)| *label)
    }

    /// The sighting of this label, made if there is none; `None` past any number of labels there can be.
    fn entry(&mut self, label: Label, make: impl FnOnce() -> Sighting) -> Option<&mut Sighting> {
        let at = usize::from(label.0);
        if self.places.len() <= at {
            self.places.resize(at + 1, 0);
        }
        let place = self.places.get_mut(at)?;
        if *place == 0 {
            self.all.push((label, make()));
            *place = u16::try_from(self.all.len()).ok()?;
        }
        self.all.get_mut(usize::from(*place - 1)).map(|(_, sighting)| sighting)
    }
}

impl Sighting {
    const fn new(first: Stamp, last: Stamp) -> Self {
        Self {
            packets: 0,
            flows: 0,
            outside: 0,
            sent: 0,
            received: 0,
            unanswered: 0,
            first,
            last,
            examples: Vec::new(),
        }
    }
}

impl Tally {
    /// Adds what another counted after this one.
    pub fn add(&mut self, other: Self) {
        for (label, more) in other.sightings.all {
            let Some(sighting) = self.sightings.entry(label, || Sighting::new(more.first, more.last)) else { continue };
            sighting.packets += more.packets;
            sighting.flows += more.flows;
            sighting.outside += more.outside;
            sighting.sent += more.sent;
            let before = if more.received == 0 { sighting.unanswered } else { 0 };
            sighting.unanswered = before + more.unanswered;
            sighting.received += more.received;
            sighting.first = sighting.first.min(more.first);
            sighting.last = sighting.last.max(more.last);
            sighting.examples.extend(more.examples);
            sighting.examples.truncate(EXAMPLES);
        }
    }

    /// Counts one packet that showed `label`; `new_flow` when its flow had not shown it before.
    pub fn see(&mut self, label: Label, place: &Place, new_flow: bool) {
        let Some(sighting) = self.sightings.entry(label, || Sighting::new(place.at, place.at)) else { return };
        sighting.packets += 1;
        sighting.flows += u64::from(new_flow);
        sighting.outside += u64::from(place.is_outside());
        match place.sent {
            Some(true) => {
                sighting.sent += 1;
                sighting.unanswered += 1;
            }
            Some(false) => {
                sighting.received += 1;
                sighting.unanswered = 0;
            }
            None => {}
        }
        sighting.first = sighting.first.min(place.at);
        sighting.last = sighting.last.max(place.at);
        if sighting.examples.len() < EXAMPLES && (new_flow || sighting.flows == 0) {
            sighting.examples.push(Example { packet: place.packet, file: place.file, from: place.from, to: place.to });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_is_where_the_internet_is() {
        let ip = |text: &str| Endpoint::Ip(SocketAddr::new(text.parse().expect("an address"), 1));
        let outside = |from, to| {
            let place = Place { packet: 1, file: 0, at: Stamp(0), from, to, sent: None };
            place.is_outside()
        };
        assert!(outside(ip("192.168.1.5"), ip("198.51.100.1")) && outside(ip("198.51.100.1"), ip("192.168.1.5")));
        assert!(outside(ip("2001:db8:1::5"), ip("2001:db8:2::1")));
        for (from, to) in [
            ("192.168.1.5", "10.0.0.1"),
            ("0.0.0.0", "255.255.255.255"),
            ("203.0.113.7", "224.0.0.251"),
            ("203.0.113.7", "203.0.113.9"),
            ("2001:db8:1::5", "2001:db8:1::9"),
            ("fe80::1", "ff02::fb"),
            ("::", "ff02::2"),
        ] {
            assert!(!outside(ip(from), ip(to)), "{from} {to}");
        }
        assert!(!outside(Endpoint::Unknown, ip("198.51.100.1")));
    }
}
