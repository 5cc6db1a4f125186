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
/// [`Missing`] when the answer is missing, or neither it nor whether this is the home is known.
pub(super) fn rule(check: &Check, facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if !guidance.attestations.ask {
        return Ok(Outcome::NotApplicable(say("attested-na-not-asked")));
    }
    let not_home = match home(facts, guidance) {
        Ok(Some(why)) => return Ok(Outcome::NotApplicable(say(why))),
        Ok(None) => None,
        Err(_) => Some(Missing::from(Reason::HomeNotKnown)),
    };
    let unanswered = || Missing::from(Reason::NotAnswered { what: Thing::Attestation });
    let given = match (facts.attestations.get().map(|kept| kept.answers.get(check.id)), &not_home) {
        (Ok(Some(given)), _) => given,
        (_, Some(missing)) => return Err(missing.clone()),
        (Ok(None), None) => return Err(unanswered()),
        (Err(missing), None) => return Err(missing),
    };
    let age = facts.taken_at.duration_since(given.at).as_secs();
    if age < -CLOCK_SLACK {
        // An answer from a future that has not come is asked again.
        return Err(not_home.unwrap_or_else(unanswered));
    }
    let days = u64::try_from(age / 86_400).unwrap_or(0);
    let told = say(match given.answer {
        Answer::Yes => "attested-evidence-yes",
        Answer::No => "attested-evidence-no",
        Answer::DontKnow => "attested-evidence-dont-know",
    })
    .with("days", days)
    .known(Basis::Attested, "your answer");
    let question = || check.id.to_owned();
    let old = u64::try_from(age).is_ok_and(|age| age > guidance.attestations.valid_for.as_secs());
    Ok(match (not_home, given.answer) {
        (Some(missing), _) => Outcome::Unknown(missing, vec![told]),
        (None, _) if old => Outcome::Unknown(Reason::AnswerOld { question: question(), days }.into(), vec![told]),
        (None, Answer::Yes) => pass(told),
        (None, Answer::No) => fail(vec![told]).into(),
        (None, Answer::DontKnow) => Outcome::Unknown(Reason::SaidDontKnow { question: question() }.into(), vec![told]),
    })
}

/// Why this is not the home that is asked about; `None` when it is.
fn home(facts: &Facts, guidance: &Guidance) -> Result<Option<&'static str>, Missing> {
    Ok(if link::outward(facts)?.is_none() {
        Some("place-na-offline")
    } else if place::is_phone(facts)? {
        Some("attested-na-phone")
    } else if place::is_public(facts, guidance)? {
        Some("attested-na-public")
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::router_password_attested::CHECK;
    use crate::facts::Observed;
    use crate::facts::attest::{Attestation, Attestations};
    use crate::words::{Lang, Words};

    /// What is said of an answer given so many days ago: the reason, the remedy and the evidence.
    fn told(base: &str, answer: Answer, days: i64) -> (String, String, Vec<String>) {
        let mut facts: Facts = serde_json::from_str(base).expect("a moment");
        let at = facts.taken_at - jiff::SignedDuration::from_hours(24 * days);
        let answers = [(CHECK.id.to_owned(), Attestation { answer, at })].into();
        facts.attestations = Observed::Known(Attestations { answers });
        let Ok(Outcome::Unknown(missing, evidence)) = rule(&CHECK, &facts, Guidance::built_in()) else {
            panic!("cannot be told")
        };
        let words = Words::new(Lang::En);
        let evidence = evidence.iter().map(|piece| words.say(&piece.says)).collect();
        (words.reason(&missing.reason), words.remedy(&missing.reason), evidence)
    }

    const HOME: &str = include_str!("../../tests/cases/base/home-wifi.json");
    const BLIND: &str = include_str!("../../tests/cases/base/blind.json");

    #[test]
    fn an_answer_that_does_not_count_says_why_and_what_helps() {
        let (reason, remedy, evidence) = told(HOME, Answer::DontKnow, 3);
        assert_eq!(reason, "You said that you do not know.");
        assert!(remedy.contains("label") && remedy.ends_with("homeward attest router-password-attested."), "{remedy}");
        assert_eq!(evidence, ["You said 3 days ago that you do not know."]);
        let (reason, remedy, evidence) = told(HOME, Answer::Yes, 300);
        assert_eq!(reason, "The answer is 300 days old.");
        assert_eq!(remedy, "Answer again: homeward attest router-password-attested.");
        assert_eq!(evidence, ["You said yes 300 days ago."]);
    }

    #[test]
    fn where_it_is_not_known_to_be_the_home_that_is_the_reason_and_the_answer_stays() {
        let (reason, _, evidence) = told(BLIND, Answer::Yes, 3);
        assert_eq!(reason, "It is not known whether this is your home.");
        assert_eq!(evidence, ["You said yes 3 days ago."]);
    }
}
