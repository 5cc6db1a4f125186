//! ARP (RFC 826, 5227): who claims which address, and who claims another's.

use std::net::Ipv4Addr;

use super::{Around, Domain};
use crate::wire::Stamp;
use crate::wire::decode::Lost;
use crate::wire::labels;
use crate::wire::protocols::Seen;
use crate::wire::recent::{Recent, Window};

/// Addresses whose owners are remembered.
const OWNERS: usize = 4096;
/// A scan asks for so many addresses…
const SCAN: usize = 20;
/// …within so many seconds.
const SCAN_SECONDS: u64 = 5;
/// A capture on several interfaces shows one request on each of them within so many nanoseconds.
const AGAIN: u64 = 1_000_000;

const REQUEST: u16 = 1;
const REPLY: u16 = 2;

/// An address is contested when it goes from one device to the other and back so often…
const CHANGES: usize = 3;
/// …within so many seconds. Whoever poses as another repeats it every few seconds; the other speaks up at least every
/// minute or two. An address that merely moves, moves once.
const CHANGES_SECONDS: u64 = 120;
/// It is contested, too, when a device so often tells another, unasked, that the address is its own, while whose it was
/// spoke just before.
const PUSHED: usize = 3;
/// An answer comes within so many nanoseconds of its question.
const ANSWER: u64 = 3_000_000_000;
/// Contested addresses that are remembered of one device.
const CONTESTED: usize = 4;

/// What was said.
#[derive(Debug)]
pub(super) struct Memory {
    /// Who claims an address.
    owners: Recent<(Domain, Ipv4Addr), Owner>,
    /// Who answered for an address first.
    answers: Recent<(Domain, Ipv4Addr), [u8; 6]>,
    /// Who asked for which address, and when.
    asked: Recent<(Domain, Ipv4Addr, Ipv4Addr), Stamp>,
    /// The contested addresses that a device claims.
    contested: Recent<(Domain, [u8; 6]), Vec<Ipv4Addr>>,
    requests: Window,
    last: Option<(Packet, Stamp)>,
}

#[derive(Debug)]
struct Owner {
    /// Who claimed it first.
    first: [u8; 6],
    /// Who claimed it last, and who before that.
    last: [u8; 6],
    before: [u8; 6],
    /// When each of them last did.
    heard: [Stamp; 2],
    changes: Window,
    pushed: Window,
}

impl Owner {
    fn new(mac: [u8; 6], at: Stamp) -> Self {
        let window = |count| Window::new(count, CHANGES_SECONDS);
        Self { first: mac, last: mac, before: mac, heard: [at; 2], changes: window(CHANGES), pushed: window(PUSHED) }
    }

    /// Hears a claim, made unasked or not; whether the address is now contested between the last two.
    fn claimed(&mut self, mac: [u8; 6], unasked: bool, at: Stamp) -> bool {
        let [last, before] = &mut self.heard;
        let mut contested = false;
        if mac != self.last {
            let back = mac == self.before;
            self.before = std::mem::replace(&mut self.last, mac);
            *before = *last;
            contested = self.changes.counts(at) && back;
        }
        *last = at;
        let both = self.before != self.last && at.since(*before) <= CHANGES_SECONDS * 1_000_000_000;
        contested |= unasked && both && self.pushed.counts(at);
        contested && !is_shared(mac) && !is_shared(self.before)
    }
}

