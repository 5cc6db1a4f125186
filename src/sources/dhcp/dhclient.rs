//! ISC dhclient's lease files (`dhclient.leases(5)`): blocks of declarations, the last of an interface counts.

use std::collections::BTreeMap;

use crate::facts::dhcp::Lease;
use crate::facts::{Reason, Thing};
use crate::sources::machine::Machine;

use super::networkmanager::{bytes, classless, listed, static_routes, words};
use super::{Filed, options};

const FOLDERS: [&str; 3] = ["/var/lib/dhcp", "/var/lib/dhclient", "/var/lib/NetworkManager"];

/// More words of one declaration, or blocks of one file, than this are not read.
const LIMIT: usize = 4096;

/// The last lease of each interface in each file.
pub(super) fn read(machine: &Machine) -> Result<Vec<Filed>, Reason> {
    let mut found = Vec::new();
    let mut refused = None;
    for folder in FOLDERS {
        for name in machine.names_in(folder) {
            let is_lease = name.rsplit_once('.').is_some_and(|(_, kind)| matches!(kind, "lease" | "leases"));
            if !name.starts_with("dhclient") || !is_lease || name.starts_with("dhclient6") {
                continue;
            }
            match machine.read_text(&format!("{folder}/{name}"), Thing::DhcpLease) {
                Ok(text) => found.extend(parse(&text)),
                Err(reason) => refused = Some(reason),
            }
        }
    }
    match refused {
        Some(reason) if found.is_empty() => Err(reason),
        _ => Ok(found),
    }
}

/// The last lease of each interface.
fn parse(text: &str) -> Vec<Filed> {
    let mut words = tokens(text).peekable();
    let mut last = BTreeMap::new();
    while let Some(word) = words.next() {
        if word != Token::Word("lease") || words.next_if_eq(&Token::Open).is_none() {
            continue;
        }
        let mut declarations = BTreeMap::new();
        let mut words_of_one = Vec::new();
        for word in words.by_ref() {
            match word {
                Token::Close => break,
                Token::End => {
                    declare(&words_of_one, &mut declarations);
                    words_of_one.clear();
                }
                word if words_of_one.len() < LIMIT => words_of_one.push(word),
                _ => {}
            }
        }
        if let Some(filed) = lease(&declarations) {
            last.insert(filed.lease.interface.clone(), filed);
        }
    }
    last.into_values().collect()
}

/// A value: the words after the name, and whether the first was in quotes.
struct Value {
    text: String,
    quoted: bool,
}

fn declare<'t>(words: &[Token<'t>], into: &mut BTreeMap<&'t str, Value>) {
    let (name, values) = match words {
        [Token::Word("option"), Token::Word(name), values @ ..]
        | [Token::Word(name @ ("interface" | "fixed-address")), values @ ..] => (*name, values),
        _ => return,
    };
    let quoted = matches!(values.first(), Some(Token::Quoted(_)));
    let texts = values.iter().map(|value| match value {
        Token::Quoted(text) => unescaped(text),
        Token::Word(text) => (*text).to_owned(),
        _ => String::new(),
    });
    into.insert(name, Value { text: texts.collect::<Vec<_>>().join(" "), quoted });
}

fn lease(told: &BTreeMap<&str, Value>) -> Option<Filed> {
    let text = |key: &str| told.get(key).map(|value| value.text.as_str()).filter(|text| !text.is_empty());
    // What dhclient has no name for comes in quotes when it can be printed, else as `a:b:c`.
    let raw = |keys: [&str; 2]| {
        let value = keys.iter().find_map(|key| told.get(*key))?;
        if value.quoted { Some(value.text.clone().into_bytes()) } else { bytes(&value.text, ':', 16) }
    };
    let mut routes = Vec::new();
    routes.extend(text("rfc3442-classless-static-routes").map(|text| classless(121, text)).unwrap_or_default());
    routes.extend(raw(["unknown-121", "unknown-121"]).map(|bytes| options::classless(121, &bytes)).unwrap_or_default());
    routes.extend(text("ms-classless-static-routes").map(|text| classless(249, text)).unwrap_or_default());
    routes.extend(raw(["unknown-249", "unknown-249"]).map(|bytes| options::classless(249, &bytes)).unwrap_or_default());
    routes.extend(text("static-routes").map(static_routes).unwrap_or_default());
    let lease = Lease {
        interface: text("interface")?.to_owned(),
        source: "dhclient".to_owned(),
        server: text("dhcp-server-identifier").and_then(|text| text.parse().ok()),
        lease_seconds: text("dhcp-lease-time").and_then(|text| text.parse().ok()),
        routers: text("routers").map(listed).unwrap_or_default(),
        resolvers: text("domain-name-servers").map(listed).unwrap_or_default(),
        domain: text("domain-name").map(str::to_owned),
        search: text("domain-search").map(words).unwrap_or_default(),
        android_metered: raw(["vendor-encapsulated-options", "unknown-43"])
            .is_some_and(|bytes| options::android_metered(&bytes)),
        portal_api: raw(["default-url", "unknown-114"]).and_then(|bytes| options::text(&bytes)),
        wpad: raw(["wpad", "unknown-252"]).and_then(|bytes| options::text(&bytes)),
        routes,
    };
    Some(Filed { address: text("fixed-address").and_then(|text| text.parse().ok()), lease })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    /// Without its quotes, escapes as they were.
    Quoted(&'t str),
    Open,
    Close,
    End,
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if !rest.starts_with('#') {
                break;
            }
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
        let first = rest.chars().next()?;
        let (token, length) = match first {
            '{' => (Token::Open, 1),
            '}' => (Token::Close, 1),
            ';' => (Token::End, 1),
            '"' => {
                let inner = rest.get(1..)?;
                let end = closing(inner)?;
                (Token::Quoted(inner.get(..end)?), end + 2)
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | ';' | ',' | '"');
                let end = rest.find(ends).unwrap_or(rest.len());
                (Token::Word(rest.get(..end)?), end)
            }
        };
        rest = rest.get(length..)?;
        Some(token)
    })
}

/// Where the closing quote stands.
fn closing(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner
        .char_indices()
        .find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        })
        .map(|(at, _)| at)
}

/// Text without its escapes (`\"`, `\\`, `\NNN` in octal).
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = match (byte, tail) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..]) => {
                out.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                tail
            }
            (b'\\', [byte, tail @ ..]) => {
                out.push(*byte);
                tail
            }
            _ => {
                out.push(byte);
                tail
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lease_of_an_interface_counts() {
        let leases = parse(
            "default-duid \"\\000\\001\";\nlease {\n interface \"eth0\";\n fixed-address 192.0.2.1;\n}\n\
             lease {\n interface \"eth0\";\n fixed-address 192.0.2.2; # a } here\n option domain-name \"a \\\"b\\\";}\";\n}\n\
             lease {\n interface \"eth1\";\n",
        );
        assert_eq!(leases.len(), 2);
        assert_eq!(leases[0].address, Some("192.0.2.2".parse().unwrap()));
        assert_eq!(leases[0].lease.domain.as_deref(), Some("a \"b\";}"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_borne(text in "\\PC*", odd in "[a-z{};\"\\\\:0-9 \n]*") {
            for text in [&text, &odd] {
                drop(parse(text));
                drop(parse(&format!("lease {{ interface \"eth0\"; option unknown-249 {text}; option domain-name \"{text}")));
            }
        }
    }
}
