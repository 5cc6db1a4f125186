//! DHCP options as bytes (RFC 2132 and those that came after) to a lease. Every byte is the server's
//! choice: a list is read up to its first mistake, so that a broken tail hides nothing before it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::facts::dhcp::{Lease, LeaseRoute};

/// Options by code; those that came in several parts joined (RFC 3396).
pub(super) type Options = BTreeMap<u8, Vec<u8>>;

/// More entries of a list than this are not kept.
pub(super) const LIMIT: usize = 256;

/// Longer texts are cut (bytes).
const TEXT: usize = 1024;

/// The lease these options make. The interface and the source are the caller's to fill in.
pub(super) fn lease(options: &Options) -> Lease {
    let bytes = |code: u8| options.get(&code).map(Vec::as_slice);
    let mut routes = Vec::new();
    for code in [121, 249] {
        routes.extend(bytes(code).map(|bytes| classless(code, bytes)).unwrap_or_default());
    }
    routes.extend(bytes(33).map(|bytes| classful(&addresses(bytes))).unwrap_or_default());
    Lease {
        interface: String::new(),
        source: String::new(),
        server: bytes(54).and_then(|bytes| addresses(bytes).first().copied()),
        lease_seconds: bytes(51).and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?))),
        routers: bytes(3).map(addresses).unwrap_or_default(),
        resolvers: bytes(6).map(addresses).unwrap_or_default(),
        domain: bytes(15).and_then(text),
        search: bytes(119).map(search).unwrap_or_default(),
        android_metered: bytes(43).is_some_and(android_metered),
        portal_api: bytes(114).and_then(text),
        wpad: bytes(252).and_then(text),
        routes,
    }
}

/// A phone that shares its connection says so in option 43 (Android's `DhcpServer`).
pub(super) fn android_metered(vendor: &[u8]) -> bool {
    vendor.windows(b"ANDROID_METERED".len()).any(|window| window == b"ANDROID_METERED")
}

/// Text, without the zero some servers end it with; `None` when there is none.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.get(..bytes.len().min(TEXT))?;
    let text = String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned();
    (!text.is_empty()).then_some(text)
}

/// Addresses one after the other.
pub(super) fn addresses(bytes: &[u8]) -> Vec<Ipv4Addr> {
    let (whole, _) = bytes.as_chunks::<4>();
    whole.iter().take(LIMIT).map(|octets| Ipv4Addr::from(*octets)).collect()
}

/// RFC 3442 (121) and Microsoft's copy (249): width, as many octets as the width needs, router.
pub(super) fn classless(option: u8, mut bytes: &[u8]) -> Vec<LeaseRoute> {
    let mut routes = Vec::new();
    while routes.len() < LIMIT {
        let Some((route, rest)) = classless_one(option, bytes) else { break };
        routes.push(route);
        bytes = rest;
    }
    routes
}

fn classless_one(option: u8, bytes: &[u8]) -> Option<(LeaseRoute, &[u8])> {
    let (&width, rest) = bytes.split_first()?;
    let significant = usize::from(width.min(33).div_ceil(8));
    let (leading, rest) = rest.split_at_checked(significant)?;
    let mut octets = [0; 4];
    octets.get_mut(..significant)?.copy_from_slice(leading);
    let (router, rest) = rest.split_first_chunk::<4>()?;
    let prefix = Ipv4Net::new(Ipv4Addr::from(octets), width).ok()?.trunc();
    Some((LeaseRoute { option, prefix, router: Ipv4Addr::from(*router) }, rest))
}

/// Option 33: destination and router in turn. The prefix is the destination's class, or one host when
/// the destination has bits beyond it.
pub(super) fn classful(pairs: &[Ipv4Addr]) -> Vec<LeaseRoute> {
    let (pairs, _) = pairs.as_chunks::<2>();
    let route = |[to, router]: &[Ipv4Addr; 2]| {
        let class = match to.octets() {
            [0..=127, ..] => 8,
            [128..=191, ..] => 16,
            _ => 24,
        };
        let whole = Ipv4Net::new(*to, class).ok()?;
        let prefix = if whole.network() == *to { whole } else { Ipv4Net::from(*to) };
        Some(LeaseRoute { option: 33, prefix, router: *router })
    };
    pairs.iter().filter_map(route).collect()
}

/// Option 119 (RFC 3397): names as in DNS messages, compression pointers counted from its start.
pub(super) fn search(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < bytes.len() && names.len() < LIMIT {
        let Some((name, next)) = name(bytes, at) else { break };
        if !name.is_empty() {
            names.push(name);
        }
        at = next;
    }
    names
}

/// The name at `at`, and where the next one starts. Pointers lead backwards only, so it ends.
fn name(bytes: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut next = None;
    loop {
        let length = *bytes.get(at)?;
        match length {
            0 => return Some((name, next.unwrap_or(at + 1))),
            1..=63 => {
                let label = bytes.get(at + 1..at + 1 + usize::from(length))?;
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&String::from_utf8_lossy(label));
                if name.len() > TEXT {
                    return None;
                }
                at += 1 + usize::from(length);
            }
            192.. => {
                let low = *bytes.get(at + 1)?;
                let to = usize::from(length & 0x3f) << 8 | usize::from(low);
                if to >= at {
                    return None;
                }
                next = next.or(Some(at + 2));
                at = to;
            }
            _ => return None,
        }
    }
}

