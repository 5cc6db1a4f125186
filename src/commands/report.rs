//! `homeward report`: look, judge, add what came before, take the names out, write a bundle for the helpdesk. And what the helpdesk
//! does with it: compare two, read the code that was read out.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;

use crate::checks::say;
use crate::commands::exit::{BAD_INPUT, Stop};
use crate::commands::recorded::{self, Recorded};
use crate::commands::{bundle, check, console, facts_file, history, remembered};
use crate::facts::Facts;
use crate::facts::text::harmless;
use crate::guidance::{self, Guidance, Moment, Places, Source};
use crate::history::store::Store;
use crate::history::{Past, Since, State};
use crate::outputs::code::{Told, Wrong};
use crate::outputs::page::Look;
use crate::outputs::report::difference::{Difference, Judged};
use crate::outputs::report::{File, GUIDANCE, Material};
use crate::redact::{Level, Redactor};
use crate::sources::machine::Machine;
use crate::verdict::{self, Selection, Verdict};
use crate::words::Words;

/// What is asked on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to write it; a folder, a file, or `-`.
    pub output: Option<PathBuf>,
    /// How long back.
    pub since: jiff::SignedDuration,
    /// How much is taken out.
    pub level: Level,
    /// What the person says.
    pub note: Option<String>,
    /// Show it, write nothing.
    pub preview: bool,
    /// Send nothing.
    pub passive: bool,
    /// A guidance file instead of the installed ones.
    pub guidance: Option<PathBuf>,
    /// Recorded facts instead of a look.
    pub facts: Option<PathBuf>,
}

/// A look takes at most this long.
const LOOK: Duration = Duration::from_secs(5);
/// More than this of a note is no note (characters).
const NOTE: usize = 4000;

/// A bundle, ready to be written.
#[derive(Debug)]
pub struct Made {
    /// Its folder's name.
    pub folder: String,
    /// Its files.
    pub files: Vec<File>,
    /// The code to read out.
    pub code: String,
    at: jiff::civil::DateTime,
}

impl Made {
    /// As a zip file.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn zip(&self) -> Result<Vec<u8>, Stop> {
        bundle::write(&self.folder, &self.files, self.at)
    }
}

/// Writes the report, or shows what would be in it.
///
/// # Errors
/// A [`Stop`] when it cannot be made or written.
pub fn run(options: &Options, words: &Words) -> Result<u8, Stop> {
    let (facts, guidance) = moment(options)?;
    let made = make(words, &facts, &guidance, options)?;
    if options.preview {
        preview(words, &made)?;
        return Ok(0);
    }
    let zip = made.zip()?;
    let path = match &options.output {
        Some(path) if path == Path::new("-") => {
            console::print(&zip)?;
            return Ok(0);
        }
        Some(path) if path.is_dir() => path.join(format!("{}.zip", made.folder)),
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{}.zip", made.folder)),
    };
    let name = harmless(&path.to_string_lossy(), 4096);
    if options.output.is_none() && path.exists() {
        return Err(Stop::wrong_use(words.say(&say("report-exists").with("path", name))));
    }
    facts_file::put(&path, &zip, "-o")?;
    let mut text = words.say(&say("report-written").with("path", name).with("size", size(zip.len())));
    for line in [words.say(&say("report-written-code").with("code", &made.code)), words.get("report-written-next")] {
        text.push('\n');
        text += &line;
    }
    text.push('\n');
    console::print(text.as_bytes())?;
    Ok(0)
}

/// The moment to report, and what it is judged by.
fn moment(options: &Options) -> Result<(Facts, Guidance), Stop> {
    let load = |moment| {
        guidance::load(&Places::this(), options.guidance.as_deref(), moment)
            .map_err(|problem| console::problem(&problem))
    };
    if let Some(path) = &options.facts {
        let Recorded { facts, guidance, .. } = recorded::read(path)?;
        let guidance = match guidance.filter(|_| options.guidance.is_none()) {
            Some(guidance) => guidance,
            None => load(Moment::Recorded)?,
        };
        return Ok((facts, guidance));
    }
    let guidance = load(Moment::Live)?;
    let facts = check::look(options.passive, None, &guidance, Instant::now() + LOOK)?;
    Ok((facts, guidance))
}

