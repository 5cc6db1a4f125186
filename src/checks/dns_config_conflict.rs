#![doc = include_str!("dns_config_conflict.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-config-conflict",
    words: include_str!("dns_config_conflict.md"),
    citations: &[cite("good-practice", "one-resolver-configuration")],
    severity: Severity::Medium,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
