#![doc = include_str!("vpn_unrecognised.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-unrecognised",
    words: include_str!("vpn_unrecognised.md"),
    citations: &[cite("cisa-mobile-2024", "no-personal-vpn")],
    severity: Severity::Medium,
    settle: Settle::seconds(30, 30),
    masked_by: &["vpn-down"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Inferred,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
