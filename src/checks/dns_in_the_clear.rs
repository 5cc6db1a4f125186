#![doc = include_str!("dns_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Asked, Names, Reach};
use crate::inference::{place, traffic};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-in-the-clear",
    words: include_str!("dns_in_the_clear.md"),
    citations: &[cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(60, 60),
    masked_by: &["vpn-down", "dns-leak"],
    told_with: &["wifi-unencrypted", "wifi-wep", "hotspot-public"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

/// Look-ups that could be read.
const SIGNS: &[Sign] = &[Sign::of("dns.do53", "traffic-what-do53")];
/// Look-ups that could not.
const ENCRYPTED: &[&str] = &["dns.dot", "dns.doq", "dns.doh-sni"];

/// Readable look-ups as packets show them; of those the sensor saw, only the ones this machine sent.
fn on_the_wire(facts: &Facts) -> Result<Vec<Evidence>, Missing> {
    let shown = shown(facts, SIGNS)?;
    let own = |shown: &&Shown<'_>| shown.open.is_current() && (shown.open.numbered || shown.open.sent > 0);
    Ok(shown.iter().filter(own).map(Shown::evidence).collect())
}

/// What packets alone tell, where the settings do not.
fn by_packets(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let clear = on_the_wire(facts)?;
    if clear.is_empty() {
        return Ok(if traffic::any(facts, ENCRYPTED)? {
            pass(say("dns-in-the-clear-seen-encrypted").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("dns-na-none-seen"))
        });
    }
    if !guidance.dns.encrypted && place::is_public(facts, guidance) != Ok(true) {
        return Ok(Outcome::NotApplicable(say("dns-in-the-clear-na-not-asked")));
    }
    Ok(fail(clear).into())
}

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if facts.dns.known().is_none() && facts.traffic.known().is_some() {
        return by_packets(facts, guidance);
    }
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
        let seen = on_the_wire(facts).unwrap_or_default();
        return Ok(fail(clear.iter().map(evidence).chain(seen).collect()).into());
    }
    if kept.iter().any(|asked| asked.reach == Reach::Local) {
        // Whom a forwarder on this machine asks, and how, shows on the wire alone.
        if let Ok(decided @ (Outcome::Pass(_) | Outcome::Fail(_))) = by_packets(facts, guidance) {
            return Ok(decided);
        }
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
