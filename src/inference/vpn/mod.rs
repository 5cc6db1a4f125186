//! How far a VPN is in use (levels L0–L6), and which family leaves by it.

pub mod alive;
pub mod around;
pub mod enforced;
pub mod identity;
pub mod leaves;

use crate::facts::routes::{Lookup, Purpose, Routes};
use crate::facts::vpn::TunnelKind;
use crate::facts::{Facts, Missing, Reason, Thing};
use crate::guidance::{Destination, Guidance};
use crate::inference::connection::{Doubt, TunnelSummary, VpnSummary};

use around::Author;
pub use around::RESOLVERS;
use leaves::{Carrier, Leaves, leaves as how, public, tunnels};
pub use leaves::{IPSEC_WORDS, is_tunnel};

/// The highest level shown to be reached. The words of the contract's `vpn.level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No tunnel, no policy, no connection object.
    None,
    /// A profile exists and is not active.
    Configured,
    /// A tunnel link is up, or a policy installed.
    Present,
    /// Packets come back, or a handshake is recent.
    Alive,
    /// The kernel sends public or work destinations into it.
    Used,
    /// Nothing else leaves but what must. Needs packets to be shown.
    Exclusive,
    /// It would stay so if the tunnel fell.
    Enforced,
}

impl Level {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Configured => "configured",
            Self::Present => "present",
            Self::Alive => "alive",
            Self::Used => "used",
            Self::Exclusive => "exclusive",
            Self::Enforced => "enforced",
        }
    }
}

/// How one address family leaves this machine. The words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    /// All of it by a tunnel (or blocked, which leaks nothing).
    Tunnel,
    /// All of it beside any tunnel.
    Direct,
    /// Some of it by a tunnel, some beside.
    Mixed,
    /// None of it: no route.
    None,
}

impl Carriage {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tunnel => "tunnel",
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::None => "none",
        }
    }
}

/// How IPv4 leaves.
///
/// # Errors
/// [`Missing`] when routes or links could not be read, or IPsec policies that could carry the
/// traffic without an interface may not be read here.
pub fn ipv4(facts: &Facts) -> Result<Carriage, Missing> {
    carriage(facts, false, false)
}

/// How IPv6 leaves.
///
/// # Errors
/// As [`ipv4`]; and where this machine has addresses of local meaning alone and yet a router, which may translate them.
pub fn ipv6(facts: &Facts) -> Result<Carriage, Missing> {
    carriage(facts, true, false)
}

/// How one family leaves where only tunnels that protect what they carry count as tunnels.
///
/// # Errors
/// As [`ipv4`].
pub fn protected(facts: &Facts, ipv6: bool) -> Result<Carriage, Missing> {
    carriage(facts, ipv6, true)
}

fn carriage(facts: &Facts, ipv6: bool, strictly: bool) -> Result<Carriage, Missing> {
    let routes = facts.routes.get()?;
    let (mut asked, mut by_tunnel, mut direct, mut unsure) = (false, false, false, None);
    for lookup in public(routes, ipv6) {
        asked = true;
        match how(facts, lookup) {
            Leaves::Tunnel(Carrier { protects: Some(false), .. }) if strictly => direct = true,
            Leaves::Tunnel(Carrier { protects: None, .. }) if strictly => unsure = Some(unsure_protection()),
            Leaves::Tunnel(_) => by_tunnel = true,
            Leaves::Direct(_) => direct = true,
            Leaves::Local(_) => unsure = Some(Reason::Undecided { what: Thing::Ipv6Way }.into()),
            Leaves::Blocked | Leaves::NoRoute => {}
            Leaves::Unsure(missing) => unsure = Some(missing),
        }
    }
    if !asked {
        return Err(Reason::NotRecorded.into());
    }
    match (by_tunnel, direct, unsure) {
        (true, true, _) => Ok(Carriage::Mixed),
        (_, _, Some(missing)) => Err(missing),
        (true, false, None) => Ok(Carriage::Tunnel),
        (false, true, None) => Ok(Carriage::Direct),
        (false, false, None) => Ok(Carriage::None),
    }
}

fn unsure_protection() -> Missing {
    Reason::Undecided { what: Thing::VpnProtection }.into()
}

