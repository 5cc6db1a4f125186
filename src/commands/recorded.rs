//! A moment recorded earlier: a facts file, or the helpdesk's bundle, which brings what it was judged by.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::commands::exit::Stop;
use crate::commands::{bundle, facts_file};
use crate::facts::Facts;
use crate::facts::text::harmless;
use crate::guidance::Guidance;
use crate::outputs::report::About;

/// What was read.
#[derive(Debug)]
pub struct Recorded {
    /// The moment.
    pub facts: Facts,
    /// What it was judged by, where that came with it.
    pub guidance: Option<Guidance>,
    /// What the bundle says of itself, where it is one.
    pub about: Option<About>,
}

/// Reads it; `-` is standard input.
///
/// # Errors
/// A [`Stop`] that names file, line and column.
pub fn read(path: &Path) -> Result<Recorded, Stop> {
    const LARGEST: u64 = facts_file::LARGEST;
    let name = harmless(&path.to_string_lossy(), 4096);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Stop::unreadable(&name, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Stop::bad_input(format!("{name}: larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    if bundle::is_one(&bytes) {
        let bundle::Bundle { facts, guidance, about } = bundle::read(&name, bytes)?;
        return Ok(Recorded { facts, guidance: Some(guidance), about: Some(about) });
    }
    let facts = facts_file::parse(&bytes).map_err(|trouble| Stop::bad_input(format!("{name}:{trouble}")))?;
    Ok(Recorded { facts, guidance: None, about: None })
}