/// Makes a bundle of a moment.
///
/// # Errors
/// A fault of ours, or that no key could be had.
pub fn make(words: &Words, facts: &Facts, guidance: &Guidance, options: &Options) -> Result<Made, Stop> {
    let machine = Machine::this();
    let redactor = Redactor::new(options.level, key(&machine, options.level)?, guidance);
    let mut errors = Vec::new();
    let since = facts.taken_at.checked_sub(options.since).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let live = options.facts.is_none();
    let past = if live { past(&machine, since) } else { Err(words.get("report-errors-recorded")) };
    let mut past = past.unwrap_or_else(|why| {
        errors.push(words.say(&say("report-errors-history").with("why", why)));
        Past::default()
    });
    for ignored in &guidance.ignored {
        errors.push(words.say(&say("report-errors-ignored").with("key", &ignored.key)));
    }
    let rename = |id: &str| redactor.network(id);
    let here = remembered::id(&machine, facts).filter(|_| live).map(|id| rename(&id));
    let mut shown = redactor.guidance(guidance);
    if shown.source != Source::BuiltIn {
        shown.source = Source::Files(vec![GUIDANCE.to_owned()]);
    }
    shown.ignored.clear();
    let redacted = redactor.facts(facts);
    let verdict = verdict::judge(&redacted, &shown, &Selection::default());
    past = past.renamed(rename);
    // Where no watcher wrote it, this moment is the last of the states.
    let state = State::of(&verdict, here.as_deref());
    if past.states.last().is_some_and(|last| last.state != state) {
        past.states.push(Since { at: facts.taken_at, state });
    }
    errors.extend(otherwise(words, &verdict::judge(facts, guidance, &Selection::default()), &verdict));
    for (topic, reason) in redacted.not_learned() {
        errors.push(words.say(&say("report-errors-line").with("topic", topic).with("why", words.reason(reason))));
    }
    if errors.is_empty() {
        errors.push(words.get("report-errors-none"));
    }
    let zone = TimeZone::system();
    let at = facts.taken_at.to_zoned_datetime(zone.clone()).datetime();
    for (kind, name) in machine.own_names() {
        redactor.also(kind, &name);
    }
    let note = options.note.as_ref().map(|note| redactor.note(&note.chars().take(NOTE).collect::<String>()));
    let mut material = Material::new(redacted, shown, verdict, past, since);
    options.level.word().clone_into(&mut material.about.redaction);
    material.about.pseudonyms = redactor.id();
    material.about.note = note;
    material.versions = versions(&machine, &material.facts);
    material.here = here;
    material.errors = errors;
    material.zone = zone;
    let code = material.about.code.clone();
    let files = material.files(words).map_err(Stop::our_fault)?;
    Ok(Made { folder: format!("homeward-report-{}", at.strftime("%Y-%m-%d-%H%M%S")), files, code, at })
}

/// The key of the pseudonyms: this person's own, so that two reports of theirs can be compared; for the public, one that is forgotten.
fn key(machine: &Machine, level: Level) -> Result<[u8; 32], Stop> {
    let own = (level == Level::Support).then(|| remembered::change(machine, |memory| memory.key_for("report")).ok());
    match own.flatten() {
        Some(key) => Ok(key),
        None => remembered::key().map_err(Stop::our_fault),
    }
}

fn past(machine: &Machine, since: jiff::Timestamp) -> Result<Past, String> {
    match history::path(machine).filter(|path| path.exists()) {
        None => Ok(Past::default()),
        Some(path) => {
            Store::open(&path).and_then(|store| store.past(since)).map_err(|error| harmless(&error.to_string(), 200))
        }
    }
}

