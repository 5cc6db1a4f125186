//! What the helpdesk needs, saved from the icon's menu: the bundle that `homeward report` writes, in the person's home.

use super::Judged;
use crate::commands::exit::Stop;
use crate::commands::facts_file;
use crate::commands::report::{Options, make};
use crate::redact::Level;
use crate::words::Words;

/// So many days of history go with it.
const DAYS: i64 = 7;

/// What was saved.
pub(super) struct Saved {
    /// Where it is.
    pub(super) path: String,
    /// The code to read out.
    pub(super) code: String,
}

/// Saves it where only the person can read it.
pub(super) fn save(words: &Words, judged: &Judged) -> Result<Saved, Stop> {
    let home = etcetera::home_dir().map_err(|_| Stop::wrong_use(words.get("watch-no-home")))?;
    let options = Options {
        output: None,
        since: jiff::SignedDuration::from_hours(DAYS * 24),
        level: Level::Support,
        note: None,
        preview: false,
        passive: false,
        guidance: None,
        facts: None,
    };
    let made = make(words, &judged.facts, &judged.guidance, &options)?;
    let path = home.join(format!("{}.zip", made.folder));
    facts_file::put(&path, &made.zip()?, "homeward report")?;
    Ok(Saved { path: path.to_string_lossy().into_owned(), code: made.code })
}
