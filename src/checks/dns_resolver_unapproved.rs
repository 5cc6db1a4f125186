#![doc = include_str!("dns_resolver_unapproved.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-resolver-unapproved",
    words: include_str!("dns_resolver_unapproved.md"),
    citations: &[cite("nist-800-81r3", "protective-dns")],
    severity: Severity::Medium,
    settle: Settle::seconds(30, 30),
    masked_by: &["dns-leak", "vpn-down"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
