//! What is different between two moments: a good day and a bad day.

use serde::Serialize;
use serde_json::Value;

use crate::checks::{Arg, say};
use crate::guidance::Guidance;
use crate::outputs::page::{BOLD, Glyph, Look, PLAIN, Page};
use crate::outputs::{json, phrase};
use crate::verdict::Verdict;
use crate::words::Words;

/// One of the two.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What it was called on the command line.
    pub name: String,
    /// Its verdict.
    pub verdict: &'a Verdict,
    /// What it was judged by.
    pub guidance: &'a Guidance,
    /// Its facts, as their file has them.
    pub facts: Value,
    /// Which pseudonyms it has; `None` for facts without a bundle.
    pub pseudonyms: Option<String>,
}

/// All that is different.
#[derive(Debug, Serialize)]
pub struct Difference {
    format: &'static str,
    /// The two, by name and time.
    of: [Of; 2],
    /// Whether the pseudonyms of the two can be compared.
    comparable: bool,
    /// The verdict, where it is another.
    verdict: Option<[&'static str; 2]>,
    /// Checks that came to something else.
    checks: Vec<Changed>,
    /// What is different in the contract's `connection`.
    connection: Vec<Leaf>,
    /// And in the facts.
    facts: Vec<Leaf>,
}

#[derive(Debug, Serialize)]
struct Of {
    name: String,
    taken_at: String,
}

#[derive(Debug, Serialize)]
struct Changed {
    check: &'static str,
    outcomes: [&'static str; 2],
}

#[derive(Debug, Serialize)]
struct Leaf {
    at: String,
    values: [Value; 2],
}

/// More lines of facts are left out on a terminal.
const MOST: usize = 40;
/// Longest value shown, in characters.
const LONGEST: usize = 80;

impl Difference {
    /// Compares two.
    ///
    /// # Errors
    /// When one does not serialise: a fault of ours.
    pub fn between(words: &Words, before: &Judged<'_>, after: &Judged<'_>) -> serde_json::Result<Self> {
        let document = |judged: &Judged<'_>| -> serde_json::Result<Value> {
            let bytes = json::v1::document(words, judged.verdict, judged.guidance)?;
            let document: Value = serde_json::from_slice(&bytes)?;
            Ok(document.get("connection").cloned().unwrap_or_default())
        };
        let mut connection = Vec::new();
        leaves(&document(before)?, &document(after)?, "", &mut connection);
        let mut facts = Vec::new();
        leaves(&before.facts, &after.facts, "", &mut facts);
        facts.retain(|leaf| !is_noise(&leaf.at));
        let outcome = |judged: &Judged<'_>, id: &str| {
            judged
                .verdict
                .findings
                .iter()
                .find(|finding| finding.check.id == id)
                .map_or("not-asked", |finding| finding.result.word())
        };
        let checks = crate::checks::ALL.iter().filter_map(|check| {
            let outcomes = [outcome(before, check.id), outcome(after, check.id)];
            (outcomes[0] != outcomes[1]).then_some(Changed { check: check.id, outcomes })
        });
        let words_of = [before.verdict.word.word(), after.verdict.word.word()];
        let of = |judged: &Judged<'_>| Of { name: judged.name.clone(), taken_at: judged.verdict.taken_at.to_string() };
        Ok(Self {
            format: "homeward.difference/1",
            of: [of(before), of(after)],
            comparable: before.pseudonyms == after.pseudonyms,
            verdict: (words_of[0] != words_of[1]).then_some(words_of),
            checks: checks.collect(),
            connection,
            facts,
        })
    }

    /// As a document.
    ///
    /// # Errors
    /// When it does not serialise: a fault of ours.
    pub fn document(&self) -> serde_json::Result<Vec<u8>> {
        json::safe::to_vec(self)
    }

