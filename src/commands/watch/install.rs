//! `homeward watch --install` and `--uninstall`: starting with the session, for those without a package.

use std::path::{Path, PathBuf};

use crate::checks::say;
use crate::commands::console;
use crate::commands::exit::{NOT_PERMITTED, Stop};
use crate::words::Words;

/// The entry that a session starts, as a package installs it, and its line that says what is started.
const ENTRY: &str = include_str!("../../../service/homeward-autostart.desktop");

const STARTS: &str = "Exec=homeward watch";

/// How a file of ours is known.
const OURS: &str = "X-Homeward=";

/// Writes the entry for the next log-in.
///
/// # Errors
/// When it cannot be written, or another's file is in its place.
pub fn install(words: &Words) -> Result<u8, Stop> {
    let path = place(words)?;
    let program = std::env::current_exe().map_err(Stop::our_fault)?;
    let program = program.to_str().filter(|path| !path.contains(['"', '\\', '%', '`', '$', '\n'])).map(str::to_owned);
    let program = program.ok_or_else(|| Stop::wrong_use(words.get("watch-strange-path")))?;
    let entry = ENTRY.replace(STARTS, &format!("Exec=\"{program}\" watch"));
    let shown = path.to_string_lossy().into_owned();
    match std::fs::read_to_string(&path) {
        Ok(there) if there == entry => {
            return told(&words.say(&say("watch-installed-already").with("path", shown)));
        }
        Ok(there) if !there.contains(OURS) => {
            return Err(Stop {
                says: words.say(&say("watch-install-foreign").with("path", shown)),
                code: NOT_PERMITTED,
            });
        }
        _ => {}
    }
    let failed = |error: std::io::Error| Stop { says: format!("{shown}: {error}"), code: NOT_PERMITTED };
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    crate::commands::facts_file::replace(&path, entry.as_bytes()).map_err(failed)?;
    told(&words.say(&say("watch-installed").with("path", shown).with("now", "homeward watch &")))
}

/// Removes it again.
///
/// # Errors
/// When it cannot be removed.
pub fn uninstall(words: &Words) -> Result<u8, Stop> {
    let path = place(words)?;
    let shown = path.to_string_lossy().into_owned();
    let ours = std::fs::read_to_string(&path).is_ok_and(|there| there.contains(OURS));
    if !ours {
        return told(&words.say(&say("watch-not-installed").with("path", shown)));
    }
    std::fs::remove_file(&path).map_err(|error| Stop { says: format!("{shown}: {error}"), code: NOT_PERMITTED })?;
    told(&words.say(&say("watch-uninstalled").with("path", shown)))
}

/// `$XDG_CONFIG_HOME/autostart/homeward.desktop`, which every desktop of today starts at log-in.
fn place(words: &Words) -> Result<PathBuf, Stop> {
    use etcetera::BaseStrategy as _;
    let base = etcetera::choose_base_strategy().map_err(|_| Stop::wrong_use(words.get("watch-no-home")))?;
    Ok(base.config_dir().join("autostart/homeward.desktop"))
}

fn told(line: &str) -> Result<u8, Stop> {
    console::print(format!("{line}\n").as_bytes())?;
    Ok(0)
}
