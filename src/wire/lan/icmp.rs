//! ICMP and ICMPv6: redirects (RFC 792, 4861) and router advertisements (RFC 4861, 8106, 4191, 8910).

use std::net::IpAddr;

use super::{Around, Domain, FORMS};
use crate::wire::Stamp;
use crate::wire::decode::Ip;
use crate::wire::labels::{self, Label};
use crate::wire::protocols::Seen;
use crate::wire::recent::{Recent, Window};

const REDIRECT: u8 = 5;
const ADVERTISEMENT: u8 = 134;
const REDIRECT_V6: u8 = 137;

/// A flood is so many advertisements within one second.
const FLOOD: usize = 20;

/// Options of an advertisement that are told.
const OPTIONS: &[(u8, Label)] = &[(24, labels::RA_ROUTE_INFO), (25, labels::RA_RDNSS), (37, labels::RA_CAPTIVE_PORTAL)];

/// ICMP.
pub(super) fn v4(bytes: &[u8], seen: &mut Seen) {
    if bytes.first() == Some(&REDIRECT) {
        seen.see(labels::ICMP_REDIRECT);
    }
}

/// Routers of one network that are compared, and prefixes of each.
const ROUTERS: usize = 8;

/// Which router advertised first on a kind of network, what those of one network offer, and how often any does.
#[derive(Debug)]
pub(super) struct Memory {
    first: Recent<Domain, IpAddr>,
    offers: Recent<Domain, Vec<Offer>>,
    flood: Window,
}

/// A router that offers itself as the way out.
#[derive(Debug)]
struct Offer {
    router: IpAddr,
    prefixes: Vec<Prefix>,
    /// Until when, by its own word.
    until: Stamp,
}

/// Length and address.
type Prefix = (u8, [u8; 16]);

impl Default for Memory {
    fn default() -> Self {
        Self { first: Recent::new(FORMS), offers: Recent::new(FORMS), flood: Window::new(FLOOD, 1) }
    }
}

impl Memory {
    /// ICMPv6.
    pub(super) fn v6(&mut self, ip: &Ip<'_>, around: &Around, seen: &mut Seen) {
        match ip.payload.first() {
            Some(&REDIRECT_V6) => seen.see(labels::ICMPV6_REDIRECT),
            Some(&ADVERTISEMENT) => self.advertisement(ip, around, seen),
            _ => {}
        }
    }

    fn advertisement(&mut self, ip: &Ip<'_>, around: &Around, seen: &mut Seen) {
        seen.see(labels::RA_ANY);
        // Sixteen bytes of their own, then options counted in eight bytes.
        let mut options = ip.payload.get(16..).unwrap_or_default();
        let mut prefixes = Vec::new();
        while let &[kind, length, ..] = options {
            if let (3, Some(prefix)) = (kind, prefix(options))
                && prefixes.len() < ROUTERS
            {
                prefixes.push(prefix);
            }
            if let Some((_, label)) = OPTIONS.iter().find(|(known, _)| *known == kind) {
                seen.see(*label);
            }
            match options.get(usize::from(length) * 8..) {
                Some(rest) if length != 0 => options = rest,
                _ => break,
            }
        }
        if *self.first.entry(around.form, || ip.source) != ip.source {
            seen.see(labels::RA_MULTI_ROUTER);
        }
        if self.flood.counts(around.at) {
            seen.see(labels::RA_FLOOD);
        }
        let lifetime = ip.payload.get(6..8).and_then(|bytes| bytes.first_chunk::<2>()).copied();
        // RFC 4861 6.1.2: what did not start on this link is not believed.
        if let Some(lifetime) = lifetime
            && ip.hop_limit == 255
            && self.conflicts(ip.source, prefixes, i64::from(u16::from_be_bytes(lifetime)), around)
        {
            seen.see(labels::RA_CONFLICTING);
        }
    }

    /// Notes what a router offers for so many seconds; whether another that is still good offers quite another network.
    fn conflicts(&mut self, router: IpAddr, prefixes: Vec<Prefix>, lifetime: i64, around: &Around) -> bool {
        let offers = self.offers.entry(around.domain, Vec::new);
        offers.retain(|offer| offer.router != router && offer.until >= around.at);
        // A lifetime of 0: it is not the way out.
        if lifetime == 0 || prefixes.is_empty() {
            return false;
        }
        let apart = |offer: &Offer| offer.prefixes.iter().all(|prefix| !prefixes.contains(prefix));
        let conflicts = offers.iter().any(apart);
        if offers.len() == ROUTERS {
            offers.remove(0);
        }
        let until = Stamp(around.at.0.saturating_add(lifetime * 1_000_000_000));
        offers.push(Offer { router, prefixes, until });
        conflicts
    }
}

