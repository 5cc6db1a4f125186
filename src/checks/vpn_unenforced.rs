#![doc = include_str!("vpn_unenforced.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-unenforced",
    words: include_str!("vpn_unenforced.md"),
    citations: &[cite("good-practice", "kill-switch")],
    severity: Severity::Info,
    settle: Settle::seconds(60, 60),
    masked_by: &["vpn-down"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
