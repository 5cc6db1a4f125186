#![doc = include_str!("dns_downgradable.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Asked, Names, Reach};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-downgradable",
    words: include_str!("dns_downgradable.md"),
    citations: &[cite("good-practice", "strict-encrypted-dns")],
    severity: Severity::Info,
    side: Side::Laptop,
    settle: Settle::seconds(60, 60),
    masked_by: &["dns-in-the-clear"],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let asked = dns::asked(facts, Names::Public)?;
    let beside: Vec<Asked<'_>> =
        asked.iter().copied().filter(|asked| matches!(asked.reach, Reach::Beside(_))).collect();
    if dns::is_idle(facts, &asked) {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    if asked.is_empty() {
        return Ok(Outcome::NotApplicable(say("dns-na-no-resolver")));
    }
    let of = |encryption, key| -> Vec<Evidence> {
        beside
            .iter()
            .filter(|asked| asked.encryption == encryption)
            .map(|asked| say(key).with("resolver", asked.address).known(Basis::Configured, "resolver settings"))
            .collect()
    };
    let weak = of(Encryption::Opportunistic, "dns-downgradable-evidence-opportunistic");
    if !weak.is_empty() {
        return Ok(fail(weak).into());
    }
    let strict = of(Encryption::Strict, "dns-downgradable-evidence-strict");
    if !strict.is_empty() {
        return Ok(Outcome::Pass(strict));
    }
    if asked.iter().any(|asked| asked.reach == Reach::Local) {
        return Err(Reason::Undecided { what: Thing::NameLookups }.into());
    }
    Ok(Outcome::NotApplicable(say(if beside.is_empty() {
        "dns-downgradable-na-tunnel"
    } else {
        "dns-downgradable-na-off"
    })))
}
