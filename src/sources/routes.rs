//! Where the kernel would send packets, by `RTM_GETROUTE` look-ups. No packet is sent.
//!
//! The tables are read only to know what to ask about: which gateways there are, which routes are
//! more specific than the default, which marks lead beneath a tunnel.

mod raw;

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use rustix::io::Errno;

use crate::facts::link::{Links, Medium};
use crate::facts::routes::{Answer, Barrier, Lookup, PUBLIC, Protocol, Purpose, Route, Routes, Rule, Way};
use crate::facts::{Facts, Observed, Reason, Thing};

use super::Questions;
use super::ipsec::Effect;
use super::link::RawLink;
use super::machine::Machine;
use super::netlink::{DUMP, Door, NETLINK_ROUTE, Refusal};
use raw::{AF_INET, AF_INET6, FORBIDS, Question, RawRoute, RawRule, TABLE_LOCAL, UNICAST, parse_route, parse_rule};

const RTM_GETROUTE: u16 = 26;
const RTM_GETRULE: u16 = 34;

/// Not the public Internet, by the IANA special-purpose registries (RFC 6890 and later).
const SPECIAL: [&str; 22] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "::1/128",
    "::ffff:0:0/96",
    "100::/64",
    "2001:db8::/32",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// At most so many specific routes are kept, and so many of them asked about.
const MOST_SPECIFICS: usize = 256;
const MOST_SPECIFIC_LOOKUPS: usize = 96;
/// At most so many barriers, rules, defaults, marks, resolvers.
const MOST: usize = 64;
const MOST_MARKS: usize = 6;

/// Asks the kernel about public addresses, the guidance's destinations, the resolvers, the tunnels'
/// far ends, and every more specific route on an outward link.
pub async fn look(_machine: &Machine, facts: &Facts, questions: &Questions) -> Observed<Routes> {
    match read(facts, questions).await {
        Ok(routes) => Observed::Known(routes),
        Err(reason) => Observed::Unknown(reason),
    }
}

/// Gateways of default routes, as interface index and address.
pub(super) async fn gateways(door: &mut Door) -> Result<BTreeSet<(u32, IpAddr)>, Refusal> {
    let (routes, _) = routes(door).await?;
    let defaults = routes.iter().filter(|route| route.kind == UNICAST && route.prefix.prefix_len() == 0);
    Ok(defaults.flat_map(|route| &route.hops).filter_map(|(index, gateway)| Some((*index, (*gateway)?))).collect())
}

/// Indexes of interfaces that default routes lead out by, with or without a gateway.
pub(super) async fn outward(door: &mut Door) -> Result<BTreeSet<u32>, Refusal> {
    let (routes, _) = routes(door).await?;
    let defaults = routes.iter().filter(|route| route.kind == UNICAST && route.prefix.prefix_len() == 0);
    Ok(defaults.flat_map(|route| &route.hops).map(|(index, _)| *index).collect())
}

