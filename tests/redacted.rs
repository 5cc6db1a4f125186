//! What becomes of a moment when its names are taken out: it is judged as before, and nothing of them is left.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on stops")]

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use homeward::checks;
use homeward::facts::Facts;
use homeward::guidance::{self, Guidance};
use homeward::history::Past;
use homeward::outputs::report::{File, Material};
use homeward::redact::{Level, Redactor};
use homeward::verdict::{Selection, Verdict, judge};
use homeward::words::{Lang, Words};
use proptest::prelude::*;
use serde_json::Value;

use super::{Case, base, files, moment};

const KEYS: [[u8; 32]; 3] = [[0; 32], [7; 32], [201; 32]];
const BASES: [&str; 7] = ["blind", "cafe", "ethernet", "home-wifi", "offline", "vpn-full", "vpn-split"];

/// What is said of each check, without the words.
fn said(verdict: &Verdict) -> Vec<String> {
    let mut all: Vec<String> = verdict
        .findings
        .iter()
        .map(|finding| {
            let evidence: Vec<_> =
                finding.result.evidence().iter().map(|piece| (piece.says.key, piece.basis)).collect();
            let (id, word, cause) = (finding.check.id, finding.result.word(), finding.caused_by);
            format!("{id} {word} {:?} {cause:?} {} {evidence:?}", finding.severity, finding.matters)
        })
        .collect();
    all.sort();
    all.push(format!("{:?} {:?}", verdict.word, verdict.connection.medium));
    all
}

/// How a moment is judged otherwise once it is redacted.
fn judged_otherwise(facts: &Facts, guidance: &Guidance) -> String {
    let before = said(&judge(facts, guidance, &Selection::default()));
    let mut wrong = String::new();
    for key in KEYS {
        for level in [Level::Support, Level::Public] {
            let redactor = Redactor::new(level, key, guidance);
            let (facts, guidance) = (redactor.facts(facts), redactor.guidance(guidance));
            let after = said(&judge(&facts, &guidance, &Selection::default()));
            for (before, after) in before.iter().zip(&after).filter(|(before, after)| before != after) {
                let _ = writeln!(wrong, "{} {}: {before}\n      becomes {after}", level.word(), key[0]);
            }
        }
    }
    wrong
}

