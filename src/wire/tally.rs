//! What was seen, counted: labels, how often, in how many flows, with a few examples. No content.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::SocketAddr;

use super::Stamp;
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
}

/// All that was seen so far. Bounded by the number of labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By label.
    pub sightings: BTreeMap<Label, Sighting>,
}

impl Tally {
    /// Adds what another counted after this one.
    pub fn add(&mut self, other: Self) {
        for (label, more) in other.sightings {
            match self.sightings.entry(label) {
                Entry::Vacant(place) => drop(place.insert(more)),
                Entry::Occupied(mut place) => {
                    let sighting = place.get_mut();
                    sighting.packets += more.packets;
                    sighting.flows += more.flows;
                    sighting.first = sighting.first.min(more.first);
                    sighting.last = sighting.last.max(more.last);
                    sighting.examples.extend(more.examples);
                    sighting.examples.truncate(EXAMPLES);
                }
            }
        }
    }

    /// Counts one packet that showed `label`; `new_flow` when its flow had not shown it before.
    pub fn see(&mut self, label: Label, place: &Place, new_flow: bool) {
        let sighting = self.sightings.entry(label).or_insert_with(|| Sighting {
            packets: 0,
            flows: 0,
            first: place.at,
            last: place.at,
            examples: Vec::new(),
        });
        sighting.packets += 1;
        sighting.flows += u64::from(new_flow);
        sighting.first = sighting.first.min(place.at);
        sighting.last = sighting.last.max(place.at);
        if sighting.examples.len() < EXAMPLES && (new_flow || sighting.flows == 0) {
            sighting.examples.push(Example { packet: place.packet, file: place.file, from: place.from, to: place.to });
        }
    }
}
