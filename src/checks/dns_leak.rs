#![doc = include_str!("dns_leak.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-leak",
    words: include_str!("dns_leak.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5"), cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::High,
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-bypassed", "vpn-route-hijacked"],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
