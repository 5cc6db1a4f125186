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

/// What was said.
#[derive(Debug)]
pub(super) struct Memory {
    /// Who claimed an address first.
    owners: Recent<(Domain, Ipv4Addr), [u8; 6]>,
    /// Who answered for an address first.
    answers: Recent<(Domain, Ipv4Addr), [u8; 6]>,
    requests: Window,
    last: Option<(Packet, Stamp)>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            owners: Recent::new(OWNERS),
            answers: Recent::new(OWNERS),
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
    /// Hears one packet.
    pub(super) fn hear(&mut self, bytes: &[u8], around: &Around, seen: &mut Seen) -> Result<(), Lost> {
        let (&[h0, h1, p0, p1, hardware, protocol, o0, o1], rest) =
            bytes.split_first_chunk::<8>().ok_or(Lost::Malformed)?;
        seen.see(labels::L2_ARP);
        // Ethernet or 802 addresses of six bytes for IPv4; of others nothing is compared.
        if !matches!([h0, h1], [0, 1 | 6]) || [p0, p1] != [0x08, 0x00] || hardware != 6 || protocol != 4 {
            return Ok(());
        }
        let (sender, rest) = Claim::of(rest).ok_or(Lost::Malformed)?;
        let (target, _) = Claim::of(rest).ok_or(Lost::Malformed)?;
        self.compare(&Packet { operation: u16::from_be_bytes([o0, o1]), sender, target }, around, seen);
        Ok(())
    }

    fn compare(&mut self, packet: &Packet, around: &Around, seen: &mut Seen) {
        if packet.is_gratuitous() {
            seen.see(labels::L2_ARP_GRATUITOUS);
        }
        if !matches!(packet.operation, REQUEST | REPLY) {
            return;
        }
        let again =
            around.several && self.last.is_some_and(|(last, at)| last == *packet && around.at.since(at) <= AGAIN);
        self.last = Some((*packet, around.at));
        // Of a request the target's hardware address has no meaning.
        let claims = [Some(packet.sender), (packet.operation == REPLY).then_some(packet.target)];
        for claim in claims.into_iter().flatten().filter(Claim::is_made) {
            if *self.owners.entry((around.domain, claim.ip), || claim.mac) != claim.mac {
                seen.see(labels::L2_ARP_CONFLICT);
            }
        }
        match packet.operation {
            REPLY if !packet.sender.ip.is_unspecified() => {
                let sender = packet.sender;
                if *self.answers.entry((around.domain, sender.ip), || sender.mac) != sender.mac {
                    seen.see(labels::L2_ARP_MAC_CHANGE);
                }
            }
            REQUEST if !packet.is_gratuitous() && !again && self.requests.counts(around.at) => {
                seen.see(labels::L2_ARP_SCAN);
            }
            _ => {}
        }
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
