#![doc = include_str!("wired_unused.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wired-unused",
    words: include_str!("wired_unused.md"),
    citations: &[cite("pcpd-employees-2020", "E-1")],
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
