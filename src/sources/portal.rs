//! Whether a sign-in page waits: NetworkManager's word, the RFC 8908 API, one plain HTTP probe.
//!
//! What is sent, unless `--passive`: the name of the guidance's page asked of the link's own resolvers, one
//! request for that page, and the same for the page of a second operator when the first was not as it should be;
//! one request to the sign-in service that DHCP announces with an `http` address. All of it leaves by the
//! outward interface, beside any VPN, since that is the network that is asked about.

mod http;
mod link;
mod names;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use crate::facts::link::{Interface, Medium, TunMode};
use crate::facts::portal::{Connectivity, Portal, PortalApi, Probe, ProbeOutcome};
use crate::facts::routes::{Answer, Purpose};
use crate::facts::{Facts, Missing, Observed, Reason, Thing};
use crate::guidance::ProbeTarget;

use self::http::Url;
use self::link::Door;
use super::machine::Machine;
use super::networkmanager::Snapshot;
use super::{Budget, Questions};

/// Everything that is sent for this question is answered within this, or not at all.
const LIMIT: Duration = Duration::from_secs(2);
/// The first probe's part of it, in tenths.
const FIRST_PART: u32 = 6;
/// More resolvers of one link are not asked.
const MAX_SERVERS: usize = 3;

/// Gathers the evidence; sends nothing when the budget is passive.
pub async fn look(
    _machine: &Machine,
    facts: &Facts,
    networkmanager: &Observed<Snapshot>,
    questions: &Questions,
    budget: Budget,
) -> Observed<Portal> {
    let outward = match outward(facts) {
        Ok(outward) => outward,
        Err(missing) => {
            let mut portal = Portal { api: Observed::Unknown(missing.reason.clone()), ..Portal::default() };
            portal.networkmanager = word_of(networkmanager, None);
            portal.probe = Observed::Unknown(missing.reason);
            return Observed::Known(portal);
        }
    };
    let name = outward.map(|interface| interface.name.as_str());
    let mut portal = Portal {
        interface: name.map(str::to_owned),
        networkmanager: word_of(networkmanager, name),
        api: announced(facts, name),
        ..Portal::default()
    };
    let (Some(outward), false) = (outward, budget.passive) else {
        let what = Thing::PortalProbe;
        portal.probe =
            Observed::Unknown(if outward.is_none() { Reason::NotAvailable { what } } else { Reason::NotSent { what } });
        return Observed::Known(portal);
    };
    let line = Line { door: Door::of(outward), servers: servers(facts, &outward.name) };
    let end = Instant::now() + budget.within(LIMIT);
    let (api, (probe, second)) = tokio::join!(line.ask_api(portal.api, end), line.ask_pages(questions, end));
    (portal.api, portal.probe, portal.second) = (api, probe, second);
    Observed::Known(portal)
}

/// The interface to ask by: the one beneath any tunnel. A line that the kernel draws as a tunnel (`ppp`) and a `tap` are
/// one only where nothing else is.
fn outward(facts: &Facts) -> Result<Option<&Interface>, Missing> {
    let (links, routes) = (facts.link.get()?, facts.routes.get()?);
    let tap = |link: &Interface| link.tun_mode == Some(TunMode::Tap);
    Ok(links
        .ways(routes)
        .find(|link| link.medium.is_outward() && !tap(link))
        .or_else(|| links.ways(routes).find(|link| link.kind.as_deref() == Some("ppp") || tap(link))))
}

/// NetworkManager's word on the interface, where its check is on; on the machine as a whole where it has none.
fn word_of(networkmanager: &Observed<Snapshot>, interface: Option<&str>) -> Observed<Connectivity> {
    let snapshot = match networkmanager {
        Observed::Known(snapshot) => snapshot,
        Observed::Unknown(reason) => return Observed::Unknown(reason.clone()),
    };
    if !snapshot.connectivity_checked {
        return Observed::Known(Connectivity::Unknown);
    }
    let device = snapshot.devices.iter().find(|device| Some(device.interface.as_str()) == interface);
    let words = device.into_iter().flat_map(|device| [device.ipv4_connectivity, device.ipv6_connectivity]).flatten();
    Observed::Known(words.max_by_key(|word| weight(*word)).unwrap_or(snapshot.connectivity))
}

/// A portal in the way of one address family outweighs whatever the other says.
const fn weight(word: Connectivity) -> u8 {
    match word {
        Connectivity::Unknown => 0,
        Connectivity::None => 1,
        Connectivity::Limited => 2,
        Connectivity::Full => 3,
        Connectivity::Portal => 4,
    }
}

