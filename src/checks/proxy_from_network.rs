#![doc = include_str!("proxy_from_network.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "proxy-from-network",
    words: include_str!("proxy_from_network.md"),
    citations: &[cite("good-practice", "no-proxy-from-network")],
    severity: Severity::Medium,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
