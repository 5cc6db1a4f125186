//! The history outlives a power cut: a writer is killed in the middle of its work, over and over.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the writer that is killed is this test itself, once more")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use homeward::checks::Severity;
use homeward::history::store::Store;
use homeward::history::{Entry, State};
use jiff::Timestamp;

/// Where the writer writes, when this test runs itself as one.
const PLACE: &str = "HOMEWARD_TEST_HISTORY";

fn state(number: i64) -> Entry {
    Entry::State(State {
        verdict: if number % 2 == 0 { "ok" } else { "not-ok" }.to_owned(),
        medium: Some("wifi".to_owned()),
        vpn: Some("none".to_owned()),
        network: Some(format!("{:020x}", number % 7)),
    })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("a time")
}

/// Not a test of its own: writes without end, and says what it has written.
#[test]
fn writer() {
    let Some(place) = std::env::var_os(PLACE) else { return };
    let mut store = Store::open(Path::new(&place)).expect("a store");
    let first = store.past(at(0)).expect("a past").states.len();
    for number in i64::try_from(first).expect("few").. {
        let trouble = if number % 2 == 0 {
            Entry::Ended { check: "wifi-unencrypted" }
        } else {
            Entry::Began { check: "wifi-unencrypted", severity: Severity::Critical }
        };
        store.keep(&[state(number), trouble], at(number)).expect("kept");
        println!("wrote {number}");
    }
}

#[test]
fn what_was_written_survives_being_killed_two_hundred_times() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    let mut last = -1;
    for round in 0..200_u32 {
        let mut writer = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "writer", "--nocapture"])
            .env(PLACE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a writer");
        // Killed after some lines: when exactly, relative to its writing, is chance.
        let mut lines = BufReader::new(writer.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut wanted = 1 + round % 5;
        let said = |line: &String| line.split_once("wrote ").and_then(|(_, number)| number.parse::<i64>().ok());
        for line in lines.by_ref() {
            if let Some(number) = said(&line) {
                last = number;
                wanted -= 1;
            }
            if wanted == 0 {
                break;
            }
        }
        assert_eq!(wanted, 0, "the writer ended by itself in round {round}");
        writer.kill().expect("killed");
        for line in lines {
            last = said(&line).unwrap_or(last);
        }
        writer.wait().expect("gone");
        let past = Store::open(&path).expect("the database opens").past(at(0)).expect("and is read");
        let newest = past.states.last().expect("a state").at;
        assert!(newest >= at(last), "round {round}: {last} was told as written, and the newest is {newest}");
    }
    assert!(last > 200, "{last}");
}

#[test]
fn a_year_of_an_unsteady_line_takes_little_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    // A working day on which the VPN drops every six minutes.
    for day in 0..365_i64 {
        let mut store = Store::open(&path).expect("a store");
        let drops = (0..80_i64).flat_map(|drop| {
            let began = Entry::Began { check: "vpn-down", severity: Severity::High };
            [state(2 * drop), began, state(2 * drop + 1), Entry::Ended { check: "vpn-down" }]
        });
        store.keep(&drops.collect::<Vec<_>>(), at(day * 86_400)).expect("kept");
    }
    let size: u64 = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.and_then(|entry| entry.metadata()).expect("readable").len())
        .sum();
    let store = Store::open(&path).expect("a store");
    let past = store.past(at(335 * 86_400)).expect("a past");
    assert!(past.troubles.len() >= 29 * 80, "{}", past.troubles.len());
    assert!(size < 20 << 20, "{size} bytes");
}
