#![doc = include_str!("network_imitated.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::met::{Likeness, Met};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::place::weaker;
use crate::inference::wifi::{self, Protection};

/// See the module text.
pub static CHECK: Check = Check {
    id: "network-imitated",
    words: include_str!("network_imitated.md"),
    citations: &[cite("good-practice", "known-network")],
    severity: Severity::Critical,
    side: Side::Network,
    settle: Settle::seconds(60, 120),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

/// How long a network must have been met before it is known how it is: on so many days, unless the person trusts it.
pub(super) const FAMILIAR: u32 = 3;

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let (protection, met) = match familiar(facts)? {
        Ok(known) => known,
        Err(outcome) => return Ok(outcome),
    };
    let now = protection.security.word();
    if !is_weaker(met, now) {
        return Ok(pass(as_before(&protection, met)));
    }
    let mut evidence = vec![is_now_weaker(&protection, met)];
    match (met.router, met.maker) {
        (Likeness::Other, Likeness::Other) => {
            evidence.push(say("met-other-router").known(Basis::Measured, "rtnetlink"));
            evidence.push(say("met-other-maker").known(Basis::Advertised, "nl80211"));
            if met.server == Likeness::Other {
                evidence.push(say("met-other-server").known(Basis::Advertised, "dhcp"));
            }
            Ok(fail(evidence).into())
        }
        (Likeness::Same, _) => {
            Ok(Outcome::Pass(vec![say("met-same-router").known(Basis::Measured, "rtnetlink"), evidence.remove(0)]))
        }
        (_, Likeness::Same) => {
            Ok(Outcome::Pass(vec![say("met-same-maker").known(Basis::Advertised, "nl80211"), evidence.remove(0)]))
        }
        _ => {
            let missing = Missing::new(crate::facts::Reason::Undecided { what: crate::facts::Thing::Memory });
            Ok(Outcome::Unknown(missing, evidence))
        }
    }
}

/// The protection of the Wi-Fi and what is remembered of it, where it was met often enough; else why the question does not
/// arise.
pub(super) fn familiar(facts: &Facts) -> Result<Result<(Protection<'_>, &Met), Outcome>, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Err(Outcome::NotApplicable(say("met-na-cable"))));
    };
    Ok(match facts.met.get()? {
        None => Err(Outcome::NotApplicable(say("met-na-new"))),
        Some(met) if met.days < FAMILIAR && !met.trusted => Err(Outcome::NotApplicable(say("met-na-young"))),
        Some(met) => Ok((protection, met)),
    })
}

pub(super) fn is_weaker(met: &Met, now: &str) -> bool {
    met.weakest.as_deref().is_some_and(|before| weaker(now, before))
}

pub(super) fn as_before(protection: &Protection<'_>, met: &Met) -> Evidence {
    say("met-as-before")
        .with("ssid", protection.name())
        .with("days", u64::from(met.days))
        .with("weakest", security(met.weakest.as_deref()))
        .known(Basis::Inferred, "memory")
}

pub(super) fn is_now_weaker(protection: &Protection<'_>, met: &Met) -> Evidence {
    say("met-weaker")
        .with("ssid", protection.name())
        .with("now", protection.class())
        .with("days", u64::from(met.days))
        .with("weakest", security(met.weakest.as_deref()))
        .known(protection.basis.evidence(), "memory")
}

/// The words of a protection that was remembered by its word.
fn security(word: Option<&str>) -> super::Arg {
    super::Arg::Key(format!("security-{}", word.unwrap_or("unrecognised")))
}
