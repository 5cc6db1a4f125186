//! TELL the helpdesk: a moment, what was made of it and what came before, as files of one folder. Everything here is told of what it
//! is given, which is redacted already.

pub mod about;
mod answers;
pub mod difference;
mod lines;
mod summary;

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::checks::say;
use crate::facts::Facts;
use crate::guidance::{Guidance, Source, written};
use crate::history::Past;
use crate::outputs::code::Told;
use crate::outputs::page::{Glyph, Look, PLAIN, Page};
use crate::outputs::{html, json, phrase};
use crate::verdict::Verdict;
use crate::words::Words;
pub use about::About;
pub use answers::Answers;
pub(super) use answers::{at, redaction};

/// The guidance's place in the bundle.
pub const GUIDANCE: &str = "guidance.toml";
/// The facts'.
pub const FACTS: &str = "facts.json";
/// The verdict's.
pub const VERDICT: &str = "verdict.json";
/// What the bundle says of itself.
pub const ABOUT: &str = "bundle.json";
/// The sums of the others.
pub const MANIFEST: &str = "MANIFEST.sha256";

/// All that a bundle is made of.
#[derive(Debug)]
pub struct Material {
    /// The moment.
    pub facts: Facts,
    /// What it is judged by.
    pub guidance: Guidance,
    /// What it came to.
    pub verdict: Verdict,
    /// What came before.
    pub past: Past,
    /// From when on that is told.
    pub since: Timestamp,
    /// The network of the moment as the past names it.
    pub here: Option<String>,
    /// What the bundle says of itself.
    pub about: About,
    /// Programs and their versions.
    pub versions: Vec<(String, String)>,
    /// What could not be collected, in words.
    pub errors: Vec<String>,
    /// The person's clock.
    pub zone: TimeZone,
}

/// A file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why it could not be written: a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl Material {
    /// A moment with what it came to, and what came before; nothing taken out of it, by the clock of Greenwich.
    pub fn new(facts: Facts, guidance: Guidance, verdict: Verdict, past: Past, since: Timestamp) -> Self {
        let about = About {
            format: about::FORMAT.to_owned(),
            made_at: facts.taken_at,
            homeward: env!("CARGO_PKG_VERSION").to_owned(),
            redaction: "none".to_owned(),
            pseudonyms: String::new(),
            code: Told::of(&verdict).code(),
            note: None,
        };
        let (here, versions, errors, zone) = (None, Vec::new(), Vec::new(), TimeZone::UTC);
        Self { facts, guidance, verdict, past, since, here, about, versions, errors, zone }
    }

    /// The guidance's own file; `None` where it is the one compiled in.
    fn guidance_file(&self) -> Result<Option<File>, Failure> {
        Ok(match self.guidance.source {
            Source::BuiltIn => None,
            Source::Files(_) => {
                Some(File { name: GUIDANCE, bytes: written::text(&self.guidance).map_err(Failure::of)?.into_bytes() })
            }
        })
    }

    /// Every file, those first that a person reads first; the sums last.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn files(&self, words: &Words) -> Result<Vec<File>, Failure> {
        let answers = Answers::of(words, self);
        let mut files = vec![
            File { name: "summary.txt", bytes: summary::text(words, self, &answers).into_bytes() },
            File {
                name: "report.html",
                bytes: html::report::page(words, self, &answers).map_err(Failure::of)?.into_bytes(),
            },
            File {
                name: VERDICT,
                bytes: json::v1::document(words, &self.verdict, &self.guidance).map_err(Failure::of)?,
            },
            File { name: FACTS, bytes: json::safe::to_vec(&self.facts).map_err(Failure::of)? },
        ];
        files.extend(self.guidance_file()?);
        files.push(File { name: "history.jsonl", bytes: lines::of(&self.past, self.since).map_err(Failure::of)? });
        let versions = self.versions.iter().fold(String::new(), |mut text, (name, version)| {
            let _ = writeln!(text, "{name} {version}");
            text
        });
        files.push(File { name: "versions.txt", bytes: versions.into_bytes() });
        let mut errors = self.errors.join("\n");
        errors.push('\n');
        files.push(File { name: "collection-errors.txt", bytes: errors.into_bytes() });
        files.push(File { name: ABOUT, bytes: json::safe::to_vec(&self.about).map_err(Failure::of)? });
        let sums = files.iter().fold(String::new(), |mut text, file| {
            let _ = writeln!(text, "{}  {}", sum(&file.bytes), file.name);
            text
        });
        files.push(File { name: MANIFEST, bytes: sums.into_bytes() });
        Ok(files)
    }
}

/// SHA-256 in hexadecimal.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a code tells, for who heard it.
pub fn decoded(words: &Words, told: &Told, look: Look) -> String {
    let mut page = Page::new(look);
    let verdict = words.get(&format!("word-{}", told.word.word()));
    page.bold(0, &words.say(&say("report-code-verdict").with("word", verdict)));
    let unknown = || words.get("report-unknown");
    let medium = match told.medium {
        None => unknown(),
        Some(None) => words.get("connection-none"),
        Some(Some(medium)) => words.get(&format!("medium-{}", medium.word())),
    };
    let public = told.public.map_or_else(unknown, |public| words.get(if public { "report-yes" } else { "report-no" }));
    let connection = say("report-code-connection")
        .with("medium", medium)
        .with("vpn", told.vpn.map_or_else(unknown, |level| level.word().to_owned()))
        .with("public", public);
    page.plain(0, &words.say(&connection));
    if !told.checks.is_empty() {
        page.blank();
        page.plain(0, &words.get(if told.unknown { "report-code-unknown" } else { "report-code-failed" }));
    }
    for check in told.checks.iter().filter_map(|id| crate::checks::find(id)) {
        let own = words.check(check);
        let title = phrase::plain(if told.unknown { &own.asks } else { &own.title });
        page.item(2, if told.unknown { Glyph::Unknown } else { Glyph::Bad }, PLAIN, &format!("{title} [{}]", check.id));
        if !told.unknown {
            page.plain(6, &phrase::plain(own.advice()));
        }
    }
    if told.more {
        page.plain(2, &words.get("report-code-more"));
    }
    if let Some(first) = told.checks.first() {
        page.blank();
        page.plain(0, &words.say(&say("report-code-next").with("check", *first)));
    }
    page.into_text()
}