#[test]
fn every_case_is_judged_alike_without_its_names() {
    let mut wrong = String::new();
    for name in BASES {
        let facts: Facts = serde_json::from_value(base(name)).expect("facts");
        wrong += &judged_otherwise(&facts, Guidance::built_in());
    }
    for file in checks::ALL.iter().flat_map(|check| files(check.id)) {
        let case: Case = toml::from_str(&std::fs::read_to_string(&file).expect("read")).expect("a case");
        let (facts, guidance) = moment(&case).expect("a moment");
        let otherwise = judged_otherwise(&facts, &guidance);
        if !otherwise.is_empty() {
            let _ = writeln!(wrong, "— {}\n{otherwise}", file.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A moment in which every topic is known: those of the bases and cases, put together.
fn rich() -> Value {
    let mut whole = base("vpn-full");
    let mut take = |from: &Value| {
        for (topic, value) in from.as_object().expect("an object") {
            if value.get("known").is_some_and(|known| !known.is_null())
                && whole[topic].get("known").is_none_or(Value::is_null)
            {
                whole[topic] = value.clone();
            }
        }
    };
    for name in BASES {
        take(&base(name));
    }
    for file in checks::ALL.iter().flat_map(|check| files(check.id)) {
        let case: Case = toml::from_str(&std::fs::read_to_string(&file).expect("read")).expect("a case");
        let (facts, _) = moment(&case).expect("a moment");
        take(&serde_json::to_value(&facts).expect("JSON"));
    }
    let mut more = serde_json::json!({
        "vpn": { "known": {
            "tunnels": [{ "interface": "corp-tunnel", "kind": "wireguard", "up": true, "rx-bytes": 1, "tx-bytes": 1, "rx-during-look": 0,
                "remote": "203.0.113.77",
                "wireguard": { "known": { "fwmark": 1, "listen-port": 1, "peers": [{ "public-key": "k", "endpoint": "203.0.113.78:51820",
                    "allowed-ips": ["0.0.0.0/0", "10.77.0.0/16"] }] } } }],
            "ipsec": { "known": [{ "source": "10.1.0.0/16", "destination": "10.2.0.0/16", "tunnel": true, "endpoint": "203.0.113.79" }] },
            "connections": { "known": [{ "name": "n", "uuid": "u", "kind": "vpn", "service": "s", "active": true, "interfaces": ["corp-tunnel"],
                "gateway": "g" }] },
            "clients": [{ "id": "i", "name": "n", "tunnel": "corp-tunnel", "personal": true }] } },
        "profiles": { "known": {
            "wifi": [{ "uuid": "u", "name": "n", "ssid": "s", "key-management": "k", "autoconnect": true, "active-on": "a",
                "enterprise": { "methods": ["m"], "ca-certificate": true, "system-ca": true, "name-checked": true } }],
            "vpn": [{ "uuid": "u", "name": "n", "service": "s", "gateway": "g", "autoconnect": true }] } },
        "proxy": { "known": { "mode": { "manual": "p:8080" }, "source": "s" } },
        "portal": { "known": { "interface": "i", "networkmanager": { "known": "full" },
            "api": { "known": { "uri": "u", "captive": true, "user-portal-url": "u", "seconds-remaining": 1 } },
            "probe": { "known": { "url": "u", "address": "203.0.113.80", "outcome": { "redirected": { "status": 302, "location-host": "h" } } } },
            "second": { "known": { "url": "u", "address": null, "outcome": { "no-answer": "e" } } } } },
        "dns": { "known": { "manager": "resolved", "trail": ["t"],
            "resolv-conf": { "known": { "target": "t", "writer": "w", "nameservers": ["10.9.9.9"], "search": ["s"] } },
            "resolvers": [{ "address": "10.9.9.9", "port": 53, "configured-on": "c", "server-name": "s", "encryption": "off",
                "reached": { "unknown": { "why": "failed", "what": "netlink", "error": "e" } } }],
            "links": [{ "interface": "i", "servers": ["10.9.9.8"], "domains": [{ "name": "d", "routing-only": false }], "default-route": true,
                "encryption": "off", "dnssec": "d", "llmnr": "l", "mdns": "m" }],
            "nonsense": { "known": { "refused": "r" } } } },
        "dhcp": { "known": { "leases": [{ "interface": "i", "source": "s", "server": "10.9.9.1", "routers": ["10.9.9.1"], "resolvers": ["10.9.9.9"],
            "domain": "d", "search": ["s"], "portal-api": "p", "wpad": "w",
            "routes": [{ "option": 121, "prefix": "10.88.0.0/16", "router": "10.9.9.3" }] }] } },
        "firewall": { "known": { "tables": [{ "family": "inet", "name": "n" }], "output": [{ "table": { "family": "f", "name": "n" },
            "name": "n", "drops-by-default": true, "accepts-interfaces": ["a"] }], "input-drops": true } },
        "sensor": { "known": { "version": "v", "heard": {}, "witnessed": { "known": {
            "name": { "sent": true, "seen": ["s"] }, "ipv4": { "sent": true, "seen": ["s"] }, "ipv6": { "sent": true, "seen": ["s"] } } } } }
    });
    let all = whole.as_object_mut().expect("an object");
    for (topic, value) in more.as_object_mut().expect("an object") {
        all.insert(topic.clone(), value.take());
    }
    let facts: Facts = serde_json::from_value(whole.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert!(facts.not_learned().is_empty(), "every topic is known: {:?}", facts.not_learned());
    serde_json::to_value(&facts).expect("JSON")
}

/// All texts of a document with where they stand, to be replaced.
fn leaves<'v>(value: &'v mut Value, at: &str, found: &mut Vec<(String, &'v mut String)>) {
    match value {
        Value::String(text) => found.push((at.to_owned(), text)),
        Value::Array(items) => items.iter_mut().for_each(|item| leaves(item, at, found)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, item)| leaves(item, &format!("{at}.{key}"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn all(value: &mut Value) -> Vec<(String, &mut String)> {
    let mut found = Vec::new();
    leaves(value, "", &mut found);
    found
}

/// The places whose type is text: any text can stand there.
fn free(rich: &Value) -> BTreeSet<usize> {
    let count = all(&mut rich.clone()).len();
    let takes = |place: &usize| {
        let mut tried = rich.clone();
        "Any Text".clone_into(all(&mut tried)[*place].1);
        serde_json::from_value::<Facts>(tried).is_ok()
    };
    (0..count).filter(takes).filter(|place| all(&mut rich.clone())[*place].0 != ".format").collect()
}

/// Where a text stays that looks like a setting's: the system's own words, which no person and no network chooses.
const SETTINGS: &[&str] = &[
    ".dhcp.known.leases.source",
    ".dns.known.links.dnssec",
    ".dns.known.links.llmnr",
    ".dns.known.links.mdns",
    ".dns.known.resolv-conf.known.writer",
    ".dns.known.trail",
    ".firewall.known.output.table.family",
    ".firewall.known.tables.family",
    ".link.known.interfaces.driver",
    ".link.known.interfaces.kind",
    ".met.known.weakest",
    ".profiles.known.wifi.enterprise.methods",
    ".profiles.known.wifi.key-management",
    ".proxy.known.source",
    ".sensor.known.version",
    ".taken-by.homeward",
    ".traffic.known.handshakes.negotiated.source",
    ".traffic.known.sightings.label",
    ".vpn.known.clients.id",
    ".vpn.known.connections.known.kind",
    ".wifi.known.association.configured.known",
    ".wifi.known.association.negotiated.known.source",
    ".wifi.known.association.verification.known.methods",
];

#[test]
fn only_settings_keep_their_words() {
    let mut planted = rich();
    let free = free(&planted);
    assert!(free.len() > 60, "{} places of free text", free.len());
    for (place, (_, text)) in all(&mut planted).into_iter().enumerate().filter(|(place, _)| free.contains(place)) {
        *text = format!("chantaiman{}", char::from(b'a' + u8::try_from(place % 26).expect("small")));
    }
    let facts: Facts = serde_json::from_value(planted).expect("facts");
    for level in [Level::Support, Level::Public] {
        let redactor = Redactor::new(level, KEYS[1], Guidance::built_in());
        let mut after = serde_json::to_value(redactor.facts(&facts)).expect("JSON");
        let left: BTreeSet<String> =
            all(&mut after).into_iter().filter(|(_, text)| text.contains("chantaiman")).map(|(at, _)| at).collect();
        let odd: Vec<&String> = left.iter().filter(|at| !SETTINGS.contains(&at.as_str())).collect();
        assert!(odd.is_empty(), "{}: a name survives at {odd:?}", level.word());
    }
}

/// A text in the ways it may be written.
fn written(text: &str) -> Vec<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = text.as_bytes();
    let hex = |upper: bool| {
        bytes.iter().fold(String::new(), |mut hex, byte| {
            let _ = if upper { write!(hex, "{byte:02X}") } else { write!(hex, "{byte:02x}") };
            hex
        })
    };
    // Wherever it begins within a text: the digits that hang on it alone.
    let base64 = (0..3).map(|before| {
        let shifted = [vec![0; before], bytes.to_vec()].concat();
        let bits: Vec<u8> = shifted.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
        let digits: Vec<u8> =
            bits.chunks_exact(6).map(|six| DIGITS[usize::from(six.iter().fold(0, |n, bit| n << 1 | bit))]).collect();
        digits[(before * 8).div_ceil(6)..].to_vec()
    });
    let percent = bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = if byte.is_ascii_alphanumeric() {
            write!(out, "{}", char::from(*byte))
        } else {
            write!(out, "%{byte:02X}")
        };
        out
    });
    let html = text
        .replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;");
    let json = serde_json::to_string(text).expect("JSON");
    let units = text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "\\u{unit:04x}");
        out
    });
    let mut all: Vec<Vec<u8>> = [
        text.to_owned(),
        text.to_lowercase(),
        text.to_uppercase(),
        text.chars().rev().collect(),
        hex(false),
        hex(true),
        percent,
        html,
        json.trim_matches('"').to_owned(),
        units,
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect();
    all.extend(base64);
    all
}

fn holds(file: &[u8], wanted: &[u8]) -> bool {
    file.windows(wanted.len()).any(|window| window == wanted)
}

/// Names of many kinds, none of which is a word of ours.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{4,8}[ '_.-][A-Z][a-z]{5,9}[0-9]{2}",
        "[A-Z0-9]{4}<b>[a-z]{4}&\"[a-z]{3}",
        "[\u{4e00}-\u{9fa5}]{4,7}",
        "[А-Яа-я]{6,10}",
        "https://[a-z]{6,9}q[0-9]{3}\\.[a-z]{5}z/[a-zA-Z0-9]{8}\\?u=[a-z]{8}",
        "/home/[a-z]{6}q[0-9]/[A-Z][a-z]{5}",
        "[a-z]{5}@[a-z]{6}\\.example",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_of_a_moment_survives_in_its_bundle(
        names in prop::collection::vec(name(), 150..160),
        numbers in prop::collection::vec(any::<u32>(), 400..401),
        public in any::<bool>(),
        key in any::<[u8; 32]>(),
    ) {
        let mut planted = rich();
        let free = free(&planted);
        let (mut names, mut numbers) = (names.into_iter().cycle().enumerate(), numbers.into_iter().cycle());
        let mut originals: BTreeSet<String> = BTreeSet::new();
        for (place, (_, text)) in all(&mut planted).into_iter().enumerate() {
            let number = numbers.next().expect("endless");
            // An address of the Internet, far from those that everybody knows.
            let address = std::net::Ipv4Addr::from(0x5300_0000 | number & 0x00ff_ffff);
            if text.parse::<std::net::Ipv4Addr>().is_ok_and(|known| !known.is_loopback() && !known.is_unspecified()) {
                *text = address.to_string();
                originals.insert(text.clone());
            } else if text.parse::<std::net::SocketAddrV4>().is_ok() {
                *text = format!("{address}:443");
                originals.insert(address.to_string());
            } else if text.len() == 17 && text.split(':').count() == 6 {
                let [a, b, c, d] = number.to_be_bytes();
                *text = format!("a4:{a:02x}:{b:02x}:{c:02x}:{d:02x}:{:02x}", a ^ d ^ 0x5a);
                originals.insert(text.clone());
                originals.insert(text.replace(':', ""));
            } else if free.contains(&place) {
                let (count, name) = names.next().expect("endless");
                *text = format!("{name}{count}");
                originals.insert(text.clone());
            }
        }
        let facts: Facts = serde_json::from_value(planted).expect("facts");
        let level = if public { Level::Public } else { Level::Support };
        let redactor = Redactor::new(level, key, Guidance::built_in());
        let note = format!("It began at {}", originals.iter().next().expect("some"));
        let (files, facts) = bundle(&redactor, &facts, &note);
        let pseudonyms: BTreeSet<String> = redactor.replaced().into_values().collect();
        prop_assert!(!pseudonyms.is_empty() && facts.taken_at.as_second() > 0);
        let seen: HashSet<[u8; 5]> = files.iter().flat_map(|file| file.bytes.windows(5)).filter_map(|five| five.try_into().ok()).collect();
        for original in originals.iter().filter(|original| !pseudonyms.contains(*original)) {
            // Most forms are ruled out by how they begin.
            let begins = |form: &Vec<u8>| form.get(..5).is_none_or(|five| five.try_into().is_ok_and(|five: [u8; 5]| seen.contains(&five)));
            for form in written(original).into_iter().filter(begins) {
                for file in &files {
                    prop_assert!(!holds(&file.bytes, &form), "{} survives in {} as {:?}", original, file.name, String::from_utf8_lossy(&form));
                }
            }
        }
    }
}

/// The files of a bundle of a moment.
fn bundle(redactor: &Redactor, facts: &Facts, note: &str) -> (Vec<File>, Facts) {
    let facts = redactor.facts(facts);
    let guidance = redactor.guidance(Guidance::built_in());
    let verdict = judge(&facts, &guidance, &Selection::default());
    let (past, since) = (Past::default(), facts.taken_at);
    let mut material = Material::new(facts.clone(), guidance, verdict, past, since);
    material.about.note = Some(redactor.note(note));
    (material.files(&Words::new(Lang::En)).expect("files"), facts)
}

#[test]
fn the_same_thing_has_the_same_name_wherever_it_stands() {
    let facts: Facts = serde_json::from_value(base("home-wifi")).expect("facts");
    let redactor = Redactor::new(Level::Support, KEYS[0], Guidance::built_in());
    let after = redactor.facts(&facts);
    let router = |facts: &Facts| facts.link.known().expect("known").routers[0].address;
    let resolver = |facts: &Facts| facts.dns.known().expect("known").resolvers[0].address;
    assert_eq!(router(&facts), resolver(&facts), "the router of this home answers names");
    assert_eq!(router(&after), resolver(&after), "… and still does");
    assert_ne!(router(&facts), router(&after));
    // Another bundle of the same person: the same names. To the public: others.
    let again = Redactor::new(Level::Support, KEYS[0], Guidance::built_in());
    assert_eq!(again.facts(&facts), after);
    assert_eq!(again.id(), redactor.id());
    let public = Redactor::new(Level::Public, KEYS[2], Guidance::built_in());
    assert_ne!(router(&public.facts(&facts)), router(&after));
    assert_ne!(public.id(), redactor.id());
}

#[test]
fn what_the_employer_names_stays_for_the_helpdesk_and_goes_for_the_public() {
    let text = "name = \"acme\"\nversion = \"3\"\n[contact]\nname = \"ACME helpdesk\"\n[[vpn.identity]]\nname = \"ACME VPN\"\nendpoints = [\"203.0.113.10:51820\"]\n\
                dns-suffixes = [\"corp.acme.com\"]\n[dns]\nresolvers = [\"10.8.0.1\"]\n[[destination]]\nname = \"Payroll\"\naddress = \"10.20.0.0/16\"\n";
    let guidance = guidance::parse(text, "guidance").expect("guidance");
    let support = Redactor::new(Level::Support, KEYS[1], &guidance).guidance(&guidance);
    assert_eq!(
        (&support.vpn, &support.dns, &support.destinations),
        (&guidance.vpn, &guidance.dns, &guidance.destinations)
    );
    let public = Redactor::new(Level::Public, KEYS[1], &guidance).guidance(&guidance);
    let shown = guidance::written::text(&public).expect("text").to_lowercase();
    for gone in ["acme", "payroll", "203.0.113.10", "10.8.0.1", "10.20."] {
        assert!(!shown.contains(gone), "{gone}: {shown}");
    }
    let none = Redactor::new(Level::None, KEYS[1], &guidance);
    assert_eq!(none.guidance(&guidance), guidance);
}

#[test]
fn a_note_loses_the_names_that_are_elsewhere() {
    let facts: Facts = serde_json::from_value(base("cafe")).expect("facts");
    let redactor = Redactor::new(Level::Support, KEYS[0], Guidance::built_in());
    redactor.facts(&facts);
    redactor.also("host", "tai-mans-laptop");
    let note = redactor.note("At HARBOUR CAFE FREE my tai-mans-laptop lost its VPN");
    assert!(!note.to_lowercase().contains("harbour") && !note.contains("tai-man"), "{note}");
    assert!(note.contains("lost its VPN"), "{note}");
    // Words that anybody may use, and names within other words, are left.
    redactor.also("connection", "Work");
    redactor.also("connection", "all");
    redactor.also("connection", "\u{9673}\u{5bb6}");
    let note = redactor.note("I work, calls drop, \u{6211}\u{9673}\u{5bb6}\u{7684}");
    assert!(note.starts_with("I work, calls drop, \u{6211}connection-") && !note.contains('\u{9673}'), "{note}");
}
