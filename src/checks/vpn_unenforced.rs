#![doc = include_str!("vpn_unenforced.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::vpn::enforced::{Barrier, barrier};
use crate::inference::vpn::{self, Carriage};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-unenforced",
    words: include_str!("vpn_unenforced.md"),
    citations: &[cite("good-practice", "kill-switch")],
    severity: Severity::High,
    side: Side::Work,
    settle: Settle::seconds(60, 60),
    masked_by: &["vpn-down"],
    told_with: &[],
    unknown: WhenUnknown::MattersIf(|_, guidance| guidance.vpn.enforced),
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    // Where part of the traffic leaves beside the tunnel on purpose there is nothing to keep in.
    let whole = |ipv6| vpn::protected(facts, ipv6).map(|carriage| carriage == Carriage::Tunnel);
    if !whole(false)? && !whole(true)? {
        return Ok(Outcome::NotApplicable(say("vpn-unenforced-na")));
    }
    match barrier(facts)? {
        Some(Barrier::Firewall(table, chain)) => {
            let says = say("vpn-unenforced-firewall").with("table", table).with("chain", chain);
            Ok(pass(says.known(Basis::Measured, "nftables")))
        }
        Some(Barrier::Route(table)) => {
            let says = say("vpn-unenforced-route").with("table", table.to_string());
            Ok(pass(says.known(Basis::Measured, "rtnetlink")))
        }
        None if guidance.vpn.enforced => {
            Ok(fail(vec![say("vpn-unenforced-none").known(Basis::Measured, "nftables")]).into())
        }
        // Nobody asked for a kill switch: to do without one is no trouble of this connection's.
        None => Ok(Outcome::NotApplicable(say("vpn-unenforced-unasked"))),
    }
}
