//! `homeward checks` lists the checks; `homeward explain ID` tells all about one.

use crate::checks::{self, Check, say};
use crate::commands::console;
use crate::commands::exit::Stop;
use crate::outputs::{explain, phrase};
use crate::verdict::ClauseRef;
use crate::words::Words;

/// Lists every check with its title.
///
/// # Errors
/// When standard output cannot be written.
pub fn list(words: &Words) -> Result<u8, Stop> {
    console::print(explain::list(words, checks::ALL, console::look()).as_bytes())?;
    Ok(0)
}

/// Tells all about one check.
///
/// # Errors
/// Wrong use, when there is no such check.
pub fn explain(words: &Words, id: &str) -> Result<u8, Stop> {
    let check = find(words, id)?;
    let rules: Vec<ClauseRef> = check.citations.iter().map(ClauseRef::from).collect();
    console::print(explain::page(words, check, &phrase::rules_by_document(words, &rules), console::look()).as_bytes())?;
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

/// The id that a mistyped one most likely means.
fn nearest(id: &str) -> Option<&'static str> {
    let wanted = id.to_ascii_lowercase().replace('_', "-");
    let farthest = (wanted.chars().count() / 3).max(2);
    checks::ALL
        .iter()
        .map(|check| (distance(&wanted, check.id), check.id))
        .filter(|(distance, id)| *distance <= farthest || (wanted.len() >= 4 && id.contains(&wanted)))
        .min()
        .map(|(_, id)| id)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    // An argument can be as long as it likes; an id is short.
    let a: Vec<char> = a.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (i, y) in b.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (x, cell) in a.iter().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            *cell = (above + 1).min(left + 1).min(diagonal + usize::from(*x != y));
            diagonal = above;
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_id_finds_its_neighbour() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(nearest("wifi-unencripted"), Some("wifi-unencrypted"));
        assert_eq!(nearest("VPN_down"), Some("vpn-down"));
        assert_eq!(nearest("hijacked"), Some("vpn-route-hijacked"));
        assert_eq!(nearest("zzzzzzzzzzzzz"), None);
    }
}
