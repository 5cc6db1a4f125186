//! `--jsonl`: a line for every change of the verdict or of an alert.

use std::io::{self, Write as _};

use crate::alerts::Action;
use crate::commands::console;
use crate::commands::exit::Stop;
use crate::outputs::desktop::Told;
use crate::outputs::json::watch;
use crate::sources::changes::Change;
use crate::verdict::Verdict;
use crate::words::Words;

/// Where the lines go.
#[derive(Debug)]
pub(super) struct Lines {
    wanted: bool,
    closed: bool,
    last: Option<watch::Gist>,
}

impl Lines {
    pub(super) const fn new(wanted: bool) -> Self {
        Self { wanted, closed: false, last: None }
    }

    /// Whether whoever read them has gone.
    pub(super) const fn closed(&self) -> bool {
        self.closed
    }

    /// Tells of a verdict, if it is another than the last.
    pub(super) fn verdict(&mut self, words: &Words, verdict: &Verdict, causes: &[Change]) -> Result<(), Stop> {
        let gist = watch::Gist::of(verdict);
        if self.last.as_ref() == Some(&gist) {
            return Ok(());
        }
        let causes: Vec<&str> = causes.iter().map(|cause| word(*cause)).collect();
        let line = watch::verdict(words, verdict, &gist, &causes, console::now());
        self.last = Some(gist);
        self.print(line)
    }

    /// Tells of an alert.
    pub(super) fn alert(&mut self, action: &Action, told: Option<&Told>) -> Result<(), Stop> {
        let line = watch::alert(action, told, console::now());
        self.print(line)
    }

    fn print(&mut self, line: serde_json::Result<Vec<u8>>) -> Result<(), Stop> {
        if !self.wanted || self.closed {
            return Ok(());
        }
        let mut line = line.map_err(Stop::our_fault)?;
        line.push(b'\n');
        let mut out = io::stdout().lock();
        match out.write_all(&line).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => return Err(Stop::our_fault(format_args!("standard output: {error}"))),
            Ok(()) => {}
        }
        Ok(())
    }
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Network => "network",
        Change::Wifi => "wifi",
        Change::NetworkManager => "networkmanager",
        Change::Names => "names",
        Change::Sensor => "sensor",
        Change::Guidance => "guidance",
        Change::Resumed => "resumed",
    }
}
