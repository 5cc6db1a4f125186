//! Routes that lead around a tunnel: which of them win the kernel's look-up, and who wants them.
//!
//! TunnelVision (CVE-2024-3661): a DHCP server hands out routes more specific than the VPN's.
//! TunnelCrack LocalNet (CVE-2023-36672): a network claims addresses of the Internet as its own cable.
//! Whether a route wins is the kernel's answer; who installed it only explains it.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv6Net};

use crate::facts::routes::{Protocol, Purpose, Route, Routes, Way};
use crate::facts::vpn::TunnelKind;
use crate::facts::{Facts, Missing, Reason, Thing};
use crate::guidance::{Extent, Guidance};
use crate::inference::{address, link};

use super::leaves::{Leaves, hints_at_ipsec, is_tunnel, leaves, public, tunnel_interfaces, tunnels};
use super::{destinations, identity};

/// A prefix that leaves beside the tunnel by a route of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    /// The winning route's prefix.
    pub prefix: IpNet,
    /// Where it leads.
    pub interface: String,
    /// Its next router; `None` on link.
    pub gateway: Option<IpAddr>,
    /// Who wants it.
    pub author: Author,
    /// The guidance's name of a work destination that it takes.
    pub takes: Option<String>,
}

/// Who wants a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The network, by its DHCP server or router advertisement: the route's tag says so.
    Network,
    /// The network, by this option of the lease (33, 121 or 249).
    Option(u8),
    /// The network claims the prefix as its own cable.
    Local,
    /// Nothing says: an old DHCP client leaves no tag, and an administrator's script neither.
    Untold,
    /// Very likely the VPN program: the one route to a single address, by the link's own router, while a tunnel that
    /// needs such a route does not show its far end.
    Server,
    /// A route to a single address that bears no tag: the VPN program's, a script's, or what an old
    /// DHCP client was told to lay (TunnelVision).
    Doubtful,
    /// This machine: an administrator or the VPN program. An exception, not an attack.
    Exception,
}

