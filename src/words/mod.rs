//! The catalogue every sentence comes from. A language is one folder here: Fluent files for what is
//! said, and the checks' own words as Markdown (English keeps those beside the checks, in
//! `src/checks/*.md`).
//!
//! Whatever comes from outside reaches a sentence only as an argument, and every argument is made
//! harmless here: no control character, no direction mark, no endless text.

pub mod check;
pub mod lang;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::checks::{Arg, Check, Message};
use crate::facts::text::harmless;
use crate::facts::{Basis, Reason};
pub use check::{CODE, CheckWords};
pub use lang::Lang;

/// Longest argument shown, in characters. A Wi-Fi name has at most 32 bytes, a host name 253.
const LONGEST: usize = 300;

/// The words of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Words {
    /// Reads the catalogue of a language. Costs about a millisecond: make one, when the first
    /// sentence is needed.
    pub fn new(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.identifier()]);
        bundle.set_use_isolating(false);
        for (_, text) in lang.catalogue() {
            // A file with a mistake still gives its sound part; a test refuses both mistakes.
            let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(sound, _)| sound);
            drop(bundle.add_resource(resource));
        }
        Self { lang, bundle }
    }

    /// The language.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether the catalogue holds this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// A sentence without arguments.
    pub fn get(&self, key: &str) -> String {
        self.format(key, &FluentArgs::new())
    }

    /// A sentence with its arguments.
    pub fn say(&self, message: &Message) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            args.set(*name, self.value(value));
        }
        self.format(message.key, &args)
    }

    fn value(&self, value: &Arg) -> FluentValue<'static> {
        match value {
            Arg::Text(text) => FluentValue::from(harmless(text, LONGEST)),
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Key(key) => FluentValue::from(self.get(key)),
        }
    }

    /// A missing key shows itself: the rest of what is to be said stays readable.
    fn format(&self, key: &str, args: &FluentArgs<'_>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return harmless(key, LONGEST);
        };
        let mut trouble = Vec::new();
        self.bundle.format_pattern(pattern, Some(args), &mut trouble).into_owned()
    }

    /// Why something is not known: the words for this reason and thing (`reason-undecided-nftables`),
    /// else for the reason (`reason-undecided`).
    pub fn reason(&self, reason: &Reason) -> String {
        let (why, what) = parts(reason);
        let mut args = FluentArgs::new();
        if let Some(thing) = what.filter(|_| !matches!(reason, Reason::SaidDontKnow { .. } | Reason::AnswerOld { .. }))
        {
            args.set("what", self.get(&format!("thing-{thing}")));
        }
        match reason {
            Reason::Failed { error, .. } => args.set("error", self.value(&error_words(error))),
            Reason::AnswerOld { days, .. } => args.set("days", *days),
            _ => {}
        }
        self.format(&self.nearest(why, what), &args)
    }

    /// `KEY-THING` where the catalogue has it, else `KEY`.
    fn nearest(&self, key: &str, thing: Option<&str>) -> String {
        thing.map(|thing| format!("{key}-{thing}")).filter(|key| self.has(key)).unwrap_or_else(|| key.to_owned())
    }

    /// What would help to find it out: the words for this reason and thing
    /// (`remedy-not-permitted-nftables`) or question, else for the reason (`remedy-not-permitted`).
    pub fn remedy(&self, reason: &Reason) -> String {
        let (why, what) = parts(reason);
        let mut args = FluentArgs::new();
        if let Reason::AnswerOld { question, .. } | Reason::SaidDontKnow { question } = reason {
            args.set("id", harmless(question, LONGEST));
        }
        self.format(&self.nearest(&why.replacen("reason-", "remedy-", 1), what), &args)
    }

    /// How a piece of evidence is known.
    pub fn basis(&self, basis: Basis) -> String {
        self.get(match basis {
            Basis::Measured => "basis-measured",
            Basis::Advertised => "basis-advertised",
            Basis::Configured => "basis-configured",
            Basis::Inferred => "basis-inferred",
            Basis::Attested => "basis-attested",
        })
    }

    /// A check's own words in this language; in English where the language has none yet.
    pub fn check(&self, check: &'static Check) -> CheckWords {
        let text = self.lang.check_words(check.id).unwrap_or(check.words);
        CheckWords::parse(text)
            .or_else(|_| CheckWords::parse(check.words))
            .unwrap_or_else(|_| CheckWords::bare(check.id))
    }
}

