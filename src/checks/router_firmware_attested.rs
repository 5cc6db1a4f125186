#![doc = include_str!("router_firmware_attested.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, attested, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "router-firmware-attested",
    words: include_str!("router_firmware_attested.md"),
    citations: &[cite("pcpd-employees-2020", "E-9")],
    severity: Severity::Low,
    side: Side::Network,
    settle: Settle::seconds(0, 0),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Attested,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    attested::rule(&CHECK, facts, guidance)
}
