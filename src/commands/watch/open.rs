//! Opening what a person wants to read: in the browser of the desktop.

use std::path::Path;
use std::process::Stdio;

use super::present::Presence;
use crate::checks::say;
use crate::commands::{console, facts_file};
use crate::words::Words;

/// Writes a page of ours beneath the session's folder and opens it, at this part of it.
pub(super) async fn page(
    words: &Words,
    folder: &Path,
    name: &str,
    page: &str,
    part: Option<&str>,
    presence: &Presence,
) {
    let path = folder.join(name);
    if let Err(error) = facts_file::replace(&path, page.as_bytes()) {
        return console::note(&format!("{}: {error}", path.display()));
    }
    let mut address = format!("file://{}", path.display());
    if let Some(part) = part {
        address.push('#');
        address.push_str(part);
    }
    // The portal opens no files by address: they go to the desktop's own opener.
    if !by_opener(&address) && !presence.open(&address).await {
        console::note(&words.say(&say("watch-not-opened").with("path", path.to_string_lossy().into_owned())));
    }
}

/// Opens a page of the web. Only such: whatever a network announces otherwise is not opened.
pub(super) async fn address(words: &Words, address: &str, presence: &Presence) {
    let web = address.starts_with("http://") || address.starts_with("https://");
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
    if !web || !plain {
        return;
    }
    if !presence.open(address).await && !by_opener(address) {
        console::note(&words.say(&say("watch-not-opened").with("path", address)));
    }
}

/// Starts `xdg-open`, which finds the person's browser. Its output is not read.
#[expect(clippy::disallowed_methods, reason = "the desktop's own opener is what opens the person's browser")]
fn by_opener(address: &str) -> bool {
    let opener = std::process::Command::new("xdg-open")
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut opener) = opener else { return false };
    // It ends by itself; until then something has to wait for it.
    drop(std::thread::Builder::new().name("opener".to_owned()).spawn(move || opener.wait()));
    true
}
