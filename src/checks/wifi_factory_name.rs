#![doc = include_str!("wifi_factory_name.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-factory-name",
    words: include_str!("wifi_factory_name.md"),
    citations: &[cite("safeonweb-home", "rename-network")],
    severity: Severity::Low,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