/// Every route of every table, both families, and whether there were more.
async fn routes(door: &mut Door) -> Result<(Vec<RawRoute>, bool), Refusal> {
    let mut all = Vec::new();
    let mut cut_short = false;
    for family in [AF_INET, AF_INET6] {
        let answer = door.ask(RTM_GETROUTE, DUMP, &[family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).await;
        let Some(answer) = unless_family_is_missing(answer)? else { continue };
        cut_short |= answer.cut_short;
        let ours = answer.messages.iter().filter(|message| message.body.first() == Some(&family));
        all.extend(ours.filter_map(|message| parse_route(&message.body)));
    }
    Ok((all, cut_short))
}

async fn rules(door: &mut Door) -> Result<Vec<RawRule>, Refusal> {
    let mut all = Vec::new();
    for family in [AF_INET, AF_INET6] {
        let answer = door.ask(RTM_GETRULE, DUMP, &[family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).await;
        let Some(answer) = unless_family_is_missing(answer)? else { continue };
        let ours = answer.messages.iter().filter(|message| message.body.first() == Some(&family));
        all.extend(ours.filter_map(|message| parse_rule(&message.body)));
    }
    Ok(all)
}

/// A kernel without IPv6, or without policy rules, has none of them.
fn unless_family_is_missing<T>(answer: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Refusal(Errno::AFNOSUPPORT | Errno::OPNOTSUPP)) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

async fn read(facts: &Facts, questions: &Questions) -> Result<Routes, Reason> {
    let failed = |refusal: Refusal| refusal.reason(Thing::RouteLookup);
    let mut door = Door::open(NETLINK_ROUTE).map_err(failed)?;
    // The indexes and MTUs of this very moment; the media are those of the facts.
    let raw_links = super::link::links(&mut door).await.map_err(failed)?;
    let no_links = Links::default();
    let links = facts.link.known().unwrap_or(&no_links);
    let (raw_routes, cut_short) = routes(&mut door).await.map_err(failed)?;
    let raw_rules = rules(&mut door).await.map_err(failed)?;

    let mut found = Routes { cut_short, ..Routes::default() };
    found.rules = raw_rules.iter().filter(|rule| !rule.is_initial()).map(rule_fact).take(MOST).collect();
    found.barriers = barriers(&raw_routes, &raw_rules);
    found.defaults = raw_routes
        .iter()
        .filter(|route| route.kind == UNICAST && route.prefix.prefix_len() == 0)
        .flat_map(|route| route_facts(route, &raw_links))
        .take(MOST)
        .collect();
    let mut specifics: Vec<_> = raw_routes
        .iter()
        .filter(|route| is_specific(route, links))
        .flat_map(|route| route_facts(route, &raw_links))
        .filter(|route| links.named(&route.interface).is_none_or(|link| link.medium.is_outward()))
        .collect();
    // What covers most of the public Internet first, so that a cut loses least.
    specifics.sort_by_key(|route| (!covers_public(route.prefix), route.prefix.prefix_len(), route.prefix, route.table));
    specifics.dedup();
    found.cut_short |= specifics.len() > MOST_SPECIFIC_LOOKUPS;
    specifics.truncate(MOST_SPECIFICS);
    found.specifics = specifics;

    let asker = Asker { facts, links: &raw_links, rules: &raw_rules };
    for asked in asker.questions(questions, &found, &raw_routes) {
        let lookup = asker.ask(&mut door, asked).await;
        found.lookups.push(lookup);
    }
    Ok(found)
}

/// One question to come: the look-up without its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    to: IpAddr,
    purpose: Purpose,
    mark: Option<u32>,
    bound: Option<String>,
}

struct Asker<'a> {
    facts: &'a Facts,
    links: &'a [RawLink],
    rules: &'a [RawRule],
}

