//! `homeward privacy`: what can be sent, what is kept, who can read it.

use std::path::Path;

use crate::commands::console;
use crate::commands::exit::Stop;
use crate::guidance::{self, Moment, Places};
use crate::outputs::privacy::{self, Kept};
use crate::sources::machine::Machine;
use crate::words::Words;

/// Tells it, by the guidance in force or the one given.
///
/// # Errors
/// When the guidance is faulty or standard output cannot be written.
pub fn run(words: &Words, chosen: Option<&Path>) -> Result<u8, Stop> {
    let places = Places::this();
    let guidance = guidance::load(&places, chosen, Moment::Live).map_err(|problem| console::problem(&problem))?;
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let mut kept = Vec::new();
    if let Some(state) = Machine::this().state() {
        kept.push(Kept { path: shown(&state.join("attestations.json")), what: "privacy-kept-attest" });
    }
    kept.push(Kept { path: String::new(), what: "privacy-kept-facts" });
    kept.extend(
        places
            .user
            .iter()
            .chain([&places.employer])
            .map(|path| Kept { path: shown(path), what: "privacy-kept-guidance" }),
    );
    console::print(privacy::page(words, &guidance, &kept, console::look()).as_bytes())?;
    Ok(0)
}
