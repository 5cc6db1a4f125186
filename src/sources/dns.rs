//! Who answers name look-ups: systemd-resolved, else NetworkManager, else `/etc/resolv.conf`.
//!
//! How it was found out is kept as a trail, after Tailscale's `dns/manager_linux.go`: the same file
//! may be followed, passed by or overruled.

mod networkmanager;
mod nonsense;
mod resolv_conf;
mod resolved;

use std::net::IpAddr;
use std::time::Duration;

use crate::facts::dns::{Dns, Encryption, Manager, Resolver};
use crate::facts::link::Links;
use crate::facts::routes::{Answer, Lookup, Purpose, Routes};
use crate::facts::{Observed, Reason, Thing};

use super::machine::Machine;

pub use networkmanager::with_networkmanager;
pub use nonsense::nonsense;

/// How long systemd-resolved may take, so that `resolv.conf` alone is told when it hangs.
const RESOLVED_WAIT: Duration = Duration::from_secs(1);

/// More resolvers than this are not kept.
const RESOLVERS: usize = 64;

/// The C library asks no more `nameserver` lines than this (`MAXNS` in `resolv.h`).
const MAXNS: usize = 3;

/// Reads `resolv.conf` and systemd-resolved.
pub async fn look(machine: &Machine, links: &Observed<Links>) -> Observed<Dns> {
    let file = resolv_conf::read(machine);
    let resolved = tokio::time::timeout(RESOLVED_WAIT, resolved::read(machine, links))
        .await
        .unwrap_or(Err(Reason::TimedOut { what: Thing::Resolved }));
    let asks_resolved = resolv_conf::asks_resolved(machine);
    let behind_stub = || resolv_conf::behind_stub(machine);
    compose(file, resolved, asks_resolved, behind_stub, links)
}

/// One `nameserver`, wherever it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Server {
    address: IpAddr,
    /// `%eth0` of a link-local address.
    zone: Option<String>,
}

/// What was read, put together. `behind_stub` reads systemd-resolved's own list of servers from
/// its file, for when the bus does not tell.
fn compose(
    file: Result<resolv_conf::File, Reason>,
    resolved: Result<resolved::Settings, Reason>,
    asks_resolved: bool,
    behind_stub: impl FnOnce() -> Option<(Vec<Server>, Encryption)>,
    links: &Observed<Links>,
) -> Observed<Dns> {
    let (facts, servers) = match file {
        Ok(file) => (Observed::Known(file.facts), file.servers),
        Err(reason) => (Observed::Unknown(reason), Vec::new()),
    };
    let mut trail = vec![match &facts {
        Observed::Known(facts) => format!("rc={}", facts.writer),
        Observed::Unknown(_) => "rc=unreadable".to_owned(),
    }];
    if asks_resolved {
        trail.push("nss=resolve".to_owned());
    }
    trail.push(format!("resolved={}", resolved.as_ref().err().map_or("running", word)));

    let direct: Vec<_> = servers.iter().filter(|server| !is_stub(server.address)).take(MAXNS).cloned().collect();
    let stub = servers.iter().any(|server| is_stub(server.address));
    let direct_resolvers = || direct.iter().map(|server| plain(server, links)).collect::<Vec<_>>();

    let mut dns = Dns { trail, resolv_conf: facts, ..Dns::default() };
    match resolved {
        Ok(settings) => {
            if stub || asks_resolved {
                dns.manager = Manager::Resolved;
                dns.resolvers = settings.resolvers;
                // Programs that read the file themselves pass systemd-resolved by. When it reads
                // the file too, they are the same servers.
                for resolver in direct_resolvers() {
                    if !dns.resolvers.iter().any(|known| known.address == resolver.address) {
                        dns.resolvers.push(resolver);
                    }
                }
            } else {
                dns.manager = by_file(&direct);
                dns.resolvers = direct_resolvers();
                for resolver in &mut dns.resolvers {
                    let same = settings.resolvers.iter().find(|known| known.address == resolver.address);
                    if let (None, Some(known)) = (&resolver.configured_on, same) {
                        resolver.configured_on.clone_from(&known.configured_on);
                    }
                }
            }
            dns.links = settings.links;
        }
        Err(reason) if stub => {
            // Only a service that is not there may be passed by: the file it left tells the servers,
            // not which of them is asked for what.
            if !matches!(reason, Reason::NotRunning { .. }) {
                return Observed::Unknown(reason);
            }
            if let Some((servers, encryption)) = behind_stub() {
                dns.trail.push("behind-stub=file".to_owned());
                dns.manager = Manager::Resolved;
                dns.resolvers = servers.iter().map(|server| plain(server, links)).collect();
                for resolver in &mut dns.resolvers {
                    resolver.encryption = encryption;
                }
            } else {
                dns.manager = Manager::LocalForwarder;
                dns.resolvers = servers.iter().take(MAXNS).map(|server| plain(server, links)).collect();
            }
        }
        Err(_) => {
            if let Observed::Unknown(reason) = &dns.resolv_conf {
                return Observed::Unknown(reason.clone());
            }
            dns.manager = by_file(&direct);
            dns.resolvers = direct_resolvers();
        }
    }
    dns.resolvers.truncate(RESOLVERS);
    Observed::Known(dns)
}

