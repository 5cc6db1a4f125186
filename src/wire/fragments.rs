//! IP fragments put together again, within bounds.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::decode::{Ip, Part};

/// Packets that may be waiting for parts at once; the oldest gives way.
const WAITING: usize = 64;
/// Longest packet.
const LONGEST: usize = 65_535;
/// Most parts of one packet.
const PARTS: usize = 64;

/// Packets whose parts are still coming.
#[derive(Debug, Default)]
pub struct Fragments {
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    key: (IpAddr, IpAddr, u8, u32),
    bytes: Vec<u8>,
    /// Which bytes are there: sorted, disjoint.
    have: Vec<(usize, usize)>,
    total: Option<usize>,
    protocol: u8,
}

/// A packet that is whole again.
#[derive(Debug, PartialEq, Eq)]
pub struct Whole {
    /// What it carries, by the protocol number of its first part.
    pub protocol: u8,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Fragments {
    /// Takes one part; gives the packet when it was the last that was missing. Bytes that overlap keep
    /// what came first.
    pub fn add(&mut self, ip: &Ip<'_>, part: Part) -> Option<Whole> {
        let start = usize::from(part.offset);
        let end = start + ip.payload.len();
        if ip.cut || end > LONGEST || ip.payload.is_empty() {
            return None;
        }
        // The protocol is left out of IPv6's key: only the first part's is the packet's own.
        let key = (ip.source, ip.destination, if ip.source.is_ipv4() { ip.protocol } else { 0 }, part.id);
        let known = self.waiting.iter().position(|waiting| waiting.key == key);
        let at = known.unwrap_or_else(|| {
            if self.waiting.len() == WAITING {
                self.waiting.pop_front();
            }
            let protocol = ip.protocol;
            self.waiting.push_back(Waiting { key, bytes: Vec::new(), have: Vec::new(), total: None, protocol });
            self.waiting.len() - 1
        });
        let waiting = self.waiting.get_mut(at)?;
        if start == 0 {
            waiting.protocol = ip.protocol;
        }
        if !part.more {
            waiting.total.get_or_insert(end);
        }
        if waiting.have.len() == PARTS || !waiting.put(start, end, ip.payload) {
            return None;
        }
        if waiting.total.is_some_and(|total| waiting.have == [(0, total)]) {
            let Waiting { protocol, bytes, .. } = self.waiting.remove(at)?;
            return Some(Whole { protocol, bytes });
        }
        None
    }
}

impl Waiting {
    /// Puts the bytes of a part where they belong; not if it overlaps what is there.
    fn put(&mut self, start: usize, end: usize, payload: &[u8]) -> bool {
        let at = self.have.partition_point(|&(_, until)| until <= start);
        if self.have.get(at).is_some_and(|&(from, _)| from < end) {
            return false;
        }
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        let Some(place) = self.bytes.get_mut(start..end) else { return false };
        place.copy_from_slice(payload);
        self.have.insert(at, (start, end));
        self.have.dedup_by(|next, previous| {
            let touches = previous.1 == next.0;
            if touches {
                previous.1 = next.1;
            }
            touches
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(offset: u16, more: bool, payload: &[u8]) -> (Ip<'_>, Part) {
        let part = Part { id: 7, offset, more };
        let ip = Ip {
            source: [192, 0, 2, 1].into(),
            destination: [192, 0, 2, 2].into(),
            protocol: 17,
            fragment: Some(part),
            payload,
            cut: false,
            hop_limit: 64,
            authenticated: false,
        };
        (ip, part)
    }

    #[test]
    fn parts_in_any_order_make_the_packet() {
        let text: Vec<u8> = (0..24).collect();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
            let mut fragments = Fragments::default();
            let mut whole = None;
            for at in order {
                let (ip, part) = part(at * 8, at != 2, &text[usize::from(at) * 8..usize::from(at) * 8 + 8]);
                assert_eq!(whole, None);
                whole = fragments.add(&ip, part);
            }
            assert_eq!(whole, Some(Whole { protocol: 17, bytes: text.clone() }), "{order:?}");
        }
    }

    #[test]
    fn an_overlap_changes_nothing_that_came_first() {
        let mut fragments = Fragments::default();
        let (ip, first) = part(0, true, &[1; 16]);
        assert_eq!(fragments.add(&ip, first), None);
        let (ip, over) = part(8, true, &[2; 8]);
        assert_eq!(fragments.add(&ip, over), None);
        let (ip, last) = part(16, false, &[3; 8]);
        let whole = fragments.add(&ip, last).expect("whole");
        assert_eq!(whole.bytes[..16], [1; 16]);
    }

    #[test]
    fn endless_beginnings_do_not_grow() {
        let mut fragments = Fragments::default();
        for id in 0..10_000 {
            let (ip, mut part) = part(8, true, &[0; 8]);
            part.id = id;
            fragments.add(&ip, part);
        }
        assert_eq!(fragments.waiting.len(), WAITING);
    }
}
