//! IPsec without an interface: whether the kernel transforms packets to a destination (XFRM).
//!
//! Policy-based IPsec leaves no tunnel interface; a route look-up shows the cable although every
//! packet is encrypted. Two witnesses: the policies, which only root may read, and a socket's MTU.
//! A UDP socket that is connected (nothing is sent) passes through the same policies as real
//! traffic, and the kernel tells its MTU: smaller than the route's by what ESP adds when the packets
//! would be transformed. An ordinary user may ask that.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use crate::facts::vpn::IpsecPolicy;

/// ESP adds at least its header, trailer and check value (RFC 4303: 8 + 2 + 12 octets); transport mode
/// with a short check value comes near that.
const LEAST_ADDED: u32 = 20;
/// Tunnel mode over IPv6 in UDP with padding and a long check value stays below this.
const MOST_ADDED: u32 = 200;

/// A policy that has no key yet (a trap, `net.core.xfrm_larval_drop`) gives the socket the kernel's black
/// hole, whose MTU is the loopback's: nothing leaves in the clear until a key is there.
const BLACKHOLE: u32 = 65_536;

/// What becomes of a packet on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is encrypted.
    Transformed,
    /// It leaves as it is.
    Untouched,
    /// It does not leave: a policy covers it that has no key.
    Held,
}

/// What becomes of packets to this address, by the MTU of a connected socket beside that of
/// the route. `None` when it cannot be told.
pub(super) fn effect(to: IpAddr, route_mtu: u32) -> Option<Effect> {
    compare(route_mtu, socket_mtu(to)?)
}

/// The MTU of a UDP socket connected to this address.
fn socket_mtu(to: IpAddr) -> Option<u32> {
    /// HTTPS over QUIC: what ordinary traffic uses, should a policy tell ports apart.
    const PORT: u16 = 443;
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((to, PORT)).ok()?;
    if to.is_ipv4() { rustix::net::sockopt::ip_mtu(&socket) } else { rustix::net::sockopt::ipv6_mtu(&socket) }.ok()
}

fn compare(route_mtu: u32, socket_mtu: u32) -> Option<Effect> {
    if socket_mtu >= BLACKHOLE && route_mtu < BLACKHOLE {
        return Some(Effect::Held);
    }
    match route_mtu.checked_sub(socket_mtu)? {
        0 => Some(Effect::Untouched),
        LEAST_ADDED..=MOST_ADDED => Some(Effect::Transformed),
        _ => None,
    }
}

/// Whether an outgoing policy covers packets from and to these addresses: they are encrypted, or, while
/// the policy has no key yet or blocks, dropped. Policies of an xfrm interface cover only what is
/// routed into it.
pub(super) fn covered(policies: &[IpsecPolicy], from: Option<IpAddr>, to: IpAddr) -> bool {
    policies.iter().any(|policy| {
        policy.interface_id == 0
            && !policy.selective
            && policy.destination.contains(&to)
            && from.is_none_or(|from| policy.source.contains(&from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_mtu_tells_of_a_transform() {
        assert_eq!(compare(1500, 1500), Some(Effect::Untouched));
        // AES-CBC with SHA-256 in tunnel mode; AES-GCM in UDP.
        assert_eq!(compare(1500, 1438), Some(Effect::Transformed));
        assert_eq!(compare(1500, 1422), Some(Effect::Transformed));
        // A trap without a key.
        assert_eq!(compare(1500, 65_536), Some(Effect::Held));
        // A path MTU learned in between, a tunnel within a tunnel: no proof either way.
        assert_eq!(compare(1500, 1492), None);
        assert_eq!(compare(1500, 1280), None);
        assert_eq!(compare(1400, 1500), None);
    }

    #[test]
    fn policies_cover_what_they_select() {
        let policy = |destination: &str| IpsecPolicy {
            source: "10.9.0.7/32".parse().unwrap(),
            destination: destination.parse().unwrap(),
            tunnel: true,
            block: false,
            selective: false,
            endpoint: None,
            interface_id: 0,
        };
        let (from, to) = (Some("10.9.0.7".parse().unwrap()), "9.9.9.9".parse().unwrap());
        assert!(covered(&[policy("0.0.0.0/0")], from, to));
        assert!(!covered(&[policy("10.0.0.0/8")], from, to));
        assert!(!covered(&[policy("0.0.0.0/0")], Some("192.168.1.23".parse().unwrap()), to));
        assert!(!covered(&[IpsecPolicy { interface_id: 5, ..policy("0.0.0.0/0") }], from, to));
        assert!(!covered(&[IpsecPolicy { selective: true, ..policy("0.0.0.0/0") }], from, to));
    }
}