/// Who decides when programs read the file themselves.
fn by_file(servers: &[Server]) -> Manager {
    match servers.first() {
        Some(first) if first.address.is_loopback() => Manager::LocalForwarder,
        _ => Manager::ResolvConf,
    }
}

/// systemd-resolved's stub and proxy listeners (`resolved-dns-stub.h`).
fn is_stub(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(v4) if matches!(v4.octets(), [127, 0, 0, 53 | 54]))
}

/// A server that is asked without encryption.
fn plain(server: &Server, links: &Observed<Links>) -> Resolver {
    let by_index = |zone: &str| links.known()?.indexed(zone.parse().ok()?).map(|link| link.name.clone());
    let configured_on = server.zone.as_deref().map(|zone| by_index(zone).unwrap_or_else(|| zone.to_owned()));
    Resolver {
        address: server.address,
        port: 53,
        configured_on,
        server_name: None,
        encryption: Encryption::Off,
        reached: Observed::default(),
    }
}

fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::NotRunning { .. } => "not-running",
        Reason::TimedOut { .. } => "timed-out",
        Reason::NotPermitted { .. } => "not-permitted",
        _ => "failed",
    }
}

/// The same with the way each resolver is reached by: the kernel's answer for a socket bound to the
/// resolver's link where whoever asks it binds, for a free one elsewhere.
pub fn reached(dns: Observed<Dns>, routes: &Observed<Routes>) -> Observed<Dns> {
    let Observed::Known(mut dns) = dns else { return dns };
    let bound: Vec<_> = dns
        .resolvers
        .iter()
        .map(|resolver| resolver.configured_on.clone().filter(|_| dns.binds(resolver.address)))
        .collect();
    for (resolver, bound) in dns.resolvers.iter_mut().zip(bound) {
        resolver.reached = match routes {
            Observed::Known(routes) => answer(routes, resolver.address, bound.as_ref()),
            Observed::Unknown(reason) => Observed::Unknown(reason.clone()),
        };
    }
    Observed::Known(dns)
}

fn answer(routes: &Routes, address: IpAddr, bound: Option<&String>) -> Observed<Answer> {
    let asked = |lookup: &&Lookup| {
        lookup.to == address
            && lookup.purpose == Purpose::Resolver
            && lookup.mark.is_none()
            && lookup.bound.as_ref() == bound
    };
    routes.lookups.iter().find(asked).map_or_else(Observed::default, |lookup| Observed::Known(lookup.answer.clone()))
}

#[cfg(test)]
mod tests;
