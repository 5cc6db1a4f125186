#![doc = include_str!("wifi_enterprise_unverified.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-enterprise-unverified",
    words: include_str!("wifi_enterprise_unverified.md"),
    citations: &[cite("good-practice", "verify-enterprise-server")],
    severity: Severity::High,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
