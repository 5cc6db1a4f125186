#![doc = include_str!("wifi_unauthenticated.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-unauthenticated",
    words: include_str!("wifi_unauthenticated.md"),
    citations: &[cite("good-practice", "authenticate-the-network")],
    severity: Severity::Medium,
    settle: Settle::seconds(10, 20),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
