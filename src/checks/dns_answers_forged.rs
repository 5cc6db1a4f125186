#![doc = include_str!("dns_answers_forged.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-answers-forged",
    words: include_str!("dns_answers_forged.md"),
    citations: &[cite("good-practice", "true-answers")],
    severity: Severity::Medium,
    settle: Settle::seconds(30, 60),
    masked_by: &["portal-waiting"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
