//! How one packet would leave, by the kernel's own answer: in a tunnel, beside it, or not at all.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;

use crate::facts::link::TunMode;
use crate::facts::routes::{Answer, Lookup, Purpose, Routes, Way};
use crate::facts::vpn::{Connection, IpsecPolicy, Tunnel, TunnelKind, Vpn};
use crate::facts::{Facts, Missing, Reason, Thing};
use crate::inference::address;

/// How a packet would leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaves<'a> {
    /// Inside a tunnel.
    Tunnel(Carrier<'a>),
    /// Beside any tunnel.
    Direct(&'a Way),
    /// Beside any tunnel to this network's router, with an IPv6 address of local meaning: it goes on only where the
    /// router translates it (NAT66), which cannot be seen from here.
    Local(&'a Way),
    /// It would not: a rule or route forbids it.
    Blocked,
    /// It would not: there is no route.
    NoRoute,
    /// It cannot be told.
    Unsure(Missing),
}

/// The tunnel that carries a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier<'a> {
    /// Its interface; `None` for IPsec without one.
    pub interface: Option<&'a str>,
    /// Whether it encrypts, or travels in something that does; `None` when that cannot be told.
    pub protects: Option<bool>,
}

/// How the packet of this look-up would leave.
pub fn leaves<'a>(facts: &'a Facts, lookup: &'a Lookup) -> Leaves<'a> {
    match &lookup.answer {
        Answer::Blocked => Leaves::Blocked,
        Answer::NoRoute => Leaves::NoRoute,
        Answer::Error(error) => Leaves::Unsure(Reason::failed(Thing::RouteLookup, error).into()),
        Answer::Via(way) if is_tunnel(facts, &way.interface) => {
            Leaves::Tunnel(Carrier { interface: Some(&way.interface), protects: protects(facts, &way.interface) })
        }
        Answer::Via(way) => beside(facts, lookup, way),
    }
}

/// A way by an ordinary interface: IPsec without an interface may still carry it.
fn beside<'a>(facts: &Facts, lookup: &Lookup, way: &'a Way) -> Leaves<'a> {
    if facts.vpn.known().is_none() && facts.link.known().is_none() {
        return Leaves::Unsure(Missing::new(
            facts.link.get().err().map_or(Reason::NotRecorded, |missing| missing.reason),
        ));
    }
    if let (IpAddr::V6(to), Some(IpAddr::V6(source))) = (lookup.to, way.source)
        && address::is_public(to.into())
        && !address::reaches_out(source)
    {
        // No router forwards what comes from a link-local address.
        return if source.is_unicast_link_local() { Leaves::NoRoute } else { Leaves::Local(way) };
    }
    let ipsec = Carrier { interface: None, protects: Some(true) };
    match (lookup.ipsec, policy(facts, lookup.to, way.source)) {
        (Some(true), _) => Leaves::Tunnel(ipsec),
        (None, Ok(Some(policy))) if policy.block => Leaves::Blocked,
        (None, Ok(Some(policy))) if policy.tunnel => Leaves::Tunnel(ipsec),
        (None, Err(missing)) if hints_at_ipsec(facts) => Leaves::Unsure(missing),
        (Some(false) | None, _) => Leaves::Direct(way),
    }
}

/// The IPsec policy that covers a destination, if one does.
///
/// # Errors
/// [`Missing`] when policies could not be read.
fn policy(facts: &Facts, to: IpAddr, source: Option<IpAddr>) -> Result<Option<&IpsecPolicy>, Missing> {
    let policies = facts.vpn.get()?.ipsec.get()?;
    Ok(policies
        .iter()
        .filter(|policy| policy.interface_id == 0)
        .find(|policy| policy.destination.contains(&to) && source.is_none_or(|source| policy.source.contains(&source))))
}

/// Words in the names of plugins whose VPN is IPsec.
pub const IPSEC_WORDS: [&str; 3] = ["swan", "l2tp", "ipsec"];

/// Whether something speaks for IPsec although its policies may not be read: an active connection
/// of an IPsec plugin, a program that uses it, or strongSwan's routing tables (220, and 210 for its
/// NetworkManager plugin). Where nothing is known of VPNs it cannot be ruled out.
pub fn hints_at_ipsec(facts: &Facts) -> bool {
    let Some(vpn) = facts.vpn.known() else { return true };
    let by_connection = vpn.connections.known().is_some_and(|connections| {
        connections.iter().any(|connection| connection.active && services(connection, &IPSEC_WORDS))
    });
    let by_program = vpn.clients.iter().any(|client| client.id.contains("swan"));
    let by_rule = facts
        .routes
        .known()
        .is_some_and(|routes| routes.rules.iter().any(|rule| matches!(rule.table, Some(220 | 210))));
    by_connection || by_program || by_rule
}

