#![doc = include_str!("directly_on_internet.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "directly-on-internet",
    words: include_str!("directly_on_internet.md"),
    citations: &[cite("hkcert-home-office", "home-router")],
    severity: Severity::High,
    settle: Settle::seconds(10, 30),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