/// Whether everything that leaves does so by a tunnel that protects it: both families
/// [`Carriage::Tunnel`] or none, and not both none.
///
/// # Errors
/// As [`ipv4`].
pub fn is_full(facts: &Facts) -> Result<bool, Missing> {
    let beside = |carriage: &Result<Carriage, Missing>| matches!(carriage, Ok(Carriage::Direct | Carriage::Mixed));
    let (ipv4, ipv6) = (protected(facts, false), protected(facts, true));
    if beside(&ipv4) || beside(&ipv6) {
        return Ok(false);
    }
    Ok((ipv4?, ipv6?) != (Carriage::None, Carriage::None))
}

/// Whether any tunnel that protects what it carries carries public or work destinations.
///
/// # Errors
/// As [`ipv4`].
pub fn is_used(facts: &Facts) -> Result<bool, Missing> {
    let routes = facts.routes.get()?;
    used(facts, routes.lookups.iter().filter(|lookup| matches!(lookup.purpose, Purpose::Destination { .. })))
        .map(|carriers| !carriers.is_empty())
}

/// The tunnels that carry public addresses or the guidance's work destinations, each once.
///
/// # Errors
/// As [`ipv4`], when none can be shown and one cannot be ruled out; so where a tunnel is up and a
/// work destination was not looked up.
pub fn carriers<'a>(facts: &'a Facts, guidance: &'a Guidance) -> Result<Vec<Option<&'a str>>, Missing> {
    let routes = facts.routes.get()?;
    let found = used(facts, destinations(routes, guidance).collect::<Vec<_>>().into_iter())?;
    if found.is_empty() && (!leaves::tunnel_interfaces(facts)?.is_empty() || leaves::hints_at_ipsec(facts)) {
        every_destination_asked(facts, guidance)?;
    }
    Ok(found)
}

/// Whether every work destination of the guidance was looked up when the facts were taken.
///
/// # Errors
/// [`Missing`] when routes are unknown or one was not: facts may be judged again by another guidance.
pub fn every_destination_asked(facts: &Facts, guidance: &Guidance) -> Result<(), Missing> {
    guidance.destinations.iter().try_for_each(|wanted| destination(facts, wanted).map(|_| ()))
}

fn used<'a>(facts: &'a Facts, destinations: impl Iterator<Item = &'a Lookup>) -> Result<Vec<Option<&'a str>>, Missing> {
    let routes = facts.routes.get()?;
    let mut found = Vec::new();
    let mut unsure = None;
    for lookup in public(routes, false).chain(public(routes, true)).chain(destinations) {
        match how(facts, lookup) {
            Leaves::Tunnel(Carrier { interface, protects: Some(true) }) => {
                if !found.contains(&interface) {
                    found.push(interface);
                }
            }
            Leaves::Tunnel(Carrier { protects: None, .. }) => unsure = Some(unsure_protection()),
            Leaves::Unsure(missing) => unsure = Some(missing),
            Leaves::Tunnel(_) | Leaves::Direct(_) | Leaves::Local(_) | Leaves::Blocked | Leaves::NoRoute => {}
        }
    }
    match unsure {
        Some(missing) if found.is_empty() => Err(missing),
        _ => Ok(found),
    }
}

/// The look-ups of work destinations: those the guidance names or, where it names none, those that
/// were asked about when the facts were taken.
pub fn destinations<'a>(routes: &'a Routes, guidance: &'a Guidance) -> impl Iterator<Item = &'a Lookup> {
    routes.lookups.iter().filter(|lookup| {
        matches!(lookup.purpose, Purpose::Destination { .. })
            && (guidance.destinations.is_empty()
                || guidance.destinations.iter().any(|destination| destination.address.contains(&lookup.to)))
    })
}

/// The look-up of one work destination.
///
/// # Errors
/// [`Missing`] when routes are unknown or this destination was not asked about.
pub fn destination<'a>(facts: &'a Facts, destination: &Destination) -> Result<&'a Lookup, Missing> {
    let routes = facts.routes.get()?;
    let asked = routes.lookups.iter().find(|lookup| {
        matches!(lookup.purpose, Purpose::Destination { .. }) && destination.address.contains(&lookup.to)
    });
    asked.ok_or_else(|| Reason::NotAsked { what: Thing::Destination }.into())
}

/// The kind of a tunnel as the contract's JSON shows it: the kernel's word.
pub const fn kind_word(kind: TunnelKind) -> &'static str {
    match kind {
        TunnelKind::Wireguard => "wireguard",
        TunnelKind::Tun => "tun",
        TunnelKind::Tap => "tap",
        TunnelKind::Ovpn => "ovpn",
        TunnelKind::Xfrm => "xfrm",
        TunnelKind::Vti => "vti",
        TunnelKind::Ppp => "ppp",
        TunnelKind::Ipip => "ipip",
        TunnelKind::Gre => "gre",
        TunnelKind::Sit => "sit",
    }
}

