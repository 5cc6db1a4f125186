//! `homeward.inspect/1`: what captures showed, to a program. A field is never renamed or removed within the number.

use serde::Serialize;

use super::v1;
use crate::facts::text::harmless;
use crate::facts::traffic::{Example, Handshake, Heard, Sighting, Traffic};
use crate::inference::wifi;

/// The format's name.
pub const FORMAT: &str = "homeward.inspect/1";

/// Longest text from outside, in characters.
const LONGEST: usize = 300;

/// What was read.
#[derive(Clone, Debug)]
pub struct Inspected<'a> {
    /// The files, as they were named.
    pub files: &'a [String],
    /// What they showed.
    pub traffic: &'a Traffic,
    /// Whether one of them could not be read to its end.
    pub truncated: bool,
}

/// The document, pretty-printed, with a final newline.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn document(inspected: &Inspected<'_>) -> serde_json::Result<Vec<u8>> {
    let traffic = inspected.traffic;
    super::safe::to_vec(&Document {
        format: FORMAT,
        files: inspected.files.iter().map(|file| harmless(file, 4096)).collect(),
        packets: traffic.packets,
        bytes: traffic.bytes,
        malformed: traffic.malformed,
        unsupported: traffic.unsupported,
        truncated: inspected.truncated,
        sightings: traffic.sightings.iter().map(SightingOut::of).collect(),
        wifi: traffic.wifi.iter().map(HeardOut::of).collect(),
        handshakes: traffic.handshakes.iter().map(HandshakeOut::of).collect(),
        findings: Vec::new(),
    })
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    files: Vec<String>,
    packets: u64,
    bytes: u64,
    malformed: u64,
    unsupported: u64,
    truncated: bool,
    sightings: Vec<SightingOut<'a>>,
    wifi: Vec<HeardOut<'a>>,
    handshakes: Vec<HandshakeOut<'a>>,
    findings: Vec<()>,
}

#[derive(Serialize)]
struct SightingOut<'a> {
    label: &'a str,
    packets: u64,
    flows: u64,
    first: String,
    last: String,
    examples: Vec<ExampleOut<'a>>,
}

#[derive(Serialize)]
struct ExampleOut<'a> {
    packet: u64,
    file: u32,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct HeardOut<'a> {
    ssid: String,
    bssid: &'a str,
    security: &'static str,
    channel: Option<u16>,
    beacons: u64,
}

#[derive(Serialize)]
struct HandshakeOut<'a> {
    bssid: &'a str,
    station: &'a str,
    akm: Option<String>,
    pairwise: Option<String>,
    group: Option<String>,
    agreed: bool,
}

impl<'a> SightingOut<'a> {
    fn of(sighting: &'a Sighting) -> Self {
        Self {
            label: &sighting.label,
            packets: sighting.packets,
            flows: sighting.flows,
            first: sighting.first.to_string(),
            last: sighting.last.to_string(),
            examples: sighting.examples.iter().map(ExampleOut::of).collect(),
        }
    }
}

impl<'a> ExampleOut<'a> {
    fn of(example: &'a Example) -> Self {
        Self { packet: example.packet, file: example.file, from: &example.from, to: &example.to }
    }
}

impl<'a> HeardOut<'a> {
    fn of(heard: &'a Heard) -> Self {
        Self {
            ssid: harmless(&heard.bss.ssid.to_text(), LONGEST),
            bssid: &heard.bss.bssid,
            security: wifi::advertised(&heard.bss).word(),
            channel: heard.channel,
            beacons: heard.beacons,
        }
    }
}

impl<'a> HandshakeOut<'a> {
    fn of(handshake: &'a Handshake) -> Self {
        Self {
            bssid: &handshake.bssid,
            station: &handshake.station,
            akm: handshake.negotiated.akm.map(v1::akm),
            pairwise: handshake.negotiated.pairwise.map(v1::cipher),
            group: handshake.negotiated.group.map(v1::cipher),
            agreed: handshake.agreed,
        }
    }
}
