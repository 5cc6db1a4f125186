#![doc = include_str!("vpn_silent.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-silent",
    words: include_str!("vpn_silent.md"),
    citations: &[cite("good-practice", "vpn-alive")],
    severity: Severity::High,
    settle: Settle::seconds(30, 10),
    masked_by: &["vpn-down"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
