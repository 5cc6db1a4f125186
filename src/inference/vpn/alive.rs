//! Whether a tunnel answers, as far as one look can tell.
//!
//! WireGuard's numbers are those of its own source (`messages.h`): a session is given up 180 s after its
//! handshake (`REJECT_AFTER_TIME`), and a handshake message is 148 bytes.

use crate::facts::dns::{Dns, Manager, Nonsense};
use crate::facts::routes::Answer;
use crate::facts::vpn::{Tunnel, TunnelKind, WireguardPeer};
use crate::facts::{Facts, Missing, Observed, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::{address, traffic};

use super::leaves::{Leaves, leaves, public, tunnels};

/// Seconds after which a WireGuard session is no longer used.
pub const REJECT_AFTER: u64 = 180;
/// Bytes of one WireGuard handshake attempt.
const HANDSHAKE: u64 = 148;
/// Bytes sent into a tunnel that carries the Internet without a single answer that are no accident.
const UNANSWERED: u64 = 4096;

/// Handshakes begun in vain that are no accident: WireGuard tries again after 5 s (`REKEY_TIMEOUT`).
const IN_VAIN: u64 = 3;
/// Seconds after which WireGuard has given up trying (`REKEY_ATTEMPT_TIME`).
const GIVEN_UP: i64 = 90;

/// What a look at a tunnel shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulse {
    /// Its last handshake is this many seconds old, and that is fresh.
    Handshake(u64),
    /// A packet of its handshake came back this many seconds ago, as packets show.
    Overheard(u64),
    /// This many handshakes were begun in vain just now, as packets show.
    Ignored(u64),
    /// A name look-up was answered through it during this look.
    Answered,
    /// This many bytes came back during this look.
    Heard(u64),
    /// This many bytes have come back since it was set up.
    Counted(u64),
    /// Its last handshake is this many seconds old although it has packets to carry.
    Stale(u64),
    /// Bytes were sent, and nothing ever came back.
    Unanswered(u64),
    /// A name asked through it during this look went unanswered, and nothing ever came back.
    Unheard,
    /// No program is attached to it: a TUN without a signal. The kernel drops what is sent into it.
    Unattached,
    /// A name asked through it during this look went unanswered, though something came back before.
    Doubtful,
    /// Nothing is due: it may be idle or dead.
    Idle,
    /// What would tell may not be read.
    Hidden(Missing),
}

impl Pulse {
    /// Whether packets were shown to come back.
    pub const fn beats(&self) -> bool {
        matches!(self, Self::Handshake(_) | Self::Overheard(_) | Self::Answered | Self::Heard(_) | Self::Counted(_))
    }

    /// Whether packets were shown not to come back.
    pub const fn stopped(&self) -> bool {
        matches!(self, Self::Stale(_) | Self::Unanswered(_) | Self::Unheard | Self::Ignored(_) | Self::Unattached)
    }
}

/// The pulse of a tunnel.
pub fn pulse(facts: &Facts, tunnel: &Tunnel) -> Pulse {
    let pulse = counted(facts, tunnel);
    match pulse {
        Pulse::Hidden(_) | Pulse::Idle => watched(facts, tunnel).unwrap_or(pulse),
        _ => pulse,
    }
}

/// The pulse of a WireGuard tunnel as its handshakes on the wire show it, where it is the only one they can be of.
fn watched(facts: &Facts, tunnel: &Tunnel) -> Option<Pulse> {
    let kinds = |kind| facts.vpn.known().into_iter().flat_map(|vpn| &vpn.tunnels).filter(move |it| it.kind == kind);
    if tunnel.kind != TunnelKind::Wireguard || kinds(TunnelKind::Wireguard).count() != 1 {
        return None;
    }
    let seen = traffic::open(facts, "vpn.wireguard").ok()??;
    let ago = u64::try_from(seen.ago).unwrap_or(0);
    // In a mesh, peers that sleep are asked in vain while others answer: one far end alone is judged.
    if seen.unanswered >= IN_VAIN && seen.ago <= GIVEN_UP && seen.times == 1 {
        return Some(Pulse::Ignored(seen.unanswered));
    }
    (seen.received > 0 && seen.unanswered == 0 && ago <= REJECT_AFTER).then_some(Pulse::Overheard(ago))
}

/// The pulse of a tunnel by the kernel's own numbers.
fn counted(facts: &Facts, tunnel: &Tunnel) -> Pulse {
    if is_unattached(facts, tunnel) {
        return Pulse::Unattached;
    }
    if answered_through(facts, tunnel) {
        return Pulse::Answered;
    }
    if tunnel.rx_during_look > 0 {
        return Pulse::Heard(tunnel.rx_during_look);
    }
    let counted = by_counters(facts, tunnel);
    match unanswered_through(facts, tunnel) {
        // Nothing was sent into it: the question was stopped on this machine.
        true if tunnel.tx_bytes == 0 => counted,
        true if tunnel.rx_bytes == 0 => Pulse::Unheard,
        // What came back before says nothing of now.
        true if !counted.stopped() => Pulse::Doubtful,
        true | false => counted,
    }
}

