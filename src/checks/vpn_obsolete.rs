#![doc = include_str!("vpn_obsolete.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Evidence, Message, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::vpn::{Tunnel, TunnelKind};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::traffic;
use crate::inference::vpn::alive::is_unattached;
use crate::inference::vpn::leaves::{Leaves, connection, leaves, protects, public, services, tunnels};
use crate::inference::vpn::{self, Carriage, identity, kind_word};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-obsolete",
    words: include_str!("vpn_obsolete.md"),
    citations: &[cite("pcpd-organisations-2020", "O-4"), cite("nist-800-77r1", "current-ipsec")],
    severity: Severity::High,
    side: Side::Work,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

/// What packets show of VPNs that do not protect.
const SIGNS: &[Sign] = &[Sign::of("vpn.pptp", "traffic-what-pptp"), Sign::of("vpn.l2tp", "traffic-what-l2tp")];
/// What they show of VPNs that encrypt.
const SOUND: &[&str] =
    &["vpn.wireguard", "vpn.openvpn", "vpn.ike", "vpn.esp", "vpn.esp-udp", "vpn.sstp", "vpn.tailscale-disco"];

/// VPNs that do not protect, as packets show them. Beside IPsec, L2TP may have come out of it.
fn on_the_wire(facts: &Facts) -> Result<Vec<Evidence>, Missing> {
    let ipsec = traffic::any(facts, &["vpn.esp", "vpn.esp-udp"])?;
    let shown = shown(facts, SIGNS)?;
    let bare = shown.iter().filter(|shown| shown.sign.label != "vpn.l2tp" || !ipsec || shown.open.sent > 0);
    Ok(bare.map(Shown::evidence).collect())
}

/// What packets alone tell, where nothing else is known.
fn by_packets(facts: &Facts) -> Result<Outcome, Missing> {
    let bare = on_the_wire(facts)?;
    Ok(if !bare.is_empty() {
        fail(bare).into()
    } else if traffic::any(facts, SOUND)? {
        pass(say("vpn-obsolete-seen").known(Basis::Measured, "packets"))
    } else {
        Outcome::NotApplicable(say("vpn-obsolete-na-none-seen"))
    })
}

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if facts.vpn.known().is_none() && facts.traffic.known().is_some() {
        return by_packets(facts);
    }
    let seen = facts.vpn.get()?;
    let (mut unsafe_kinds, mut well): (Vec<Evidence>, Vec<Evidence>) = (Vec::new(), Vec::new());
    let mut missing: Option<Missing> = None;
    for tunnel in tunnels(facts, seen) {
        let about = |key| say(key).with("interface", &tunnel.interface).with("kind", kind_word(tunnel.kind));
        match kind(facts, tunnel) {
            Kind::Unsafe(says, source) => unsafe_kinds.push(says.known(Basis::Measured, source)),
            Kind::Sound => well.push(about("vpn-obsolete-sound").known(Basis::Measured, "rtnetlink")),
            Kind::Driven => well.push(about("vpn-obsolete-driven").known(Basis::Inferred, "signatures")),
            Kind::Plain => well.push(about("vpn-obsolete-no-vpn").known(Basis::Measured, "rtnetlink")),
            Kind::Hidden(what) => missing = Some(Reason::Undecided { what }.into()),
        }
    }
    unsafe_kinds.extend(on_the_wire(facts).unwrap_or_default());
    // A PPTP connection whose interface is not told apart.
    let pptp =
        seen.connections.known().into_iter().flatten().filter(|known| known.active && services(known, &["pptp"]));
    if unsafe_kinds.is_empty() {
        unsafe_kinds.extend(
            pptp.map(|known| say("vpn-obsolete-pptp-connection").with("name", &known.name))
                .map(|says| says.known(Basis::Configured, "networkmanager")),
        );
    }
    if !unsafe_kinds.is_empty() {
        return Ok(fail(unsafe_kinds).into());
    }
    if let Some(missing) = missing {
        return Ok(Outcome::Unknown(missing, well));
    }
    if vpn::carriers(facts, guidance).is_ok_and(|carriers| carriers.contains(&None)) {
        well.push(say("vpn-obsolete-ipsec").known(Basis::Measured, "rtnetlink"));
    }
    Ok(if well.is_empty() { Outcome::NotApplicable(say("vpn-na-none")) } else { Outcome::Pass(well) })
}

enum Kind {
    /// It does not protect what it carries.
    Unsafe(Message, &'static str),
    /// A kind that encrypts by today's means.
    Sound,
    /// A program known to encrypt drives it; the device itself shows nothing of that.
    Driven,
    /// It is not asked to protect anything.
    Plain,
    /// What would tell is not known.
    Hidden(Thing),
}

fn kind(facts: &Facts, tunnel: &Tunnel) -> Kind {
    let interface = &tunnel.interface;
    let known = connection(facts, interface);
    match tunnel.kind {
        TunnelKind::Wireguard | TunnelKind::Ovpn | TunnelKind::Xfrm | TunnelKind::Vti => Kind::Sound,
        TunnelKind::Ppp if known.is_some_and(|known| services(known, &["pptp"])) => {
            Kind::Unsafe(say("vpn-obsolete-pptp").with("interface", interface), "networkmanager")
        }
        TunnelKind::Ppp if known.is_some_and(|known| services(known, &["l2tp"])) => match protects(facts, interface) {
            Some(true) => Kind::Sound,
            Some(false) => Kind::Unsafe(say("vpn-obsolete-l2tp").with("interface", interface), "networkmanager"),
            None => Kind::Hidden(Thing::XfrmPolicies),
        },
        // A program of its own drives it; without a name for the program nothing is said for it.
        TunnelKind::Tun | TunnelKind::Tap | TunnelKind::Ppp => {
            let named = known.is_some() || identity::clients(facts, Some(interface)).next().is_some();
            if named && !is_unattached(facts, tunnel) { Kind::Driven } else { Kind::Hidden(Thing::VpnProtection) }
        }
        TunnelKind::Ipip | TunnelKind::Gre | TunnelKind::Sit => {
            // Without an IPv4 VPN, IPv6 in IPv4 is a provider's or broker's way to IPv6, no VPN.
            let no_vpn = tunnel.kind == TunnelKind::Sit && vpn::ipv4(facts) == Ok(Carriage::Direct);
            if no_vpn || !carries_public(facts, interface) {
                return Kind::Plain;
            }
            match protects(facts, interface) {
                Some(true) => Kind::Sound,
                Some(false) => {
                    let says = say("vpn-obsolete-plain").with("interface", interface);
                    Kind::Unsafe(says.with("kind", kind_word(tunnel.kind)), "rtnetlink")
                }
                None => Kind::Hidden(Thing::XfrmPolicies),
            }
        }
    }
}

fn carries_public(facts: &Facts, interface: &str) -> bool {
    facts.routes.known().is_some_and(|routes| {
        [false, true].into_iter().flat_map(|ipv6| public(routes, ipv6)).any(
            |lookup| matches!(leaves(facts, lookup), Leaves::Tunnel(carrier) if carrier.interface == Some(interface)),
        )
    })
}
