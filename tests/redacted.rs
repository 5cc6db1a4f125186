//! What becomes of a moment when its names are taken out: it is judged as before, and nothing of them is left.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use homeward::checks;
use homeward::facts::Facts;
use homeward::guidance::{self, Guidance};
use homeward::redact::{Level, Redactor};
use homeward::verdict::{Selection, Verdict, judge};
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

/// All texts of a document, by where they stand (list indices left out).
fn leaves(value: &Value, at: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((at.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, at, found)),
        Value::Object(fields) => {
            for (key, item) in fields {
                leaves(item, &format!("{at}.{key}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
