//! `homeward checks` lists the checks; `homeward explain ID` tells all about one.

use crate::checks::{self, Check, say};
use crate::commands::console;
use crate::commands::exit::Stop;
use crate::guidance::{self, Guidance, Moment, Places};
use crate::outputs::explain;
use crate::words::Words;

/// Lists every check with its title.
///
/// # Errors
/// When standard output cannot be written.
pub fn list(words: &Words) -> Result<u8, Stop> {
    console::print(explain::list(words, checks::ALL, console::look()).as_bytes())?;
    Ok(0)
}

/// Tells all about one check, by the guidance in force. Guidance that cannot be used is told beside it,
/// and the check explained as it is built in.
///
/// # Errors
/// Wrong use, when there is no such check.
pub fn explain(words: &Words, id: &str) -> Result<u8, Stop> {
    let check = find(words, id)?;
    let guidance = guidance::load(&Places::this(), None, Moment::Live).unwrap_or_else(|problem| {
        console::note(&console::problem(&problem).says);
        console::note(&words.get("explain-by-built-in"));
        Guidance::built_in().clone()
    });
    console::print(explain::page(words, check, &guidance, console::look()).as_bytes())?;
    Ok(0)
}

/// The check of this id.
///
/// # Errors
/// Wrong use, with the nearest id, when there is none.
pub fn find(words: &Words, id: &str) -> Result<&'static Check, Stop> {
    checks::find(id).ok_or_else(|| {
        let says = match nearest(id) {
            Some(nearest) => words.say(&say("id-nearest").with("id", id).with("nearest", nearest)),
            None => words.say(&say("id-unknown").with("id", id)),
        };
        Stop::wrong_use(format!("{says} {}", words.get("id-list")))
    })
}

/// The id that a mistyped one most likely means, or that it is a part of.
fn nearest(id: &str) -> Option<&'static str> {
    let wanted = id.to_ascii_lowercase().replace('_', "-");
    let ids = || checks::ALL.iter().map(|check| check.id);
    guidance::nearest(&wanted, ids()).or_else(|| ids().find(|id| wanted.len() >= 4 && id.contains(&wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_id_finds_its_neighbour() {
        assert_eq!(nearest("wifi-unencripted"), Some("wifi-unencrypted"));
        assert_eq!(nearest("VPN_down"), Some("vpn-down"));
        assert_eq!(nearest("hijacked"), Some("vpn-route-hijacked"));
        assert_eq!(nearest("zzzzzzzzzzzzz"), None);
    }
}
