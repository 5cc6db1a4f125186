//! DHCP (RFC 2131, 2132) and DHCPv6 (RFC 8415): what a server hands out that steers traffic, and how many answer.

use super::{Around, Domain, FORMS};
use crate::wire::labels::{self, Label};
use crate::wire::protocols::Seen;
use crate::wire::recent::Recent;

const COOKIE: [u8; 4] = [0x63, 0x82, 0x53, 0x63];

const ROUTERS: u8 = 3;
const RESOLVERS: u8 = 6;
const OVERLOAD: u8 = 52;
const MESSAGE: u8 = 53;
const SERVER: u8 = 54;
const WANTED: u8 = 55;

const REQUEST: u8 = 1;
const REPLY: u8 = 2;
const OFFER: u8 = 2;
const ACK: u8 = 5;

/// Options of a reply that steer traffic: static routes, sign-in page, proxy.
const STEERS: &[(u8, Label)] = &[
    (33, labels::DHCP_OPTION33),
    (114, labels::DHCP_OPTION114),
    (121, labels::DHCP_OPTION121),
    (160, labels::DHCP_OPTION160),
    (249, labels::DHCP_OPTION249),
    (252, labels::DHCP_OPTION252),
];

/// Requests whose first answer is remembered.
const REQUESTS: usize = 1024;

/// Who answered first: on a network, and each request.
#[derive(Debug)]
pub(super) struct Memory {
    servers: Recent<Domain, [u8; 4]>,
    answers: Recent<Request, Answer>,
}

/// One request: the network, its transaction, the client's hardware address.
type Request = (Domain, [u8; 4], [u8; 16]);

/// One answer to it.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    server: [u8; 4],
    /// Routers and resolvers, in no order.
    routers: Vec<[u8; 4]>,
    resolvers: Vec<[u8; 4]>,
}

impl Answer {
    /// Whether another server says otherwise.
    fn contradicts(&self, other: &Self) -> bool {
        let differ = |one: &[_], other: &[_]| !one.is_empty() && !other.is_empty() && one != other;
        self.server != other.server
            && (differ(&self.routers, &other.routers) || differ(&self.resolvers, &other.resolvers))
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self { servers: Recent::new(FORMS), answers: Recent::new(REQUESTS) }
    }
}

impl Memory {
    /// Hears one message; what is not one shows nothing.
    pub(super) fn hear(&mut self, bytes: &[u8], around: &Around, seen: &mut Seen) {
        let Some((head, rest)) = bytes.split_first_chunk::<236>() else { return };
        let &[operation, hardware, length, ..] = head;
        // A hardware address is of sixteen bytes at most; its kind is never 0.
        if !matches!(operation, REQUEST | REPLY) || hardware == 0 || length > 16 {
            return;
        }
        seen.see(labels::DHCP_ANY);
        let Some(options) = rest.strip_prefix(&COOKIE) else { return };
        // The fields for a file (108, 128 bytes) and the server's name (44, 64 bytes) may hold options, too.
        let overload = match walk(options).find(|(code, _)| *code == OVERLOAD) {
            Some((_, [which])) => *which,
            _ => 0,
        };
        let field = |bit: u8, place| if overload & bit == 0 { &[][..] } else { head.get(place).unwrap_or_default() };
        let mut message = None;
        let mut server = None;
        let (mut routers, mut resolvers) = (Vec::new(), Vec::new());
        for (code, value) in walk(options).chain(walk(field(1, 108..236))).chain(walk(field(2, 44..108))) {
            match (code, value) {
                (MESSAGE, [kind]) => message = message.or(Some(*kind)),
                (SERVER, [a, b, c, d]) => server = server.or(Some([*a, *b, *c, *d])),
                (ROUTERS, list) => routers = addresses(list),
                (RESOLVERS, list) => resolvers = addresses(list),
                (WANTED, list) if list.contains(&121) => seen.see(labels::DHCP_OPTION121_REQUESTED),
                _ if operation == REPLY => {
                    if let Some((_, label)) = STEERS.iter().find(|(known, _)| *known == code) {
                        seen.see(*label);
                    }
                }
                _ => {}
            }
        }
        if matches!(message, Some(OFFER | ACK)) {
            seen.see(labels::DHCP_OFFER_ACK);
            if let Some(server) = server
                && *self.servers.entry(around.form, || server) != server
            {
                seen.see(labels::DHCP_MULTI_SERVER);
            }
            let transaction = head.get(4..8).and_then(|bytes| bytes.first_chunk::<4>());
            let client = head.get(28..44).and_then(|bytes| bytes.first_chunk::<16>());
            if let (Some(server), Some(transaction), Some(client)) = (server, transaction, client) {
                let answer = Answer { server, routers, resolvers };
                let request = (around.domain, *transaction, *client);
                if self.answers.get_mut(&request).is_some_and(|first| first.contradicts(&answer)) {
                    seen.see(labels::DHCP_CONFLICTING_OFFERS);
                }
                self.answers.entry(request, || answer);
            }
        }
    }
}

