//! Whose VPN a tunnel is: the guidance's identities compared with what can be seen of it.

use std::net::{IpAddr, SocketAddr};

use crate::facts::routes::Purpose;
use crate::facts::vpn::{Client, TunnelKind};
use crate::facts::{Facts, Observed, Reason};
use crate::guidance::{Endpoint, Guidance, VpnIdentity};

use super::leaves::{connection, tunnel, tunnels};

/// What a comparison came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    /// What would have to be compared may not be read or is not there.
    Hidden,
}

/// Whether a tunnel (`None`: IPsec without an interface) is the employer's: `Some(true)` when one
/// identity of the guidance matches, `Some(false)` when it is a VPN people buy for themselves or
/// everything could be compared and nothing matched, `None` when that cannot be told, or when the
/// guidance names no VPN of its own.
pub fn recognised(facts: &Facts, guidance: &Guidance, interface: Option<&str>) -> Option<bool> {
    let found: Vec<Match> =
        guidance.vpn.identities.iter().flat_map(|identity| compare(facts, identity, interface)).collect();
    if found.contains(&Match::Yes) {
        return Some(true);
    }
    if personal(facts, interface).is_some() {
        return Some(false);
    }
    if found.is_empty() || found.contains(&Match::Hidden) { None } else { Some(false) }
}

/// The program behind a tunnel, where it is a VPN people buy for themselves.
pub fn personal<'a>(facts: &'a Facts, interface: Option<&str>) -> Option<&'a Client> {
    clients(facts, interface).find(|client| client.personal)
}

/// Programs recognised behind this tunnel. One whose tunnel is not known counts where there is
/// only one tunnel it could drive.
pub fn clients<'a>(facts: &'a Facts, interface: Option<&str>) -> impl Iterator<Item = &'a Client> {
    let wanted = interface.map(str::to_owned);
    let vpn = facts.vpn.known();
    let alone = vpn.is_some_and(|vpn| tunnels(facts, vpn).count() <= 1);
    vpn.into_iter().flat_map(|vpn| vpn.clients.iter()).filter(move |client| match &client.tunnel {
        Some(tunnel) => wanted.as_ref() == Some(tunnel),
        None => alone,
    })
}

/// Each kind of element an identity gives, compared.
fn compare(facts: &Facts, identity: &VpnIdentity, interface: Option<&str>) -> Vec<Match> {
    let mut found = Vec::new();
    if !identity.peer_keys.is_empty() {
        found.push(by_peer_key(facts, &identity.peer_keys, interface));
    }
    if !identity.endpoints.is_empty() {
        found.push(by_endpoint(facts, &identity.endpoints, interface));
    }
    if !identity.networkmanager_uuids.is_empty() {
        found.push(by_uuid(facts, &identity.networkmanager_uuids, interface));
    }
    if !identity.dns_suffixes.is_empty() {
        found.push(by_suffix(facts, &identity.dns_suffixes, interface));
    }
    if !identity.clients.is_empty() {
        let hit = clients(facts, interface).any(|client| identity.clients.contains(&client.id));
        found.push(if hit { Match::Yes } else { Match::No });
    }
    found
}

fn by_peer_key(facts: &Facts, keys: &[String], interface: Option<&str>) -> Match {
    let Some(tunnel) = interface.and_then(|interface| tunnel(facts, interface)) else { return Match::No };
    match &tunnel.wireguard {
        Some(Observed::Known(device)) => {
            let hit = device.peers.iter().any(|peer| keys.contains(&peer.public_key));
            if hit { Match::Yes } else { Match::No }
        }
        Some(Observed::Unknown(_)) => Match::Hidden,
        // WireGuard may run as a program behind a TUN, which shows no keys.
        None if matches!(tunnel.kind, TunnelKind::Wireguard | TunnelKind::Tun) => Match::Hidden,
        None => Match::No,
    }
}

/// Addresses of a tunnel's far end, with the port where it is known.
pub fn far_ends(facts: &Facts, interface: Option<&str>) -> Vec<(IpAddr, Option<u16>)> {
    let mut ends = Vec::new();
    if let Some(interface) = interface {
        if let Some(tunnel) = tunnel(facts, interface) {
            ends.extend(tunnel.remote.map(|remote| (remote, None)));
            if let Some(Observed::Known(device)) = &tunnel.wireguard {
                let peers = device.peers.iter().filter_map(|peer| peer.endpoint);
                ends.extend(peers.map(|endpoint| (endpoint.ip(), Some(endpoint.port()))));
            }
        }
        if let Some(routes) = facts.routes.known() {
            ends.extend(routes.lookups.iter().filter_map(|lookup| match &lookup.purpose {
                Purpose::Endpoint { tunnel } if tunnel == interface => Some((lookup.to, None)),
                _ => None,
            }));
        }
        if let Some(gateway) = connection(facts, interface).and_then(|connection| connection.gateway.as_deref()) {
            ends.extend(parse_end(gateway));
        }
    } else if let Some(policies) = facts.vpn.known().and_then(|vpn| vpn.ipsec.known()) {
        ends.extend(policies.iter().filter_map(|policy| policy.endpoint).map(|endpoint| (endpoint, None)));
    }
    ends.sort();
    ends.dedup();
    ends
}

