#![doc = include_str!("wifi_unencrypted.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-unencrypted",
    words: include_str!("wifi_unencrypted.md"),
    citations: &[cite("pcpd-employees-2020", "E-6"), cite("hk-infosec-remote", "wpa2-or-wpa3")],
    severity: Severity::Critical,
    settle: Settle::seconds(10, 20),
    masked_by: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Advertised,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
