#![doc = include_str!("wifi_auto_joins_open.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-auto-joins-open",
    words: include_str!("wifi_auto_joins_open.md"),
    citations: &[cite("hk-infosec-public-wifi", "no-auto-join"), cite("hkcert-home-office", "no-auto-join")],
    severity: Severity::Medium,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
