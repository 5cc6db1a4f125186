#![doc = include_str!("vpn_route_hijacked.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-route-hijacked",
    words: include_str!("vpn_route_hijacked.md"),
    citations: &[cite("redhat-tunnelvision", "own-table"), cite("good-practice", "no-imposed-routes")],
    severity: Severity::Critical,
    settle: Settle::seconds(10, 30),
    masked_by: &["vpn-down"],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
