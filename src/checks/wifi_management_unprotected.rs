#![doc = include_str!("wifi_management_unprotected.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-management-unprotected",
    words: include_str!("wifi_management_unprotected.md"),
    citations: &[cite("good-practice", "protect-management-frames")],
    severity: Severity::Low,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
