#![doc = include_str!("dns_downgradable.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-downgradable",
    words: include_str!("dns_downgradable.md"),
    citations: &[cite("good-practice", "strict-encrypted-dns")],
    severity: Severity::Info,
    settle: Settle::seconds(60, 60),
    masked_by: &["dns-in-the-clear"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