/// What DHCP announced (option 114), not yet asked.
fn announced(facts: &Facts, interface: Option<&str>) -> Observed<Option<PortalApi>> {
    match &facts.dhcp {
        Observed::Unknown(reason) => Observed::Unknown(reason.clone()),
        Observed::Known(dhcp) => Observed::Known(
            dhcp.leases
                .iter()
                .filter(|lease| Some(lease.interface.as_str()) == interface)
                .find_map(|lease| lease.portal_api.clone())
                .map(|uri| PortalApi { uri, captive: None, user_portal_url: None, seconds_remaining: None }),
        ),
    }
}

/// The link's own resolvers, as far as they are known; else those of `resolv.conf` that no tunnel leads to. A forwarder
/// on this machine is asked only when there is no other.
fn servers(facts: &Facts, interface: &str) -> Vec<IpAddr> {
    let dns = facts.dns.known();
    let of_link = dns
        .into_iter()
        .flat_map(|dns| &dns.links)
        .filter(|link| link.interface.as_deref() == Some(interface))
        .flat_map(|link| link.servers.iter().copied());
    let of_lease = facts
        .dhcp
        .known()
        .into_iter()
        .flat_map(|dhcp| &dhcp.leases)
        .filter(|lease| lease.interface == interface)
        .flat_map(|lease| lease.resolvers.iter().map(|&address| IpAddr::V4(address)));
    let mut servers: Vec<IpAddr> = Vec::new();
    for address in of_link.chain(of_lease) {
        if !servers.contains(&address) {
            servers.push(address);
        }
    }
    if servers.is_empty() {
        let listed = dns.and_then(|dns| dns.resolv_conf.known()).map_or(&[][..], |file| &file.nameservers);
        servers.extend(listed.iter().filter(|address| !address.is_loopback()));
        if servers.is_empty() {
            servers.extend(listed);
        }
        servers.retain(|address| !is_in_tunnel(facts, *address, interface));
    }
    servers.truncate(MAX_SERVERS);
    servers
}

/// Whether look-ups by this resolver go into a tunnel: then it is none of the link's, and does not answer beside it.
fn is_in_tunnel(facts: &Facts, resolver: IpAddr, interface: &str) -> bool {
    let (Some(links), Some(routes)) = (facts.link.known(), facts.routes.known()) else { return false };
    let mut asked = routes.lookups.iter().filter(|lookup| {
        lookup.to == resolver && lookup.bound.is_none() && matches!(lookup.purpose, Purpose::Resolver)
    });
    asked.any(|lookup| {
        let Answer::Via(way) = &lookup.answer else { return false };
        let tunnel = links.named(&way.interface).is_some_and(|link| link.medium == Medium::Tunnel);
        (tunnel && way.interface != interface) || lookup.ipsec == Some(true)
    })
}

/// The outward link: its door and its resolvers.
struct Line {
    door: Door,
    servers: Vec<IpAddr>,
}

impl Line {
    /// The first page, and the second when the first was not as it should be.
    async fn ask_pages(&self, questions: &Questions, end: Instant) -> (Observed<Probe>, Observed<Probe>) {
        let not_asked = || Observed::Unknown(Reason::NotRecorded);
        let Some(target) = &questions.portal.first else {
            return (Observed::Unknown(Reason::NotAvailable { what: Thing::PortalProbe }), not_asked());
        };
        let now = Instant::now();
        let first = self.ask_page(target, now + end.saturating_duration_since(now) * FIRST_PART / 10).await;
        let second = match &questions.portal.second {
            Some(target) if first.outcome != ProbeOutcome::Expected => {
                Observed::Known(self.ask_page(target, end).await)
            }
            _ => not_asked(),
        };
        (Observed::Known(first), second)
    }

    async fn ask_page(&self, target: &ProbeTarget, end: Instant) -> Probe {
        let mut address = None;
        let asked = tokio::time::timeout_at(end, self.page(target, end, &mut address)).await;
        let outcome = asked.unwrap_or_else(|_| ProbeOutcome::NoAnswer("timed out".to_owned()));
        Probe { url: target.url.clone(), address, outcome }
    }

