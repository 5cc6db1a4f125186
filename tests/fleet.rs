//! What `examples/fleet` promises an employer's collectors holds of what Homeward writes.

use std::collections::BTreeSet;
use std::path::Path;

use homeward::checks::Severity;
use homeward::history::store::{Store, WAITING};
use homeward::history::{Entry, State};
use homeward::outputs::fleet::metrics::METRICS;
use jiff::Timestamp;
use serde_json::Value;

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/fleet").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn state() -> Entry {
    Entry::State(State {
        verdict: "not-ok".to_owned(),
        medium: Some("wifi".to_owned()),
        vpn: Some("none".to_owned()),
        network: Some("aa11".to_owned()),
    })
}

/// The names of metrics in a text.
fn metrics(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.starts_with("homeward_")).collect()
}

#[test]
fn the_dashboard_and_the_alerts_ask_for_metrics_that_there_are() {
    let known: BTreeSet<&str> = METRICS.iter().map(|(name, _)| *name).collect();
    let dashboard: Value = serde_json::from_str(&example("dashboard.json")).expect("JSON");
    let asked: Vec<String> = dashboard["panels"]
        .as_array()
        .expect("panels")
        .iter()
        .map(|panel| panel["targets"][0]["expr"].as_str().expect("a query").to_owned())
        .collect();
    assert!(asked.len() >= 5);
    let asked = asked.join(" ");
    assert_eq!(metrics(&asked), known, "the dashboard shows each of them");
    let rules = example("homeward.rules.yml");
    assert!(!metrics(&rules).is_empty() && metrics(&rules).is_subset(&known), "{:?}", metrics(&rules));
}

#[test]
fn osquerys_queries_run_on_what_the_watcher_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    let mut store = Store::open(&path).expect("a store");
    #[expect(clippy::disallowed_methods, reason = "the queries ask for the last day")]
    let now = Timestamp::now();
    let began = Entry::Began { check: "wifi-unencrypted", severity: Severity::Critical };
    store.keep(&[state(), began], now).expect("kept");
    let config: Value = serde_json::from_str(&example("osquery.json")).expect("JSON");
    let database = rusqlite::Connection::open(&path).expect("a database");
    for (name, table) in config["auto_table_construction"].as_object().expect("tables") {
        let query = table["query"].as_str().expect("a query");
        let rows = database.prepare(query).unwrap_or_else(|error| panic!("{name}: {error}"));
        let columns: Vec<&str> =
            table["columns"].as_array().expect("columns").iter().filter_map(Value::as_str).collect();
        assert_eq!(rows.column_names(), columns, "{name}");
        assert!(table["path"].as_str().expect("a path").ends_with("/.local/state/homeward/history.db"));
    }
    for (name, query) in config["schedule"].as_object().expect("queries") {
        let query = query["query"].as_str().expect("a query");
        let mut rows = database.prepare(query).unwrap_or_else(|error| panic!("{name}: {error}"));
        let count = rows.query_map([], |_| Ok(())).expect("rows").count();
        assert_eq!(count, 1, "{name} finds what is there");
    }
}

#[test]
fn what_waits_for_a_collector_is_bounded_and_what_is_lost_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    let mut store = Store::open(&path).expect("a store");
    let at = |second: i64| Timestamp::from_second(1_790_000_000 + second).expect("a time");
    let records = |from: u32, to: u32| (from..to).map(|number| number.to_string()).collect::<Vec<_>>();
    store.keep_and_send(&[state()], at(0), &records(0, WAITING)).expect("kept");
    assert_eq!(store.waiting(5).expect("read").lost, 0);
    store.keep_and_send(&[], at(1), &records(WAITING, WAITING + 7)).expect("kept");
    drop(store);
    // A power cut later.
    let mut store = Store::open(&path).expect("a store");
    let waiting = store.waiting(100).expect("read");
    assert_eq!((waiting.lost, waiting.records.len()), (7, 100));
    assert_eq!(waiting.records[0], (at(0), "7".to_owned()), "the oldest were dropped");
    store.delivered(&waiting).expect("written");
    let next = store.waiting(1).expect("read");
    assert_eq!((next.lost, next.records[0].1.as_str()), (0, "107"));
}
