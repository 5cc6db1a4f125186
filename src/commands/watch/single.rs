//! One watcher in a session.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::checks::say;
use crate::commands::exit::Stop;
use crate::words::Words;

/// `$XDG_RUNTIME_DIR/homeward`, made if it is not there: for this person alone, and gone when they log out.
pub(super) fn folder(words: &Words) -> Result<PathBuf, Stop> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").filter(|path| !path.is_empty());
    let runtime = runtime.map(PathBuf::from).ok_or_else(|| Stop::wrong_use(words.get("watch-no-runtime")))?;
    let folder = runtime.join("homeward");
    let mut builder = std::fs::DirBuilder::new();
    builder
        .mode(0o700)
        .recursive(true)
        .create(&folder)
        .map_err(|error| Stop::unreadable(&folder.to_string_lossy(), &error))?;
    Ok(folder)
}

/// Holds the place for as long as the file is kept.
///
/// # Errors
/// When another watcher holds it.
pub(super) fn alone(words: &Words, folder: &Path) -> Result<File, Stop> {
    let path = folder.join("watch.lock");
    let failed = |error: std::io::Error| Stop::unreadable(&path.to_string_lossy(), &error);
    let mut lock =
        File::options().create(true).truncate(false).read(true).write(true).mode(0o600).open(&path).map_err(failed)?;
    if lock.try_lock().is_err() {
        let mut process = String::new();
        drop((&lock).take(20).read_to_string(&mut process));
        let process = if process.trim().is_empty() { "?" } else { process.trim() };
        return Err(Stop::wrong_use(words.say(&say("watch-running").with("pid", process))));
    }
    lock.set_len(0)
        .and_then(|()| lock.rewind())
        .and_then(|()| write!(lock, "{}", std::process::id()))
        .map_err(failed)?;
    Ok(lock)
}
