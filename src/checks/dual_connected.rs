#![doc = include_str!("dual_connected.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dual-connected",
    words: include_str!("dual_connected.md"),
    citations: &[cite("nist-800-153", "dual-connected"), cite("cuhk-itsc", "one-interface")],
    severity: Severity::Low,
    settle: Settle::seconds(30, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
