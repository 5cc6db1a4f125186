//! Where networks met before are kept: `networks.json` in the folder of state, for this person alone.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::commands::facts_file;
use crate::facts::met::Met;
use crate::facts::text::harmless;
use crate::facts::{Facts, Observed, Reason, Thing};
use crate::inference::place::Elements;
use crate::memory::Memory;
use crate::outputs::json;
use crate::sources::machine::Machine;

/// No reason to be longer (bytes).
const LONGEST: u64 = 4 * 1024 * 1024;

/// The file, if the person has a home.
pub fn path(machine: &Machine) -> Option<PathBuf> {
    machine.state().map(|folder| folder.join("networks.json"))
}

/// Notes in the facts how this network compares with what is remembered of it.
pub fn recall(machine: &Machine, facts: &mut Facts) {
    facts.met = compare(machine, facts);
}

fn compare(machine: &Machine, facts: &Facts) -> Observed<Option<Met>> {
    let Some(path) = path(machine) else { return Observed::Unknown(Reason::NotAvailable { what: Thing::Memory }) };
    let Some(now) = Elements::of(facts) else { return Observed::Known(None) };
    match read(&path) {
        Ok(memory) => Observed::Known(memory.and_then(|memory| memory.met(&now))),
        Err(error) => Observed::Unknown(Reason::failed(Thing::Memory, error)),
    }
}

/// The hash that this network is remembered by.
pub fn id(machine: &Machine, facts: &Facts) -> Option<String> {
    read(&path(machine)?).ok()??.id(&Elements::of(facts)?)
}

/// Learns of the network of these facts. That it could not be kept hinders nothing.
pub fn learn(machine: &Machine, facts: &Facts) {
    let Some(now) = Elements::of(facts) else { return };
    let today = facts.taken_at.to_zoned_datetime(jiff::tz::TimeZone::system()).date();
    // A file that is broken is left as it is: `homeward networks` tells of it.
    let _kept = change(machine, |memory| memory.learn(&now, facts.taken_at, today));
}

/// Reads what is kept; `None` when nothing is.
///
/// # Errors
/// When it cannot be read, or is not what is kept.
pub fn read(path: &Path) -> io::Result<Option<Memory>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
        Ok(file) => file.take(LONGEST).read_to_end(&mut bytes)?,
    };
    let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, harmless(&why, 200));
    Memory::parse(&bytes).map(Some).map_err(wrong)
}

/// Changes what is kept, alone: whoever else wants to change it meanwhile waits.
///
/// # Errors
/// When it cannot be read or written.
pub fn change<T>(machine: &Machine, change: impl FnOnce(&mut Memory) -> T) -> io::Result<T> {
    let path = path(machine).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let lock =
        File::options().create(true).truncate(false).write(true).mode(0o600).open(path.with_extension("lock"))?;
    lock.lock()?;
    let before = read(&path)?;
    let mut memory = match &before {
        Some(memory) => memory.clone(),
        None => Memory::new(key()?.into()),
    };
    let result = change(&mut memory);
    if before.as_ref() != Some(&memory) {
        facts_file::replace(&path, &json::safe::to_vec(&memory).map_err(io::Error::other)?)?;
    }
    Ok(result)
}

/// A key that nobody knows, from the kernel.
///
/// # Errors
/// When the kernel gives none.
pub fn key() -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut key)?;
    Ok(key)
}
