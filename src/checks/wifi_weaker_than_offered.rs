#![doc = include_str!("wifi_weaker_than_offered.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-weaker-than-offered",
    words: include_str!("wifi_weaker_than_offered.md"),
    citations: &[cite("good-practice", "use-the-best-offered")],
    severity: Severity::Low,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
