//! Recognises the probes that `homeward check` sends to see where they leave: a look-up of a random name that cannot
//! exist, and a datagram to a documentation address. What is random in them is kept as a token alone.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::facts::sensor::{
    DATAGRAM, DATAGRAM_LETTERS, DATAGRAM_PORT, NAME_ENDINGS, NAME_LETTERS, Probe, Witnessed, token,
};
use crate::wire::decode::{self, Content, Ip};
use crate::wire::{Frame, learned};

/// Probes that are kept, and how long.
const MOST: usize = 64;
const KEPT: Duration = Duration::from_secs(300);

/// The probes seen lately.
#[derive(Debug, Default)]
pub struct Witness {
    seen: VecDeque<(Instant, Witnessed)>,
    /// Whether one was seen since this was last asked.
    new: bool,
}

impl Witness {
    /// Looks at a frame of this interface; whether it is a probe that was not yet seen there.
    pub fn look(&mut self, frame: &Frame<'_>, interface: &str, now: Instant) -> bool {
        if frame.sent == Some(false) {
            return false;
        }
        let Some((probe, token)) = probe(frame) else { return false };
        let known = |(_, seen): &(Instant, Witnessed)| {
            seen.probe == probe && seen.token == token && seen.interface == interface
        };
        if self.seen.iter().any(known) {
            return false;
        }
        if self.seen.len() == MOST {
            self.seen.pop_front();
        }
        let at = learned::time(frame.at);
        self.seen.push_back((now, Witnessed { probe, token, interface: interface.to_owned(), at }));
        self.new = true;
        true
    }

    /// Whether one was seen since this was last asked.
    pub const fn take_new(&mut self) -> bool {
        std::mem::replace(&mut self.new, false)
    }

    /// What was seen lately.
    pub fn lately(&mut self, now: Instant) -> Vec<Witnessed> {
        self.seen.retain(|(at, _)| now.saturating_duration_since(*at) < KEPT);
        self.seen.iter().map(|(_, seen)| seen.clone()).collect()
    }
}

/// The probe that a frame carries, and its token.
fn probe(frame: &Frame<'_>) -> Option<(Probe, String)> {
    let Ok(Content::Packet { bytes, .. }) = decode::link(frame.link, frame.bytes) else { return None };
    let ip: Ip<'_> = decode::ip(bytes).ok()?;
    match ip.protocol {
        17 => {
            let udp = decode::udp(ip.payload).ok()?;
            match udp.destination {
                53 => name(udp.payload),
                DATAGRAM_PORT => datagram(udp.payload),
                _ => None,
            }
        }
        6 => {
            let tcp = decode::tcp(ip.payload).ok()?;
            // Over TCP a message follows its length (RFC 1035, 4.2.2).
            (tcp.destination == 53).then(|| name(tcp.payload.get(2..)?)).flatten()
        }
        _ => None,
    }
}

/// A question for a name of random letters and one of our endings.
fn name(message: &[u8]) -> Option<(Probe, String)> {
    const HEADER: usize = 12;
    const RESPONSE: u8 = 0x80;
    if message.get(2)? & RESPONSE != 0 {
        return None;
    }
    let (letters, rest) = label(message.get(HEADER..)?)?;
    let (ending, rest) = label(rest)?;
    let ours = letters.len() == NAME_LETTERS
        && letters.iter().all(u8::is_ascii_alphabetic)
        && NAME_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known.as_bytes()))
        && rest.first() == Some(&0);
    ours.then(|| (Probe::Name, token(letters)))
}

/// A label of a name, and what follows it.
fn label(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length)).filter(|(label, _)| !label.is_empty() && label.len() < 64)
}

