//! Tunnels, WireGuard peers, IPsec policies, NetworkManager's VPN connections.

mod ipsec;
mod wireguard;

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::facts::firewall::Firewall;
use crate::facts::link::{Interface, Links, Medium, TunMode};
use crate::facts::routes::Routes;
use crate::facts::vpn::{Connection, IpsecPolicy, Tunnel, TunnelKind, Vpn, Wireguard};
use crate::facts::{Observed, Reason, Thing};
use crate::signatures;

use super::machine::Machine;
use super::netlink::{Door, NETLINK_ROUTE};
use super::networkmanager::Snapshot;

/// Reads what is or could be a VPN.
pub async fn look(
    _machine: &Machine,
    links: &Observed<Links>,
    networkmanager: &Observed<Snapshot>,
    now: jiff::Timestamp,
) -> Observed<Vpn> {
    let links = match links {
        Observed::Known(links) => links,
        Observed::Unknown(reason) => return Observed::Unknown(reason.clone()),
    };
    let far_ends = far_ends(links).await;
    let mut tunnels: Vec<Tunnel> = links.interfaces.iter().filter_map(|link| tunnel(link, &far_ends)).collect();
    wireguard::look(&mut tunnels, links, now).await;
    Observed::Known(Vpn {
        tunnels,
        ipsec: ipsec::look().await,
        connections: networkmanager.clone().map(|snapshot| connections(&snapshot)),
        clients: Vec::new(),
    })
}

/// Counts bytes and handshakes again: what the probes sent into a tunnel, and what came back of it, is among them.
/// Where they cannot be read again they stay as they were.
pub async fn recount(vpn: &mut Observed<Vpn>, links: &Observed<Links>, now: jiff::Timestamp) {
    let (Observed::Known(vpn), Observed::Known(links)) = (vpn, links) else { return };
    if vpn.tunnels.is_empty() {
        return;
    }
    if let Ok(mut door) = Door::open(NETLINK_ROUTE)
        && let Ok(counted) = super::link::links(&mut door).await
    {
        for tunnel in &mut vpn.tunnels {
            let same = |link: &&super::link::RawLink| link.interface.name == tunnel.interface;
            if let Some(link) = counted.iter().find(same) {
                tunnel.rx_during_look = link.interface.rx_bytes.saturating_sub(tunnel.rx_bytes);
                (tunnel.rx_bytes, tunnel.tx_bytes) = (link.interface.rx_bytes, link.interface.tx_bytes);
            }
        }
    }
    let mut again = vpn.tunnels.clone();
    wireguard::look(&mut again, links, now).await;
    for (tunnel, again) in vpn.tunnels.iter_mut().zip(again) {
        if matches!(again.wireguard, Some(Observed::Known(_))) {
            tunnel.wireguard = again.wireguard;
        }
    }
}

/// What of it needs the right to administer the network: WireGuard devices and IPsec policies.
pub async fn privileged(now: jiff::Timestamp) -> (BTreeMap<String, Observed<Wireguard>>, Observed<Vec<IpsecPolicy>>) {
    (wireguard::all(now).await, ipsec::look().await)
}

/// The far ends that links themselves name, by index.
async fn far_ends(links: &Links) -> Vec<(u32, IpAddr)> {
    if links.interfaces.iter().all(|link| link.medium != Medium::Tunnel) {
        return Vec::new();
    }
    let Ok(mut door) = Door::open(NETLINK_ROUTE) else { return Vec::new() };
    let links = super::link::links(&mut door).await.unwrap_or_default();
    links.into_iter().filter_map(|link| Some((link.interface.index, link.remote?))).collect()
}

