//! Plays the examples of a signature as they would come over the wire.

use std::collections::BTreeSet;

use super::classify::Classifier;
use super::matcher::Matcher;
use super::{Frame, Link, Stamp};
use crate::signatures::packets::{Example, File, Over, Signature, payload};

/// Raw IP, as capture files number it.
const RAW: Link = Link(101);

/// Documentation addresses (RFC 5737) and a port no protocol owns.
const CLIENT: ([u8; 4], u16) = ([192, 0, 2, 1], 50_000);
const SERVER: [u8; 4] = [198, 51, 100, 1];

/// The server's port where neither the example nor the signature names one.
const ANY_PORT: u16 = 40_000;

/// The example's packets as raw IPv4, with TCP's greeting before them where it has one.
///
/// # Errors
/// A packet of the example that is not written as [`payload`] asks.
pub fn frames(signature: &Signature, example: &Example) -> Result<Vec<Vec<u8>>, String> {
    let port = example.port.or_else(|| signature.ports.first().copied()).unwrap_or(ANY_PORT);
    let mut sequence = [1_000_u32, 2_000];
    let mut frames = Vec::new();
    if signature.over == Over::Tcp {
        frames.push(frame(signature.over, true, port, [0, 0], 0x02, &[]));
    }
    for packet in &example.packets {
        let (client, bytes) = payload(packet)?;
        let [of_client, of_server] = &mut sequence;
        let (mine, other) = if client { (of_client, of_server) } else { (of_server, of_client) };
        frames.push(frame(signature.over, client, port, [*mine, *other], 0x18, &bytes));
        *mine = mine.wrapping_add(u32::try_from(bytes.len()).unwrap_or(0));
    }
    Ok(frames)
}

/// Shows such packets to a classifier.
pub fn play(classifier: &mut Classifier<'_>, frames: &[Vec<u8>]) {
    for (number, bytes) in (1..).zip(frames) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        classifier.frame(&Frame { number, at: Stamp(0), link: RAW, bytes, length, sent: None }, 0);
    }
}

/// The labels that are seen when the example's packets pass.
///
/// # Errors
/// A packet of the example that is not written as [`payload`] asks.
pub fn shown(matcher: &Matcher, signature: &Signature, example: &Example) -> Result<BTreeSet<String>, String> {
    let mut classifier = Classifier::new(matcher);
    play(&mut classifier, &frames(signature, example)?);
    Ok(classifier.tally.sightings.iter().map(|(label, _)| matcher.name(label).to_owned()).collect())
}

/// What is wrong with the examples of a signature, a sentence each: with all signatures together each shows what it
/// says; where it says that nothing matches, its own signature alone shows nothing.
///
/// # Errors
/// When the signature alone cannot be made ready.
pub fn troubles(matcher: &Matcher, signature: &Signature) -> Result<Vec<String>, String> {
    let file = File { format: String::new(), signature: vec![signature.clone()] };
    let alone = Matcher::new([&file])?;
    let mut wrong = Vec::new();
    for example in &signature.example {
        let says = &example.says;
        if example.shows.is_empty() {
            let shown = shown(&alone, signature, example)?;
            if !shown.is_empty() {
                wrong.push(format!("{says:?} must not match, and shows {}", listed(&shown)));
            }
            continue;
        }
        let shown = shown(matcher, signature, example)?;
        let missing: BTreeSet<String> = example.shows.iter().filter(|label| !shown.contains(*label)).cloned().collect();
        if !missing.is_empty() {
            let instead = if shown.is_empty() { "nothing".to_owned() } else { listed(&shown) };
            wrong.push(format!("{says:?} does not show {}, but {instead}", listed(&missing)));
        }
    }
    Ok(wrong)
}

fn listed(labels: &BTreeSet<String>) -> String {
    labels.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// An IPv4 packet with this payload.
fn frame(over: Over, client: bool, port: u16, numbers: [u32; 2], flags: u8, bytes: &[u8]) -> Vec<u8> {
    let (client_address, client_port) = CLIENT;
    let ends = [(client_address, client_port), (SERVER, port)];
    let [(source, source_port), (destination, destination_port)] = if client { ends } else { [ends[1], ends[0]] };
    let ports = [source_port.to_be_bytes(), destination_port.to_be_bytes()].concat();
    let short = |length: usize| u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    let (protocol, header) = match over {
        Over::Udp => (17, [&ports[..], &short(8 + bytes.len()), &[0, 0]].concat()),
        Over::Tcp => {
            let [sequence, acknowledged] = numbers.map(u32::to_be_bytes);
            (6, [&ports[..], &sequence, &acknowledged, &[0x50, flags, 0xff, 0xff, 0, 0, 0, 0]].concat())
        }
    };
    let total = short(20 + header.len() + bytes.len());
    let ip = [&[0x45, 0], &total[..], &[0, 0, 0x40, 0, 64, protocol, 0, 0], &source, &destination].concat();
    [ip, header, bytes.to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signatures::packets;

    #[test]
    fn every_example_shows_what_it_says() {
        let matcher = Matcher::built_in().expect("the built-in signatures are sound");
        let mut ids = BTreeSet::new();
        for (file, text) in packets::BUILT_IN {
            for signature in packets::parse(text).expect("sound").signature {
                let id = format!("{file}: {}", signature.id);
                assert!(ids.insert(id.clone()), "{id} is there twice");
                let wrong = troubles(&matcher, &signature).expect("well written");
                assert!(wrong.is_empty(), "{id}: {wrong:#?}");
            }
        }
    }
}