/// The prefix of an option of the advertisement, where hosts are to make addresses of it or reach each other by it.
fn prefix(option: &[u8]) -> Option<Prefix> {
    let (&[_, 4, length, flags, v0, v1, v2, v3], rest) = option.split_first_chunk::<8>()? else { return None };
    let prefix = rest.get(8..)?.first_chunk::<16>()?;
    (flags & 0xc0 != 0 && [v0, v1, v2, v3] != [0; 4]).then_some((length, *prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u16, payload: &[u8]) -> Ip<'_> {
        Ip {
            source: IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, last]),
            destination: IpAddr::from([0xff02, 0, 0, 0, 0, 0, 0, 1]),
            protocol: 58,
            fragment: None,
            payload,
            cut: false,
            hop_limit: 255,
            authenticated: false,
        }
    }

    fn shown(memory: &mut Memory, ip: &Ip<'_>, at: i64) -> Vec<Label> {
        let mut seen = Seen::default();
        memory.v6(ip, &Around { at: Stamp(at), ..Around::default() }, &mut seen);
        seen.iter().collect()
    }

    const PLAIN: [u8; 16] = [134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0];

    #[test]
    fn an_advertisement_shows_its_options() {
        let mut bytes = PLAIN.to_vec();
        bytes.extend([25, 3, 0, 0, 0, 0, 2, 88]);
        bytes.extend([0; 16]);
        bytes.extend([24, 1, 0, 0, 0, 0, 2, 88]);
        let all = [labels::RA_ANY, labels::RA_RDNSS, labels::RA_ROUTE_INFO];
        assert_eq!(shown(&mut Memory::default(), &ip(1, &bytes), 0), all);
        // An option of length 0 would never end.
        bytes[17] = 0;
        assert_eq!(shown(&mut Memory::default(), &ip(1, &bytes), 0), [labels::RA_ANY, labels::RA_RDNSS]);
        for cut in 0..bytes.len() {
            shown(&mut Memory::default(), &ip(1, &bytes[..cut]), 0);
        }
        assert_eq!(shown(&mut Memory::default(), &ip(1, &[135, 0, 0, 0]), 0), [], "a neighbour solicitation");
    }

    #[test]
    fn a_second_router_is_told_and_the_same_again_is_not() {
        let mut memory = Memory::default();
        for (last, told) in [(1, false), (1, false), (2, true)] {
            assert_eq!(shown(&mut memory, &ip(last, &PLAIN), 0).contains(&labels::RA_MULTI_ROUTER), told);
        }
    }

    /// An advertisement for so many seconds of a prefix that ends in `last`.
    fn offers(seconds: u16, last: u8) -> Vec<u8> {
        let mut bytes = PLAIN.to_vec();
        bytes[6..8].copy_from_slice(&seconds.to_be_bytes());
        bytes.extend([3, 4, 64, 0xc0, 0, 0, 14, 16, 0, 0, 7, 8, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, last]);
        bytes.extend([0; 10]);
        bytes
    }

    #[test]
    fn two_ways_out_conflict_when_they_share_no_prefix() {
        for (second, at, told) in [
            (offers(1800, 1), 0, false),
            (offers(1800, 2), 0, true),
            (offers(0, 2), 0, false),
            (offers(1800, 2), 1_801_000_000_000, false),
        ] {
            let mut memory = Memory::default();
            shown(&mut memory, &ip(1, &offers(1800, 1)), 0);
            assert!(!shown(&mut memory, &ip(1, &offers(1800, 2)), 0).contains(&labels::RA_CONFLICTING), "renumbered");
            shown(&mut memory, &ip(1, &offers(1800, 1)), 0);
            let labels = shown(&mut memory, &ip(2, &second), at);
            assert_eq!(labels.contains(&labels::RA_CONFLICTING), told, "{second:?} at {at}");
        }
    }

    #[test]
    fn twenty_in_a_second_are_a_flood() {
        for (gap, flood) in [(50_000_000, true), (100_000_000, false)] {
            let mut memory = Memory::default();
            let told =
                (0..30).any(|number| shown(&mut memory, &ip(1, &PLAIN), number * gap).contains(&labels::RA_FLOOD));
            assert_eq!(told, flood);
        }
    }

    #[test]
    fn redirects_of_both_kinds() {
        let mut seen = Seen::default();
        v4(&[5, 1, 0, 0], &mut seen);
        v4(&[8, 0, 0, 0], &mut seen);
        v4(&[], &mut seen);
        assert_eq!(seen.iter().collect::<Vec<_>>(), [labels::ICMP_REDIRECT]);
        assert_eq!(shown(&mut Memory::default(), &ip(1, &[137, 0]), 0), [labels::ICMPV6_REDIRECT]);
    }
}
