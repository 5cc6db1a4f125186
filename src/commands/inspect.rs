//! `homeward inspect`: packets from files instead of the wire, judged by the same checks.

use std::path::PathBuf;

use crate::commands::captures::{self, Trouble};
use crate::commands::console;
use crate::commands::exit::{BAD_INPUT, Stop};
use crate::commands::{guidance, signature_files};
use crate::facts::text::harmless;
use crate::facts::traffic::Example;
use crate::facts::{Facts, Looker, Observed};
use crate::guidance::Moment;
use crate::outputs::inspected::{Broken, Inspected};
use crate::outputs::json::inspect_v1;
use crate::outputs::terminal;
use crate::verdict;
use crate::wire::classify::Classifier;
use crate::wire::learned::{self, Learned};
use crate::wire::{Stamp, labels::Label};
use crate::words::Words;

/// What is asked on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// The captures; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// JSON instead of text.
    pub json: bool,
    /// A line of JSON for each new sighting, then the document on a line.
    pub jsonl: bool,
    /// A guidance file instead of the installed ones.
    pub guidance: Option<PathBuf>,
    /// A folder of signatures beside the installed ones.
    pub signatures: Option<PathBuf>,
    /// Passes one by one, and who spoke with whom.
    pub verbose: bool,
}

/// Reads and judges captures; gives the exit code.
///
/// # Errors
/// A [`Stop`] when there is no result at all.
pub fn run(options: &Options, words: &Words) -> Result<u8, Stop> {
    let guidance = guidance::in_force(options.guidance.as_deref(), Moment::Recorded)?;
    let matcher = signature_files::matcher(&signature_files::all(options.signatures.as_deref())?)?;
    let names: Vec<String> = options.files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mut learned = Learned::default();
    let mut broken: Vec<Broken> = Vec::new();
    let mut span: Option<(Stamp, Stamp)> = None;
    let mut told: Vec<Label> = Vec::new();
    for ((number, file), name) in (0..).zip(&options.files).zip(&names) {
        let mut classifier = Classifier::new(&matcher);
        let mut known = 0;
        let read = captures::read(words, file, |frame| {
            classifier.frame(frame, number);
            let at = frame.at;
            span = Some(span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
            if !options.jsonl || classifier.tally.sightings.len() == known {
                return Ok(());
            }
            for label in classifier.tally.sightings.since(known) {
                if !told.contains(&label) {
                    told.push(label);
                    let example = learned::first_example(&classifier.tally, label);
                    let example = example.unwrap_or_else(|| Example { packet: frame.number, ..Example::default() });
                    let line = inspect_v1::sighting_line(matcher.name(label), name, learned::time(at), &example);
                    console::print(&line.map_err(Stop::our_fault)?)?;
                }
            }
            known = classifier.tally.sightings.len();
            Ok(())
        });
        match read {
            Ok(()) => {}
            Err(Trouble::Stop(stop)) => return Err(stop),
            Err(Trouble::File(says)) => {
                let says = words.say(&says);
                console::note(&format!("{}: {says}", harmless(name, 4096)));
                broken.push(Broken { file: name.clone(), says });
            }
        }
        learned.add(classifier);
    }
    let traffic = learned.traffic(&matcher);
    if traffic.packets == 0 && !broken.is_empty() && !options.json && !options.jsonl {
        return Ok(BAD_INPUT);
    }
    let span = span.map(|(first, last)| (learned::time(first), learned::time(last)));
    let facts = moment(span.map(|(_, last)| last), &traffic);
    let verdict = verdict::judge_packets(&facts, &guidance);
    let inspected =
        Inspected { files: &names, traffic: &traffic, broken: &broken, span, verdict: &verdict, guidance: &guidance };
    let out = if options.jsonl {
        inspect_v1::line(words, &inspected).map_err(Stop::our_fault)?
    } else if options.json {
        inspect_v1::document(words, &inspected).map_err(Stop::our_fault)?
    } else {
        terminal::inspect::page(words, &inspected, options.verbose, console::look()).into_bytes()
    };
    console::print(&out)?;
    Ok(if broken.is_empty() { verdict.word.exit_code() } else { BAD_INPUT })
}

/// The moment of the last packet, of which nothing is known but what packets showed.
fn moment(at: Option<jiff::Timestamp>, traffic: &crate::facts::traffic::Traffic) -> Facts {
    let looker = Looker { homeward: env!("CARGO_PKG_VERSION").to_owned(), root: false, passive: true };
    let mut facts = Facts::unknown(at.unwrap_or(jiff::Timestamp::UNIX_EPOCH), looker);
    facts.traffic = Observed::Known(traffic.clone());
    facts
}
