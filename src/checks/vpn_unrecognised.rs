#![doc = include_str!("vpn_unrecognised.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::vpn;
use crate::inference::vpn::identity::{personal, recognised};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-unrecognised",
    words: include_str!("vpn_unrecognised.md"),
    citations: &[cite("cisa-mobile-2024", "no-personal-vpn")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(30, 30),
    masked_by: &["vpn-down"],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Inferred,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let carriers = vpn::carriers(facts, guidance)?;
    if carriers.is_empty() {
        // A mesh or a private tunnel that carries neither the Internet nor work is nobody's business.
        return Ok(Outcome::NotApplicable(say("vpn-na-unused")));
    }
    let (mut own, mut strange, mut hidden): (Vec<Evidence>, Vec<Evidence>, bool) = (Vec::new(), Vec::new(), false);
    for carrier in carriers {
        let shown = carrier.unwrap_or("IPsec");
        match recognised(facts, guidance, carrier) {
            Some(true) => {
                own.push(say("vpn-unrecognised-own").with("interface", shown).known(Basis::Configured, "guidance"));
            }
            Some(false) => strange.push(match personal(facts, carrier) {
                Some(client) => say("vpn-unrecognised-personal")
                    .with("interface", shown)
                    .with("name", &client.name)
                    .known(Basis::Inferred, "signatures"),
                None => say("vpn-unrecognised-strange").with("interface", shown).known(Basis::Inferred, "guidance"),
            }),
            None => hidden = true,
        }
    }
    if !strange.is_empty() {
        return Ok(fail(strange).into());
    }
    if hidden {
        if guidance.vpn.identities.is_empty() {
            // Nothing to compare with, and no kind that people buy for themselves.
            return Ok(Outcome::NotApplicable(say("vpn-unrecognised-na-unnamed")));
        }
        return Ok(Outcome::Unknown(Reason::Undecided { what: Thing::VpnIdentity }.into(), own));
    }
    Ok(Outcome::Pass(own))
}
