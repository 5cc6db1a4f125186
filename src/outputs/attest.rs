//! The questions only a person can answer, with the answers so far.

use anstyle::Style;

use crate::checks::{Arg, Check, Message, say};
use crate::facts::attest::{Answer, Attestations};
use crate::guidance::AttestationRule;
use crate::outputs::page::{Look, Page};
use crate::words::Words;

/// Each question, its last answer, and until when it holds.
pub fn list(
    words: &Words,
    asked: &[&'static Check],
    answers: &Attestations,
    rule: &AttestationRule,
    now: &jiff::ZonedDateTime,
    look: Look,
) -> String {
    let mut page = Page::new(look);
    page.plain(0, &words.get(if rule.ask { "attest-intro" } else { "attest-intro-not-asked" }));
    for check in asked {
        page.blank();
        page.bold(0, &words.check(check).asks);
        page.dim(2, check.id);
        let message = match answers.answers.get(check.id) {
            None => say("attest-unanswered"),
            Some(given) => {
                let valid = jiff::SignedDuration::try_from(rule.valid_for).unwrap_or(jiff::SignedDuration::MAX);
                let until = given.at.checked_add(valid).unwrap_or(jiff::Timestamp::MAX);
                let key = if until < now.timestamp() { "attest-expired" } else { "attest-answered" };
                say(key)
                    .with("answer", Arg::Key(word(given.answer).to_owned()))
                    .with("at", day(given.at, now))
                    .with("until", day(until, now))
            }
        };
        page.say(2, (Style::new(), ""), Style::new(), &words.say(&message));
    }
    page.into_text()
}

/// What is said when an answer was kept.
pub fn said(words: &Words, check: &'static Check, answer: Answer) -> Message {
    say("attest-kept").with("asks", words.check(check).asks).with("answer", Arg::Key(word(answer).to_owned()))
}

const fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "attest-yes",
        Answer::No => "attest-no",
        Answer::DontKnow => "attest-dont-know",
    }
}

/// The day, in the time zone of `now`.
fn day(at: jiff::Timestamp, now: &jiff::ZonedDateTime) -> String {
    at.to_zoned_datetime(now.time_zone().clone()).date().to_string()
}