/// An error in words of the catalogue where it has some, else as the system gave it.
fn error_words(error: &str) -> Arg {
    let key = match error {
        "no such name" => "error-no-such-name",
        "timed out" => "error-timed-out",
        _ => return Arg::Text(error.to_owned()),
    };
    Arg::Key(key.to_owned())
}

/// The catalogue key of a reason, and the key of the thing or the question it speaks of.
fn parts(reason: &Reason) -> (&'static str, Option<&str>) {
    match reason {
        Reason::NotRecorded => ("reason-not-recorded", None),
        Reason::NotPermitted { what } => ("reason-not-permitted", Some(what.key())),
        Reason::NotRunning { what } => ("reason-not-running", Some(what.key())),
        Reason::NotAvailable { what } => ("reason-not-available", Some(what.key())),
        Reason::NotSent { what } => ("reason-not-sent", Some(what.key())),
        Reason::TimedOut { what } => ("reason-timed-out", Some(what.key())),
        Reason::Failed { what, .. } => ("reason-failed", Some(what.key())),
        Reason::Undecided { what } => ("reason-undecided", Some(what.key())),
        Reason::NotAsked { what } => ("reason-not-asked", Some(what.key())),
        Reason::NoConnection => ("reason-no-connection", None),
        Reason::NotAnswered { what } => ("reason-not-answered", Some(what.key())),
        Reason::HomeNotKnown => ("reason-home-not-known", None),
        Reason::SaidDontKnow { question } => ("reason-said-dont-know", Some(question)),
        Reason::AnswerOld { question, .. } => ("reason-answer-old", Some(question)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::say;
    use crate::facts::Thing;

    #[test]
    fn arguments_are_made_harmless() {
        let words = Words::new(Lang::En);
        let said = words.say(
            &say("connection-wifi-secured")
                .with("ssid", "\u{1b}[2J\u{202e}x")
                .with("interface", "wlan0")
                .with("security", Arg::Key("security-open".to_owned())),
        );
        assert!(said.chars().all(crate::facts::text::is_plain), "{said:?}");
        assert!(said.contains("\\u{1b}[2J"), "{said}");
    }

    #[test]
    fn a_missing_key_shows_itself() {
        assert_eq!(Words::new(Lang::En).get("no-such-key"), "no-such-key");
    }

    #[test]
    fn a_special_remedy_outranks_the_general_one() {
        let words = Words::new(Lang::En);
        let general = words.remedy(&Reason::NotPermitted { what: Thing::Netlink });
        let special = words.remedy(&Reason::NotPermitted { what: Thing::Nftables });
        assert_ne!(general, special);
        let undecided = |what| words.reason(&Reason::Undecided { what });
        assert_eq!(undecided(Thing::Place), "There is not enough to tell whether this is a public place.");
        assert_eq!(undecided(Thing::Nftables), "There is not enough to tell what the firewall lets through.");
        let failed = |error: &str| words.reason(&Reason::failed(Thing::PortalProbe, error));
        assert_eq!(failed("no such name"), "The test page could not be reached (its name was not found).");
        assert_eq!(failed("reset"), "The test page could not be reached (reset).");
    }

    #[test]
    fn numbers_choose_their_plural() {
        let words = Words::new(Lang::En);
        let one = words.say(&say("count-to-fix").with("count", 1_u64));
        let two = words.say(&say("count-to-fix").with("count", 2_u64));
        assert!(one.contains('1') && two.contains('2'), "{one} {two}");
        assert_ne!(one.replace('1', "2"), two, "plural");
    }
}
