//! Which resolvers a look-up goes to, by the rules of whoever decides, and whether that leaks.
//!
//! systemd-resolved's rules as `systemd-resolved.service(8)` tells them under "Protocols and routing":
//! the links (or the machine-wide setting) whose domain matches a name with the most labels get it, all of
//! them in parallel when several match alike; a name that matches none goes to the links with `DefaultRoute`
//! and to the machine-wide resolvers. `~.` is a match of no labels, and so beats `DefaultRoute`.

use std::net::{IpAddr, Ipv4Addr};

use crate::facts::dns::{Dns, DnsLink, Encryption, Manager, Resolver};
use crate::facts::link::Medium;
use crate::facts::routes::{Answer, Purpose};
use crate::facts::{Facts, Missing, Reason, Thing};
use crate::guidance::{Extent, Guidance};
use crate::inference::connection::{DnsSummary, ResolverSummary};
use crate::inference::link;
use crate::inference::vpn::leaves::{Leaves, leaves};
use crate::inference::vpn::{self, Carriage};

/// glibc reads three `nameserver` lines and no more (`MAXNS`).
const MAX_NAMESERVERS: usize = 3;

/// Which names are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names<'a> {
    /// Those of the Internet, which no link claims for itself.
    Public,
    /// This domain of work and everything below it.
    Under(&'a str),
}

/// How a resolver is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach<'a> {
    /// By this tunnel.
    Tunnel(&'a str),
    /// By this interface, which is no tunnel.
    Beside(&'a str),
    /// It is on this machine: a forwarder, and where that asks is not known.
    Local,
    /// Not at all: no route, or one that forbids.
    Nowhere,
}

/// A resolver that a look-up is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Its address.
    pub address: IpAddr,
    /// Whether look-ups to it are encrypted.
    pub encryption: Encryption,
    /// How it is reached.
    pub reach: Reach<'a>,
    /// Asked only when the resolvers before it do not answer (later lines of `resolv.conf`).
    pub spare: bool,
}

/// A look-up's way: what is looked up, and who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// The names.
    pub names: Names<'a>,
    /// The resolver.
    pub asked: Asked<'a>,
}