impl Author {
    /// Whether the route is taken for the network's doing.
    pub const fn is_imposed(self) -> bool {
        matches!(self, Self::Network | Self::Option(_) | Self::Local | Self::Untold)
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detours {
    /// Those that win, sorted by prefix.
    pub winning: Vec<Detour>,
    /// Whether there may be more, or one whose look-up is missing or does not decide.
    pub undecided: bool,
}

/// Routes that lead around a VPN that is meant to carry what they take. `Ok(None)` when there is no
/// such VPN: none is up, or it carries only part and no work destination can be named.
///
/// # Errors
/// [`Missing`] when routes, links or tunnels could not be read.
pub fn detours(facts: &Facts, guidance: &Guidance) -> Result<Option<Detours>, Missing> {
    let routes = facts.routes.get()?;
    facts.link.get()?;
    let up =
        tunnel_interfaces(facts)?.iter().any(|name| identity::recognised(facts, guidance, Some(name)) != Some(false))
            || super::is_used(facts).unwrap_or(false);
    let full = |ipv6| is_meant_full(facts, guidance, routes, up, ipv6);
    let (full_v4, full_v6) = (full(false), full(true));
    let mut work = destinations(routes, guidance).peekable();
    if !(full_v4 || full_v6 || (up && work.peek().is_some())) {
        return Ok(None);
    }
    let mut found = Detours { undecided: routes.cut_short, ..Detours::default() };
    let mut add = |way: &Way, takes: Option<String>| {
        let Some(prefix) = way.prefix.filter(|prefix| !address::is_default(*prefix)) else { return };
        let wanted = match prefix {
            IpNet::V4(_) => full_v4,
            IpNet::V6(_) => full_v6,
        };
        if takes.is_none() && !(wanted && address::is_public_net(prefix)) || is_way_to_far_end(facts, prefix) {
            return;
        }
        let author = author(facts, way, prefix);
        // What an advertisement claims of the home's network is ordinary, but not where work lies in it.
        let own = author == Author::Local && takes.is_some() || is_own_site(facts, way, prefix);
        // Work on the local network itself: a worker at the office, unless the VPN is in use.
        if own && (takes.is_none() || !super::is_used(facts).unwrap_or(false)) {
            return;
        }
        match found.winning.iter_mut().find(|detour| detour.prefix == prefix && detour.interface == way.interface) {
            Some(detour) => detour.takes = detour.takes.take().or(takes),
            None => found.winning.push(Detour {
                prefix,
                interface: way.interface.clone(),
                gateway: way.gateway,
                author,
                takes,
            }),
        }
    };
    if up {
        for lookup in work {
            if let (Leaves::Direct(way), Purpose::Destination { name }) = (leaves(facts, lookup), &lookup.purpose) {
                add(way, Some(name.clone()));
            }
        }
    }
    for lookup in &routes.lookups {
        if matches!(lookup.purpose, Purpose::Public | Purpose::Specific { .. })
            && let Leaves::Direct(way) = leaves(facts, lookup)
        {
            // A part of a work network may be taken although the address asked for the whole of it is not.
            let takes = guidance.destinations.iter().find(|wanted| up && wanted.address.contains(&lookup.to));
            add(way, takes.map(|wanted| wanted.name.clone()));
        }
    }
    found.undecided |= routes.specifics.iter().any(|route| {
        let wanted = if matches!(route.prefix, IpNet::V4(_)) { full_v4 } else { full_v6 };
        let work = up && guidance.destinations.iter().any(|named| named.address.contains(&route.prefix));
        (work || wanted && address::is_public_net(route.prefix)) && is_unanswered(facts, routes, route)
    });
    found.undecided |= full_v4 && claims_unanswered(facts, routes)?;
    acquit_server(facts, routes, &mut found.winning);
    found.winning.sort_by_key(|detour| (detour.prefix, detour.interface.clone()));
    Ok(Some(found))
}

/// Resolvers everybody knows: no VPN has its server there, and every network would like their look-ups.
pub const RESOLVERS: [[u8; 4]; 8] = [
    [1, 1, 1, 1],
    [1, 0, 0, 1],
    [8, 8, 8, 8],
    [8, 8, 4, 4],
    [9, 9, 9, 9],
    [149, 112, 112, 112],
    [208, 67, 222, 222],
    [208, 67, 220, 220],
];

/// Takes the only untagged route to a single address for the way to the VPN's server, where a
/// tunnel hides its far end and nothing else speaks against it; where no such route is untagged, the only tagged one.
fn acquit_server(facts: &Facts, routes: &Routes, winning: &mut [Detour]) {
    let (untagged, tagged): (Vec<&mut Detour>, Vec<&mut Detour>) = winning
        .iter_mut()
        .filter(|detour| address::is_host(detour.prefix))
        .filter(|detour| matches!(detour.author, Author::Doubtful | Author::Exception))
        .partition(|detour| detour.author == Author::Doubtful);
    let mut candidates = if untagged.is_empty() { tagged } else { untagged };
    let [only] = candidates.as_mut_slice() else { return };
    let resolver = is_known_resolver(only.prefix);
    let mut defaults = routes
        .defaults
        .iter()
        .filter(|route| {
            route.interface == only.interface && route.prefix.addr().is_ipv4() == only.prefix.addr().is_ipv4()
        })
        .peekable();
    // A VPN program may have taken the link's default route away: then there is no router to compare with.
    let by_router = defaults.peek().is_none() || defaults.any(|route| route.gateway == only.gateway);
    if only.takes.is_none() && !resolver && by_router && hides_far_end(facts) {
        only.author = Author::Server;
    }
}

fn is_known_resolver(prefix: IpNet) -> bool {
    matches!(prefix.addr(), IpAddr::V4(to) if RESOLVERS.contains(&to.octets()))
}

/// Whether a route of this machine's own to a single address may be the way to a VPN's server: some tunnel does not
/// show its far end.
pub fn may_lead_to_server(facts: &Facts, detour: &Detour) -> bool {
    let Some(vpn) = facts.vpn.known() else { return true };
    let hidden = tunnels(facts, vpn).any(|tunnel| identity::far_ends(facts, Some(&tunnel.interface)).is_empty());
    address::is_host(detour.prefix)
        && !is_known_resolver(detour.prefix)
        && (hidden || vpn.ipsec.known().is_none() && hints_at_ipsec(facts))
}

/// Whether a tunnel is up that needs a route to its far end and does not show where that is. An IPsec interface's is in
/// the policies.
fn hides_far_end(facts: &Facts) -> bool {
    let Some(vpn) = facts.vpn.known() else { return false };
    tunnels(facts, vpn).any(|tunnel| {
        let needs = match tunnel.kind {
            TunnelKind::Tun | TunnelKind::Tap | TunnelKind::Ppp | TunnelKind::Ovpn => true,
            TunnelKind::Xfrm => vpn.ipsec.known().is_none(),
            _ => false,
        };
        needs && identity::far_ends(facts, Some(&tunnel.interface)).is_empty()
    })
}

/// Whether the VPN is meant to carry everything of a family: part of it goes by a tunnel, or a
/// tunnel has a default route, or the guidance wants all of it and every way beside is a route
/// more specific than the default (two halves handed out leave nothing to see of the tunnel).
fn is_meant_full(facts: &Facts, guidance: &Guidance, routes: &Routes, up: bool, ipv6: bool) -> bool {
    let mut ways: Vec<Leaves<'_>> = public(routes, ipv6).map(|lookup| leaves(facts, lookup)).collect();
    if ways.iter().any(|way| matches!(way, Leaves::Tunnel(carrier) if carrier.protects != Some(false))) {
        return true;
    }
    let by_default = routes.defaults.iter().any(|route| {
        matches!(route.prefix, IpNet::V6(_)) == ipv6
            && is_tunnel(facts, &route.interface)
            && super::leaves::protects(facts, &route.interface) != Some(false)
    });
    ways.retain(|way| !matches!(way, Leaves::NoRoute | Leaves::Blocked));
    let only_specific = !ways.is_empty()
        && ways.iter().all(
            |way| matches!(way, Leaves::Direct(way) if way.prefix.is_some_and(|prefix| !address::is_default(prefix))),
        );
    only_specific && (by_default || up && guidance.vpn.extent == Extent::Full)
}

/// A route to a far end of a tunnel: what the tunnel itself needs.
fn is_way_to_far_end(facts: &Facts, prefix: IpNet) -> bool {
    address::is_host(prefix) && is_far_end(facts, prefix.addr())
}

/// A route within the IPv6 network that the provider gave this home (a /48 at the widest), of which
/// this machine has an address.
fn is_own_site(facts: &Facts, way: &Way, prefix: IpNet) -> bool {
    let IpNet::V6(net) = prefix else { return false };
    net.prefix_len() >= 48 && own_ipv6(facts, &way.interface).any(|own| site(own) == site(net.addr()))
}

fn site(address: std::net::Ipv6Addr) -> Option<Ipv6Net> {
    Ipv6Net::new(address, 48).ok().map(|net| net.trunc())
}

fn own_ipv6<'a>(facts: &'a Facts, interface: &str) -> impl Iterator<Item = std::net::Ipv6Addr> + 'a {
    let link = facts.link.known().and_then(|links| links.named(interface));
    link.into_iter().flat_map(|link| &link.addresses).filter_map(|address| match address.net.addr() {
        IpAddr::V6(own) if address::reaches_out(own) => Some(own),
        _ => None,
    })
}

