//! LOOK: the machine to facts. One file a topic; each has one impure `look` and pure parsers.
//!
//! The topics are looked at concurrently in two rounds: what can be read, then what needs the first
//! round's answers (route look-ups of resolvers and tunnel endpoints, the portal probe on the
//! outward interface). A topic that fails or hangs becomes an unknown fact with its reason; it
//! never fails the look.

pub mod attest;
mod bus;
pub mod changes;
pub mod dhcp;
pub mod dns;
pub mod firewall;
mod ipsec;
pub mod link;
pub mod machine;
mod netlink;
pub mod networkmanager;
pub mod portal;
pub mod proxy;
pub mod routes;
pub mod sensor;
pub mod vpn;
pub mod wifi;

use std::time::Duration;

use tokio::time::Instant;

use crate::facts::{Facts, Looker, Observed, Reason, Thing};
use crate::guidance::{Destination, PortalRule};
use machine::Machine;

/// What the guidance wants asked of the machine.
#[derive(Clone, Debug)]
pub struct Questions {
    /// Destinations to look up routes for.
    pub destinations: Vec<Destination>,
    /// How a sign-in page is looked for.
    pub portal: PortalRule,
}

/// How long the look may take and what it may do.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// When everything must be back.
    pub deadline: Instant,
    /// Send nothing.
    pub passive: bool,
}

impl Budget {
    /// The shorter of the time left and `limit`.
    pub fn within(&self, limit: Duration) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).min(limit)
    }
}

/// Waits for a source at most until `limit` or the budget's end, whichever is first.
pub async fn bounded<T>(
    budget: Budget,
    limit: Duration,
    what: Thing,
    look: impl Future<Output = Observed<T>>,
) -> Observed<T> {
    tokio::time::timeout(budget.within(limit), look).await.unwrap_or(Observed::Unknown(Reason::TimedOut { what }))
}

/// Looks once at the machine. Never fails: what could not be learned says why.
pub async fn look(machine: &Machine, questions: &Questions, budget: Budget, now: jiff::Timestamp) -> Facts {
    let began = Instant::now();
    let taken_by =
        Looker { homeward: env!("CARGO_PKG_VERSION").to_owned(), root: machine.is_root(), passive: budget.passive };
    let mut facts = Facts::unknown(now, taken_by);
    // Two fifths of the time there is: 2 s of the usual 5. Whoever gives more gets patience with slow machines.
    let part = budget.within(Duration::MAX).mul_f32(0.4);

    // The interfaces first: it takes a few milliseconds, and others want to name them.
    facts.link = bounded(budget, part, Thing::Netlink, link::look(machine)).await;

    // What can be read without knowing anything else.
    let (networkmanager, wifi, dns, firewall, proxy, attestations, ear) = tokio::join!(
        bounded(budget, part, Thing::NetworkManager, networkmanager::look(machine)),
        bounded(budget, part, Thing::Nl80211, wifi::look(machine)),
        bounded(budget, part, Thing::ResolvConf, dns::look(machine, &facts.link)),
        bounded(budget, part, Thing::Nftables, firewall::look(machine)),
        bounded(budget, part, Thing::ProxySettings, proxy::look(machine)),
        bounded(budget, part, Thing::StateFolder, attest::look(machine)),
        sensor::listen(machine, budget),
    );
    facts.firewall = firewall;
    facts.proxy = proxy;
    facts.attestations = attestations;
    facts.wifi = wifi::with_networkmanager(wifi, &networkmanager);
    facts.profiles = networkmanager::profiles(&networkmanager);
    facts.dns = dns::with_networkmanager(dns, &networkmanager, &facts.link);

    // What needs to know the interfaces.
    let (dhcp, vpn) = tokio::join!(
        bounded(budget, part, Thing::DhcpLease, dhcp::look(machine, &facts.link, &networkmanager)),
        bounded(budget, part, Thing::WireguardPeers, vpn::look(machine, &facts.link, &networkmanager, now)),
    );
    facts.dhcp = dhcp;
    facts.vpn = vpn;
    if let Ok(ear) = &ear {
        ear.fill(&mut facts);
    }

    // Where the kernel would send what.
    facts.routes = bounded(budget, part, Thing::RouteLookup, routes::look(machine, &facts, questions)).await;
    facts.vpn = vpn::recognised(facts.vpn, &facts.routes, &facts.firewall);
    facts.dns = dns::reached(facts.dns, &facts.routes);

    // What must be sent to be learned.
    let mut ear = ear;
    let witness = async {
        match &mut ear {
            Ok(ear) => ear.witness(budget).await,
            Err(reason) => Observed::Unknown(reason.clone()),
        }
    };
    let (portal, nonsense, witnessed) = tokio::join!(
        portal::look(machine, &facts, &networkmanager, questions, budget),
        dns::nonsense(machine, &facts.dns, budget),
        witness,
    );
    facts.portal = portal;
    if !budget.passive {
        let since = jiff::SignedDuration::try_from(began.elapsed()).unwrap_or_default();
        let then = now.checked_add(since).unwrap_or(now);
        let recounted = vpn::recount(&mut facts.vpn, &facts.link, then);
        // In time or not at all: then they stay as they were.
        let _ = tokio::time::timeout(budget.within(part), recounted).await;
    }
    match ear {
        Ok(ear) => ear.tell(&mut facts, witnessed),
        Err(reason) => {
            facts.traffic = Observed::Unknown(reason.clone());
            facts.sensor = Observed::Unknown(reason);
        }
    }
    if let Observed::Known(dns) = &mut facts.dns {
        dns.nonsense = nonsense;
    }
    facts
}