fn datagram(payload: &[u8]) -> Option<(Probe, String)> {
    let letters = payload.strip_prefix(DATAGRAM)?;
    let ours = letters.len() == DATAGRAM_LETTERS && letters.iter().all(u8::is_ascii_alphabetic);
    ours.then(|| (Probe::Datagram, token(letters)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Link, Stamp};

    fn question(name: &[&[u8]]) -> Vec<u8> {
        let mut message = vec![7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name {
            message.push(u8::try_from(label.len()).unwrap());
            message.extend_from_slice(label);
        }
        message.extend([0, 0, 1, 0, 1]);
        message
    }

    /// An IPv4 packet with UDP.
    fn packet(port: u16, payload: &[u8]) -> Vec<u8> {
        let length = |more: usize| u16::try_from(payload.len() + more).unwrap().to_be_bytes();
        let mut bytes = vec![0x45, 0];
        bytes.extend(length(28));
        bytes.extend([0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 7, 192, 0, 2, 1, 0x9c, 0x40]);
        bytes.extend(port.to_be_bytes());
        bytes.extend(length(8));
        bytes.extend([0, 0]);
        bytes.extend(payload);
        bytes
    }

    fn frame(bytes: &[u8], sent: Option<bool>) -> Frame<'_> {
        let length = u32::try_from(bytes.len()).unwrap();
        Frame { number: 1, at: Stamp(0), link: Link(101), bytes, length, sent }
    }

    #[test]
    fn our_name_is_recognised_in_any_case_and_no_other() {
        let seen = |name: &[&[u8]]| probe(&frame(&packet(53, &question(name)), Some(true)));
        let expected = Some((Probe::Name, token(b"abcdefghijkl")));
        assert_eq!(seen(&[b"abcdefghijkl", b"example"]), expected);
        assert_eq!(seen(&[b"aBcDefghijkL", b"eXample"]), expected);
        assert_eq!(seen(&[b"abcdefghijkl", b"invalid"]), expected);
        for other in [
            &[&b"abcdefghijkl"[..], b"com"][..],
            &[b"abcdefghijk", b"example"],
            &[b"abcdefghijk1", b"example"],
            &[b"www", b"abcdefghijkl", b"example"],
            &[b"abcdefghijkl", b"example", b"com"],
        ] {
            assert_eq!(seen(other), None);
        }
        let mut answer = question(&[b"abcdefghijkl", b"example"]);
        answer[2] |= 0x80;
        assert_eq!(probe(&frame(&packet(53, &answer), Some(true))), None);
    }

    #[test]
    fn our_datagram_is_recognised() {
        let whole = b"homeward-witness abcdefghijklmnop";
        let expected = Some((Probe::Datagram, token(b"abcdefghijklmnop")));
        assert_eq!(probe(&frame(&packet(9, whole), None)), expected);
        assert_eq!(probe(&frame(&packet(10, whole), None)), None);
        for length in 0..whole.len() {
            assert_eq!(probe(&frame(&packet(9, &whole[..length]), None)), None);
        }
    }

    #[test]
    fn what_is_received_is_no_witness_and_repeats_are_one() {
        let (bytes, now) = (packet(9, b"homeward-witness abcdefghijklmnop"), Instant::now());
        let mut witness = Witness::default();
        assert!(!witness.look(&frame(&bytes, Some(false)), "eth0", now));
        assert!(witness.look(&frame(&bytes, Some(true)), "eth0", now));
        assert!(!witness.look(&frame(&bytes, Some(true)), "eth0", now));
        assert!(witness.look(&frame(&bytes, Some(true)), "wg0", now));
        assert_eq!(witness.lately(now).len(), 2);
        assert!(witness.lately(now + KEPT).is_empty());
    }

    #[test]
    fn a_flood_of_probes_does_not_grow() {
        let (mut witness, now) = (Witness::default(), Instant::now());
        for number in 0..1000u32 {
            let letters = format!("{number:016}").replace(|c: char| c.is_ascii_digit(), "a");
            let mut letters = letters.into_bytes();
            letters[15] = b'a' + u8::try_from(number % 26).unwrap();
            letters[14] = b'a' + u8::try_from(number / 26 % 26).unwrap();
            witness.look(&frame(&packet(9, &[DATAGRAM, &letters].concat()), Some(true)), "eth0", now);
        }
        assert_eq!(witness.lately(now).len(), MOST);
    }
}
