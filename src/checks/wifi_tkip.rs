#![doc = include_str!("wifi_tkip.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-tkip",
    words: include_str!("wifi_tkip.md"),
    citations: &[cite("pcpd-employees-2020", "E-6"), cite("hk-infosec-remote", "no-wep-or-wpa")],
    severity: Severity::High,
    settle: Settle::seconds(10, 20),
    masked_by: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Advertised,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
