//! Whether traffic would stay blocked if the tunnel fell, by a firewall or routes that can be read.

use ipnet::IpNet;

use crate::facts::firewall::OutputChain;
use crate::facts::routes::Routes;
use crate::facts::{Facts, Missing};
use crate::inference::{address, link};

use super::Carriage;
use super::leaves::is_tunnel;

/// The main routing table.
const MAIN: u32 = 254;
/// Priority of the kernel's own rule for the main table.
const MAIN_PRIORITY: u32 = 32766;

/// What keeps traffic in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// An output chain of the firewall that drops what does not leave by a tunnel: table, chain.
    Firewall(String, String),
    /// A forbidding default route in this table.
    Route(u32),
}

/// What keeps traffic in if the tunnel falls; `Ok(None)` when everything that could was read and
/// there is nothing.
///
/// # Errors
/// [`Missing`] when routes or the firewall could not be read and what could be read does not show it.
pub fn barrier(facts: &Facts) -> Result<Option<Barrier>, Missing> {
    let routes = facts.routes.get()?;
    let ipv6_leaves = !matches!(super::ipv6(facts), Ok(Carriage::None));
    let by_route = by_route(facts, routes, false);
    if let Some(table) = by_route
        && (!ipv6_leaves || self::by_route(facts, routes, true).is_some())
    {
        return Ok(Some(Barrier::Route(table)));
    }
    let firewall = facts.firewall.get()?;
    let outward = link::outward(facts)?.map(|interface| interface.name.clone());
    let covers = |ipv6: bool| {
        firewall.output.iter().find(|chain| {
            let family = chain.table.family.as_str();
            (family == "inet" || family == if ipv6 { "ip6" } else { "ip" })
                && keeps_in(facts, chain, outward.as_deref())
        })
    };
    let shown = covers(false).filter(|_| !ipv6_leaves || covers(true).is_some());
    Ok(shown.map(|chain| Barrier::Firewall(chain.table.name.clone(), chain.name.clone())))
}

/// A chain that drops by default and lets whole interfaces out only where they are tunnels or loopback.
fn keeps_in(facts: &Facts, chain: &OutputChain, outward: Option<&str>) -> bool {
    chain.drops_by_default
        && chain.accepts_interfaces.iter().any(|interface| is_tunnel(facts, interface))
        && chain.accepts_interfaces.iter().all(|interface| Some(interface.as_str()) != outward)
}

/// The table of a forbidding default route that is met before any way out, were the tunnel gone.
/// Rules that forbid are left aside: what they match is not known.
fn by_route(facts: &Facts, routes: &Routes, ipv6: bool) -> Option<u32> {
    let forbidding = routes.barriers.iter().filter(|barrier| barrier.ipv6 == ipv6).filter_map(|barrier| {
        barrier
            .prefix
            .filter(|prefix| address::is_default(*prefix))
            .and(barrier.table)
            .map(|table| (table, barrier.metric))
    });
    for (table, metric) in forbidding {
        let out_first = routes.defaults.iter().any(|route| {
            matches!(route.prefix, IpNet::V6(_)) == ipv6
                && route.table == table
                && route.metric < metric
                && !is_tunnel(facts, &route.interface)
        });
        let asked_first = table == MAIN
            || routes.rules.iter().any(|rule| {
                rule.ipv6 == ipv6
                    && rule.table == Some(table)
                    && rule.priority < MAIN_PRIORITY
                    && (rule.mark.is_none() || rule.inverted)
            });
        if asked_first && !out_first {
            return Some(table);
        }
    }
    None
}
