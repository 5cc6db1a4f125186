//! `homeward history`: what happened when.

use std::path::PathBuf;

use crate::checks::say;
use crate::commands::console;
use crate::commands::exit::{BAD_INPUT, Stop};
use crate::facts::text::harmless;
use crate::history::Past;
use crate::history::store::Store;
use crate::outputs::{history as page, json};
use crate::sources::machine::Machine;
use crate::words::Words;

/// Where it is kept, if the person has a home.
pub fn path(machine: &Machine) -> Option<PathBuf> {
    machine.state().map(|folder| folder.join("history.db"))
}

/// Tells it, for as long back as asked.
///
/// # Errors
/// When it cannot be read.
pub fn run(words: &Words, since: jiff::SignedDuration, as_json: bool) -> Result<u8, Stop> {
    let now = console::now();
    let from = now.checked_sub(since).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let path = path(&Machine::this()).ok_or_else(|| Stop::wrong_use(words.get("networks-no-home")))?;
    let past = if path.exists() {
        Store::open(&path).and_then(|store| store.past(from)).map_err(|error| Stop {
            says: words.say(
                &say("history-broken")
                    .with("path", path.to_string_lossy().into_owned())
                    .with("why", harmless(&error.to_string(), 200)),
            ),
            code: BAD_INPUT,
        })?
    } else {
        Past::default()
    };
    if as_json {
        console::print(&json::history::document(&past, from).map_err(Stop::our_fault)?)?;
    } else {
        let zone = jiff::tz::TimeZone::system();
        console::print(page::page(words, &past, from, now, &zone, console::look()).as_bytes())?;
    }
    Ok(0)
}

/// `24h`, `7d`, `90m`: how long back.
///
/// # Errors
/// What is wrong with it.
pub fn duration(text: &str) -> Result<jiff::SignedDuration, String> {
    let wrong = || "give a number and m, h or d: 90m, 24h, 7d".to_owned();
    let split = text.len().saturating_sub(1);
    let (number, unit) = text.split_at_checked(split).ok_or_else(wrong)?;
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => return Err(wrong()),
    };
    let minutes =
        number.checked_mul(minutes).filter(|minutes| (1..=400 * 24 * 60).contains(minutes)).ok_or_else(wrong)?;
    Ok(jiff::SignedDuration::from_mins(minutes))
}
