#![doc = include_str!("dns_in_the_clear.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, WhenUnknown, cite, fail, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Asked, Names, Reach};
use crate::inference::place;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-in-the-clear",
    words: include_str!("dns_in_the_clear.md"),
    citations: &[cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::Medium,
    settle: Settle::seconds(60, 60),
    masked_by: &["vpn-down", "dns-leak"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let asked = dns::asked(facts, Names::Public)?;
    if dns::is_idle(facts, &asked) {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    if asked.is_empty() {
        return Ok(Outcome::NotApplicable(say("dns-na-no-resolver")));
    }
    let (clear, kept): (Vec<Asked<'_>>, Vec<Asked<'_>>) = asked
        .into_iter()
        .partition(|asked| matches!(asked.reach, Reach::Beside(_)) && asked.encryption != Encryption::Strict);
    // In the clear at home is what every home does; it matters among strangers, or where the guidance says so.
    if !clear.is_empty() && !guidance.dns.encrypted && !place::is_public(facts, guidance)? {
        return Ok(Outcome::NotApplicable(say("dns-in-the-clear-na-not-asked")));
    }
    if !clear.is_empty() {
        return Ok(fail(clear.iter().map(evidence).collect()).into());
    }
    if kept.iter().any(|asked| asked.reach == Reach::Local) {
        return Err(Reason::Undecided { what: Thing::NameLookups }.into());
    }
    Ok(Outcome::Pass(kept.iter().map(evidence).collect()))
}

fn evidence(asked: &Asked<'_>) -> Evidence {
    let key = match (asked.reach, asked.encryption) {
        (Reach::Tunnel(_), _) => "dns-in-the-clear-evidence-tunnel",
        (Reach::Nowhere | Reach::Local, _) => "dns-in-the-clear-evidence-nowhere",
        (Reach::Beside(_), Encryption::Strict) => "dns-in-the-clear-evidence-strict",
        (Reach::Beside(_), Encryption::Opportunistic) => "dns-in-the-clear-evidence-opportunistic",
        (Reach::Beside(_), Encryption::Off) => "dns-in-the-clear-evidence-off",
    };
    say(key).with("resolver", asked.address).known(Basis::Configured, "resolver settings")
}