/// Whether a connection's plugin is one of these.
pub fn services(connection: &Connection, words: &[&str]) -> bool {
    connection.service.as_ref().is_some_and(|service| {
        let last = service.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        words.iter().any(|word| last.contains(word))
    })
}

/// The tunnel of this name.
pub fn tunnel<'a>(facts: &'a Facts, interface: &str) -> Option<&'a Tunnel> {
    facts.vpn.known()?.tunnels.iter().find(|tunnel| tunnel.interface == interface)
}

/// NetworkManager's active VPN connection on this interface.
pub fn connection<'a>(facts: &'a Facts, interface: &str) -> Option<&'a Connection> {
    let connections = facts.vpn.known()?.connections.known()?;
    connections.iter().find(|connection| connection.active && connection.interfaces.iter().any(|own| own == interface))
}

/// Whether this interface only translates IPv4 into IPv6 or wraps it for the provider (464XLAT, DS-Lite), as its address
/// of RFC 7335 says.
pub fn is_translator(facts: &Facts, interface: &str) -> bool {
    /// `192.0.0.0/29`.
    const CONTINUITY: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(192, 0, 0, 0), 29);
    let link = facts.link.known().and_then(|links| links.named(interface));
    link.is_some_and(|link| {
        link.addresses.iter().any(|address| matches!(address.net.addr(), IpAddr::V4(own) if CONTINUITY.contains(&own)))
    })
}

/// Whether this interface is a tunnel that may be a VPN. A modem or DSL line (`ppp`) is none, a virtual machine's or
/// container's Ethernet (`tap`) is none, and neither is a translator.
pub fn is_tunnel(facts: &Facts, interface: &str) -> bool {
    if is_translator(facts, interface) {
        return false;
    }
    if let Some(tunnel) = tunnel(facts, interface) {
        return match tunnel.kind {
            TunnelKind::Ppp => is_dialled_vpn(facts, interface),
            TunnelKind::Tap => is_bridged_vpn(facts, interface),
            _ => true,
        };
    }
    let Some(link) = facts.link.known().and_then(|links| links.named(interface)) else { return false };
    if link.tun_mode == Some(TunMode::Tap) {
        return is_bridged_vpn(facts, interface);
    }
    match link.kind.as_deref() {
        Some("ppp") => is_dialled_vpn(facts, interface),
        _ if link.hardware == 512 => is_dialled_vpn(facts, interface),
        _ => link.medium == crate::facts::link::Medium::Tunnel,
    }
}

/// A `ppp` interface is a VPN when NetworkManager or a recognised program says so, or when there
/// is another way out for it to ride on; else it is the line itself.
fn is_dialled_vpn(facts: &Facts, interface: &str) -> bool {
    connection(facts, interface).is_some() || is_recognised(facts, interface) || has_other_way(facts, interface)
}

/// A `tap` is a VPN when packets to the Internet or to work go into it and there is another way out for it to ride on;
/// else it is a virtual machine's.
fn is_bridged_vpn(facts: &Facts, interface: &str) -> bool {
    carries(facts, interface) && has_other_way(facts, interface)
}

/// Whether a program was recognised behind this interface.
fn is_recognised(facts: &Facts, interface: &str) -> bool {
    facts.vpn.known().is_some_and(|vpn| vpn.clients.iter().any(|client| client.tunnel.as_deref() == Some(interface)))
}

/// Whether packets to the Internet or to an address of work would leave by this interface.
fn carries(facts: &Facts, interface: &str) -> bool {
    facts.routes.known().is_some_and(|routes| {
        routes
            .lookups
            .iter()
            .filter(|lookup| matches!(lookup.purpose, Purpose::Public | Purpose::Destination { .. }))
            .any(|lookup| matches!(&lookup.answer, Answer::Via(way) if way.interface == interface))
    })
}

