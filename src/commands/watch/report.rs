//! What the helpdesk needs, saved from the icon's menu: the explanation to read, and the moment to judge again.

use std::os::unix::fs::DirBuilderExt as _;

use super::Judged;
use crate::commands::exit::{NOT_PERMITTED, Stop};
use crate::commands::facts_file;
use crate::outputs::html;
use crate::words::Words;

/// Saves both in a new folder in the person's home, which only they can read; gives its path.
pub(super) fn save(words: &Words, judged: &Judged) -> Result<String, Stop> {
    let home = etcetera::home_dir().map_err(|_| Stop::wrong_use(words.get("watch-no-home")))?;
    let at = judged.facts.taken_at.to_zoned_datetime(jiff::tz::TimeZone::system());
    let folder = home.join(format!("homeward-report-{}", at.strftime("%Y-%m-%d-%H%M%S")));
    let shown = folder.to_string_lossy().into_owned();
    let failed = |error: std::io::Error| Stop { says: format!("{shown}: {error}"), code: NOT_PERMITTED };
    std::fs::DirBuilder::new().mode(0o700).recursive(true).create(&folder).map_err(failed)?;
    let page = html::explanation(words, &judged.verdict, &judged.guidance).map_err(Stop::our_fault)?;
    facts_file::replace(&folder.join("explanation.html"), page.as_bytes()).map_err(failed)?;
    facts_file::write(&folder.join("facts.json"), &judged.facts)?;
    Ok(shown)
}
