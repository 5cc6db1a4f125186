//! A moment and a month of history to the helpdesk's bundle, written: goal under a second and 2 MiB.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to say")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use homeward::checks::Severity;
use homeward::commands::bundle;
use homeward::facts::Facts;
use homeward::guidance::Guidance;
use homeward::history::store::Store;
use homeward::history::{Entry, State};
use homeward::outputs::report::Material;
use homeward::redact::{Level, Redactor};
use homeward::verdict::{Selection, judge};
use homeward::words::{Lang, Words};
use jiff::{SignedDuration, Timestamp};

fn moment() -> Facts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base/cafe.json");
    let text = std::fs::read_to_string(path).expect("the base moments are in the tree");
    serde_json::from_str(&text).expect("a base moment is valid facts")
}

fn state(verdict: &str, vpn: &str) -> Entry {
    Entry::State(State {
        verdict: verdict.to_owned(),
        medium: Some("wifi".to_owned()),
        vpn: Some(vpn.to_owned()),
        network: Some("aa11bb22cc33dd44ee55".to_owned()),
    })
}

/// Thirty days of eight hours on which the VPN drops every six minutes.
fn month(path: &Path, now: Timestamp) -> Timestamp {
    let first = now - SignedDuration::from_hours(30 * 24);
    for day in 0..30 {
        let mut store = Store::open(path).expect("a store");
        let mut at = first + SignedDuration::from_hours(day * 24);
        for _ in 0..80 {
            let began = Entry::Began { check: "vpn-down", severity: Severity::High };
            store.keep(&[state("not-ok", "none"), began], at).expect("kept");
            at += SignedDuration::from_mins(2);
            store.keep(&[state("ok", "used"), Entry::Ended { check: "vpn-down" }], at).expect("kept");
            at += SignedDuration::from_mins(4);
        }
    }
    first
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    let (facts, guidance, words) = (moment(), Guidance::built_in(), Words::new(Lang::En));
    let since = month(&path, facts.taken_at);
    let make = || {
        let redactor = Redactor::new(Level::Support, [7; 32], guidance);
        let past = Store::open(&path).and_then(|store| store.past(since)).expect("a past");
        let (redacted, shown) = (redactor.facts(&facts), redactor.guidance(guidance));
        let verdict = judge(&redacted, &shown, &Selection::default());
        let past = past.renamed(|id| redactor.network(id));
        let material = Material::new(redacted, shown, verdict, past, since);
        let files = material.files(&words).expect("files");
        bundle::write("report", &files, jiff::civil::DateTime::default()).expect("a zip file")
    };
    let size = make().len();
    assert!(size < 2 << 20, "{size} bytes");
    criterion.bench_function("report/a-month", |bencher| bencher.iter(|| black_box(make())));
}

criterion_group!(reporting, benches);
criterion_main!(reporting);
