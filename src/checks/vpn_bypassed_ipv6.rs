#![doc = include_str!("vpn_bypassed_ipv6.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-bypassed-ipv6",
    words: include_str!("vpn_bypassed_ipv6.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5")],
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