/// The checks that come to something else without the names. There should be none.
fn otherwise(words: &Words, before: &Verdict, after: &Verdict) -> Vec<String> {
    let outcome = |verdict: &Verdict, id: &str| {
        verdict
            .findings
            .iter()
            .find(|finding| finding.check.id == id)
            .map(|finding| (finding.result.word(), finding.severity))
    };
    let ids = before.findings.iter().map(|finding| finding.check.id);
    ids.filter(|id| outcome(before, id) != outcome(after, id))
        .map(|id| words.say(&say("report-errors-redacted").with("check", id)))
        .collect()
}

/// The programs that this was made with.
fn versions(machine: &Machine, facts: &Facts) -> Vec<(String, String)> {
    let mut versions = vec![("homeward".to_owned(), facts.taken_by.homeward.clone())];
    versions.extend(facts.sensor.known().map(|sensor| ("homeward-sensor".to_owned(), sensor.version.clone())));
    versions.extend(machine.versions().into_iter().map(|(name, version)| (name.to_owned(), harmless(&version, 100))));
    versions
}

/// Every file as it would be, text and all.
fn preview(words: &Words, made: &Made) -> Result<(), Stop> {
    for file in &made.files {
        let heading = say("report-preview").with("name", file.name).with("size", size(file.bytes.len()));
        console::print(format!("{}\n", words.say(&heading)).as_bytes())?;
        console::print(&file.bytes)?;
        console::print(b"\n")?;
    }
    Ok(())
}

fn size(bytes: usize) -> String {
    match bytes {
        0..10_240 => format!("{bytes} bytes"),
        _ => format!("{} KiB", bytes / 1024),
    }
}

/// What is different between two bundles, or facts files.
///
/// # Errors
/// A [`Stop`] when one cannot be read.
pub fn diff(words: &Words, paths: [&Path; 2], as_json: bool, look: Look) -> Result<u8, Stop> {
    let mut judged = Vec::new();
    for path in paths {
        let Recorded { facts, guidance, about } = recorded::read(path)?;
        let guidance = guidance.unwrap_or_else(|| Guidance::built_in().clone());
        let verdict = verdict::judge(&facts, &guidance, &Selection::default());
        judged.push((path, facts, guidance, verdict, about));
    }
    let mut both = Vec::new();
    for (path, facts, guidance, verdict, about) in &judged {
        both.push(Judged {
            name: harmless(&path.to_string_lossy(), 300),
            verdict,
            guidance,
            facts: serde_json::to_value(facts).map_err(Stop::our_fault)?,
            pseudonyms: about.as_ref().map(|about| about.pseudonyms.clone()).filter(|mark| !mark.is_empty()),
        });
    }
    let [before, after] = both.as_slice() else { return Err(Stop::our_fault("two moments")) };
    let difference = Difference::between(words, before, after).map_err(Stop::our_fault)?;
    if as_json {
        console::print(&difference.document().map_err(Stop::our_fault)?)?;
    } else {
        console::print(difference.page(words, look).as_bytes())?;
    }
    Ok(0)
}

/// Tells what a code says.
///
/// # Errors
/// A [`Stop`] with what is wrong with it.
pub fn decode(words: &Words, code: &str) -> Result<u8, Stop> {
    let told = Told::read(code).map_err(|wrong| Stop {
        says: match wrong {
            Wrong::Length => words.get("report-code-length"),
            Wrong::Character(c) => words.say(&say("report-code-character").with("character", c.to_string())),
            Wrong::Misheard => words.get("report-code-misheard"),
            Wrong::Later => words.get("report-code-later"),
        },
        code: BAD_INPUT,
    })?;
    console::print(crate::outputs::report::decoded(words, &told, console::look()).as_bytes())?;
    Ok(0)
}

/// A note that says something.
///
/// # Errors
/// What is wrong with it.
pub fn note(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("say something, or leave it out".to_owned()),
        note if note.chars().count() > NOTE => Err(format!("at most {NOTE} characters")),
        note => Ok(note.to_owned()),
    }
}
