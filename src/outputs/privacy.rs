//! Everything Homeward can send, everything it keeps, and who can read it, with the guidance in force.

use crate::checks::{Message, say};
use crate::guidance::{Guidance, ProbeTarget};
use crate::outputs::page::{Glyph, Look, PLAIN, Page};
use crate::words::Words;

/// A file Homeward keeps or reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub path: String,
    /// What it is: a key of the catalogue.
    pub what: &'static str,
}

/// The whole page.
pub fn page(words: &Words, guidance: &Guidance, kept: &[Kept], look: Look) -> String {
    let mut page = Page::new(look);
    page.bold(0, &words.get("privacy-title"));
    page.plain(0, &words.get("privacy-passive"));

    page.blank();
    page.bold(0, &words.get("privacy-sent"));
    let mut number = 0;
    for message in sent(guidance) {
        number += 1;
        page.say(2, (PLAIN, &format!("{number}.")), PLAIN, &words.say(&message));
    }
    if guidance.portal.first.is_none() {
        page.plain(2, &words.get("privacy-no-probe"));
    }
    page.item(2, Glyph::Dot, PLAIN, &words.get("privacy-otlp"));
    page.dim(2, &words.say(&say("privacy-by").with("name", &guidance.name).with("version", &guidance.version)));

    for (heading, items) in [
        (
            "privacy-local",
            &["privacy-local-kernel", "privacy-local-bus", "privacy-local-mtu", "privacy-local-journal"][..],
        ),
        ("privacy-never", &["privacy-never-you", "privacy-never-home", "privacy-never-vpn"]),
    ] {
        page.blank();
        page.bold(0, &words.get(heading));
        for item in items {
            page.item(2, Glyph::Dot, PLAIN, &words.get(item));
        }
    }

    page.blank();
    page.bold(0, &words.get("privacy-kept"));
    for file in kept {
        page.item(2, Glyph::Dot, PLAIN, &words.say(&say(file.what).with("path", &file.path)));
    }
    page.into_text()
}

/// What a `homeward check` can send.
fn sent(guidance: &Guidance) -> Vec<Message> {
    let probe = |key, target: &ProbeTarget| say(key).with("url", &target.url).with("host", host(&target.url));
    let mut sent = Vec::new();
    if let Some(first) = &guidance.portal.first {
        sent.push(probe("privacy-probe-first", first));
        if let Some(second) = &guidance.portal.second {
            sent.push(probe("privacy-probe-second", second));
        }
    }
    sent.push(say("privacy-probe-api"));
    sent.push(say("privacy-dns"));
    sent.push(say("privacy-witness"));
    sent.push(say("privacy-watch"));
    sent
}

/// The host of an `http://` address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn the_page_reflects_the_guidance_in_force() {
        let words = Words::new(Lang::En);
        let mut guidance = Guidance::built_in().clone();
        let target = |url: &str| ProbeTarget { url: url.to_owned(), status: 200, body: String::new() };
        guidance.portal.first = Some(target("http://probe.corp.example/ok"));
        guidance.portal.second = None;
        let with = page(&words, &guidance, &[], Look::PLAIN);
        assert!(with.contains("probe.corp.example") && with.contains(".invalid"), "{with}");
        assert!(with.contains(".example") && with.contains("192.0.2.1") && with.contains("2001:db8::1"), "{with}");
        guidance.portal.first = None;
        let without = page(&words, &guidance, &[], Look::PLAIN);
        assert!(!without.contains("http://"), "{without}");
    }

    #[test]
    fn the_host_is_what_is_looked_up() {
        assert_eq!(host("http://a.example/x"), "a.example");
        assert_eq!(host("http://a.example:80?x"), "a.example:80");
    }
}