    /// As a page.
    pub fn page(&self, words: &Words, look: Look) -> String {
        let mut page = Page::new(look);
        for (label, of) in ["diff-first", "diff-second"].into_iter().zip(&self.of) {
            let label = words.get(label);
            page.say(
                0,
                (BOLD, &label),
                PLAIN,
                &words.say(&say("diff-of").with("name", &of.name).with("at", &of.taken_at)),
            );
        }
        if !self.comparable {
            page.item(0, Glyph::Warn, PLAIN, &words.get("diff-not-comparable"));
        }
        page.blank();
        match self.verdict {
            Some([before, after]) => {
                let word = |word: &str| Arg::Key(format!("word-{word}"));
                let said = say("diff-verdict").with("before", word(before)).with("after", word(after));
                page.bold(0, &words.say(&said));
            }
            None => page.bold(0, &words.get("diff-verdict-same")),
        }
        for Changed { check, outcomes: [before, after] } in &self.checks {
            let glyph = match *after {
                "fail" => Glyph::Bad,
                "unknown" => Glyph::Unknown,
                "pass" => Glyph::Fine,
                _ => Glyph::Dot,
            };
            let title =
                crate::checks::find(check).map(|check| phrase::plain(&words.check(check).title)).unwrap_or_default();
            page.item(0, glyph, PLAIN, &format!("{title} [{check}]: {before} → {after}"));
        }
        section(&mut page, &words.get("diff-connection"), &self.connection, usize::MAX);
        section(&mut page, &words.get("diff-facts"), &self.facts, MOST);
        if self.facts.len() > MOST {
            page.plain(2, &words.say(&say("diff-more").with("count", self.facts.len() - MOST)));
        }
        if self.checks.is_empty() && self.connection.is_empty() && self.facts.is_empty() {
            page.blank();
            page.plain(0, &words.get("diff-nothing"));
        }
        page.into_text()
    }
}

fn section(page: &mut Page, heading: &str, leaves: &[Leaf], most: usize) {
    if leaves.is_empty() {
        return;
    }
    page.blank();
    page.bold(0, heading);
    for Leaf { at, values: [before, after] } in leaves.iter().take(most) {
        let at = crate::facts::text::harmless(at, 2 * LONGEST);
        page.item(2, Glyph::Dot, PLAIN, &format!("{at}: {} → {}", shown(before), shown(after)));
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    crate::facts::text::harmless(&text, LONGEST)
}

/// What is different at any two moments, and says nothing.
fn is_noise(at: &str) -> bool {
    const LAST: [&str; 12] = [
        "taken-at",
        "rx-bytes",
        "tx-bytes",
        "rx-during-look",
        "handshake-age",
        "packets",
        "bytes",
        "flows",
        "first",
        "last",
        "beacons",
        "index",
    ];
    let last = at.rsplit('.').next().unwrap_or_default();
    LAST.contains(&last) || at.starts_with("sensor.known.heard.") || at.contains(".examples") || at == "taken-at"
}

/// Where two documents differ. Lists are compared item by item, by what names an item where something does.
fn leaves(before: &Value, after: &Value, at: &str, found: &mut Vec<Leaf>) {
    let under = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                leaves(&of(a), &of(b), &under(key), found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let (a, b) = (named(a), named(b));
            let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let of = |map: &std::collections::BTreeMap<String, Value>| map.get(name).cloned().unwrap_or_default();
                leaves(&of(&a), &of(&b), &under(name), found);
            }
        }
        (before, after) if before != after => {
            found.push(Leaf { at: at.to_owned(), values: [before.clone(), after.clone()] });
        }
        _ => {}
    }
}

/// The items of a list by name, else by number.
fn named(items: &[Value]) -> std::collections::BTreeMap<String, Value> {
    const NAMES: [&str; 7] = ["name", "interface", "to", "label", "prefix", "address", "id"];
    let mut all = std::collections::BTreeMap::new();
    for (number, item) in items.iter().enumerate() {
        let name = match item {
            Value::String(text) => Some(text.clone()),
            item => NAMES.iter().find_map(|key| item.get(key)?.as_str().map(str::to_owned)),
        };
        let mut name = name.unwrap_or_else(|| number.to_string());
        while all.contains_key(&name) {
            name.push('+');
        }
        all.insert(name, item.clone());
    }
    all
}