/// Whether a default route leaves by another interface that is no tunnel of any kind; or, where a VPN program has taken
/// that away, a route to one server of the Internet.
fn has_other_way(facts: &Facts, interface: &str) -> bool {
    let (Some(routes), Some(links)) = (facts.routes.known(), facts.link.known()) else { return false };
    let to_server = routes.specifics.iter().filter(|route| {
        route.gateway.is_some() && address::is_host(route.prefix) && address::is_public_net(route.prefix)
    });
    routes.defaults.iter().chain(to_server).filter(|route| route.interface != interface).any(|route| {
        tunnel(facts, &route.interface).is_none()
            && links.named(&route.interface).is_some_and(|link| {
                link.medium.is_outward() && link.tun_mode != Some(TunMode::Tap) && link.hardware != 512
            })
    })
}

/// Whether a tunnel encrypts, or travels in something that does; `None` when that cannot be told.
pub fn protects(facts: &Facts, interface: &str) -> Option<bool> {
    let kind = tunnel(facts, interface).map(|tunnel| tunnel.kind);
    if kind.is_none() && facts.vpn.known().is_none() {
        let link = facts.link.known().and_then(|links| links.named(interface));
        let encrypts = ["wireguard", "tun", "ovpn", "ovpn-dco", "xfrm", "vti", "vti6"];
        return link.and_then(|link| link.kind.as_deref()).is_some_and(|kind| encrypts.contains(&kind)).then_some(true);
    }
    match kind {
        Some(TunnelKind::Ipip | TunnelKind::Gre | TunnelKind::Sit) => outer_protected(facts, interface),
        Some(TunnelKind::Ppp) => match connection(facts, interface) {
            Some(connection) if services(connection, &["pptp"]) => Some(false),
            Some(connection) if services(connection, &["l2tp"]) => outer_protected(facts, interface),
            Some(_) => Some(true),
            // Nobody says that it is a VPN: beside another way out it may as well be a modem's or the DSL line.
            None => is_recognised(facts, interface).then_some(true),
        },
        _ => Some(true),
    }
}

/// Whether a plain tunnel's own packets are encrypted on their way: by IPsec or by another tunnel.
fn outer_protected(facts: &Facts, interface: &str) -> Option<bool> {
    let routes = facts.routes.known()?;
    let outer = routes
        .lookups
        .iter()
        .find(|lookup| matches!(&lookup.purpose, Purpose::Endpoint { tunnel } if tunnel == interface));
    let Some(outer) = outer else {
        let remote = tunnel(facts, interface)?.remote?;
        let policy = policy(facts, remote, None).ok()?;
        return Some(policy.is_some_and(|policy| !policy.block));
    };
    if outer.ipsec == Some(true) {
        return Some(true);
    }
    let Answer::Via(way) = &outer.answer else { return None };
    if way.interface == interface {
        return None;
    }
    if is_tunnel(facts, &way.interface) {
        // One tunnel in another; a plain one in a plain one protects nothing.
        let inner = tunnel(facts, &way.interface).map(|tunnel| tunnel.kind);
        return Some(!matches!(inner, Some(TunnelKind::Ipip | TunnelKind::Gre | TunnelKind::Sit)));
    }
    // Transport mode serves here: the tunnel is plain, its packets are not.
    match policy(facts, outer.to, way.source) {
        Ok(found) => Some(found.is_some_and(|policy| !policy.block)),
        Err(_) if outer.ipsec.is_none() && hints_at_ipsec(facts) => None,
        Err(_) => Some(false),
    }
}

/// Tunnels that are switched on and may be a VPN, by index.
pub fn tunnels<'a>(facts: &'a Facts, vpn: &'a Vpn) -> impl Iterator<Item = &'a Tunnel> {
    vpn.tunnels.iter().filter(|tunnel| tunnel.up && is_tunnel(facts, &tunnel.interface))
}

/// The interfaces of such tunnels; by the links alone where tunnels could not be read.
///
/// # Errors
/// [`Missing`] when neither could be read.
pub fn tunnel_interfaces(facts: &Facts) -> Result<Vec<&str>, Missing> {
    if let Some(vpn) = facts.vpn.known() {
        return Ok(tunnels(facts, vpn).map(|tunnel| tunnel.interface.as_str()).collect());
    }
    let up = facts.link.get()?.interfaces.iter().filter(|link| link.up && is_tunnel(facts, &link.name));
    Ok(up.map(|link| link.name.as_str()).collect())
}

/// The look-ups of public addresses of one family.
pub fn public(routes: &Routes, ipv6: bool) -> impl Iterator<Item = &Lookup> {
    routes.lookups.iter().filter(move |lookup| lookup.purpose == Purpose::Public && lookup.to.is_ipv6() == ipv6)
}