/// A whole DHCP message (RFC 2131, figure 1): the address it gives and its options, those in the `file`
/// and `sname` fields included when option 52 says so.
pub(super) fn message(bytes: &[u8]) -> Option<(Ipv4Addr, Options)> {
    let given: [u8; 4] = bytes.get(16..20)?.try_into().ok()?;
    if bytes.get(236..240)? != [99, 130, 83, 99] {
        return None;
    }
    let mut options = Options::new();
    collect(bytes.get(240..)?, &mut options);
    let overload = options.get(&52).and_then(|value| value.first().copied()).unwrap_or_default();
    if overload & 1 != 0 {
        collect(bytes.get(108..236)?, &mut options);
    }
    if overload & 2 != 0 {
        collect(bytes.get(44..108)?, &mut options);
    }
    Some((Ipv4Addr::from(given), options))
}

fn collect(mut bytes: &[u8], options: &mut Options) {
    while let Some((&code, rest)) = bytes.split_first() {
        match code {
            0 => bytes = rest,
            255 => return,
            _ => {
                let Some((&length, rest)) = rest.split_first() else { return };
                let Some((value, rest)) = rest.split_at_checked(usize::from(length)) else { return };
                options.entry(code).or_default().extend_from_slice(value);
                bytes = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(option: u8, prefix: &str, router: &str) -> LeaseRoute {
        LeaseRoute { option, prefix: prefix.parse().unwrap(), router: router.parse().unwrap() }
    }

    #[test]
    fn classless_routes() {
        // The examples of RFC 3442.
        let bytes = [0, 10, 0, 0, 1, 8, 10, 10, 0, 0, 2, 25, 10, 229, 0, 128, 10, 0, 0, 3];
        let expected = [
            route(121, "0.0.0.0/0", "10.0.0.1"),
            route(121, "10.0.0.0/8", "10.0.0.2"),
            route(121, "10.229.0.128/25", "10.0.0.3"),
        ];
        assert_eq!(classless(121, &bytes), expected);
        // A broken tail hides nothing before it.
        assert_eq!(classless(121, &bytes[..18]), expected[..2]);
        assert_eq!(classless(121, &[33, 1, 2, 3, 4, 5, 10, 0, 0, 1]), []);
        // Bits beyond the width do not count.
        assert_eq!(classless(249, &[1, 0xff, 10, 0, 0, 1]), [route(249, "128.0.0.0/1", "10.0.0.1")]);
    }

    #[test]
    fn classful_routes() {
        let read = |text: &str| classful(&text.split(' ').map(|a| a.parse().unwrap()).collect::<Vec<_>>());
        assert_eq!(read("10.0.0.0 192.0.2.1"), [route(33, "10.0.0.0/8", "192.0.2.1")]);
        assert_eq!(read("10.7.0.0 192.0.2.1"), [route(33, "10.7.0.0/32", "192.0.2.1")]);
        assert_eq!(read("198.51.100.0 192.0.2.1 10.0.0.0"), [route(33, "198.51.100.0/24", "192.0.2.1")]);
    }

    #[test]
    fn search_lists_may_point_back_but_not_forward() {
        // The example of RFC 3397: "eng.apple.com." and "marketing.apple.com.".
        let mut bytes = b"\x03eng\x05apple\x03com\x00\x09marketing\xc0\x04".to_vec();
        assert_eq!(search(&bytes), ["eng.apple.com", "marketing.apple.com"]);
        bytes.extend_from_slice(&[0xc0, 0x1b]);
        assert_eq!(search(&bytes).len(), 2);
    }

    #[test]
    fn a_message_with_overloaded_fields() {
        let mut bytes = vec![0; 240];
        bytes[16..20].copy_from_slice(&[192, 0, 2, 7]);
        bytes[236..240].copy_from_slice(&[99, 130, 83, 99]);
        bytes[108..114].copy_from_slice(&[15, 3, b'l', b'a', b'n', 255]);
        bytes.extend_from_slice(&[52, 1, 1, 51, 4, 0, 0, 14, 16, 121, 3, 8, 10, 192, 121, 3, 0, 2, 1, 255]);
        let (address, options) = message(&bytes).unwrap();
        assert_eq!(address, Ipv4Addr::new(192, 0, 2, 7));
        let lease = lease(&options);
        assert_eq!(lease.lease_seconds, Some(3600));
        assert_eq!(lease.domain.as_deref(), Some("lan"));
        assert_eq!(lease.routes, [route(121, "10.0.0.0/8", "192.0.2.1")]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_borne(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
            let mut framed = vec![0; 236];
            framed.extend_from_slice(&[99, 130, 83, 99, 52, 1, 3]);
            framed.extend_from_slice(&bytes);
            drop(message(&bytes));
            drop(message(&framed).map(|(_, options)| lease(&options)));
            for code in [3, 6, 15, 33, 43, 51, 54, 114, 119, 121, 249, 252] {
                drop(lease(&Options::from([(code, bytes.clone())])));
            }
        }
    }
}
