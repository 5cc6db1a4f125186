//! A guidance file as it is written: every key optional, every value with its place, unknown keys
//! refused. What the values mean is for `validate`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Fault, MOST, Place};
use super::{Extent, Required, SeverityRule, syntax};
use crate::facts::text::harmless;

/// A value and where it stands; absent when the key is.
pub(super) type Set<T> = Option<Spanned<T>>;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) name: Set<String>,
    pub(super) version: Set<String>,
    pub(super) title: Set<String>,
    pub(super) contact: Contact,
    pub(super) vpn: Vpn,
    pub(super) dns: Dns,
    pub(super) destination: Option<Vec<Spanned<Destination>>>,
    pub(super) trusted: Option<Vec<Spanned<Trusted>>>,
    pub(super) portal: Portal,
    pub(super) work: Work,
    pub(super) attestations: Attestations,
    pub(super) severity: BTreeMap<Spanned<String>, SeverityRule>,
    pub(super) clause: Option<Vec<Spanned<Clause>>>,
    pub(super) locked: Option<Locked>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Contact {
    pub(super) name: Set<String>,
    pub(super) phone: Set<String>,
    pub(super) email: Set<String>,
    pub(super) url: Set<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Vpn {
    pub(super) required: Option<Required>,
    pub(super) extent: Option<Extent>,
    pub(super) enforced: Option<bool>,
    pub(super) identity: Option<Vec<Spanned<Identity>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Identity {
    pub(super) name: Set<String>,
    pub(super) peer_keys: Vec<Spanned<String>>,
    pub(super) endpoints: Vec<Spanned<String>>,
    pub(super) networkmanager_uuids: Vec<Spanned<String>>,
    pub(super) dns_suffixes: Vec<Spanned<String>>,
    pub(super) clients: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Dns {
    pub(super) resolvers: Option<Vec<Spanned<String>>>,
    pub(super) domains: Option<Vec<Spanned<String>>>,
    pub(super) encrypted: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Destination {
    pub(super) name: Set<String>,
    pub(super) address: Set<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Trusted {
    pub(super) name: Set<String>,
    pub(super) ssid: Set<String>,
    pub(super) security: Set<String>,
    pub(super) gateway_mac: Set<String>,
    pub(super) bssid_prefix: Set<String>,
    pub(super) dhcp_server: Set<String>,
    pub(super) subnet: Set<String>,
    pub(super) domain: Set<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Portal {
    pub(super) probe: Option<bool>,
    pub(super) first: Set<Probe>,
    pub(super) second: Set<Probe>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Probe {
    pub(super) url: Set<String>,
    pub(super) status: Set<i64>,
    pub(super) body: Set<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Work {
    pub(super) hours: Option<Vec<Spanned<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Attestations {
    pub(super) valid_for: Set<String>,
    pub(super) ask: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Clause {
    pub(super) id: Set<String>,
    pub(super) source: Set<String>,
    pub(super) text: Set<String>,
    pub(super) checks: Vec<Spanned<String>>,
}

/// `locked = ["vpn.required"]` above the first section, which is the form that is documented; or `[locked]` with
/// `keys = […]`.
#[derive(Debug)]
pub(super) struct Locked(pub(super) Vec<Spanned<String>>);

impl<'de> Deserialize<'de> for Locked {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            #[serde(default)]
            keys: Vec<Spanned<String>>,
        }

        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Locked;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of keys")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, list: A) -> Result<Locked, A::Error> {
                Vec::deserialize(serde::de::value::SeqAccessDeserializer::new(list)).map(Locked)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Locked, A::Error> {
                let table = Table::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Locked(table.keys))
            }
        }
        // Not `untagged`: that would lose the places.
        deserializer.deserialize_any(Either)
    }
}

/// Reads a text. What could be read is returned beside everything that was wrong: a fault found by
/// the type is noted, its value taken out, and the rest read again.
pub(super) fn read(text: &str) -> (File, Vec<Fault>) {
    let (mut table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return (File::default(), syntax(text, &errors));
    }
    let mut faults = Vec::new();
    while faults.len() < MOST {
        match File::deserialize(toml::de::Deserializer::from(table.clone())) {
            Ok(file) => return (file, faults),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let key = remove(table.get_mut(), &span, "");
                let hopeless = key.is_none();
                let (says, help) = match &key {
                    Some(key) if key.ends_with(".locked") => misplaced_lock(key),
                    _ => plainly(error.message()),
                };
                faults.push(Fault { help, ..fault(text, &span, key, &says) });
                if hopeless {
                    break;
                }
            }
        }
    }
    (File::default(), faults)
}

/// The first error of each line: what follows on a line mostly follows from it.
fn syntax(text: &str, errors: &[toml::de::Error]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for error in errors.iter().take(MOST) {
        let fault = fault(text, &error.span().unwrap_or(0..0), None, error.message());
        let line = |fault: &Fault| fault.place.as_ref().map(|place| place.line);
        if faults.last().is_none_or(|last| line(last) != line(&fault)) {
            faults.push(fault);
        }
    }
    faults
}

pub(super) fn fault(text: &str, span: &Range<usize>, key: Option<String>, says: &str) -> Fault {
    Fault { place: Some(Place::of(text, span)), key, says: harmless(says, 400), help: None }
}

/// What TOML takes for a key of the section above it.
fn misplaced_lock(key: &str) -> (String, Option<String>) {
    let section = key.strip_suffix(".locked").unwrap_or_default();
    let says = format!("`locked` stands within the section {section}, and has no meaning there");
    (says, Some("it belongs above the first [section] of the file".to_owned()))
}

/// What serde says, as a person who writes guidance would say it; and what would help.
fn plainly(message: &str) -> (String, Option<String>) {
    // The quoted words after "expected": the keys or values there are.
    let quoted = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let near = |word: Option<&String>, words: &[String]| {
        let nearest = syntax::nearest(word?, words.iter().map(String::as_str))?;
        Some(format!("did you mean `{nearest}`?"))
    };
    if let Some((unknown, known)) =
        message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", expected "))
    {
        let (unknown, known) = (quoted(unknown), quoted(known));
        let name = unknown.first().map_or("", String::as_str);
        let help = near(unknown.first(), &known);
        return (format!("there is no key `{name}` here; there are {}", known.join(", ")), help);
    }
    if let Some((unknown, known)) =
        message.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected "))
    {
        let (unknown, known) = (quoted(unknown), quoted(known));
        let value = unknown.first().map_or("", String::as_str);
        let help = near(unknown.first(), &known);
        return (format!("`{value}` is none of {}", known.join(", ")), help);
    }
    if let Some((is, wanted)) = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        let (wanted, help) = match wanted {
            "a string" => ("text belongs here", Some("put it in quotes")),
            "a boolean" => ("true or false belongs here", Some("write true or false without quotes")),
            "a sequence" => ("a list belongs here", Some("put it in [ ]")),
            wanted if wanted.starts_with("struct ") => ("a table of keys belongs here", None),
            wanted => (wanted, None),
        };
        return (format!("is {is}; {wanted}"), help.map(str::to_owned));
    }
    (message.to_owned(), None)
}

/// Takes out the innermost entry whose key or value a fault's span lies in. Its dotted key.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>, path: &str) -> Option<String> {
    let dotted = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for (key, value) in table.iter_mut() {
        let path = dotted(key.get_ref());
        let found = match value.get_mut() {
            DeValue::Table(inner) => remove(inner, span, &path),
            DeValue::Array(items) => items.iter_mut().find_map(|item| match item.get_mut() {
                DeValue::Table(inner) => remove(inner, span, &path),
                _ => None,
            }),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    let within = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    let key = table.iter().find(|(key, value)| within(key.span()) || within(value.span()))?.0.get_ref().to_string();
    table.remove(key.as_str());
    Some(dotted(&key))
}