impl Asker<'_> {
    /// Everything to ask, in order, each once.
    fn questions(&self, questions: &Questions, found: &Routes, raw: &[RawRoute]) -> Vec<Asked> {
        let public = || PUBLIC.iter().filter_map(|text| text.parse().ok());
        let plain = |to, purpose| Asked { to, purpose, mark: None, bound: None };
        let mut asked: Vec<Asked> = public().map(|to| plain(to, Purpose::Public)).collect();
        asked.extend(questions.destinations.iter().filter_map(|destination| {
            let name = destination.name.clone();
            Some(plain(destination.address.hosts().next()?, Purpose::Destination { name }))
        }));
        asked.extend(self.resolvers().into_iter().take(MOST));
        asked.extend(self.endpoints());
        for mark in self.marks() {
            asked.extend(public().map(|to| Asked { mark: Some(mark), ..plain(to, Purpose::Beneath) }));
        }
        let mut prefixes = BTreeSet::new();
        for route in found.specifics.iter().take(MOST_SPECIFIC_LOOKUPS) {
            if prefixes.insert(route.prefix)
                && let Some(to) = self.inside(route.prefix, raw)
            {
                asked.push(plain(to, Purpose::Specific { prefix: route.prefix }));
            }
        }
        let mut once = Vec::new();
        for question in asked {
            if !once.contains(&question) {
                once.push(question);
            }
        }
        once
    }

    /// Every resolver, bound to its link where whoever asks it binds (see `Dns::binds`).
    fn resolvers(&self) -> Vec<Asked> {
        let Some(dns) = self.facts.dns.known() else { return Vec::new() };
        let question = |to: IpAddr, link: Option<&String>| Asked {
            to,
            purpose: Purpose::Resolver,
            mark: None,
            bound: link.filter(|_| dns.binds(to)).cloned(),
        };
        let of_links = dns.links.iter().flat_map(|link| link.servers.iter().map(|to| (*to, link.interface.as_ref())));
        let of_file = dns.resolv_conf.known().into_iter().flat_map(|file| &file.nameservers);
        let all = dns.resolvers.iter().map(|resolver| (resolver.address, resolver.configured_on.as_ref()));
        all.chain(of_links).chain(of_file.map(|to| (*to, None))).map(|(to, link)| question(to, link)).collect()
    }

    /// The tunnels' far ends, each with its tunnel's own mark.
    fn endpoints(&self) -> Vec<Asked> {
        let Some(vpn) = self.facts.vpn.known() else { return Vec::new() };
        let question = |to, tunnel: &str, mark| Asked {
            to,
            purpose: Purpose::Endpoint { tunnel: tunnel.to_owned() },
            mark: Some(mark).filter(|mark| *mark != 0),
            bound: None,
        };
        let mut asked = Vec::new();
        for tunnel in &vpn.tunnels {
            asked.extend(tunnel.remote.map(|to| question(to, &tunnel.interface, 0)));
            let Some(Observed::Known(wireguard)) = &tunnel.wireguard else { continue };
            let endpoints = wireguard.peers.iter().filter_map(|peer| peer.endpoint);
            asked.extend(endpoints.map(|to| question(to.ip(), &tunnel.interface, wireguard.fwmark)));
        }
        for connection in vpn.connections.known().into_iter().flatten().filter(|connection| connection.active) {
            let name = connection.interfaces.first().unwrap_or(&connection.name);
            let gateway = connection.gateway.as_ref().and_then(|gateway| gateway.parse().ok());
            asked.extend(gateway.map(|to| question(to, name, 0)));
        }
        let policies = vpn.ipsec.known().into_iter().flatten();
        asked.extend(policies.filter_map(|policy| policy.endpoint).map(|to| question(to, "ipsec", 0)));
        asked.truncate(MOST);
        asked
    }

    /// Marks that lead beneath a tunnel: those of WireGuard devices, those `not fwmark` rules spare, and
    /// those that rules send straight to the main table.
    fn marks(&self) -> BTreeSet<u32> {
        const TABLE_MAIN: u32 = 254;
        let vpn = self.facts.vpn.known();
        let of_devices = vpn.into_iter().flat_map(|vpn| &vpn.tunnels).filter_map(|tunnel| match &tunnel.wireguard {
            Some(Observed::Known(wireguard)) => Some(wireguard.fwmark).filter(|mark| *mark != 0),
            _ => None,
        });
        let spared = self.rules.iter().filter(|rule| rule.inverted || (rule.action == 1 && rule.table == TABLE_MAIN));
        of_devices
            .chain(spared.filter_map(|rule| rule.mark))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .take(MOST_MARKS)
            .collect()
    }

    /// An address for which no route longer than this prefix exists, and which is not our own.
    fn inside(&self, prefix: IpNet, raw: &[RawRoute]) -> Option<IpAddr> {
        let own = |address: IpAddr| {
            let links = self.facts.link.known().into_iter().flat_map(|links| &links.interfaces);
            links.flat_map(|link| &link.addresses).any(|own| own.net.addr() == address)
        };
        let longer = |address: IpAddr| {
            raw.iter().any(|route| {
                route.table != TABLE_LOCAL
                    && route.prefix.prefix_len() > prefix.prefix_len()
                    && route.prefix.contains(&address)
            })
        };
        let spread = PUBLIC.iter().filter_map(|text| text.parse().ok()).filter(|address| prefix.contains(address));
        let middle = halves(prefix).and_then(|half| half.hosts().next());
        let candidates: Vec<IpAddr> = spread.chain(prefix.hosts().take(4)).chain(middle).collect();
        let good = candidates.iter().find(|address| !own(**address) && !longer(**address));
        good.or_else(|| candidates.iter().find(|address| !own(**address))).copied()
    }

    async fn ask(&self, door: &mut Door, asked: Asked) -> Lookup {
        let bound = asked.bound.as_deref().and_then(|name| self.links.iter().find(|link| link.interface.name == name));
        let mut question =
            Question { to: asked.to, mark: asked.mark, bound: bound.map(|link| link.interface.index), from: None };
        let (answer, effect) = self.answer(door, &mut question).await;
        let mut lookup =
            Lookup { to: asked.to, purpose: asked.purpose, mark: asked.mark, bound: asked.bound, answer, ipsec: None };
        if let (Answer::Via(way), Some(effect)) = (&lookup.answer, effect) {
            match self.ipsec(&lookup, way, &effect) {
                Some(Effect::Held) => lookup.answer = Answer::Blocked,
                told => lookup.ipsec = told.map(|effect| effect == Effect::Transformed),
            }
        }
        lookup
    }

    /// The kernel's answer, and what it would do (for the MTU).
    async fn answer(&self, door: &mut Door, question: &mut Question) -> (Answer, Option<RawRoute>) {
        let effect = match lookup(door, question, false).await {
            Ok(effect) => effect,
            Err(refusal) => return (self.refused(question, refusal), None),
        };
        if FORBIDS.contains(&effect.kind) {
            return (Answer::Blocked, None);
        }
        // A connection is looked up again with the source the first look-up chose, so a rule by source
        // has its say.
        if self.rules.iter().any(|rule| rule.by_source) && question.to.is_ipv4() && question.bound.is_none() {
            question.from = effect.source;
            if let Ok(again) = lookup(door, question, false).await {
                return self.via(door, question, again).await;
            }
            question.from = None;
        }
        self.via(door, question, effect).await
    }

    async fn via(&self, door: &mut Door, question: &Question, effect: RawRoute) -> (Answer, Option<RawRoute>) {
        let winner = lookup(door, question, true).await.ok();
        let Some((index, gateway)) = effect.hops.first().copied() else {
            return (Answer::Error("no interface in the answer".to_owned()), None);
        };
        let Some(link) = self.links.iter().find(|link| link.interface.index == index) else {
            return (Answer::Error(format!("no interface has the index {index}")), None);
        };
        let way = Way {
            interface: link.interface.name.clone(),
            gateway,
            source: question.from.or(effect.source),
            prefix: winner.as_ref().map(|route| route.prefix),
            protocol: protocol(winner.as_ref().map_or(0, |route| route.protocol)),
            table: winner.as_ref().map_or(effect.table, |route| route.table),
        };
        (Answer::Via(way), Some(effect))
    }

    /// `fib_props` of the kernel: EINVAL is a blackhole, EHOSTUNREACH unreachable, EACCES prohibit. A rule
    /// with the action unreachable says ENETUNREACH like the lack of a route.
    fn refused(&self, question: &Question, refusal: Refusal) -> Answer {
        let forbidding = || {
            self.rules.iter().any(|rule| {
                rule.forbids()
                    && rule.ipv6 == question.to.is_ipv6()
                    && rule.matches_all_marked(question.mark.unwrap_or_default())
            })
        };
        match refusal.0 {
            Errno::INVAL | Errno::HOSTUNREACH | Errno::ACCESS => Answer::Blocked,
            Errno::NETUNREACH if forbidding() => Answer::Blocked,
            // Without the family there is no route of it.
            Errno::NETUNREACH | Errno::AFNOSUPPORT | Errno::OPNOTSUPP => Answer::NoRoute,
            other => Answer::Error(other.to_string()),
        }
    }

    /// What IPsec does to packets of this look-up; asked only where it could matter.
    fn ipsec(&self, lookup: &Lookup, way: &Way, effect: &RawRoute) -> Option<Effect> {
        let link = self.links.iter().find(|link| link.interface.name == way.interface)?;
        let medium = self.facts.link.known()?.named(&way.interface)?.medium;
        let asks = matches!(
            lookup.purpose,
            Purpose::Public | Purpose::Destination { .. } | Purpose::Resolver | Purpose::Specific { .. }
        );
        if !asks || !medium.is_outward() || medium == Medium::Loopback {
            return None;
        }
        let policies = self.facts.vpn.known().and_then(|vpn| vpn.ipsec.known());
        let covered = policies.map(|policies| super::ipsec::covered(policies, way.source, lookup.to));
        if covered == Some(false) {
            return Some(Effect::Untouched);
        }
        // A trap policy would make an IKE daemon call its server, so that passive looks do not try.
        let may_try = !self.facts.taken_by.passive && lookup.mark.is_none() && lookup.bound.is_none();
        let own = if lookup.to.is_ipv6() && link.mtu6 != 0 { link.mtu6 } else { link.mtu };
        let measured = may_try.then(|| super::ipsec::effect(lookup.to, effect.mtu.unwrap_or(own))).flatten();
        match covered {
            // The policies are surer than an MTU, which yet tells whether they have a key.
            Some(_) if measured != Some(Effect::Held) => Some(Effect::Transformed),
            _ => measured,
        }
    }
}