/// The highest level that is shown. No level is skipped silently upwards: what the kernel would
/// send into a tunnel is "used" whether or not answers were seen.
fn level(facts: &Facts, guidance: &Guidance) -> Level {
    let vpn = facts.vpn.known();
    let mut level = Level::None;
    let connections = vpn.and_then(|vpn| vpn.connections.known());
    let profiles = facts.profiles.known();
    if profiles.is_some_and(|profiles| !profiles.vpn.is_empty()) || connections.is_some_and(|list| !list.is_empty()) {
        level = Level::Configured;
    }
    let policies = vpn.and_then(|vpn| vpn.ipsec.known());
    if vpn.is_some_and(|vpn| tunnels(facts, vpn).next().is_some())
        || connections.is_some_and(|list| list.iter().any(|connection| connection.active))
        || policies.is_some_and(|list| list.iter().any(|policy| policy.tunnel && !policy.block))
    {
        level = Level::Present;
    }
    if vpn.is_some_and(|vpn| tunnels(facts, vpn).any(|tunnel| alive::pulse(facts, tunnel).beats())) {
        level = Level::Alive;
    }
    if carriers(facts, guidance).is_ok_and(|carriers| !carriers.is_empty()) {
        level = Level::Used;
        if is_full(facts) == Ok(true) && matches!(enforced::barrier(facts), Ok(Some(_))) {
            level = Level::Enforced;
        }
    }
    level
}

/// What speaks against taking a VPN that carries traffic for a good one.
fn doubt(facts: &Facts, guidance: &Guidance) -> Option<Doubt> {
    let carriers = carriers(facts, guidance).ok()?;
    if carriers.is_empty() {
        return None;
    }
    let imposed = around::detours(facts, guidance).ok().flatten();
    if imposed.is_some_and(|found| found.winning.iter().any(|detour| detour.author.is_imposed())) {
        return Some(Doubt::Detoured);
    }
    let dead = |name: &str| leaves::tunnel(facts, name).is_some_and(|tunnel| alive::pulse(facts, tunnel).stopped());
    if carriers.iter().flatten().any(|name| dead(name)) {
        return Some(Doubt::Silent);
    }
    let foreign = carriers.iter().filter(|carrier| identity::recognised(facts, guidance, **carrier) == Some(false));
    let mut personal = foreign.filter_map(|carrier| identity::personal(facts, *carrier));
    personal.next().map(|client| Doubt::Personal(client.name.clone()))
}

/// The VPN for the contract's `connection.vpn`; `None` when neither tunnels nor links could be read.
pub fn summary(facts: &Facts, guidance: &Guidance) -> Option<VpnSummary> {
    let vpn = facts.vpn.known();
    if vpn.is_none() {
        facts.link.known()?;
    }
    let mut shown: Vec<TunnelSummary> = vpn
        .into_iter()
        .flat_map(|vpn| tunnels(facts, vpn))
        .map(|tunnel| TunnelSummary {
            interface: Some(tunnel.interface.clone()),
            kind: kind_word(tunnel.kind).to_owned(),
            recognised: identity::recognised(facts, guidance, Some(&tunnel.interface)),
        })
        .collect();
    if carriers(facts, guidance).is_ok_and(|carriers| carriers.contains(&None)) {
        let recognised = identity::recognised(facts, guidance, None);
        shown.push(TunnelSummary { interface: None, kind: "ipsec".to_owned(), recognised });
    }
    // The addresses asked about all go into it; those of a route that leads around it do not.
    let part_leaves_beside = ipv4(facts) == Ok(Carriage::Tunnel)
        && around::detours(facts, guidance).ok().flatten().is_some_and(|found| {
            found.winning.iter().any(|detour| {
                detour.prefix.addr().is_ipv4() && (detour.author.is_imposed() || detour.author == Author::Exception)
            })
        });
    Some(VpnSummary {
        level: level(facts, guidance),
        tunnels: shown,
        ipv4: ipv4(facts).ok().map(|carriage| if part_leaves_beside { Carriage::Mixed } else { carriage }),
        ipv6: ipv6(facts).ok(),
        doubt: doubt(facts, guidance),
    })
}
