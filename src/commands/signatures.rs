//! `homeward signatures`: which there are, whether their examples hold, which matches what in a capture.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::checks::say;
use crate::commands::captures::{self, Trouble};
use crate::commands::console;
use crate::commands::exit::{BAD_INPUT, Stop};
use crate::commands::signature_files::{self, Source};
use crate::facts::text::harmless;
use crate::outputs::json::safe;
use crate::outputs::signatures::{self as page, Row};
use crate::signatures::labels;
use crate::signatures::packets::{self, Signature};
use crate::wire::classify::Classifier;
use crate::wire::tally::Endpoint;
use crate::wire::{learned, trial};
use crate::words::Words;

/// The format of `list --json`.
pub const FORMAT: &str = "homeward.signatures/1";

/// The format of each line of `match --json`.
pub const MATCH_FORMAT: &str = "homeward.match/1";

/// Lists every signature: what it shows, what that means, its name, its source.
///
/// # Errors
/// Bad input, when a file of signatures cannot be used.
pub fn list(words: &Words, named: Option<&Path>, json: bool) -> Result<u8, Stop> {
    let sources = signature_files::all(named)?;
    let mut rows: Vec<Row> = sources.iter().flat_map(rows_of).collect();
    rows.sort_by(|one, other| (&one.label, &one.id, &one.source).cmp(&(&other.label, &other.id, &other.source)));
    rows.dedup();
    if json {
        let out = serde_json::json!({ "format": FORMAT, "signatures": rows.iter().map(row_json).collect::<Vec<_>>() });
        console::print(&safe::to_vec(&out).map_err(Stop::our_fault)?)?;
    } else {
        console::print(page::list(words, &rows, console::look()).as_bytes())?;
    }
    Ok(0)
}

fn row_json(row: &Row) -> serde_json::Value {
    let file = (!row.file.is_empty()).then_some(&row.file);
    serde_json::json!({ "label": row.label, "means": row.means, "id": row.id, "source": row.source, "file": file })
}

/// A signature shows its own label, or those its examples name.
fn rows_of(source: &Source) -> Vec<Row> {
    let row = |signature: &Signature, label: &str| {
        let means = labels::built_in().get(label).or(signature.means.as_ref());
        Row {
            label: label.to_owned(),
            means: means.map_or_else(String::new, |means| harmless(means, 300)),
            id: signature.id.clone(),
            source: harmless(&signature.source, 300),
            file: if source.built_in { String::new() } else { source.name.clone() },
        }
    };
    let shown = |signature: &Signature| -> Vec<String> {
        let mut all: Vec<String> = signature.label.iter().cloned().collect();
        if all.is_empty() {
            all.extend(signature.example.iter().flat_map(|example| example.shows.iter().cloned()));
        }
        all.sort();
        all.dedup();
        all
    };
    let signatures = source.file.signature.iter();
    signatures.flat_map(|signature| shown(signature).into_iter().map(move |label| row(signature, &label))).collect()
}

/// Plays every example: those of the files named, or all there are.
///
/// # Errors
/// Bad input, when a file of signatures cannot be used.
pub fn test(words: &Words, files: &[PathBuf], named: Option<&Path>) -> Result<u8, Stop> {
    let mut sources = signature_files::all(named)?;
    let tested: Vec<Source> = if files.is_empty() {
        sources.clone()
    } else {
        files.iter().map(|file| signature_files::read(file)).collect::<Result<_, _>>()?
    };
    if !files.is_empty() {
        sources.extend(tested.iter().cloned());
    }
    let matcher = signature_files::matcher(&sources)?;
    let mut wrong = Vec::new();
    for source in &tested {
        for signature in &source.file.signature {
            for trouble in trial::troubles(&matcher, signature).map_err(Stop::our_fault)? {
                let placed = packets::place(&source.text, &signature.id, "example", &trouble);
                wrong.push(format!("{}:{placed}", source.name));
            }
        }
    }
    let signatures = tested.iter().map(|source| source.file.signature.len()).sum();
    let examples = tested.iter().flat_map(|source| &source.file.signature).map(|one| one.example.len()).sum();
    console::print(page::tested(words, signatures, examples, &wrong, console::look()).as_bytes())?;
    Ok(if wrong.is_empty() { 0 } else { BAD_INPUT })
}

/// Tells which signature matched which packet of a capture.
///
/// # Errors
/// Bad input, when a file of signatures cannot be used.
pub fn matches(words: &Words, capture: &Path, named: Option<&Path>, json: bool) -> Result<u8, Stop> {
    let sources = signature_files::all(named)?;
    let matcher = signature_files::matcher(&sources)?;
    let mut classifier = Classifier::new(&matcher);
    classifier.matched = Some(Vec::new());
    let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
    let read = captures::read(words, capture, |frame| {
        classifier.frame(frame, 0);
        for matched in classifier.matched.iter_mut().flat_map(|matched| matched.drain(..)) {
            let Some(ready) = matcher.signatures.get(usize::from(matched.signature)) else { continue };
            *counts.entry(matched.signature).or_default() += 1;
            let label = ready.label.map_or("", |label| matcher.name(label));
            let (from, to) = (learned::named(Endpoint::Ip(matched.from)), learned::named(Endpoint::Ip(matched.to)));
            let (id, packet) = (ready.id.as_str(), frame.number);
            let line = if json {
                let label = (!label.is_empty()).then_some(label);
                safe::to_line(&serde_json::json!({
                    "format": MATCH_FORMAT, "packet": packet, "signature": id, "label": label, "from": from, "to": to,
                }))
                .map_err(Stop::our_fault)?
            } else {
                let says = say("signatures-match").with("packet", packet.to_string()).with("id", id);
                format!("{}\n", words.say(&says.with("from", from).with("to", to))).into_bytes()
            };
            console::print(&line)?;
        }
        Ok(())
    });
    if !json {
        let (kinds, all) = (counts.len(), counts.values().sum::<u64>());
        let says = say("signatures-matched").with("matches", all).with("signatures", kinds);
        console::print(format!("{}\n", words.say(&says)).as_bytes())?;
    }
    match read {
        Ok(()) => Ok(0),
        Err(Trouble::Stop(stop)) => Err(stop),
        Err(Trouble::File(says)) => {
            let name = harmless(&capture.to_string_lossy(), 4096);
            console::note(&format!("{name}: {}", words.say(&says)));
            Ok(BAD_INPUT)
        }
    }
}
