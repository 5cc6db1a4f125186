//! The places met before, for a person.

use crate::checks::say;
use crate::memory::Network;
use crate::outputs::page::{Glyph, Look, PLAIN, Page};
use crate::words::Words;

/// The whole page.
pub fn page(words: &Words, networks: &[Network], look: Look) -> String {
    let mut page = Page::new(look);
    if networks.is_empty() {
        page.plain(0, &words.get("networks-nothing"));
        return page.into_text();
    }
    for network in networks {
        let name = match (&network.name, network.wifi) {
            (Some(name), _) => name.clone(),
            (None, true) => words.get("networks-some-wifi"),
            (None, false) => words.get("networks-some-cable"),
        };
        let protection =
            network.weakest.as_ref().map(|word| words.get(&format!("security-{word}"))).unwrap_or_default();
        let line = say(if network.trusted { "networks-line-trusted" } else { "networks-line" })
            .with("id", network.id.get(..8).unwrap_or(&network.id))
            .with("name", name)
            .with("days", u64::from(network.days))
            .with("last", network.day.to_string());
        page.item(0, if network.trusted { Glyph::Fine } else { Glyph::Dot }, PLAIN, &words.say(&line));
        if !protection.is_empty() {
            page.dim(2, &words.say(&say("networks-weakest").with("protection", protection)));
        }
    }
    page.blank();
    page.dim(0, &words.get("networks-more"));
    page.into_text()
}
