//! `homeward privacy`: what can be sent, what is kept, who can read it.

use std::path::Path;

use crate::commands::console;
use crate::commands::exit::Stop;
use crate::guidance::{self, Guidance, Moment, Places};
use crate::outputs::page::Look;
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
    console::print(page(words, &guidance, console::look()).as_bytes())?;
    Ok(0)
}

/// The same without colour, in lines of usual length.
pub fn text(words: &Words, guidance: &Guidance) -> String {
    page(words, guidance, Look { width: 80, colour: false, unicode: true })
}

fn page(words: &Words, guidance: &Guidance, look: Look) -> String {
    let places = Places::this();
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let mut kept = Vec::new();
    if let Some(state) = Machine::this().state() {
        kept.push(Kept { path: shown(&state.join("attestations.json")), what: "privacy-kept-attest" });
        kept.push(Kept { path: shown(&state.join("watch.json")), what: "privacy-kept-watch" });
        kept.push(Kept { path: shown(&state.join("networks.json")), what: "privacy-kept-networks" });
        kept.push(Kept { path: shown(&state.join("history.db")), what: "privacy-kept-history" });
    }
    kept.push(Kept { path: String::new(), what: "privacy-kept-report" });
    let page = "$XDG_RUNTIME_DIR/homeward/explanation.html".to_owned();
    kept.push(Kept { path: page, what: "privacy-kept-explanation" });
    kept.push(Kept { path: String::new(), what: "privacy-kept-facts" });
    kept.extend(
        places
            .user
            .iter()
            .chain([&places.employer])
            .map(|path| Kept { path: shown(path), what: "privacy-kept-guidance" }),
    );
    privacy::page(words, guidance, &kept, look)
}
