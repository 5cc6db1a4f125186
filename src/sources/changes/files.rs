//! Files that matter: guidance and answers, and `/etc/resolv.conf`, which is not everywhere in the hands of a service.

use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use tokio::sync::mpsc::Sender;

use super::{Change, say};

/// Whole folders are watched, for most programs write a new file and rename it.
const EVENTS: WatchFlags = WatchFlags::CLOSE_WRITE
    .union(WatchFlags::MOVED_TO)
    .union(WatchFlags::MOVED_FROM)
    .union(WatchFlags::DELETE)
    .union(WatchFlags::CREATE)
    .union(WatchFlags::ONLYDIR);

/// Watches the folders that are there, on a thread of its own that waits in the kernel: it ends with the process.
pub(super) fn watched(tell: Sender<Change>, folders: Vec<PathBuf>) {
    let watching = move || {
        // Without it everything else still tells of changes.
        drop(watch(&tell, &folders));
    };
    drop(std::thread::Builder::new().name("files".to_owned()).spawn(watching));
}

fn watch(tell: &Sender<Change>, folders: &[PathBuf]) -> std::io::Result<()> {
    let watches = inotify::init(CreateFlags::CLOEXEC)?;
    for folder in folders {
        // What is not there now comes with the next start.
        let _absent = inotify::add_watch(&watches, folder, EVENTS);
    }
    let etc = inotify::add_watch(&watches, Path::new("/etc"), EVENTS).ok();
    let mut buffer = vec![std::mem::MaybeUninit::uninit(); 4096];
    let mut reader = inotify::Reader::new(&watches, &mut buffer);
    loop {
        let event = match reader.next() {
            Ok(event) => event,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        let name = event.file_name().map(std::ffi::CStr::to_bytes).unwrap_or_default();
        // A lock or a swap file beside the guidance is no guidance.
        match Some(event.wd()) == etc {
            true if name == b"resolv.conf" => say(tell, Change::Names),
            false if name.ends_with(b".toml") => say(tell, Change::Guidance),
            _ => {}
        }
        if tell.is_closed() {
            return Ok(());
        }
    }
}
