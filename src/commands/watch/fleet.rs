//! What the watcher tells an employer's collectors: the journal, a file of metrics, OpenTelemetry. Each only where it is asked for.

use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;

use crate::checks::say;
use crate::commands::{console, facts_file};
use crate::facts::text::harmless;
use crate::history::{Entry, State};
use crate::outputs::fleet::{Event, journal, metrics};
use crate::verdict::Verdict;
use crate::words::Words;

/// Who is told.
#[derive(Debug)]
pub(super) struct Fleet {
    journal: bool,
    socket: Option<UnixDatagram>,
    metrics: Option<PathBuf>,
    complained: bool,
}

impl Fleet {
    pub(super) const fn new(journal: bool, metrics: Option<PathBuf>) -> Self {
        Self { journal, socket: None, metrics, complained: false }
    }

    /// Tells what happened.
    pub(super) fn tell(&mut self, words: &Words, events: &[Event]) {
        if !self.journal {
            return;
        }
        for event in events {
            let datagram = journal::datagram(words, event);
            // The journal may have been started anew: then the next message finds it.
            if let Err(error) = self.send(&datagram).or_else(|_| self.send(&datagram)) {
                self.complain(&words.say(&say("watch-journal-gone").with("why", error.to_string())));
            }
        }
    }

    fn send(&mut self, datagram: &[u8]) -> std::io::Result<()> {
        let socket = match self.socket.take() {
            Some(socket) => socket,
            None => {
                let socket = UnixDatagram::unbound()?;
                socket.connect(journal::SOCKET)?;
                socket.set_nonblocking(true)?;
                socket
            }
        };
        socket.send(datagram)?;
        self.socket = Some(socket);
        Ok(())
    }

    /// Writes how it is.
    pub(super) fn measure(&mut self, words: &Words, verdict: &Verdict) {
        let Some(path) = &self.metrics else { return };
        if let Err(error) = facts_file::publish(path, metrics::text(verdict).as_bytes()) {
            let path = harmless(&path.to_string_lossy(), 300);
            self.complain(&words.say(&say("watch-metrics-failed").with("path", path).with("why", error.to_string())));
        }
    }

    fn complain(&mut self, says: &str) {
        if !std::mem::replace(&mut self.complained, true) {
            console::note(says);
        }
    }
}

/// What the history keeps of a verdict, as a fleet is told of it.
pub(super) fn events(entries: &[Entry], verdict: &Verdict, network: Option<&str>) -> Vec<Event> {
    let state = State::of(verdict, network);
    entries.iter().map(|entry| Event::of(entry, &state)).collect()
}
