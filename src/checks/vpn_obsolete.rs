#![doc = include_str!("vpn_obsolete.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-obsolete",
    words: include_str!("vpn_obsolete.md"),
    citations: &[cite("pcpd-organisations-2020", "O-4"), cite("nist-800-77r1", "current-ipsec")],
    severity: Severity::High,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
