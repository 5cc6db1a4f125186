#![doc = include_str!("network_downgraded.md")]

use super::network_imitated::{as_before, familiar, is_now_weaker, is_weaker};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "network-downgraded",
    words: include_str!("network_downgraded.md"),
    citations: &[cite("good-practice", "known-network")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(60, 120),
    masked_by: &["network-imitated"],
    told_with: &["wifi-unencrypted", "wifi-wep"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let (protection, met) = match familiar(facts)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    if is_weaker(met, protection.security.word()) {
        return Ok(fail(vec![is_now_weaker(&protection, met)]).into());
    }
    Ok(pass(as_before(&protection, met)))
}
