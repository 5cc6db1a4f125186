//! `homeward inspect`: packets from files instead of the wire.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use crate::commands::console;
use crate::commands::exit::{BAD_INPUT, Stop};
use crate::facts::text::harmless;
use crate::outputs::json::inspect_v1::{self, Inspected};
use crate::wire::FrameSource as _;
use crate::wire::classify::Classifier;
use crate::wire::learned::Learned;
use crate::wire::matcher::Matcher;
use crate::wire::pcap::Capture;

/// What is asked on the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// The captures; `-` is standard input.
    pub files: Vec<PathBuf>,
    /// JSON instead of text.
    pub json: bool,
}

/// Reads and judges captures; gives the exit code.
///
/// # Errors
/// A [`Stop`] when there is no result at all.
pub fn run(options: &Options) -> Result<u8, Stop> {
    let matcher = Matcher::built_in().map_err(Stop::our_fault)?;
    let mut learned = Learned::default();
    let mut truncated = false;
    let names: Vec<String> = options.files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    for (number, file) in options.files.iter().enumerate() {
        let mut classifier = Classifier::new(&matcher);
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        if let Err(trouble) = read(file, number, &mut classifier) {
            truncated = true;
            console::note(&format!("{}: {}", harmless(&file.to_string_lossy(), 4096), harmless(&trouble, 400)));
        }
        learned.add(classifier);
    }
    let traffic = learned.traffic(&matcher);
    let inspected = Inspected { files: &names, traffic: &traffic, truncated };
    if options.json {
        console::print(&inspect_v1::document(&inspected).map_err(Stop::our_fault)?)?;
    } else {
        for sighting in &traffic.sightings {
            console::print(format!("{:8} {}\n", sighting.packets, sighting.label).as_bytes())?;
        }
    }
    Ok(if truncated { BAD_INPUT } else { 0 })
}

fn read(file: &Path, number: u32, classifier: &mut Classifier<'_>) -> Result<(), String> {
    let input: Box<dyn Read + Send> = if file == Path::new("-") {
        if io::stdin().is_terminal() {
            return Err("standard input is a terminal: pipe a capture into it".to_owned());
        }
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).map_err(|error| error.to_string())?)
    };
    let mut capture = Capture::open(input).map_err(|broken| broken.to_string())?;
    while let Some(frame) = capture.next().map_err(|broken| broken.to_string())? {
        classifier.frame(&frame, number);
    }
    Ok(())
}