    async fn page(&self, target: &ProbeTarget, end: Instant, asked: &mut Option<IpAddr>) -> ProbeOutcome {
        let Some(url) = Url::parse(&target.url) else {
            return ProbeOutcome::NoName("not an http address".to_owned());
        };
        let (address, false_name) = match self.address(&url.host, end).await {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        *asked = Some(address);
        if false_name && !is_local_host(address) {
            return ProbeOutcome::FalseName(address);
        }
        let mut bytes = Vec::new();
        let outcome = match self
            .fetch(&url, address, "*/*", &mut bytes, |bytes, ended| http::judge(bytes, ended, &url, target))
            .await
        {
            Ok(outcome) => outcome,
            Err(error) => ProbeOutcome::NoAnswer(in_words(&error)),
        };
        match outcome {
            // A portal that answers all names with its own address also answers the request.
            ProbeOutcome::Redirected { .. } | ProbeOutcome::Altered { .. } | ProbeOutcome::AuthenticationRequired => {
                outcome
            }
            _ if false_name => ProbeOutcome::FalseName(address),
            _ => outcome,
        }
    }

    /// The address of a host, and whether it is one that no server of the Internet has.
    async fn address(&self, host: &str, end: Instant) -> Result<(IpAddr, bool), ProbeOutcome> {
        if let Ok(literal) = host.parse() {
            return Ok((literal, false));
        }
        if self.servers.is_empty() {
            return Err(ProbeOutcome::NoName("the network's resolver is not known".to_owned()));
        }
        let left = end.saturating_duration_since(Instant::now());
        let found = names::look_up(&self.door, &self.servers, host, left).await.map_err(|trouble| match trouble {
            names::Trouble::NotPermitted => ProbeOutcome::NoAnswer("not permitted".to_owned()),
            names::Trouble::Other(words) => ProbeOutcome::NoName(words),
        })?;
        match (found.iter().find(|address| is_public(**address)), found.first()) {
            (Some(&address), _) => Ok((address, false)),
            (None, Some(&address)) => Ok((address, true)),
            (None, None) => Err(ProbeOutcome::NoName("no address".to_owned())),
        }
    }

    /// Sends one request and reads until `enough` says so.
    async fn fetch<T>(
        &self,
        url: &Url,
        address: IpAddr,
        accept: &str,
        bytes: &mut Vec<u8>,
        enough: impl Fn(&[u8], bool) -> Option<T>,
    ) -> io::Result<T> {
        let mut stream = self.door.tcp(address)?.connect(SocketAddr::new(address, url.port)).await?;
        stream.write_all(&url.request(accept)).await?;
        let mut part = [0_u8; 2048];
        loop {
            let room = http::CAP.saturating_sub(bytes.len()).min(part.len());
            let (read, ended) = match stream.read(part.get_mut(..room).unwrap_or_default()).await {
                Ok(read) => (read, read == 0),
                // Some portals end with a reset; what came before it counts.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset && !bytes.is_empty() => (0, true),
                Err(error) => return Err(error),
            };
            bytes.extend(part.iter().take(read));
            if let Some(answer) = enough(bytes, ended) {
                return Ok(answer);
            }
            if ended || bytes.len() >= http::CAP {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Asks the announced sign-in service, where its address is plain `http`.
    async fn ask_api(&self, api: Observed<Option<PortalApi>>, end: Instant) -> Observed<Option<PortalApi>> {
        let uri = match &api {
            Observed::Known(Some(api)) => api.uri.clone(),
            _ => return api,
        };
        let asked = async {
            let url = Url::parse(&uri)?;
            let (address, _) = self.address(&url.host, end).await.ok()?;
            if address.is_loopback() || address.is_unspecified() {
                return None;
            }
            let mut bytes = Vec::new();
            let whole = |bytes: &[u8], ended: bool| (ended || bytes.len() >= http::CAP).then_some(());
            self.fetch(&url, address, "application/captive+json", &mut bytes, whole).await.ok()?;
            http::parse_api(&uri, &bytes)
        };
        match tokio::time::timeout_at(end, asked).await {
            Ok(Some(answer)) => Observed::Known(Some(answer)),
            _ => api,
        }
    }
}

/// An address a server of the Internet can have: not private, shared, loopback, zero, link-local, for
/// benchmarks (which programs that fake addresses use), multicast or reserved.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            !(first == 0
                || first == 127
                || first >= 224
                || v4.is_private()
                || v4.is_link_local()
                || (first == 100 && second & 0xc0 == 64)
                || (first == 198 && second & 0xfe == 18))
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            !(v6.is_unspecified()
                || v6.is_loopback()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || first & 0xff00 == 0xff00)
        }
    }
}

/// An address a machine of the local network can have, which is asked to see whether it answers as a portal does.
fn is_local_host(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || (v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64),
        IpAddr::V6(v6) => v6.segments()[0] & 0xfe00 == 0xfc00,
    }
}

/// An error in a word or two; the system's own text where there is none.
fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "not permitted".to_owned(),
        io::ErrorKind::TimedOut => "timed out".to_owned(),
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "unreachable".to_owned(),
        io::ErrorKind::UnexpectedEof => "cut off".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests;
