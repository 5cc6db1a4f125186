#![doc = include_str!("hotspot_public.md")]

use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// See the module text.
pub static CHECK: Check = Check {
    id: "hotspot-public",
    words: include_str!("hotspot_public.md"),
    citations: &[
        cite("pcpd-employees-2020", "E-4"),
        cite("pcpd-employees-2020", "E-5"),
        cite("nsa-public-2021", "avoid-public-wifi"),
    ],
    severity: Severity::High,
    settle: Settle::seconds(15, 60),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Inferred,
    rule,
};

fn rule(_facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    Err(crate::facts::Reason::NotRecorded.into())
}
