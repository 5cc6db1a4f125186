//! What a classifier saw, as facts.

use std::net::IpAddr;

use super::Stamp;
use super::classify::{Classifier, Count};
use super::labels::Label;
use super::matcher::Matcher;
use super::tally::{self, Endpoint, Tally};
use crate::facts::traffic::{Example, Handshake, Heard, Sighting, Traffic};

/// Most networks and most handshakes that are told.
const MOST: usize = 4096;

/// What was seen in one or several captures, one after the other.
#[derive(Default)]
pub struct Learned {
    tally: Tally,
    count: Count,
    wifi: Vec<Heard>,
    handshakes: Vec<Handshake>,
}

impl Learned {
    /// Adds what a classifier saw.
    pub fn add(&mut self, classifier: Classifier<'_>) {
        self.wifi.extend(classifier.air().networks());
        self.wifi.sort_by(|one, other| order(one).cmp(&order(other)));
        self.wifi.dedup_by(|more, kept| {
            let alike = more.bss == kept.bss && more.channel == kept.channel;
            kept.beacons += if alike { more.beacons } else { 0 };
            alike
        });
        self.wifi.truncate(MOST);
        self.handshakes.extend(classifier.air().handshakes());
        self.handshakes.sort_by(|one, other| {
            (&one.bssid, &one.station, one.last).cmp(&(&other.bssid, &other.station, other.last))
        });
        self.handshakes.truncate(MOST);
        self.count += classifier.count;
        self.tally.add(classifier.tally);
    }

    /// Adds what was seen at some time and taken from its classifier.
    pub fn add_seen(&mut self, tally: Tally, count: Count) {
        self.count += count;
        self.tally.add(tally);
    }

    /// As facts.
    pub fn traffic(self, matcher: &Matcher) -> Traffic {
        let mut sightings: Vec<Sighting> =
            self.tally.sightings.iter().map(|(label, seen)| sighting(matcher.name(label), seen)).collect();
        sightings.sort_by(|one, other| one.label.cmp(&other.label));
        let Count { packets, bytes, malformed, unsupported, cut: _ } = self.count;
        Traffic {
            packets,
            bytes,
            malformed,
            unsupported,
            lost: 0,
            sightings,
            wifi: self.wifi,
            handshakes: self.handshakes,
        }
    }
}

fn order(heard: &Heard) -> (&str, &[u8], u64) {
    (&heard.bss.bssid, &heard.bss.ssid.0, u64::MAX - heard.beacons)
}

fn sighting(label: &str, seen: &tally::Sighting) -> Sighting {
    let examples = seen.examples.iter().map(example);
    Sighting {
        label: label.to_owned(),
        packets: seen.packets,
        flows: seen.flows,
        outside: seen.outside,
        sent: seen.sent,
        received: seen.received,
        unanswered: seen.unanswered,
        interface: None,
        first: time(seen.first),
        last: time(seen.last),
        examples: examples.collect(),
    }
}

fn example(example: &tally::Example) -> Example {
    Example { packet: example.packet, file: example.file, from: named(example.from), to: named(example.to) }
}

/// The first packet that showed this label.
pub fn first_example(tally: &Tally, label: Label) -> Option<Example> {
    tally.sightings.get(label)?.examples.first().map(example)
}

/// The moment, to the microsecond; a time stamp no calendar has is the epoch.
pub fn time(stamp: Stamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(stamp.0.div_euclid(1000)).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// One end of a packet.
pub fn named(endpoint: Endpoint) -> String {
    match endpoint {
        Endpoint::Ip(address) if address.port() == 0 => match address.ip() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => v6.to_string(),
        },
        Endpoint::Ip(address) => address.to_string(),
        Endpoint::Mac([a, b, c, d, e, f]) => format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}"),
        Endpoint::Unknown => String::new(),
    }
}
