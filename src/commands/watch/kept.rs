//! What outlives the watcher: what was told today, and what sleeps until when.

use std::path::PathBuf;

use crate::alerts::Kept;
use crate::commands::facts_file;
use crate::outputs::json;
use crate::sources::machine::Machine;

/// Where it is kept: `watch.json` in the folder of state.
#[derive(Debug)]
pub(super) struct Store {
    path: Option<PathBuf>,
    written: Kept,
}

/// No reason to be longer (bytes).
const LONGEST: u64 = 256 * 1024;

impl Store {
    pub(super) fn of(machine: &Machine) -> Self {
        Self { path: machine.state().map(|folder| folder.join("watch.json")), written: Kept::default() }
    }

    /// What was kept. A file that is not there, or broken, is nothing kept: then something may be told twice in a day.
    pub(super) fn read(&self) -> Kept {
        use std::io::Read as _;
        let read = || {
            let mut bytes = Vec::new();
            std::fs::File::open(self.path.as_ref()?).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        read().unwrap_or_default()
    }

    /// Keeps it, if it changed. That it could not be kept hinders nothing.
    pub(super) fn write(&mut self, kept: &Kept) {
        if *kept == self.written {
            return;
        }
        self.written = kept.clone();
        let Some(path) = &self.path else { return };
        let Ok(bytes) = json::safe::to_vec(kept) else { return };
        if let Some(folder) = path.parent() {
            use std::os::unix::fs::DirBuilderExt as _;
            drop(std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder));
        }
        drop(facts_file::replace(path, &bytes));
    }
}

/// The history, as it is written.
#[derive(Debug)]
pub(super) struct Diary {
    path: Option<PathBuf>,
    store: Option<crate::history::store::Store>,
    complained: bool,
}

impl Diary {
    pub(super) fn of(machine: &Machine) -> Self {
        Self { path: crate::commands::history::path(machine), store: None, complained: false }
    }

    /// Keeps what is new, and has records wait for a collector; why it could not be, the first time.
    pub(super) fn write(
        &mut self,
        entries: &[crate::history::Entry],
        records: &[String],
        now: jiff::Timestamp,
    ) -> Option<String> {
        let why = self.keep(entries, records, now).err()?;
        // A store that failed is opened anew next time.
        self.store = None;
        (!std::mem::replace(&mut self.complained, true)).then(|| why.to_string())
    }

    /// The person is not at work: nothing is kept, and what was open is taken to have ended with the last sign of life.
    pub(super) fn rest(&mut self) {
        self.store = None;
    }

    /// Keeps that it was watched until now.
    pub(super) fn end(&mut self, now: jiff::Timestamp) {
        if self.store.is_some() {
            drop(self.keep(&[], &[], now));
        }
    }

    fn keep(
        &mut self,
        entries: &[crate::history::Entry],
        records: &[String],
        now: jiff::Timestamp,
    ) -> Result<(), crate::history::store::Failure> {
        let Some(path) = &self.path else { return Ok(()) };
        if self.store.is_none() {
            if let Some(folder) = path.parent() {
                use std::os::unix::fs::DirBuilderExt as _;
                std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
            }
            self.store = Some(crate::history::store::Store::open(path)?);
        }
        match &mut self.store {
            Some(store) => store.keep_and_send(entries, now, records),
            None => Ok(()),
        }
    }
}
