#![doc = include_str!("portal_waiting.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "portal-waiting",
    words: include_str!("portal_waiting.md"),
    citations: &[cite("cuhk-itsc", "check-portal")],
    severity: Severity::High,
    settle: Settle::seconds(10, 5),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
