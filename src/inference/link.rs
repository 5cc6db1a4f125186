//! Which interface carries, or carries beneath the VPN, this machine's traffic, and which others could.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::facts::link::{Interface, Links, Medium};
use crate::facts::routes::Routes;
use crate::facts::{Facts, Missing};
use crate::inference::{address, vpn};

/// The outward interface: the one the kernel sends public packets by once any tunnel is looked
/// beneath. `Ok(None)` when there is none (offline).
///
/// # Errors
/// [`Missing`] when links or routes could not be read.
pub fn outward(facts: &Facts) -> Result<Option<&Interface>, Missing> {
    let (links, routes) = (facts.link.get()?, facts.routes.get()?);
    Ok(links.ways(routes).find(|interface| is_outward(facts, interface)))
}

/// Whether an interface can be the way out of the machine: no loopback, no VPN, no translator. A modem or DSL line
/// (`ppp`) that nothing else carries is one, although the kernel draws it as a tunnel.
fn is_outward(facts: &Facts, interface: &Interface) -> bool {
    interface.medium != Medium::Loopback
        && !vpn::is_tunnel(facts, &interface.name)
        && !vpn::leaves::is_translator(facts, &interface.name)
}

/// One of the networks this machine could leave by.
#[derive(Clone, Copy, Debug)]
pub struct WayOut<'a> {
    /// The interface.
    pub interface: &'a Interface,
    /// Its router, where one is named.
    pub gateway: Option<IpAddr>,
    /// The router's hardware address, where it is resolved.
    pub gateway_mac: Option<&'a str>,
}

/// Every network this machine could leave by: outward interfaces with a signal, an address that
/// reaches beyond the link, and a default route, or the one beneath a VPN that has taken that away; by
/// interface index. IPv4 routers are named first.
///
/// # Errors
/// [`Missing`] when links or routes could not be read.
pub fn ways_out(facts: &Facts) -> Result<Vec<WayOut<'_>>, Missing> {
    let links = facts.link.get()?;
    let routes = facts.routes.get()?;
    let beneath = outward(facts)?.map(|interface| interface.index);
    Ok(links
        .interfaces
        .iter()
        .filter(|interface| interface.has_signal() && is_outward(facts, interface))
        .filter(|interface| networks(interface).next().is_some())
        .filter_map(|interface| way_out(links, routes, interface, beneath == Some(interface.index)))
        .collect())
}

fn way_out<'a>(links: &'a Links, routes: &Routes, interface: &'a Interface, beneath: bool) -> Option<WayOut<'a>> {
    let default = routes
        .defaults
        .iter()
        .filter(|route| route.interface == interface.name)
        .min_by_key(|route| (!matches!(route.prefix, IpNet::V4(_)), route.gateway.is_none(), route.metric));
    let by_router =
        || routes.specifics.iter().find(|route| route.interface == interface.name && route.gateway.is_some());
    let gateway = match default {
        Some(route) => route.gateway,
        None if beneath => by_router().and_then(|route| route.gateway),
        None => return None,
    };
    let gateway_mac = gateway.and_then(|gateway| {
        let mut known = links.routers.iter();
        known.find(|known| known.interface == interface.name && known.address == gateway)?.mac.as_deref()
    });
    Some(WayOut { interface, gateway, gateway_mac })
}

/// The prefixes an interface has addresses in, without link-local ones.
pub fn networks(interface: &Interface) -> impl Iterator<Item = IpNet> + '_ {
    use crate::facts::link::Scope;
    interface
        .addresses
        .iter()
        .filter(|address| matches!(address.scope, Scope::Global | Scope::Site))
        .map(|address| address.net.trunc())
        .filter(|net| match net.addr() {
            IpAddr::V4(address) => !address.is_link_local(),
            IpAddr::V6(address) => !address.is_unicast_link_local(),
        })
}

/// The public IPv4 addresses of an interface.
pub fn public_ipv4(interface: &Interface) -> impl Iterator<Item = IpNet> + '_ {
    interface
        .addresses
        .iter()
        .map(|address| address.net)
        .filter(|net| matches!(net, IpNet::V4(_)) && address::is_public(net.addr()))
}

impl WayOut<'_> {
    /// Whether two ways out lead to the same network: the same router by its hardware address, or
    /// a common prefix that no differing router contradicts.
    pub fn same_network(&self, other: &Self) -> bool {
        if let (Some(one), Some(two)) = (self.gateway_mac, other.gateway_mac) {
            // One address, two routers: two homes that happen to number themselves alike.
            if one == two || self.gateway == other.gateway {
                return one == two;
            }
        }
        networks(self.interface).any(|net| networks(other.interface).any(|theirs| theirs == net))
    }
}

/// Cables that are plugged in and lie idle: Ethernet of this machine's own, with a signal, that is
/// no part of a bridge or bond.
///
/// # Errors
/// [`Missing`] when links could not be read.
pub fn cables(facts: &Facts) -> Result<Vec<&Interface>, Missing> {
    let links = facts.link.get()?;
    Ok(links
        .interfaces
        .iter()
        .filter(|interface| interface.medium == Medium::Ethernet && interface.master.is_none())
        .collect())
}