/// Addresses one after the other, sorted.
fn addresses(list: &[u8]) -> Vec<[u8; 4]> {
    let mut addresses = list.as_chunks::<4>().0.to_vec();
    addresses.sort_unstable();
    addresses
}

/// Each option in turn; 0 is padding, 255 the end. What is cut off at the end is left out.
fn walk(options: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = options;
    std::iter::from_fn(move || {
        while let [0, after @ ..] = rest {
            rest = after;
        }
        match rest {
            [255, ..] | [] | [_] => None,
            [code, length, after @ ..] => {
                let (value, after) = after.split_at_checked(usize::from(*length))?;
                rest = after;
                Some((*code, value))
            }
        }
    })
}

/// DHCPv6: type and transaction, or for relays type, hops and two addresses; then options of a number and a length.
pub(super) fn v6(bytes: &[u8], seen: &mut Seen) {
    let Some(&kind) = bytes.first() else { return };
    // RFC 8415 7.3, and those IANA added since: up to 36.
    let (1..=36, Some(options)) = (kind, bytes.get(if matches!(kind, 12 | 13) { 34 } else { 4 }..)) else { return };
    if !options_v6(options) {
        return;
    }
    seen.see(labels::DHCPV6_ANY);
    if matches!(kind, 2 | 7) {
        seen.see(labels::DHCPV6_REPLY);
    }
}