/// An address with or without a port, as NetworkManager shows gateways; host names are left aside.
pub(super) fn parse_end(text: &str) -> Option<(IpAddr, Option<u16>)> {
    let text = text.trim();
    text.parse::<SocketAddr>()
        .map(|socket| (socket.ip(), Some(socket.port())))
        .ok()
        .or_else(|| text.parse::<IpAddr>().map(|address| (address, None)).ok())
}

fn by_endpoint(facts: &Facts, wanted: &[Endpoint], interface: Option<&str>) -> Match {
    let ends = far_ends(facts, interface);
    let hit = ends.iter().any(|(address, port)| {
        wanted.iter().any(|wanted| match wanted {
            Endpoint::Address(wanted) => wanted == address,
            // A far end whose port is not known is taken at its address.
            Endpoint::Socket(wanted) => wanted.ip() == *address && port.is_none_or(|port| port == wanted.port()),
        })
    });
    match (hit, ends.is_empty()) {
        (true, _) => Match::Yes,
        (false, true) => Match::Hidden,
        (false, false) => Match::No,
    }
}

fn by_uuid(facts: &Facts, uuids: &[String], interface: Option<&str>) -> Match {
    let Some(vpn) = facts.vpn.known() else { return Match::Hidden };
    let connections = match &vpn.connections {
        Observed::Known(connections) => connections,
        // Without NetworkManager no connection of its can be up.
        Observed::Unknown(Reason::NotRunning { .. } | Reason::NotAvailable { .. }) => return Match::No,
        Observed::Unknown(_) => return Match::Hidden,
    };
    let named = connections
        .iter()
        .filter(|connection| connection.active && uuids.iter().any(|uuid| uuid.eq_ignore_ascii_case(&connection.uuid)));
    let kind = interface.and_then(|interface| tunnel(facts, interface)).map(|tunnel| tunnel.kind);
    let others = tunnels(facts, vpn).filter(|tunnel| tunnel.kind != TunnelKind::Wireguard).count();
    for connection in named {
        let own = interface.is_some_and(|interface| connection.interfaces.iter().any(|own| own == interface));
        // A plugin's connection may name only the link beneath: it is this tunnel if there is but one.
        let on_tunnel =
            connection.interfaces.iter().any(|own| vpn.tunnels.iter().any(|tunnel| tunnel.interface == *own));
        let only = connection.kind == "vpn" && !on_tunnel && others <= 1 && kind != Some(TunnelKind::Wireguard);
        if own || only {
            return Match::Yes;
        }
    }
    Match::No
}

fn by_suffix(facts: &Facts, suffixes: &[String], interface: Option<&str>) -> Match {
    let (Some(dns), Some(interface)) = (facts.dns.known(), interface) else { return Match::Hidden };
    let Some(link) = dns.links.iter().find(|link| link.interface.as_deref() == Some(interface)) else {
        return Match::Hidden;
    };
    let hit = link.domains.iter().any(|domain| suffixes.iter().any(|suffix| is_under(&domain.name, suffix)));
    if hit { Match::Yes } else { Match::No }
}

/// Whether a domain is this suffix or lies under it.
fn is_under(name: &str, suffix: &str) -> bool {
    let (name, suffix) = (name.trim_matches('.').to_ascii_lowercase(), suffix.trim_matches('.').to_ascii_lowercase());
    !suffix.is_empty() && (name == suffix || name.strip_suffix(&suffix).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_matches_whole_labels_only() {
        assert!(is_under("corp.example", "corp.example"));
        assert!(is_under("hk.Corp.example.", ".corp.example"));
        assert!(!is_under("evilcorp.example", "corp.example"));
        assert!(!is_under("corp.example", ""));
    }

    #[test]
    fn a_gateway_is_read_as_an_address_with_or_without_a_port() {
        assert_eq!(parse_end("203.0.113.10:51820"), Some(("203.0.113.10".parse().unwrap(), Some(51820))));
        assert_eq!(parse_end("2001:db8::1"), Some(("2001:db8::1".parse().unwrap(), None)));
        assert_eq!(parse_end("vpn.example.com"), None);
    }
}