/// A tunnel interface as a fact; `None` for what is no tunnel.
fn tunnel(link: &Interface, far_ends: &[(u32, IpAddr)]) -> Option<Tunnel> {
    let tap = link.tun_mode == Some(TunMode::Tap);
    if link.medium != Medium::Tunnel && !tap {
        return None;
    }
    let remote = far_ends.iter().find(|(index, _)| *index == link.index).map(|(_, remote)| *remote);
    let kind = match link.kind.as_deref() {
        Some("wireguard") => TunnelKind::Wireguard,
        Some("tun") if tap => TunnelKind::Tap,
        Some("tun") => TunnelKind::Tun,
        Some("ovpn" | "ovpn-dco") => TunnelKind::Ovpn,
        Some("xfrm") => TunnelKind::Xfrm,
        Some("vti" | "vti6") => TunnelKind::Vti,
        Some("ipip" | "ip6tnl") => TunnelKind::Ipip,
        Some("gre" | "gretap" | "ip6gre" | "ip6gretap" | "erspan" | "ip6erspan") => TunnelKind::Gre,
        Some("sit") => TunnelKind::Sit,
        _ => TunnelKind::Ppp,
    };
    // Loading a tunnel module leaves an idle device behind (`tunl0`, `sit0`, `gre0`): off, leading nowhere.
    let by_module = matches!(kind, TunnelKind::Vti | TunnelKind::Ipip | TunnelKind::Gre | TunnelKind::Sit);
    if by_module && !link.up && remote.is_none() {
        return None;
    }
    Some(Tunnel {
        interface: link.name.clone(),
        kind,
        up: link.up,
        rx_bytes: link.rx_bytes,
        tx_bytes: link.tx_bytes,
        rx_during_look: 0,
        wireguard: (kind == TunnelKind::Wireguard)
            .then_some(Observed::Unknown(Reason::NotAvailable { what: Thing::WireguardPeers })),
        remote,
    })
}

/// NetworkManager's active VPN and WireGuard connections.
fn connections(snapshot: &Snapshot) -> Vec<Connection> {
    /// `NM_ACTIVE_CONNECTION_STATE_ACTIVATED`.
    const ACTIVATED: u32 = 2;
    let vpns = snapshot.active.iter().filter(|active| active.vpn || active.kind == "vpn" || active.kind == "wireguard");
    let mut connections: Vec<_> = vpns
        .map(|active| {
            let profiles = snapshot.profiles.known().map(|profiles| profiles.vpn.as_slice()).unwrap_or_default();
            let profile = profiles.iter().find(|profile| profile.uuid == active.uuid);
            Connection {
                name: active.id.clone(),
                uuid: active.uuid.clone(),
                kind: active.kind.clone(),
                service: profile.map(|profile| profile.service.clone()).filter(|_| active.kind == "vpn"),
                active: active.state == ACTIVATED,
                interfaces: active.devices.clone(),
                gateway: profile.and_then(|profile| profile.gateway.clone()),
            }
        })
        .collect();
    connections.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    connections
}

/// The same with the programs that rules, tables, marks and nftables give away (`signatures/vpn.toml`).
pub fn recognised(vpn: Observed<Vpn>, routes: &Observed<Routes>, firewall: &Observed<Firewall>) -> Observed<Vpn> {
    vpn.map(|mut vpn| {
        let traces = signatures::vpn::Traces::of(&vpn, routes.known(), firewall.known());
        vpn.clients = signatures::vpn::recognise(signatures::vpn::built_in(), &traces);
        vpn
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(kind: &str, up: bool) -> Interface {
        Interface {
            index: 5,
            name: "x0".to_owned(),
            kind: Some(kind.to_owned()),
            medium: Medium::Tunnel,
            up,
            ..Interface::default()
        }
    }

    #[test]
    fn the_idle_device_of_a_tunnel_module_is_no_tunnel() {
        assert_eq!(tunnel(&link("sit", false), &[]), None);
        assert!(tunnel(&link("sit", true), &[]).is_some());
        let remote = "203.0.113.9".parse().unwrap();
        assert_eq!(tunnel(&link("ipip", false), &[(5, remote)]).unwrap().remote, Some(remote));
        assert!(tunnel(&link("tun", false), &[]).is_some());
    }
}
