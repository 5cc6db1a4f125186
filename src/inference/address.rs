//! Which addresses are of the Internet, and which are of a private or special kind.
//!
//! The ranges are those of the IANA special-purpose registries (RFC 6890) that matter on an end system.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), length)
}

const SPECIAL_V4: [Ipv4Net; 14] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

const fn v6(first: u16, second: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

// NAT64 (64:ff9b::/96) is left out: it is public in effect.
const SPECIAL_V6: [Ipv6Net; 6] =
    [v6(0, 0, 96), v6(0x0100, 0, 64), v6(0x2001, 0x0db8, 32), v6(0xfc00, 0, 7), v6(0xfe80, 0, 10), v6(0xff00, 0, 8)];

/// Whether an address is of the Internet: not private, shared (100.64/10), link-local, multicast,
/// reserved or for documentation.
pub fn is_public(address: IpAddr) -> bool {
    is_public_net(IpNet::from(address))
}

/// Whether a prefix covers any address of the Internet: it lies in no special range as a whole.
pub fn is_public_net(net: IpNet) -> bool {
    match net {
        IpNet::V4(net) => !SPECIAL_V4.iter().any(|special| special.contains(&net)),
        IpNet::V6(net) => !SPECIAL_V6.iter().any(|special| special.contains(&net)),
    }
}

/// Whether an IPv6 address can be the source of packets to the Internet: neither unique-local,
/// site-local nor link-local.
pub fn reaches_out(source: Ipv6Addr) -> bool {
    const LOCAL: [Ipv6Net; 3] = [v6(0xfc00, 0, 7), v6(0xfec0, 0, 10), v6(0xfe80, 0, 10)];
    !LOCAL.iter().any(|local| local.contains(&source))
}

/// Whether a prefix is a default route's.
pub fn is_default(net: IpNet) -> bool {
    net.prefix_len() == 0
}

/// Whether a prefix is a single address.
pub fn is_host(net: IpNet) -> bool {
    net.prefix_len() == net.max_prefix_len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_special_ranges_are_not_the_internet() {
        for special in ["10.8.0.1", "100.64.0.1", "192.168.1.1", "172.31.255.1", "203.0.113.10", "fd12::1", "fe80::1"] {
            assert!(!is_public(special.parse().unwrap()), "{special}");
        }
        for public in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1", "64:ff9b::808:808"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn a_prefix_that_reaches_beyond_a_private_range_covers_the_internet() {
        for wide in ["0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/7", "216.165.47.0/24", "2000::/3"] {
            assert!(is_public_net(wide.parse().unwrap()), "{wide}");
        }
        for inside in ["10.0.0.0/8", "10.130.0.0/16", "100.64.0.0/10", "fd00::/8", "2001:db8:5::/64"] {
            assert!(!is_public_net(inside.parse().unwrap()), "{inside}");
        }
    }
}
