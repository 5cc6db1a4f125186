//! What packets showed, from a capture or from the sensor: labels and counts. Never content, a user name or a
//! password.

use serde::{Deserialize, Serialize};

use super::wifi::{Bss, Negotiated};

/// Everything packets showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Traffic {
    /// Packets looked at.
    pub packets: u64,
    /// Their bytes on the wire.
    pub bytes: u64,
    /// Packets whose headers contradict themselves or end too soon.
    pub malformed: u64,
    /// Packets of a kind that is not read.
    pub unsupported: u64,
    /// Packets that were lost before they could be looked at, as the kernel counts them.
    #[serde(default)]
    pub lost: u64,
    /// Labels that were seen, by name.
    pub sightings: Vec<Sighting>,
    /// Wi-Fi networks heard, by BSSID. Bounded.
    #[serde(default)]
    pub wifi: Vec<Heard>,
    /// Wi-Fi handshakes heard, by access point and station. Bounded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handshakes: Vec<Handshake>,
}

impl Traffic {
    /// The sightings of this label, one for each interface.
    pub fn of<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Sighting> {
        self.sightings.iter().filter(move |sighting| sighting.label == label)
    }
}

/// One label that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sighting {
    /// `family.name`.
    pub label: String,
    /// Packets that showed it.
    pub packets: u64,
    /// Flows that showed it; 0 for what belongs to no flow.
    pub flows: u64,
    /// Of the packets, those to or from an address of the Internet: neither private, local nor multicast.
    #[serde(default)]
    pub outside: u64,
    /// Of the packets, those that this machine is known to have sent.
    #[serde(default)]
    pub sent: u64,
    /// Of the packets, those that this machine is known to have received. Neither is known of most captures.
    #[serde(default)]
    pub received: u64,
    /// Packets that this machine is known to have sent since it last received one.
    #[serde(default)]
    pub unanswered: u64,
    /// The interface, where the sensor saw it: one sighting for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// The first.
    pub first: jiff::Timestamp,
    /// The last.
    pub last: jiff::Timestamp,
    /// The first few.
    pub examples: Vec<Example>,
}

/// One packet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Example {
    /// Its number in its capture, from 1.
    pub packet: u64,
    /// Which capture, from 0.
    #[serde(default)]
    pub file: u32,
    /// Who sent it: address and port, or a link-layer address.
    pub from: String,
    /// To whom.
    pub to: String,
}

/// A Wi-Fi network heard in the air.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Heard {
    /// What its access point says of itself; its name is empty where it hides it. An access point that says now this,
    /// now that of its protection is heard as several.
    pub bss: Bss,
    /// The channel it says it is on, if it does.
    #[serde(default)]
    pub channel: Option<u16>,
    /// Beacons heard.
    pub beacons: u64,
}

/// A station's handshake with an access point, as messages 2 and 3 of the four tell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Handshake {
    /// The access point.
    pub bssid: String,
    /// The station.
    pub station: String,
    /// What the station chose of what it was offered (message 2).
    pub negotiated: Negotiated,
    /// Whether the access point agreed (message 3).
    #[serde(default)]
    pub agreed: bool,
    /// When it was heard last.
    pub last: jiff::Timestamp,
}
