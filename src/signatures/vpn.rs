//! VPN programs by what they leave in rules, tables, marks, nftables and NetworkManager: `signatures/vpn.toml`.
//!
//! A signature is one or more groups; a group matches when all it names is there. An interface's name is
//! a last hint: a group with nothing else is refused.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::facts::firewall::Firewall;
use crate::facts::routes::{Answer, Routes, Rule};
use crate::facts::vpn::{Client, TunnelKind, Vpn};

/// The file as it is in the tree.
pub const SOURCE: &str = include_str!("../../signatures/vpn.toml");

/// The built-in signatures, in the order of the file.
pub fn built_in() -> &'static [Signature] {
    static ALL: LazyLock<Vec<Signature>> = LazyLock::new(|| {
        // The file is part of the program, and a test reads it.
        parse(SOURCE).unwrap_or_default()
    });
    &ALL
}

/// Reads a signature file.
///
/// # Errors
/// What is wrong, with its place.
pub fn parse(text: &str) -> Result<Vec<Signature>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    if file.format != "homeward.signatures.vpn/1" {
        return Err(format!("format is {:?}, not \"homeward.signatures.vpn/1\"", file.format));
    }
    for client in &file.client {
        if client.when.is_empty() || client.when.iter().any(|group| !group.is_enough()) {
            return Err(format!("{}: an interface's name alone, or nothing, recognises nobody", client.id));
        }
    }
    Ok(file.client)
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    format: String,
    client: Vec<Signature>,
}

/// One program.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Signature {
    /// Kebab-case.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Where the signature is from.
    pub source: String,
    /// Not an employer's by itself: people buy or set it up for themselves, and it counts only where the
    /// guidance names it.
    #[serde(default)]
    pub personal: bool,
    /// Any of these groups is enough.
    pub when: Vec<Group>,
    /// Moments it must and must not match.
    pub example: Vec<Example>,
}

/// All of what it names must be there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Group {
    /// A policy rule.
    #[serde(default)]
    rule: Option<RulePattern>,
    /// A route in this table.
    #[serde(default)]
    table: Option<Range>,
    /// An nftables table of this name; `*` at its end stands for anything.
    #[serde(default)]
    nft_table: Option<String>,
    /// The service of an active NetworkManager VPN connection, or `wireguard`.
    #[serde(default)]
    service: Option<String>,
    /// An interface of this name; `*` at its end stands for anything.
    #[serde(default)]
    link: Option<String>,
    /// That interface's (or any tunnel's) kind.
    #[serde(default)]
    kind: Option<TunnelKind>,
    /// The winning routes to public addresses are 0.0.0.0/1 and 128.0.0.0/1 on a tunnel.
    #[serde(default)]
    halves: bool,
}

/// What a policy rule must be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RulePattern {
    #[serde(default)]
    priority: Option<Range>,
    #[serde(default)]
    table: Option<Range>,
    #[serde(default)]
    mark: Option<Range>,
    #[serde(default)]
    inverted: Option<bool>,
    /// The mark is the table's number.
    #[serde(default)]
    mark_is_table: bool,
}

/// A number, or two with all between.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Range {
    /// This one.
    One(u32),
    /// From the first to the second.
    Between([u32; 2]),
}

impl Range {
    fn holds(self, number: u32) -> bool {
        match self {
            Self::One(one) => one == number,
            Self::Between([from, to]) => (from..=to).contains(&number),
        }
    }
}

/// A moment, and whether the signature must match it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Example {
    /// What it is.
    pub says: String,
    /// Whether it must match.
    pub matches: bool,
    /// The traces.
    #[serde(flatten)]
    pub traces: Traces,
}

/// What VPN programs leave behind, out of one moment's facts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Traces {
    /// Policy rules.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Table and interface of routes.
    #[serde(default)]
    pub routes: Vec<(u32, String)>,
    /// Names of nftables tables.
    #[serde(default)]
    pub nft_tables: Vec<String>,
    /// Services and interfaces of active NetworkManager VPN connections.
    #[serde(default)]
    pub services: Vec<(String, Option<String>)>,
    /// Tunnel interfaces that are on.
    #[serde(default)]
    pub links: Vec<(String, TunnelKind)>,
    /// The tunnel by which 0.0.0.0/1 and 128.0.0.0/1 both win.
    #[serde(default)]
    pub halves: Option<String>,
}