async fn lookup(door: &mut Door, question: &Question, winner: bool) -> Result<RawRoute, Refusal> {
    let answer = door.ask(RTM_GETROUTE, 0, &question.body(winner)).await?;
    answer.messages.first().and_then(|message| parse_route(&message.body)).ok_or(Refusal(Errno::BADMSG))
}

/// The upper half of a prefix.
fn halves(prefix: IpNet) -> Option<IpNet> {
    prefix.subnets(prefix.prefix_len().checked_add(1)?).ok()?.nth(1)
}

/// Whether some of this prefix is public address space.
fn covers_public(prefix: IpNet) -> bool {
    !SPECIAL.iter().filter_map(|text| text.parse::<IpNet>().ok()).any(|special| special.contains(&prefix))
}

/// Whether a route steers something other than everything, the link's own network, link-local
/// addresses and multicast. A link's own network counts when it claims public addresses.
fn is_specific(route: &RawRoute, links: &Links) -> bool {
    let ordinary: [&str; 4] = ["169.254.0.0/16", "224.0.0.0/4", "fe80::/10", "ff00::/8"];
    if route.kind != UNICAST || route.table == TABLE_LOCAL || route.prefix.prefix_len() == 0 {
        return false;
    }
    if ordinary.iter().filter_map(|text| text.parse::<IpNet>().ok()).any(|net| net.contains(&route.prefix)) {
        return false;
    }
    let on_link = route.hops.iter().all(|(_, gateway)| gateway.is_none());
    let own = route.hops.iter().filter_map(|(index, _)| links.indexed(*index)).any(|link| {
        link.addresses.iter().any(|address| {
            address.net.trunc() == route.prefix || address.peer.is_some_and(|peer| IpNet::from(peer) == route.prefix)
        })
    });
    // An IPv6 network is public by nature; an IPv4 one that is claims what is not its own.
    let usual = matches!(route.prefix, IpNet::V6(_)) || !covers_public(route.prefix);
    !(on_link && own && usual)
}

