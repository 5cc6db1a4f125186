//! Moments and what Homeward must say of them.
//!
//! `cases/base/*.json` are whole moments. `cases/CHECK/*.toml` each tell one story: the world, the
//! truth, a change to a base (an RFC 7396 merge patch), and the outcome the check must come to.

#[path = "redacted.rs"]
mod redacted;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use homeward::checks;
use homeward::facts::Facts;
use homeward::guidance::{self, Guidance};
use homeward::verdict::{Selection, Verdict, judge};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    world: String,
    truth: String,
    base: String,
    facts: Option<String>,
    guidance: Option<String>,
    expect: String,
    severity: Option<String>,
    #[serde(default)]
    also: BTreeMap<String, String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// RFC 7396: objects are merged, null removes, anything else replaces.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(key);
        } else {
            merge(target.entry(key).or_insert(Value::Null), value);
        }
    }
}

fn base(name: &str) -> Value {
    let path = folder().join("base").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn outcome(verdict: &Verdict, check: &str) -> Option<(String, String)> {
    let finding = verdict.findings.iter().find(|finding| finding.check.id == check)?;
    Some((finding.result.word().to_owned(), finding.severity.word().to_owned()))
}

/// The moment of a case, and what it is judged by.
fn moment(case: &Case) -> Result<(Facts, Guidance), String> {
    let mut facts = base(&case.base);
    if let Some(patch) = &case.facts {
        merge(&mut facts, &serde_json::from_str(patch).map_err(|error| format!("facts: {error}"))?);
    }
    let facts: Facts = serde_json::from_value(facts).map_err(|error| format!("facts after the patch: {error}"))?;
    let guidance = match &case.guidance {
        None => Guidance::built_in().clone(),
        Some(text) => guidance::parse(text, "guidance").map_err(|problem| problem.to_string())?,
    };
    Ok((facts, guidance))
}

/// The files of a check's cases, in order.
fn files(check: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join(check))
        .map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}

/// Everything wrong with one case, in words.
fn trouble(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let case: Case = toml::from_str(&text).map_err(|error| error.to_string())?;
    if case.world.trim().is_empty() || case.truth.trim().is_empty() {
        return Err("a case tells its world and its truth".to_owned());
    }
    let (facts, guidance) = moment(&case)?;
    let verdict = judge(&facts, &guidance, &Selection::default());
    let check = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let mut wrong = String::new();
    let mut compare = |check: &str, expected: &str| {
        let said = outcome(&verdict, check).map_or_else(|| "not asked".to_owned(), |(word, _)| word);
        if said != expected {
            let _ = writeln!(wrong, "{check}: must say {expected}, says {said}");
            if let Some(finding) = verdict.findings.iter().find(|finding| finding.check.id == check) {
                let _ = writeln!(wrong, "  {:?}", finding.result);
            }
        }
    };
    compare(check, &case.expect);
    for (check, expected) in &case.also {
        compare(check, expected);
    }
    if let (Some(expected), Some((_, said))) = (&case.severity, outcome(&verdict, check))
        && *expected != said
    {
        let _ = writeln!(wrong, "{check}: severity must be {expected}, is {said}");
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[test]
fn every_case_comes_to_what_its_truth_demands() {
    let mut count = 0;
    let mut wrong = String::new();
    for check in checks::ALL {
        for file in files(check.id) {
            count += 1;
            if let Err(trouble) = trouble(&file) {
                let shown = file.strip_prefix(self::folder()).unwrap_or(&file).display();
                let _ = writeln!(wrong, "— {shown}\n{trouble}");
            }
        }
    }
    assert!(count >= checks::ALL.len() * 4, "only {count} cases: each check needs at least four");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_check_has_a_case_of_each_outcome() {
    for check in checks::ALL {
        let told: std::collections::BTreeSet<String> = std::fs::read_dir(folder().join(check.id))
            .expect("a check has a folder of cases")
            .map(|entry| std::fs::read_to_string(entry.expect("readable").path()).expect("UTF-8"))
            .map(|text| toml::from_str::<Case>(&text).expect("a case").expect)
            .collect();
        for outcome in ["pass", "fail", "not-applicable", "unknown"] {
            assert!(told.contains(outcome), "{} has no case that comes to {outcome}", check.id);
        }
    }
}

#[test]
fn a_folder_of_cases_belongs_to_a_check() {
    for entry in std::fs::read_dir(folder()).expect("tests/cases is there") {
        let name = entry.expect("readable").file_name().into_string().expect("UTF-8");
        assert!(name == "base" || checks::find(&name).is_some(), "tests/cases/{name} names no check");
    }
}

#[test]
fn ordinary_moments_are_quiet_and_bad_ones_are_not() {
    let word = |name: &str| {
        let facts: Facts = serde_json::from_value(base(name)).expect("a base is valid facts");
        judge(&facts, Guidance::built_in(), &Selection::default()).word.word()
    };
    assert_eq!(word("ethernet"), "ok", "a wired home");
    assert_eq!(word("home-wifi"), "ok", "a home with WPA2");
    assert_eq!(word("vpn-full"), "ok", "a home with the company VPN carrying everything");
    assert_eq!(word("cafe"), "not-ok", "an open café network without a VPN");
    assert_eq!(word("blind"), "cannot-tell", "nothing known");
    assert_eq!(word("offline"), "cannot-tell", "no connection");
}

#[test]
fn facts_survive_the_trip_through_their_file() {
    for name in ["ethernet", "home-wifi", "cafe", "vpn-full", "vpn-split", "offline", "blind"] {
        let facts: Facts = serde_json::from_value(base(name)).expect("a base is valid facts");
        let text = serde_json::to_string_pretty(&facts).expect("facts serialise");
        let again: Facts = serde_json::from_str(&text).expect("facts read back");
        assert_eq!(facts, again, "{name}");
        assert_eq!(text, serde_json::to_string_pretty(&again).expect("facts serialise"), "{name}");
    }
}

#[test]
fn where_a_sign_in_page_waits_the_one_step_is_to_sign_in() {
    let text = std::fs::read_to_string(folder().join("portal-waiting/both-redirected.toml")).expect("there");
    let case: Case = toml::from_str(&text).expect("a case");
    let mut facts = base(&case.base);
    merge(&mut facts, &serde_json::from_str(&case.facts.expect("a patch")).expect("JSON"));
    let facts: Facts = serde_json::from_value(facts).expect("facts");
    let verdict = judge(&facts, Guidance::built_in(), &Selection::default());
    let place = verdict.findings.iter().find(|finding| finding.check.id == "hotspot-public").expect("asked");
    assert_eq!((place.result.word(), place.caused_by), ("fail", Some("portal-waiting")));
}

#[test]
fn the_signs_of_a_place_are_known_as_they_were_learned() {
    let facts: Facts = serde_json::from_value(base("cafe")).expect("facts");
    let verdict = judge(&facts, Guidance::built_in(), &Selection::default());
    let place = verdict.findings.iter().find(|finding| finding.check.id == "hotspot-public").expect("asked");
    let bases: BTreeMap<&str, &str> =
        place.result.evidence().iter().map(|piece| (piece.says.key, piece.basis.word())).collect();
    assert!(!bases.is_empty() && bases.values().all(|basis| *basis != "inferred"), "{bases:?}");
    assert_eq!(bases.get("place-sign-open"), Some(&"measured"), "{bases:?}");
}
