#![doc = include_str!("vpn_down.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-down",
    words: include_str!("vpn_down.md"),
    citations: &[cite("pcpd-employees-2020", "E-18"), cite("nsa-public-2021", "vpn-on-public-wifi")],
    severity: Severity::High,
    settle: Settle::seconds(20, 10),
    masked_by: &["portal-waiting"],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