/// Whether look-ups that belong in the tunnel leave beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leak<'a> {
    /// No VPN is in use.
    NoVpn,
    /// There is no connection, and no look-up leaves this machine.
    Offline,
    /// The VPN carries a part of the traffic, and the guidance names no domains that belong in it.
    NothingBelongs,
    /// None does.
    Kept(Vec<Path<'a>>),
    /// These do.
    Lost(Vec<Path<'a>>),
}

/// The reason given when the path of look-ups ends where this machine cannot see on.
fn undecided() -> Missing {
    Reason::Undecided { what: Thing::NameLookups }.into()
}

/// How this resolver is reached, by the kernel's own word.
///
/// # Errors
/// [`Missing`] when the kernel was not asked or would not say.
pub fn reach<'a>(facts: &'a Facts, resolver: &'a Resolver) -> Result<Reach<'a>, Missing> {
    if resolver.address.is_loopback() {
        return Ok(Reach::Local);
    }
    let way = match resolver.reached.get()? {
        Answer::Via(way) => way,
        Answer::Blocked | Answer::NoRoute => return Ok(Reach::Nowhere),
        Answer::Error(error) => return Err(Reason::failed(Thing::RouteLookup, error).into()),
    };
    if facts.link.get()?.named(&way.interface).is_some_and(|interface| interface.medium == Medium::Loopback) {
        return Ok(Reach::Local);
    }
    // The look-up behind the answer also tells whether IPsec without an interface carries it.
    let answer = resolver.reached.known();
    let lookup = facts.routes.known().into_iter().flat_map(|routes| &routes.lookups).find(|lookup| {
        lookup.purpose == Purpose::Resolver && lookup.to == resolver.address && Some(&lookup.answer) == answer
    });
    Ok(match lookup.map(|lookup| leaves(facts, lookup)) {
        Some(Leaves::Tunnel(carrier)) => Reach::Tunnel(carrier.interface.unwrap_or("IPsec")),
        Some(Leaves::Blocked | Leaves::NoRoute) => Reach::Nowhere,
        Some(Leaves::Local(_)) => return Err(Reason::Undecided { what: Thing::Ipv6Way }.into()),
        Some(Leaves::Unsure(missing)) => return Err(missing),
        None if vpn::is_tunnel(facts, &way.interface) => Reach::Tunnel(&way.interface),
        Some(Leaves::Direct(_)) | None => Reach::Beside(&way.interface),
    })
}

/// The resolvers that these names are sent to, each once, in the order they are asked.
///
/// # Errors
/// [`Missing`] when the configuration or the way to a resolver is not known.
pub fn asked<'a>(facts: &'a Facts, names: Names<'_>) -> Result<Vec<Asked<'a>>, Missing> {
    let dns = facts.dns.get()?;
    let mut found: Vec<(&'a Resolver, bool)> = Vec::new();
    let mut locals: Vec<(IpAddr, bool)> = Vec::new();
    match dns.resolv_conf.known() {
        Some(resolv_conf) if !resolv_conf.nameservers.is_empty() => {
            for (index, &address) in resolv_conf.nameservers.iter().take(MAX_NAMESERVERS).enumerate() {
                let spare = index > 0;
                if leads_to_links(dns, address) {
                    found.extend(routed(dns, names).into_iter().map(|resolver| (resolver, spare)));
                } else if address.is_loopback() {
                    locals.push((address, spare));
                } else {
                    found.push((direct(dns, address).ok_or_else(undecided)?, spare));
                }
            }
        }
        // An empty file sends nobody anywhere; what asks systemd-resolved itself still gets answers.
        Some(_) if dns.manager != Manager::Resolved => {}
        _ if matches!(dns.manager, Manager::Resolved | Manager::NetworkManager) => {
            found.extend(routed(dns, names).into_iter().map(|resolver| (resolver, false)));
        }
        _ => found.extend(dns.resolvers.iter().enumerate().map(|(index, resolver)| (resolver, index > 0))),
    }
    let mut asked: Vec<Asked<'a>> = Vec::new();
    for (address, spare) in locals {
        asked.push(Asked { address, encryption: Encryption::Off, reach: Reach::Local, spare });
    }
    for (resolver, spare) in found {
        if asked.iter().any(|known| known.address == resolver.address) {
            continue;
        }
        let (address, encryption) = (resolver.address, resolver.encryption);
        asked.push(Asked { address, encryption, reach: reach(facts, resolver)?, spare });
    }
    asked.sort_by_key(|asked| asked.spare);
    Ok(asked)
}

/// Whether there is no connection, and so no look-up of these that anything could be said of.
pub fn is_idle(facts: &Facts, asked: &[Asked<'_>]) -> bool {
    let still = |asked: &Asked<'_>| matches!(asked.reach, Reach::Nowhere | Reach::Local);
    matches!(link::outward(facts), Ok(None)) && asked.iter().all(still)
}

/// Whether a `nameserver` line hands look-ups to whoever keeps settings for each link.
fn leads_to_links(dns: &Dns, address: IpAddr) -> bool {
    match dns.manager {
        Manager::Resolved => is_resolved_stub(address),
        Manager::NetworkManager => address.is_loopback() && !dns.links.is_empty(),
        Manager::ResolvConf | Manager::LocalForwarder => false,
    }
}

/// The addresses systemd-resolved listens on: 127.0.0.53 (stub) and 127.0.0.54 (proxy).
pub fn is_resolved_stub(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(v4) if v4 == Ipv4Addr::new(127, 0, 0, 53) || v4 == Ipv4Addr::new(127, 0, 0, 54))
}

fn direct(dns: &Dns, address: IpAddr) -> Option<&Resolver> {
    let of = |wanted: fn(&Resolver) -> bool| {
        dns.resolvers.iter().find(move |resolver| resolver.address == address && wanted(resolver))
    };
    of(|resolver| resolver.configured_on.is_none()).or_else(|| of(|_| true))
}

/// The resolvers that the settings of the links choose for these names.
fn routed<'a>(dns: &'a Dns, names: Names<'_>) -> Vec<&'a Resolver> {
    let mut links = Vec::new();
    match names {
        Names::Public => choose(dns, ".", &mut links),
        Names::Under(domain) => {
            // A link that claims a part of the domain takes that part away.
            choose(dns, domain, &mut links);
            for link in with_servers(dns) {
                for claimed in &link.domains {
                    if claimed.name != domain && belongs(&claimed.name, domain) {
                        choose(dns, &claimed.name, &mut links);
                    }
                }
            }
        }
    }
    if links.is_empty() {
        // The resolvers systemd-resolved was built with, where the facts hold them.
        return dns.resolvers.iter().filter(|resolver| resolver.configured_on.is_none()).collect();
    }
    links.into_iter().flat_map(|link| resolvers_of(dns, link)).collect()
}

fn with_servers(dns: &Dns) -> impl Iterator<Item = &DnsLink> {
    dns.links.iter().filter(|link| !link.servers.is_empty())
}

fn resolvers_of<'a>(dns: &'a Dns, link: &'a DnsLink) -> impl Iterator<Item = &'a Resolver> {
    link.servers.iter().filter_map(move |&address| {
        let mut same = dns.resolvers.iter().filter(move |resolver| resolver.address == address);
        same.clone().find(|resolver| resolver.configured_on == link.interface).or_else(|| same.next())
    })
}

/// Adds the links that a name goes to: those of the most specific match, else the default ones.
fn choose<'a>(dns: &'a Dns, name: &str, links: &mut Vec<&'a DnsLink>) {
    let best = |link: &DnsLink| {
        link.domains.iter().filter(|domain| belongs(name, &domain.name)).map(|domain| labels(&domain.name)).max()
    };
    let most = with_servers(dns).filter_map(best).max();
    for link in with_servers(dns) {
        let takes = match most {
            Some(most) => best(link) == Some(most),
            None => link.default_route || link.interface.is_none(),
        };
        if takes && !links.contains(&link) {
            links.push(link);
        }
    }
}

/// Whether a name is this domain or below it.
fn belongs(name: &str, domain: &str) -> bool {
    domain == "." || name == domain || name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn labels(domain: &str) -> usize {
    domain.split('.').filter(|label| !label.is_empty()).count()
}

/// Whether look-ups that belong in the tunnel leave beside it.
///
/// # Errors
/// [`Missing`] when that cannot be told: use of the VPN, the configuration or the way to a resolver is unknown,
/// or a forwarder on this machine hides whom it asks.
pub fn leak<'a>(facts: &'a Facts, guidance: &'a Guidance) -> Result<Leak<'a>, Missing> {
    if !vpn::is_used(facts)? {
        return Ok(Leak::NoVpn);
    }
    let domains: Vec<String> = guidance.dns.domains.iter().map(|domain| plain(domain)).collect();
    let mut paths = Vec::new();
    if carries_public_names(facts, guidance)? {
        paths.push((Names::Public, asked(facts, Names::Public)?));
    }
    for (domain, named) in domains.iter().zip(&guidance.dns.domains) {
        paths.push((Names::Under(named), asked(facts, Names::Under(domain))?));
    }
    if paths.is_empty() {
        return Ok(Leak::NothingBelongs);
    }
    if paths.iter().all(|(_, asked)| is_idle(facts, asked)) {
        return Ok(Leak::Offline);
    }
    let silent = paths.iter().any(|(_, asked)| asked.is_empty());
    let paths: Vec<Path<'a>> = paths
        .into_iter()
        .flat_map(|(names, asked)| asked.into_iter().map(move |asked| Path { names, asked }))
        .collect();
    let lost: Vec<Path<'a>> =
        paths.iter().copied().filter(|path| matches!(path.asked.reach, Reach::Beside(_))).collect();
    if !lost.is_empty() {
        return Ok(Leak::Lost(lost));
    }
    if silent || paths.iter().any(|path| path.asked.reach == Reach::Local) {
        return Err(undecided());
    }
    Ok(Leak::Kept(paths))
}

/// A domain as the facts keep them: lower-case, no dots or `~` around it.
fn plain(domain: &str) -> String {
    domain.trim_start_matches(['~', '*']).trim_matches('.').to_ascii_lowercase()
}

/// Whether the look-ups of public names belong in the tunnel: it carries all of IPv4 or of whatever leaves;
/// or a part of it, and the guidance asks for everything.
fn carries_public_names(facts: &Facts, guidance: &Guidance) -> Result<bool, Missing> {
    let ipv4 = vpn::ipv4(facts)?;
    Ok(ipv4 == Carriage::Tunnel
        || (ipv4 == Carriage::Mixed && guidance.vpn.extent == Extent::Full)
        || vpn::is_full(facts)?)
}

/// Name look-ups for the contract's `connection.dns`; `None` when nothing could be read.
pub fn summary(facts: &Facts, guidance: &Guidance) -> Option<DnsSummary> {
    let dns = facts.dns.known()?;
    let resolvers = dns
        .resolvers
        .iter()
        .map(|resolver| ResolverSummary {
            address: resolver.address,
            interface: match resolver.reached.known() {
                Some(Answer::Via(way)) => Some(way.interface.clone()),
                _ => None,
            },
            encrypted: resolver.encryption == Encryption::Strict,
        })
        .collect();
    let leak = leak(facts, guidance).ok().map(|leak| matches!(leak, Leak::Lost(_)));
    Some(DnsSummary { resolvers, leak })
}

#[cfg(test)]
mod tests;