fn is_far_end(facts: &Facts, to: IpAddr) -> bool {
    facts.vpn.known().is_some_and(|vpn| {
        // A plugin's connection may name only the link beneath its tunnel.
        let active = vpn.connections.known().into_iter().flatten().filter(|connection| connection.active);
        let mut gateways = active.filter_map(|connection| identity::parse_end(connection.gateway.as_deref()?));
        if gateways.any(|(end, _)| end == to) {
            return true;
        }
        let interfaces = vpn.tunnels.iter().map(|tunnel| Some(tunnel.interface.as_str()));
        interfaces.chain([None]).any(|interface| identity::far_ends(facts, interface).iter().any(|(end, _)| *end == to))
    })
}

fn author(facts: &Facts, way: &Way, prefix: IpNet) -> Author {
    let lease = facts.dhcp.known().and_then(|dhcp| dhcp.leases.iter().find(|lease| lease.interface == way.interface));
    let asked =
        lease.and_then(|lease| lease.routes.iter().find(|route| IpNet::V4(route.prefix.trunc()) == prefix.trunc()));
    match (way.protocol, asked) {
        (_, Some(route)) => Author::Option(route.option),
        (Protocol::Dhcp | Protocol::Ra | Protocol::Redirect, None) => Author::Network,
        (Protocol::Kernel, None) => Author::Local,
        // The way to a VPN server, as many a VPN program lays it; and what ISC dhclient's script lays.
        (Protocol::Boot, None) if address::is_host(prefix) => Author::Doubtful,
        // ISC dhclient's script leaves its routes untagged; every other client tags them.
        (Protocol::Boot, None) if lease.is_none() => Author::Untold,
        (Protocol::Boot | Protocol::Static | Protocol::Other(_), None) => Author::Exception,
    }
}

/// Whether a route could be a detour and no look-up tells whether it wins.
fn is_unanswered(facts: &Facts, routes: &Routes, route: &Route) -> bool {
    let way = Way {
        interface: route.interface.clone(),
        gateway: route.gateway,
        source: None,
        prefix: Some(route.prefix),
        protocol: route.protocol,
        table: route.table,
    };
    let mut asked = routes
        .lookups
        .iter()
        .filter(|lookup| matches!(&lookup.purpose, Purpose::Specific { prefix } if *prefix == route.prefix))
        .peekable();
    !is_tunnel(facts, &route.interface)
        && !is_way_to_far_end(facts, route.prefix)
        && !is_own_site(facts, &way, route.prefix)
        && author(facts, &way, route.prefix) != Author::Exception
        && (asked.peek().is_none() || asked.any(|lookup| matches!(leaves(facts, lookup), Leaves::Unsure(_))))
}

/// Whether a network this machine could leave by claims public IPv4 space and no look-up tells whether that wins.
fn claims_unanswered(facts: &Facts, routes: &Routes) -> Result<bool, Missing> {
    let claimed: Vec<IpNet> = link::ways_out(facts)?
        .iter()
        .flat_map(|way| link::networks(way.interface))
        .filter(|net| matches!(net, IpNet::V4(_)) && !address::is_host(*net) && address::is_public_net(*net))
        .collect();
    Ok(claimed.iter().any(|net| !routes.lookups.iter().any(|lookup| net.contains(&lookup.to))))
}

/// The reason for "there may be more": route look-ups that were not made or do not decide.
pub const UNDECIDED: Reason = Reason::Undecided { what: Thing::RouteLookup };
