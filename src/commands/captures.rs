//! Capture files, one after the other: opened, read to their end, with progress for a person who waits.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::checks::{Arg, Message, say};
use crate::commands::console;
use crate::commands::exit::Stop;
use crate::wire::pcap::{Broken, Capture};
use crate::wire::{Frame, FrameSource as _};
use crate::words::Words;

/// Nobody is told of progress before this much time.
const PATIENCE: Duration = Duration::from_secs(1);
/// And then so often.
const OFTEN: Duration = Duration::from_millis(250);
/// The clock is looked at after so many packets.
const BETWEEN: u64 = 1 << 14;

/// Why a capture was not read to its end: what is wrong and what to do.
pub enum Trouble {
    /// With the capture.
    File(Message),
    /// With whoever takes the packets.
    Stop(Stop),
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// Shows every packet of a capture to `each`; `-` is standard input.
///
/// # Errors
/// [`Trouble`], with what was read before it already shown.
pub fn read(words: &Words, file: &Path, mut each: impl FnMut(&Frame<'_>) -> Result<(), Stop>) -> Result<(), Trouble> {
    let mut progress = Progress::of(words, file);
    let input = open(file, &mut progress).map_err(Trouble::File)?;
    let mut capture = Capture::open(input).map_err(|broken| Trouble::File(trouble(&broken)))?;
    let mut packets = 0_u64;
    let mut clock = BETWEEN;
    loop {
        match capture.next() {
            Ok(Some(frame)) => each(&frame)?,
            Ok(None) => break,
            Err(broken) => {
                progress.done();
                return Err(Trouble::File(trouble(&broken)));
            }
        }
        packets += 1;
        clock -= 1;
        if clock == 0 {
            clock = BETWEEN;
            progress.tell(packets);
        }
    }
    progress.done();
    Ok(())
}

fn open(file: &Path, progress: &mut Progress<'_>) -> Result<Box<dyn Read + Send>, Message> {
    let counted = |input| Counted { input, read: Arc::clone(&progress.read) };
    if file == Path::new("-") {
        if io::stdin().is_terminal() {
            return Err(say("inspect-trouble-terminal"));
        }
        return Ok(Box::new(counted(Box::new(io::stdin()) as Box<dyn Read + Send>)));
    }
    let unopened = |why: &io::Error| say("inspect-trouble-open").with("why", why.to_string());
    let input = File::open(file).map_err(|error| unopened(&error))?;
    let metadata = input.metadata().map_err(|error| unopened(&error))?;
    if metadata.is_dir() {
        return Err(say("inspect-trouble-folder"));
    }
    let input = counted(Box::new(input) as Box<dyn Read + Send>);
    progress.size = metadata.len();
    Ok(Box::new(input))
}

/// What is wrong with a capture, and what to do.
fn trouble(broken: &Broken) -> Message {
    match broken {
        Broken::CutOff { after } => say("inspect-trouble-cut").with("after", after.to_string()),
        Broken::Format { says } => say("inspect-trouble-format").with("why", says),
        Broken::Damaged { says } => say("inspect-trouble-damaged").with("why", says),
        Broken::Io(error) => say("inspect-trouble-read").with("why", error.to_string()),
    }
}

/// Counts what is read of a file.
struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// How far it is, told on a terminal.
struct Progress<'a> {
    words: Option<&'a Words>,
    file: String,
    started: Instant,
    told: Option<Instant>,
    size: u64,
    read: Arc<AtomicU64>,
}

impl<'a> Progress<'a> {
    fn of(words: &'a Words, file: &Path) -> Self {
        Self {
            words: io::stderr().is_terminal().then_some(words),
            file: file.to_string_lossy().into_owned(),
            started: Instant::now(),
            told: None,
            size: 0,
            read: Arc::default(),
        }
    }

    fn tell(&mut self, packets: u64) {
        let Some(words) = self.words else { return };
        let waited = self.started.elapsed();
        if waited < PATIENCE || self.told.is_some_and(|told| told.elapsed() < OFTEN) {
            return;
        }
        self.told = Some(Instant::now());
        let read = self.read.load(Ordering::Relaxed);
        let percent = read.saturating_mul(100).checked_div(self.size).unwrap_or(0).min(100);
        let rate =
            packets.saturating_mul(1000).checked_div(u64::try_from(waited.as_millis()).unwrap_or(1)).unwrap_or(0);
        let says = say("inspect-progress")
            .with("file", &self.file)
            .with("percent", percent)
            .with("packets", Arg::Text(packets.to_string()))
            .with("rate", Arg::Text(rate.to_string()));
        console::transient(&words.say(&says));
    }

    fn done(&mut self) {
        if self.told.take().is_some() {
            console::transient("");
        }
    }
}
