#![doc = include_str!("dns_in_the_clear.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-in-the-clear",
    words: include_str!("dns_in_the_clear.md"),
    citations: &[cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::Medium,
    settle: Settle::seconds(60, 60),
    masked_by: &["vpn-down", "dns-leak"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
