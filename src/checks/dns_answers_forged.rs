#![doc = include_str!("dns_answers_forged.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::dns::Nonsense;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::link;

/// How many of the made-up addresses are shown.
const SHOWN: usize = 4;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-answers-forged",
    words: include_str!("dns_answers_forged.md"),
    citations: &[cite("good-practice", "true-answers")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(30, 60),
    masked_by: &["portal-waiting"],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    // Without a connection any answer is this machine's own.
    if matches!(link::outward(facts), Ok(None)) {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    Ok(match facts.dns.get()?.nonsense.get()? {
        Nonsense::NoSuchName => pass(say("dns-answers-forged-evidence-true").known(Basis::Measured, "probe")),
        Nonsense::Addresses(addresses) => {
            let shown: Vec<String> = addresses.iter().take(SHOWN).map(ToString::to_string).collect();
            fail(vec![
                say("dns-answers-forged-evidence-made-up")
                    .with("addresses", shown.join(", "))
                    .known(Basis::Measured, "probe"),
            ])
            .into()
        }
        Nonsense::Refused(answer) => Outcome::Unknown(
            Reason::Undecided { what: Thing::DnsProbe }.into(),
            vec![say("dns-answers-forged-evidence-refused").with("answer", answer).known(Basis::Measured, "probe")],
        ),
    })
}