/// A route's facts: one for each next hop.
fn route_facts(route: &RawRoute, links: &[RawLink]) -> Vec<Route> {
    let hops = route.hops.iter().filter_map(|(index, gateway)| {
        let link = links.iter().find(|link| link.interface.index == *index)?;
        Some(Route {
            prefix: route.prefix,
            interface: link.interface.name.clone(),
            gateway: *gateway,
            protocol: protocol(route.protocol),
            table: route.table,
            metric: route.metric,
        })
    });
    hops.collect()
}

fn rule_fact(rule: &RawRule) -> Rule {
    Rule {
        priority: rule.priority,
        ipv6: rule.ipv6,
        table: (rule.action == 1).then_some(rule.table),
        mark: rule.mark,
        inverted: rule.inverted,
        suppress_prefix_length: rule.suppress_prefix_length,
    }
}

/// Routes that forbid, and rules that forbid all packets but those of a mark.
fn barriers(routes: &[RawRoute], rules: &[RawRule]) -> Vec<Barrier> {
    let of_routes = routes.iter().filter(|route| FORBIDS.contains(&route.kind)).map(|route| Barrier {
        prefix: Some(route.prefix),
        ipv6: matches!(route.prefix, IpNet::V6(_)),
        table: Some(route.table),
        metric: route.metric,
    });
    let general =
        |rule: &&RawRule| rule.forbids() && (rule.mark.is_none() || rule.inverted) && !rule.by_source && !rule.by_more;
    let of_rules = rules.iter().filter(general).map(|rule| Barrier {
        prefix: rule.destination,
        ipv6: rule.ipv6,
        table: None,
        metric: rule.priority,
    });
    of_routes.chain(of_rules).take(MOST).collect()
}

const fn protocol(number: u8) -> Protocol {
    match number {
        1 => Protocol::Redirect,
        2 => Protocol::Kernel,
        3 => Protocol::Boot,
        4 => Protocol::Static,
        9 => Protocol::Ra,
        16 => Protocol::Dhcp,
        other => Protocol::Other(other),
    }
}