/// Whether options fill the rest exactly.
fn options_v6(mut options: &[u8]) -> bool {
    while let Some((&[_, _, high, low], rest)) = options.split_first_chunk::<4>() {
        let Some(after) = rest.get(usize::from(u16::from_be_bytes([high, low]))..) else { return false };
        options = after;
    }
    options.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(operation: u8, options: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![operation, 1, 6, 0];
        bytes.resize(236, 0);
        bytes.extend(COOKIE);
        bytes.extend(options.concat());
        bytes.push(255);
        bytes
    }

    fn shown(memory: &mut Memory, bytes: &[u8], domain: u64) -> Vec<Label> {
        let around = Around { form: Domain::default().within(domain), ..Around::default() };
        let mut seen = Seen::default();
        memory.hear(bytes, &around, &mut seen);
        seen.iter().collect()
    }

    const AN_OFFER: &[u8] = &[53, 1, 2];

    #[test]
    fn an_answer_shows_what_steers_traffic_and_a_question_does_not() {
        let routes: &[u8] = &[121, 5, 0, 192, 0, 2, 1];
        let mut memory = Memory::default();
        let all = [labels::DHCP_ANY, labels::DHCP_OPTION121, labels::DHCP_OFFER_ACK];
        assert_eq!(shown(&mut memory, &message(2, &[AN_OFFER, routes]), 0), all);
        assert_eq!(shown(&mut memory, &message(1, &[&[53, 1, 1], routes]), 0), [labels::DHCP_ANY]);
        let asks = message(1, &[&[53, 1, 1], &[55, 3, 1, 121, 3]]);
        assert_eq!(shown(&mut memory, &asks, 0), [labels::DHCP_ANY, labels::DHCP_OPTION121_REQUESTED]);
    }

    #[test]
    fn options_in_the_field_for_the_file_count() {
        let mut bytes = message(2, &[&[53, 1, 5], &[52, 1, 1]]);
        bytes[108..112].copy_from_slice(&[252, 1, b'p', 255]);
        assert!(shown(&mut Memory::default(), &bytes, 0).contains(&labels::DHCP_OPTION252));
        let plain = message(2, &[&[53, 1, 5]]);
        assert!(!shown(&mut Memory::default(), &plain, 0).contains(&labels::DHCP_OPTION252));
    }

    #[test]
    fn two_servers_on_one_network_are_told_and_on_two_not() {
        let from = |last| message(2, &[AN_OFFER, &[54, 4, 192, 0, 2, last]]);
        let mut memory = Memory::default();
        for (last, domain, told) in [(1, 0, false), (1, 0, false), (2, 1, false), (2, 0, true)] {
            let labels = shown(&mut memory, &from(last), domain);
            assert_eq!(labels.contains(&labels::DHCP_MULTI_SERVER), told, "{last} on {domain}");
        }
    }

    #[test]
    fn two_answers_to_one_request_conflict_only_where_they_lead_elsewhere() {
        let from = |last, options: &[&[u8]]| {
            let server = [54, 4, 192, 0, 2, last];
            message(2, &[&[AN_OFFER, &server], options].concat())
        };
        let (router, other): (&[u8], &[u8]) = (&[3, 4, 192, 0, 2, 1], &[3, 4, 192, 0, 2, 66]);
        let (names, turned): (&[u8], &[u8]) = (&[6, 8, 1, 1, 1, 1, 2, 2, 2, 2], &[6, 8, 2, 2, 2, 2, 1, 1, 1, 1]);
        for (second, told) in [
            (from(1, &[other]), false),
            (from(2, &[router]), false),
            (from(2, &[router, turned]), false),
            (from(2, &[]), false),
            (from(2, &[other]), true),
            (from(2, &[router, &[6, 4, 9, 9, 9, 9]]), true),
        ] {
            let mut memory = Memory::default();
            shown(&mut memory, &from(1, &[router, names]), 0);
            let labels = shown(&mut memory, &second, 0);
            assert_eq!(labels.contains(&labels::DHCP_CONFLICTING_OFFERS), told, "{:?}", &second[240..]);
            let mut another = second.clone();
            another[4] ^= 1;
            assert!(!shown(&mut memory, &another, 0).contains(&labels::DHCP_CONFLICTING_OFFERS), "another request");
        }
    }

    #[test]
    fn what_is_cut_off_is_left_out() {
        let bytes = message(2, &[AN_OFFER, &[54, 4, 192, 0, 2, 1], &[52, 1, 3]]);
        for cut in 0..bytes.len() {
            shown(&mut Memory::default(), &bytes[..cut], 0);
        }
        assert_eq!(shown(&mut Memory::default(), &[7; 300], 0), []);
    }

    #[test]
    fn dhcpv6_is_known_by_its_options() {
        let shown = |bytes: &[u8]| {
            let mut seen = Seen::default();
            v6(bytes, &mut seen);
            seen.iter().count()
        };
        let reply = [7, 1, 2, 3, 0, 1, 0, 2, 9, 9, 0, 14, 0, 0];
        assert_eq!(shown(&reply), 2);
        assert_eq!(shown(&reply[..9]), 0, "an option is cut");
        assert_eq!(shown(&[0x80; 40]), 0);
    }
}