/// What the counters and, of WireGuard, the handshakes tell.
fn by_counters(facts: &Facts, tunnel: &Tunnel) -> Pulse {
    let busy = carries_public(facts, tunnel);
    match &tunnel.wireguard {
        Some(Observed::Known(device)) => {
            // Where a peer carries everything it is the one that matters; in a mesh any live peer will do.
            let all = |peer: &&WireguardPeer| peer.allowed_ips.iter().any(|net| address::is_default(*net));
            let mut peers: Vec<&WireguardPeer> = device.peers.iter().filter(all).collect();
            if peers.is_empty() {
                peers = device.peers.iter().collect();
            }
            let by_peer: Vec<Pulse> = peers.into_iter().map(|peer| of_peer(peer, busy)).collect();
            let pick = |wanted: fn(&Pulse) -> bool| by_peer.iter().find(|pulse| wanted(pulse)).cloned();
            pick(Pulse::beats)
                .or_else(|| pick(|pulse| matches!(pulse, Pulse::Idle)))
                .or_else(|| by_peer.first().cloned())
                .unwrap_or(Pulse::Idle)
        }
        Some(Observed::Unknown(reason)) if tunnel.rx_bytes > 0 => Pulse::Hidden(reason.clone().into()),
        None if tunnel.rx_bytes > 0 && tunnel.kind == TunnelKind::Wireguard => {
            Pulse::Hidden(Reason::NotAvailable { what: Thing::WireguardPeers }.into())
        }
        _ if tunnel.rx_bytes > 0 => Pulse::Counted(tunnel.rx_bytes),
        _ if busy && tunnel.tx_bytes > UNANSWERED => Pulse::Unanswered(tunnel.tx_bytes),
        Some(Observed::Unknown(reason)) => Pulse::Hidden(reason.clone().into()),
        None => Pulse::Idle,
    }
}

/// Whether no program holds a TUN or TAP open: the kernel gives it a signal only while one does.
pub fn is_unattached(facts: &Facts, tunnel: &Tunnel) -> bool {
    let link = facts.link.known().and_then(|links| links.named(&tunnel.interface));
    matches!(tunnel.kind, TunnelKind::Tun | TunnelKind::Tap) && link.is_some_and(|link| link.carrier == Some(false))
}

fn of_peer(peer: &WireguardPeer, busy: bool) -> Pulse {
    match peer.handshake_age {
        Some(age) if age <= REJECT_AFTER => Pulse::Handshake(age),
        // With keepalive a handshake is due whether or not there is anything to say.
        Some(age) if peer.keepalive > 0 && age > REJECT_AFTER + u64::from(peer.keepalive) => Pulse::Stale(age),
        Some(age) if busy && peer.tx_bytes > 0 => Pulse::Stale(age),
        // One attempt may be on its way at this moment; a second means that the first went unanswered.
        None if peer.tx_bytes > HANDSHAKE && peer.rx_bytes == 0 => Pulse::Unanswered(peer.tx_bytes),
        Some(_) | None => Pulse::Idle,
    }
}

fn carries_public(facts: &Facts, tunnel: &Tunnel) -> bool {
    facts.routes.known().is_some_and(|routes| {
        [false, true].into_iter().flat_map(|ipv6| public(routes, ipv6)).any(|lookup| {
            matches!(leaves(facts, lookup), Leaves::Tunnel(carrier) if carrier.interface == Some(&tunnel.interface))
        })
    })
}

/// Whether the look-up of a random name was answered by a resolver that only this tunnel reaches.
/// Local resolvers answer such names themselves, so only plain `resolv.conf` counts.
fn answered_through(facts: &Facts, tunnel: &Tunnel) -> bool {
    facts.dns.known().is_some_and(|dns| {
        matches!(dns.nonsense, Observed::Known(Nonsense::NoSuchName | Nonsense::Addresses(_)))
            && dns.manager == Manager::ResolvConf
            && asks_through(dns, tunnel)
    })
}

/// Whether a tunnel that carries the traffic is in doubt.
pub fn in_doubt(facts: &Facts, guidance: &Guidance) -> bool {
    let (Ok(carriers), Some(vpn)) = (super::carriers(facts, guidance), facts.vpn.known()) else { return false };
    tunnels(facts, vpn)
        .filter(|tunnel| carriers.contains(&Some(tunnel.interface.as_str())))
        .any(|tunnel| pulse(facts, tunnel) == Pulse::Doubtful)
}

/// Whether that look-up got no answer although every resolver is reached by this tunnel.
fn unanswered_through(facts: &Facts, tunnel: &Tunnel) -> bool {
    facts.dns.known().is_some_and(|dns| {
        matches!(dns.nonsense, Observed::Unknown(Reason::TimedOut { .. })) && asks_through(dns, tunnel)
    })
}

/// Whether every resolver is reached by this tunnel.
fn asks_through(dns: &Dns, tunnel: &Tunnel) -> bool {
    !dns.resolvers.is_empty()
        && dns.resolvers.iter().all(|resolver| {
            matches!(&resolver.reached, Observed::Known(Answer::Via(way)) if way.interface == tunnel.interface)
        })
}
