#![doc = include_str!("dns_resolver_unapproved.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Asked, Names, Reach};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-resolver-unapproved",
    words: include_str!("dns_resolver_unapproved.md"),
    citations: &[cite("nist-800-81r3", "protective-dns")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(30, 30),
    masked_by: &["dns-leak", "vpn-down"],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let approved = &guidance.dns.resolvers;
    if approved.is_empty() {
        return Ok(Outcome::NotApplicable(say("dns-resolver-unapproved-na-any")));
    }
    let mut asked = dns::asked(facts, Names::Public)?;
    for domain in &guidance.dns.domains {
        for more in dns::asked(facts, Names::Under(domain))? {
            if !asked.iter().any(|known| known.address == more.address) {
                asked.push(more);
            }
        }
    }
    if dns::is_idle(facts, &asked) {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    if asked.is_empty() {
        return Ok(Outcome::NotApplicable(say("dns-na-no-resolver")));
    }
    let (good, other): (Vec<Asked<'_>>, Vec<Asked<'_>>) =
        asked.into_iter().partition(|asked| approved.iter().any(|net| net.contains(&asked.address)));
    let evidence = |key| {
        move |asked: &Asked<'_>| say(key).with("resolver", asked.address).known(Basis::Configured, "resolver settings")
    };
    // A forwarder on this machine is not the one that answers in the end.
    if other.iter().any(|asked| asked.reach != Reach::Local) {
        let foreign = other.iter().filter(|asked| asked.reach != Reach::Local);
        return Ok(fail(foreign.map(evidence("dns-resolver-unapproved-evidence-other")).collect()).into());
    }
    if !other.is_empty() {
        return Err(Reason::Undecided { what: Thing::NameLookups }.into());
    }
    Ok(Outcome::Pass(good.iter().map(evidence("dns-resolver-unapproved-evidence-approved")).collect()))
}
