//! `homeward.inspect/1`: what captures showed, to a program. A field is never renamed or removed within the number.

use serde::Serialize;

use super::v1;
use crate::facts::text::harmless;
use crate::facts::traffic::{Example, Handshake, Heard, Sighting};
use crate::inference::wifi;
use crate::outputs::inspected::Inspected;
use crate::outputs::phrase;
use crate::words::Words;

/// The format's name.
pub const FORMAT: &str = "homeward.inspect/1";

/// Longest text from outside, in characters.
const LONGEST: usize = 300;

/// The name of the format of a stream's lines.
pub const SIGHTING_FORMAT: &str = "homeward.sighting/1";

/// The document, pretty-printed, with a final newline.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn document(words: &Words, inspected: &Inspected<'_>) -> serde_json::Result<Vec<u8>> {
    super::safe::to_vec(&Document::of(words, inspected))
}

/// The same on one line, with its end.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn line(words: &Words, inspected: &Inspected<'_>) -> serde_json::Result<Vec<u8>> {
    super::safe::to_line(&Document::of(words, inspected))
}

/// One line of a stream (`homeward.sighting/1`): a label was seen for the first time.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn sighting_line(label: &str, file: &str, at: jiff::Timestamp, example: &Example) -> serde_json::Result<Vec<u8>> {
    super::safe::to_line(&SightingLine {
        format: SIGHTING_FORMAT,
        label,
        at: at.to_string(),
        file: harmless(file, 4096),
        packet: example.packet,
        from: &example.from,
        to: &example.to,
    })
}

#[derive(Serialize)]
struct SightingLine<'a> {
    format: &'static str,
    label: &'a str,
    at: String,
    file: String,
    packet: u64,
    from: &'a str,
    to: &'a str,
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
    broken: Vec<BrokenOut>,
    verdict: &'static str,
    summary: String,
    guidance: v1::JudgedBy,
    sightings: Vec<SightingOut<'a>>,
    wifi: Vec<HeardOut<'a>>,
    handshakes: Vec<HandshakeOut<'a>>,
    findings: Vec<v1::FindingOut>,
}

#[derive(Serialize)]
struct BrokenOut {
    file: String,
    says: String,
}

impl<'a> Document<'a> {
    fn of(words: &Words, inspected: &Inspected<'a>) -> Self {
        let (traffic, guidance) = (inspected.traffic, inspected.guidance);
        let broken = inspected.broken.iter();
        let findings = inspected.verdict.findings.iter();
        Self {
            format: FORMAT,
            files: inspected.files.iter().map(|file| harmless(file, 4096)).collect(),
            packets: traffic.packets,
            bytes: traffic.bytes,
            malformed: traffic.malformed,
            unsupported: traffic.unsupported,
            truncated: !inspected.broken.is_empty(),
            broken: broken
                .map(|broken| BrokenOut { file: harmless(&broken.file, 4096), says: harmless(&broken.says, LONGEST) })
                .collect(),
            verdict: inspected.verdict.word.word(),
            summary: phrase::summary_of_packets(words, inspected.verdict),
            guidance: v1::JudgedBy::of(guidance),
            sightings: traffic.sightings.iter().map(SightingOut::of).collect(),
            wifi: traffic.wifi.iter().map(HeardOut::of).collect(),
            handshakes: traffic.handshakes.iter().map(HandshakeOut::of).collect(),
            findings: findings.map(|finding| v1::FindingOut::of(words, finding, guidance)).collect(),
        }
    }
}

#[derive(Serialize)]
struct SightingOut<'a> {
    label: &'a str,
    packets: u64,
    flows: u64,
    outside: u64,
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
            outside: sighting.outside,
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