/// Whether stand-by routers share this hardware address: VRRP and CARP (RFC 5798 7.3), HSRP of both versions, GLBP.
const fn is_shared(mac: [u8; 6]) -> bool {
    matches!(
        mac,
        [0x00, 0x00, 0x5e, 0x00, 0x01 | 0x02, _]
            | [0x00, 0x00, 0x0c, 0x07, 0xac, _]
            | [0x00, 0x00, 0x0c, 0x9f, 0xf0..=0xff, _]
            | [0x00, 0x05, 0x73, 0xa0, 0x00..=0x0f, _]
            | [0x00, 0x07, 0xb4, ..]
    )
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            owners: Recent::new(OWNERS),
            answers: Recent::new(OWNERS),
            asked: Recent::new(OWNERS),
            contested: Recent::new(OWNERS),
            requests: Window::new(SCAN, SCAN_SECONDS),
            last: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packet {
    operation: u16,
    sender: Claim,
    target: Claim,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim {
    mac: [u8; 6],
    ip: Ipv4Addr,
}

impl Claim {
    fn of(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (&[m0, m1, m2, m3, m4, m5, a, b, c, d], rest) = bytes.split_first_chunk::<10>()?;
        Some((Self { mac: [m0, m1, m2, m3, m4, m5], ip: Ipv4Addr::new(a, b, c, d) }, rest))
    }

    /// Whether it says anything: a probe claims no address, and nobody is a group or nobody.
    fn is_made(&self) -> bool {
        let [first, ..] = self.mac;
        first & 1 == 0 && self.mac != [0; 6] && !self.ip.is_unspecified()
    }
}

impl Packet {
    fn is_gratuitous(&self) -> bool {
        matches!(self.operation, REQUEST | REPLY) && self.sender.ip == self.target.ip
    }
}

impl Memory {
    /// Hears one packet; tells which address it is about.
    pub(super) fn hear(&mut self, bytes: &[u8], around: &Around, seen: &mut Seen) -> Result<Option<Ipv4Addr>, Lost> {
        let (&[h0, h1, p0, p1, hardware, protocol, o0, o1], rest) =
            bytes.split_first_chunk::<8>().ok_or(Lost::Malformed)?;
        seen.see(labels::L2_ARP);
        // Ethernet or 802 addresses of six bytes for IPv4; of others nothing is compared.
        if !matches!([h0, h1], [0, 1 | 6]) || [p0, p1] != [0x08, 0x00] || hardware != 6 || protocol != 4 {
            return Ok(None);
        }
        let (sender, rest) = Claim::of(rest).ok_or(Lost::Malformed)?;
        let (target, _) = Claim::of(rest).ok_or(Lost::Malformed)?;
        let packet = Packet { operation: u16::from_be_bytes([o0, o1]), sender, target };
        let contested = self.compare(&packet, around, seen);
        let asks = packet.operation == REQUEST && !packet.is_gratuitous();
        Ok(Some(contested.unwrap_or(if asks { target.ip } else { sender.ip })))
    }

    /// Compares it with what was said before; tells the address that is contradicted, if one is.
    fn compare(&mut self, packet: &Packet, around: &Around, seen: &mut Seen) -> Option<Ipv4Addr> {
        if packet.is_gratuitous() {
            seen.see(labels::L2_ARP_GRATUITOUS);
        }
        if !matches!(packet.operation, REQUEST | REPLY) {
            return None;
        }
        let again =
            around.several && self.last.is_some_and(|(last, at)| last == *packet && around.at.since(at) <= AGAIN);
        self.last = Some((*packet, around.at));
        let (sender, target) = (packet.sender, packet.target);
        let unasked = packet.operation == REPLY
            && !packet.is_gratuitous()
            && self
                .asked
                .get_mut(&(around.domain, target.ip, sender.ip))
                .is_none_or(|asked| around.at.since(*asked) > ANSWER);
        if packet.operation == REQUEST {
            *self.asked.entry((around.domain, sender.ip, target.ip), || around.at) = around.at;
        }
        let mut contradicted = None;
        // Of a request the target's hardware address has no meaning.
        let claims = [Some(sender), (packet.operation == REPLY).then_some(target)];
        for claim in claims.into_iter().flatten().filter(Claim::is_made) {
            let owner = self.owners.entry((around.domain, claim.ip), || Owner::new(claim.mac, around.at));
            if owner.first != claim.mac {
                seen.see(labels::L2_ARP_CONFLICT);
                contradicted = contradicted.or(Some(claim.ip));
            }
            // Only what a device says of itself.
            if claim == sender && owner.claimed(claim.mac, unasked && !again, around.at) {
                seen.see(labels::L2_ARP_CONTESTED);
                contradicted = Some(claim.ip);
                for mac in [owner.before, owner.last] {
                    let addresses = self.contested.entry((around.domain, mac), Vec::new);
                    if !addresses.contains(&claim.ip) && addresses.len() < CONTESTED {
                        addresses.push(claim.ip);
                    }
                }
            }
            let several =
                self.contested.get_mut(&(around.domain, claim.mac)).is_some_and(|addresses| addresses.len() > 1);
            if several && claim == sender {
                seen.see(labels::L2_ARP_IMPERSONATION);
            }
        }
        match packet.operation {
            REPLY if !sender.ip.is_unspecified() && self.moves(sender, around) => seen.see(labels::L2_ARP_MAC_CHANGE),
            REQUEST if !packet.is_gratuitous() && !again && self.requests.counts(around.at) => {
                seen.see(labels::L2_ARP_SCAN);
            }
            _ => {}
        }
        contradicted
    }

    /// Whether another device answered for the address before.
    fn moves(&mut self, Claim { mac, ip }: Claim, around: &Around) -> bool {
        *self.answers.entry((around.domain, ip), || mac) != mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [u8; 6] = [2, 0, 0, 0, 0, 0xa];
    const B: [u8; 6] = [2, 0, 0, 0, 0, 0xb];

    fn packet(operation: u8, sender: ([u8; 6], u8), target: ([u8; 6], u8)) -> Vec<u8> {
        let mut bytes = vec![0, 1, 8, 0, 6, 4, 0, operation];
        for (mac, last) in [sender, target] {
            bytes.extend(mac);
            // 0 stands for the unspecified address.
            bytes.extend(if last == 0 { [0; 4] } else { [192, 0, 2, last] });
        }
        bytes
    }

    fn at(milliseconds: i64) -> Around {
        Around { at: Stamp(milliseconds * 1_000_000), ..Around::default() }
    }

    fn shown(memory: &mut Memory, bytes: &[u8], around: &Around) -> Vec<labels::Label> {
        let mut seen = Seen::default();
        memory.hear(bytes, around, &mut seen).expect("a packet");
        seen.iter().filter(|label| *label != labels::L2_ARP).collect()
    }

    #[test]
    fn two_machines_that_claim_one_address_are_a_conflict_and_one_machine_is_none() {
        let mut memory = Memory::default();
        for milliseconds in 0..3 {
            assert_eq!(shown(&mut memory, &packet(2, (A, 1), (B, 2)), &at(milliseconds)), []);
        }
        assert_eq!(shown(&mut memory, &packet(1, (B, 1), ([0; 6], 7)), &at(4)), [labels::L2_ARP_CONFLICT]);
        let both = [labels::L2_ARP_CONFLICT, labels::L2_ARP_MAC_CHANGE];
        assert_eq!(shown(&mut memory, &packet(2, (B, 1), (B, 2)), &at(5)), both);
    }

    #[test]
    fn an_address_that_moves_is_not_contested_and_one_that_goes_to_and_fro_is() {
        const SHARED: [u8; 6] = [0, 0, 0x5e, 0, 1, 7];
        let contested = |claims: &[[u8; 6]], gap: i64| {
            let mut memory = Memory::default();
            let mut told = false;
            for (number, mac) in (0..).zip(claims) {
                shown(&mut memory, &packet(1, ([2; 6], 9), ([0; 6], 1)), &at(number * gap));
                let labels = shown(&mut memory, &packet(2, (*mac, 1), ([2; 6], 9)), &at(number * gap));
                told |= labels.contains(&labels::L2_ARP_CONTESTED);
                assert!(!labels.contains(&labels::L2_ARP_IMPERSONATION), "one address alone");
            }
            told
        };
        assert!(contested(&[A, B, A, B], 1000));
        assert!(!contested(&[A, A, B, B, B], 1000), "a new router");
        assert!(!contested(&[A, B, A], 1000), "away and back");
        assert!(!contested(&[A, B, A, B], 100_000), "over minutes");
        assert!(!contested(&[A, SHARED, A, SHARED], 1000), "stand-by routers");
    }

    #[test]
    fn what_is_told_again_and_again_unasked_is_contested() {
        let contested = |asked: bool, after: i64| {
            let mut memory = Memory::default();
            shown(&mut memory, &packet(2, (A, 1), ([2; 6], 9)), &at(0));
            (0..4).any(|number| {
                let around = at(after + number * 2000);
                if asked {
                    shown(&mut memory, &packet(1, ([2; 6], 9), ([0; 6], 1)), &around);
                }
                let labels = shown(&mut memory, &packet(2, (B, 1), ([2; 6], 9)), &around);
                labels.contains(&labels::L2_ARP_CONTESTED)
            })
        };
        assert!(contested(false, 1000));
        assert!(!contested(true, 1000), "answers to questions");
        assert!(!contested(false, 1_000_000), "the other has long been silent");
    }

    #[test]
    fn whoever_contests_two_addresses_poses_as_both() {
        const C: [u8; 6] = [2, 0, 0, 0, 0, 0xc];
        let mut memory = Memory::default();
        let mut told = Vec::new();
        for round in 0..3 {
            for (claimant, ip) in [(A, 1), (B, 2), (C, 1), (C, 2)] {
                let labels = shown(&mut memory, &packet(2, (claimant, ip), ([2; 6], 9)), &at(round * 1000));
                if labels.contains(&labels::L2_ARP_IMPERSONATION) {
                    told.push(claimant);
                }
            }
        }
        assert!(!told.is_empty() && told.iter().all(|mac| *mac == C), "{told:?}");
    }

    #[test]
    fn a_probe_and_another_network_contradict_nobody() {
        let mut memory = Memory::default();
        shown(&mut memory, &packet(2, (A, 1), (B, 2)), &at(0));
        assert_eq!(shown(&mut memory, &packet(1, (B, 0), ([0; 6], 1)), &at(1)), []);
        let other = Around { domain: Domain::default().within(12), ..at(2) };
        assert_eq!(shown(&mut memory, &packet(2, (B, 1), (A, 3)), &other), []);
    }

    #[test]
    fn twenty_requests_in_five_seconds_are_a_scan_and_over_ten_none() {
        for (gap, scan) in [(200, true), (500, false)] {
            let mut memory = Memory::default();
            let shows = (1..=30_u8).any(|last| {
                let request = packet(1, (A, 200), ([0; 6], last));
                shown(&mut memory, &request, &at(i64::from(last) * gap)) == [labels::L2_ARP_SCAN]
            });
            assert_eq!(shows, scan, "every {gap} ms");
        }
    }

    #[test]
    fn one_request_on_several_interfaces_counts_once() {
        let mut memory = Memory::default();
        for number in 0..30_u8 {
            let around = Around { several: true, ..at(i64::from(number / 3) * 100) };
            assert_eq!(shown(&mut memory, &packet(1, (A, 200), ([0; 6], number / 3 + 1)), &around), []);
        }
    }

    #[test]
    fn an_announcement_is_gratuitous() {
        let mut memory = Memory::default();
        let announcement = packet(1, (A, 1), ([0; 6], 1));
        assert_eq!(shown(&mut memory, &announcement, &at(0)), [labels::L2_ARP_GRATUITOUS]);
        for cut in 0..announcement.len() {
            assert_eq!(memory.hear(&announcement[..cut], &at(0), &mut Seen::default()), Err(Lost::Malformed));
        }
    }
}
