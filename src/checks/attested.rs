//! What the attested checks share: a question only a person can answer, asked again after a while, at home only.

use super::{Check, Outcome, fail, pass, say};
use crate::facts::attest::Answer;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::{link, place};

/// Seconds by which the clock may have been set back since an answer was given.
const CLOCK_SLACK: i64 = 86_400;

/// The rule of an attested check.
///
/// # Errors
/// [`Missing`] when the place or the answers are not known, or the answer is missing or too old.
pub(super) fn rule(check: &Check, facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if !guidance.attestations.ask {
        return Ok(Outcome::NotApplicable(say("attested-na-not-asked")));
    }
    if link::outward(facts)?.is_none() {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    if place::is_phone(facts)? {
        return Ok(Outcome::NotApplicable(say("attested-na-phone")));
    }
    if place::is_public(facts, guidance)? {
        return Ok(Outcome::NotApplicable(say("attested-na-public")));
    }
    let unanswered = || Missing::from(Reason::NotAnswered { what: Thing::Attestation });
    let given = facts.attestations.get()?.answers.get(check.id).ok_or_else(unanswered)?;
    let age = facts.taken_at.duration_since(given.at).as_secs();
    let days = u64::try_from(age / 86_400).unwrap_or(0);
    let told = |key| say(key).with("days", days).known(Basis::Attested, "your answer");
    let old = u64::try_from(age).is_ok_and(|age| age > guidance.attestations.valid_for.as_secs());
    Ok(match given.answer {
        // What was answered long ago, or in a future that has not come, is asked again.
        _ if age < -CLOCK_SLACK => return Err(unanswered()),
        _ if old => Outcome::Unknown(unanswered(), vec![told("attested-evidence-old")]),
        Answer::Yes => pass(told("attested-evidence-yes")),
        Answer::No => fail(vec![told("attested-evidence-no")]).into(),
        Answer::DontKnow => Outcome::Unknown(unanswered(), vec![told("attested-evidence-dont-know")]),
    })
}