impl Traces {
    /// The traces in a moment's facts.
    pub fn of(vpn: &Vpn, routes: Option<&Routes>, firewall: Option<&Firewall>) -> Self {
        let mut traces = Self {
            links: vpn.tunnels.iter().filter(|t| t.up).map(|t| (t.interface.clone(), t.kind)).collect(),
            nft_tables: firewall.into_iter().flat_map(|f| &f.tables).map(|table| table.name.clone()).collect(),
            ..Self::default()
        };
        for connection in vpn.connections.known().into_iter().flatten().filter(|connection| connection.active) {
            let service = connection.service.clone().unwrap_or_else(|| connection.kind.clone());
            traces.services.push((service, connection.interfaces.first().cloned()));
        }
        let Some(routes) = routes else { return traces };
        traces.rules.clone_from(&routes.rules);
        let defaults = routes.defaults.iter().map(|route| (route.table, route.interface.clone()));
        let ways = || {
            routes.lookups.iter().filter_map(|lookup| match &lookup.answer {
                Answer::Via(way) => Some(way),
                _ => None,
            })
        };
        traces.routes = defaults.chain(ways().map(|way| (way.table, way.interface.clone()))).collect();
        traces.routes.sort();
        traces.routes.dedup();
        let wins = |prefix: &str, interface: &str| {
            ways().any(|way| way.interface == interface && way.prefix.is_some_and(|net| net.to_string() == prefix))
        };
        let tunnel = traces.links.iter().find(|(name, _)| wins("0.0.0.0/1", name) && wins("128.0.0.0/1", name));
        traces.halves = tunnel.map(|(name, _)| name.clone());
        traces
    }
}

/// Whether `text` is `pattern`, or begins with what stands before a closing `*`.
fn like(pattern: &str, text: &str) -> bool {
    pattern.strip_suffix('*').map_or(text == pattern, |beginning| text.starts_with(beginning))
}

impl RulePattern {
    fn matches(&self, rule: &Rule) -> bool {
        let holds = |range: Option<Range>, number: Option<u32>| {
            range.is_none_or(|range| number.is_some_and(|number| range.holds(number)))
        };
        holds(self.priority, Some(rule.priority))
            && holds(self.table, rule.table)
            && holds(self.mark, rule.mark)
            && self.inverted.is_none_or(|inverted| inverted == rule.inverted)
            && (!self.mark_is_table || (rule.mark.is_some() && rule.mark == rule.table))
    }
}

/// Whether a signature names this service of a VPN connection.
pub fn knows_service(service: &str) -> bool {
    built_in().iter().flat_map(|signature| &signature.when).any(|group| group.service.as_deref() == Some(service))
}

/// Whether a signature names this nftables table.
pub fn knows_table(table: &str) -> bool {
    let mut groups = built_in().iter().flat_map(|signature| &signature.when);
    groups.any(|group| group.nft_table.as_ref().is_some_and(|wanted| wanted.len() > 4 && like(wanted, table)))
}

/// A group that matched, and the tunnel it points to.
struct Match {
    tunnel: Option<String>,
}

impl Group {
    /// Something besides an interface's name.
    fn is_enough(&self) -> bool {
        self.rule.is_some()
            || self.table.is_some()
            || self.nft_table.is_some()
            || self.service.is_some()
            || self.halves
            || (self.kind.is_some() && self.link.is_some())
    }

    /// The match, if all it names is there.
    fn matches(&self, traces: &Traces) -> Option<Match> {
        let mut tunnel = None;
        if let Some(pattern) = &self.rule {
            let rule = traces.rules.iter().find(|rule| pattern.matches(rule))?;
            let route = traces.routes.iter().find(|(table, interface)| {
                Some(*table) == rule.table && traces.links.iter().any(|(name, _)| name == interface)
            });
            tunnel = route.map(|(_, interface)| interface.clone());
        }
        if let Some(wanted) = self.table {
            let (_, interface) = traces.routes.iter().find(|(table, _)| wanted.holds(*table))?;
            tunnel = tunnel.or_else(|| Some(interface.clone()));
        }
        if let Some(wanted) = &self.nft_table {
            let name = traces.nft_tables.iter().find(|name| like(wanted, name))?;
            // `wg-quick-wg0` names its interface.
            let named = wanted.strip_suffix('*').and_then(|beginning| name.strip_prefix(beginning));
            let named = named.filter(|named| traces.links.iter().any(|(link, _)| link == named));
            tunnel = tunnel.or_else(|| named.map(str::to_owned));
        }
        if let Some(wanted) = &self.service {
            let (_, interface) = traces.services.iter().find(|(service, _)| service == wanted)?;
            tunnel = tunnel.or_else(|| interface.clone());
        }
        if self.halves {
            tunnel = Some(traces.halves.clone()?);
        }
        if self.link.is_some() || self.kind.is_some() {
            let (name, _) = traces.links.iter().find(|(name, kind)| {
                self.link.as_ref().is_none_or(|wanted| like(wanted, name))
                    && self.kind.is_none_or(|wanted| wanted == *kind)
                    && tunnel.as_ref().is_none_or(|tunnel| tunnel == name)
            })?;
            tunnel = Some(name.clone());
        }
        Some(Match { tunnel })
    }
}

impl Signature {
    /// The program with the tunnel it drives, if these are its traces.
    pub fn recognise(&self, traces: &Traces) -> Option<Client> {
        let tunnel = self.when.iter().find_map(|group| group.matches(traces))?.tunnel;
        Some(Client { id: self.id.clone(), name: self.name.clone(), tunnel, personal: self.personal })
    }
}

/// Every program these traces give away, in the order of the signatures.
pub fn recognise(signatures: &[Signature], traces: &Traces) -> Vec<Client> {
    signatures.iter().filter_map(|signature| signature.recognise(traces)).collect()
}
