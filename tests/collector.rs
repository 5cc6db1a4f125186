//! `homeward watch --otlp` and a collector that is not there, comes, refuses, talks nonsense: nothing is lost that need not be.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the program itself is what is tested")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than any wait in here takes.
const PATIENCE: Duration = Duration::from_secs(90);

fn watch(home: &Path, url: &str) -> Child {
    watch_with(home, &["--otlp", url])
}

fn watch_with(home: &Path, options: &[&str]) -> Child {
    let run = home.join("run");
    std::fs::create_dir_all(&run).expect("a folder");
    Command::new(env!("CARGO_BIN_EXE_homeward"))
        .args(["watch", "--no-tray", "--no-notify"])
        .args(options)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", &run)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// How many records wait.
fn waiting(home: &Path) -> i64 {
    let path = home.join(".local/state/homeward/history.db");
    let database = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
    database
        .and_then(|database| database.query_row("SELECT COUNT(*) FROM homeward_outbox", [], |row| row.get(0)))
        .unwrap_or(-1)
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "{what} did not come");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Takes one request and answers it; gives its records' attributes.
fn answer(listener: &TcpListener, says: &[u8]) -> Vec<Value> {
    let (stream, _) = listener.accept().expect("a request");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    let mut first = String::new();
    while reader.read_line(&mut line).expect("a line") > 2 {
        let lower = line.to_ascii_lowercase();
        if let Some(number) = lower.strip_prefix("content-length:") {
            length = number.trim().parse().expect("a number");
        }
        if first.is_empty() {
            first.clone_from(&line);
        }
        line.clear();
    }
    assert!(first.starts_with("POST /v1/logs "), "{first}");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let mut stream: TcpStream = reader.into_inner();
    stream.write_all(says).expect("answered");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    body["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().expect("records").clone()
}

#[test]
fn what_happened_while_the_collector_was_away_is_told_when_it_is_back() {
    let home = tempfile::tempdir().expect("a folder");
    // Nobody listens here any more.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let url = format!("http://127.0.0.1:{port}");
    for round in 1..=2 {
        let mut away = watch(home.path(), &url);
        until("a record", || waiting(home.path()) >= round);
        // The power goes.
        away.kill().expect("killed");
        away.wait().expect("gone");
    }
    let kept = waiting(home.path());
    let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port");
    let mut back = watch(home.path(), &url);
    assert!(
        answer(&listener, b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").len()
            >= 2
    );
    assert!(answer(&listener, b"\x00\xffthis is no HTTP at all\r\n\r\n").len() >= 2, "tried again");
    let records = answer(&listener, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    assert!(i64::try_from(records.len()).expect("few") >= kept, "{} of {kept}", records.len());
    let names = |record: &Value| -> Vec<String> {
        record["attributes"].as_array().expect("attributes").iter().map(|one| one["key"].to_string()).collect()
    };
    assert!(records.iter().all(|record| names(record).iter().any(|name| name.contains("homeward.verdict"))));
    until("an empty queue", || waiting(home.path()) == 0);
    back.kill().expect("killed");
    back.wait().expect("gone");
}

#[test]
fn a_refusal_is_told_once_and_does_not_block_what_comes_after() {
    let home = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut watcher = watch(home.path(), &url);
    assert!(
        !answer(&listener, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").is_empty()
    );
    until("an empty queue", || waiting(home.path()) == 0);
    watcher.kill().expect("killed");
    let mut said = String::new();
    watcher.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    watcher.wait().expect("gone");
    assert_eq!(said.matches("HTTP 400").count(), 1, "{said}");
}

#[test]
fn outside_working_hours_nothing_is_kept_and_nothing_sent() {
    let home = tempfile::tempdir().expect("a folder");
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    // The watcher's clock is that of Greenwich here; three days from now is no day that this test reaches.
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).weekday().to_monday_zero_offset();
    let guidance = |day: usize| {
        let path = home.path().join(format!("{day}.toml"));
        let text = format!("name = \"hours\"\nversion = \"1\"\n[work]\nhours = [\"{} 00:00-00:00\"]\n", days[day]);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let today = usize::try_from(today).expect("small");
    let metrics = home.path().join("homeward.prom");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("set");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let free = guidance((today + 3) % 7);
    let named = metrics.to_str().expect("UTF-8").to_owned();
    let mut watcher = watch_with(home.path(), &["--otlp", &url, "--metrics", &named, "--guidance", &free]);
    until("a look", || metrics.exists());
    std::thread::sleep(Duration::from_secs(2));
    assert!(!home.path().join(".local/state/homeward/history.db").exists(), "nothing is kept");
    assert!(listener.accept().is_err(), "nothing is sent");
    watcher.kill().expect("killed");
    watcher.wait().expect("gone");
    // The twin: a working day.
    let mut watcher = watch_with(home.path(), &["--guidance", &guidance(today)]);
    until("a history", || home.path().join(".local/state/homeward/history.db").exists());
    watcher.kill().expect("killed");
    watcher.wait().expect("gone");
}
