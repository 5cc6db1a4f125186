//! The history as a database: SQLite, so that what already reads such tables (osquery, Fleet) can. For this person alone, bounded in
//! age and number, safe against a crash in the middle of a write (a write-ahead log, synced at each change).

use std::path::Path;

use jiff::{Timestamp, ToSpan as _};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Entry, Past, Since, State, Trouble, Watched};

/// What is older is forgotten (days).
const AGE: i32 = 400;
/// More rows of one table are not kept.
const ROWS: u32 = 100_000;

/// More records do not wait for a collector: the oldest are dropped, and counted.
pub const WAITING: u32 = 10_000;

/// Steps from each version of the tables to the next.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE homeward_sessions (id INTEGER PRIMARY KEY, began TEXT NOT NULL, last TEXT NOT NULL);
    CREATE TABLE homeward_states (id INTEGER PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, medium TEXT, vpn TEXT, network TEXT);
    CREATE INDEX states_at ON homeward_states (at);
    CREATE TABLE homeward_findings (id INTEGER PRIMARY KEY, check_id TEXT NOT NULL, severity TEXT NOT NULL, began TEXT NOT NULL,
        ended TEXT, network TEXT);
    CREATE INDEX findings_began ON homeward_findings (began);
    CREATE TABLE homeward_networks (network TEXT PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, visits INTEGER NOT NULL);
    CREATE VIEW homeward_exposures AS SELECT check_id, severity, began, ended, network FROM homeward_findings
        WHERE severity IN ('critical', 'high');
", "
    CREATE TABLE homeward_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, record TEXT NOT NULL);
    CREATE TABLE homeward_outbox_lost (count INTEGER NOT NULL);
    INSERT INTO homeward_outbox_lost (count) VALUES (0);
"];

/// Why the history could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database.
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    /// A later version of Homeward made it.
    #[error("it was made by a later version of Homeward")]
    Later,
    /// The file.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

/// Records that wait for a collector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// When each was written, and what it is.
    pub records: Vec<(Timestamp, String)>,
    /// The number of the last.
    last: i64,
    /// How many were dropped since the last delivery.
    pub lost: i64,
}

/// The database.
#[derive(Debug)]
pub struct Store {
    database: Connection,
    session: Option<i64>,
    network: Option<String>,
}

impl Store {
    /// Opens it, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or written, or is of a later version.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let database = Connection::open(path)?;
        // What the person did is nobody else's business, whatever their umask says.
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        }
        database.busy_timeout(std::time::Duration::from_secs(2))?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        let mut store = Self { database, session: None, network: None };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), Failure> {
        let version: usize = self.database.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version > MIGRATIONS.len() {
            return Err(Failure::Later);
        }
        for (number, step) in MIGRATIONS.iter().enumerate().skip(version) {
            let change = self.database.transaction()?;
            change.execute_batch(step)?;
            change.pragma_update(None, "user_version", number + 1)?;
            change.commit()?;
        }
        Ok(())
    }

    /// Keeps what happened now; without anything, that the watcher lives.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&mut self, entries: &[Entry], now: Timestamp) -> Result<(), Failure> {
        self.keep_and_send(entries, now, &[])
    }

    /// The same, and has records wait for a collector: what is kept waits, what waits is kept.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_and_send(&mut self, entries: &[Entry], now: Timestamp, records: &[String]) -> Result<(), Failure> {
        let at = now.to_string();
        let mut network = self.network.clone();
        let session = self.session;
        let change = self.database.transaction()?;
        let session = if let Some(session) = session {
            change.execute("UPDATE homeward_sessions SET last = ?1 WHERE id = ?2", params![at, session])?;
            session
        } else {
            // What an earlier watcher left open ended, as far as anybody saw, with its last sign of life.
            let last: Option<String> = change
                .query_row("SELECT last FROM homeward_sessions ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
                .optional()?;
            change.execute(
                "UPDATE homeward_findings SET ended = MAX(began, ?1) WHERE ended IS NULL",
                params![last.unwrap_or_else(|| at.clone())],
            )?;
            forget(&change, now)?;
            change.execute("INSERT INTO homeward_sessions (began, last) VALUES (?1, ?1)", params![at])?;
            change.last_insert_rowid()
        };
        for entry in entries {
            match entry {
                Entry::State(state) => {
                    let State { verdict, medium, vpn, network: now_in } = state;
                    change.execute(
                        "INSERT INTO homeward_states (at, verdict, medium, vpn, network) VALUES (?1, ?2, ?3, ?4, ?5)",
                        params![at, verdict, medium, vpn, now_in],
                    )?;
                    if let Some(id) = now_in
                        && network.as_ref() != Some(id)
                    {
                        change.execute(
                            "INSERT INTO homeward_networks (network, first, last, visits) VALUES (?1, ?2, ?2, 1)
                             ON CONFLICT (network) DO UPDATE SET last = ?2, visits = visits + 1",
                            params![id, at],
                        )?;
                    }
                    network.clone_from(now_in);
                }
                Entry::Began { check, severity } => {
                    change.execute(
                        "INSERT INTO homeward_findings (check_id, severity, began, network) VALUES (?1, ?2, ?3, ?4)",
                        params![check, severity.word(), at, network],
                    )?;
                }
                Entry::Ended { check } => {
                    change.execute(
                        "UPDATE homeward_findings SET ended = ?1 WHERE check_id = ?2 AND ended IS NULL",
                        params![at, check],
                    )?;
                }
            }
        }
        for record in records {
            change.execute("INSERT INTO homeward_outbox (at, record) VALUES (?1, ?2)", params![at, record])?;
        }
        if !records.is_empty() {
            let dropped = change.execute(
                "DELETE FROM homeward_outbox WHERE id <= (SELECT MAX(id) FROM homeward_outbox) - ?1",
                params![WAITING],
            )?;
            change.execute("UPDATE homeward_outbox_lost SET count = count + ?1", params![dropped])?;
        }
        change.commit()?;
        (self.session, self.network) = (Some(session), network);
        Ok(())
    }

    /// The records that have waited longest: up to so many, with the number of the last and how many were dropped before.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn waiting(&self, most: u32) -> Result<Waiting, Failure> {
        let mut rows = self.database.prepare("SELECT id, at, record FROM homeward_outbox ORDER BY id LIMIT ?1")?;
        let mut waiting = Waiting {
            lost: self.database.query_row("SELECT count FROM homeward_outbox_lost", [], |row| row.get(0))?,
            ..Waiting::default()
        };
        for row in rows.query_map([most], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?)))? {
            let (id, at, record) = row?;
            waiting.last = id;
            waiting.records.push((at.parse().unwrap_or(Timestamp::UNIX_EPOCH), record));
        }
        Ok(waiting)
    }

    /// These were taken, or refused for good.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn delivered(&mut self, waiting: &Waiting) -> Result<(), Failure> {
        let change = self.database.transaction()?;
        change.execute("DELETE FROM homeward_outbox WHERE id <= ?1", params![waiting.last])?;
        change.execute("UPDATE homeward_outbox_lost SET count = MAX(0, count - ?1)", params![waiting.lost])?;
        change.commit()?;
        Ok(())
    }

    /// All that was kept since then: what lasted until then or later, and the state that held then.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn past(&self, since: Timestamp) -> Result<Past, Failure> {
        let since = since.to_string();
        let time = |text: String| text.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut past = Past::default();
        let mut watched =
            self.database.prepare("SELECT began, last FROM homeward_sessions WHERE last >= ?1 ORDER BY id")?;
        for row in watched.query_map([&since], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (began, last) = row?;
            past.watched.push(Watched { began: time(began), last: time(last) });
        }
        let mut states = self.database.prepare(
            "SELECT at, verdict, medium, vpn, network FROM homeward_states
             WHERE id >= COALESCE((SELECT MAX(id) FROM homeward_states WHERE at <= ?1), 0) ORDER BY id",
        )?;
        for row in states.query_map([&since], |row| {
            let state = State { verdict: row.get(1)?, medium: row.get(2)?, vpn: row.get(3)?, network: row.get(4)? };
            Ok((row.get::<_, String>(0)?, state))
        })? {
            let (at, state) = row?;
            past.states.push(Since { at: time(at), state });
        }
        let mut troubles = self.database.prepare(
            "SELECT check_id, severity, began, ended, network FROM homeward_findings
             WHERE ended IS NULL OR ended >= ?1 ORDER BY began, id",
        )?;
        for row in troubles.query_map([&since], |row| {
            let times: (String, Option<String>) = (row.get(2)?, row.get(3)?);
            Ok((row.get(0)?, row.get(1)?, times, row.get(4)?))
        })? {
            let (check, severity, (began, ended), network) = row?;
            past.troubles.push(Trouble { check, severity, began: time(began), ended: ended.map(time), network });
        }
        Ok(past)
    }
}

/// What is too old, and what is too much.
fn forget(change: &Connection, now: Timestamp) -> Result<(), Failure> {
    let hours = i64::from(AGE) * 24;
    let oldest = now.checked_sub(hours.hours()).unwrap_or(Timestamp::UNIX_EPOCH).to_string();
    for (table, time) in [
        ("homeward_sessions", "last"),
        ("homeward_states", "at"),
        ("homeward_findings", "began"),
        ("homeward_networks", "last"),
    ] {
        change.execute(&format!("DELETE FROM {table} WHERE {time} < ?1"), params![oldest])?;
        change.execute(
            &format!(
                "DELETE FROM {table} WHERE rowid NOT IN (SELECT rowid FROM {table} ORDER BY {time} DESC LIMIT {ROWS})"
            ),
            [],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::checks::Severity;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    fn state(verdict: &str, network: &str) -> Entry {
        Entry::State(State {
            verdict: verdict.to_owned(),
            medium: Some("wifi".to_owned()),
            vpn: Some("none".to_owned()),
            network: Some(network.to_owned()),
        })
    }

    fn open_wifi() -> Entry {
        Entry::Began { check: "wifi-unencrypted", severity: Severity::Critical }
    }

    #[test]
    fn what_happened_is_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut store = Store::open(&path).unwrap();
        store.keep(&[state("ok", "a")], at(0)).unwrap();
        store.keep(&[state("not-ok", "b"), open_wifi()], at(3)).unwrap();
        store.keep(&[Entry::Ended { check: "wifi-unencrypted" }, state("ok", "a")], at(11)).unwrap();
        store.keep(&[], at(20)).unwrap();
        let past = store.past(at(-60)).unwrap();
        assert_eq!(past.watched, [Watched { began: at(0), last: at(20) }]);
        assert_eq!(
            past.states.iter().map(|since| since.state.verdict.as_str()).collect::<Vec<_>>(),
            ["ok", "not-ok", "ok"]
        );
        let [trouble] = past.troubles.as_slice() else { panic!("one trouble: {:?}", past.troubles) };
        assert_eq!((trouble.began, trouble.ended, trouble.network.as_deref()), (at(3), Some(at(11)), Some("b")));
        // Since later: what was over is left out, the state that held then is told.
        let past = store.past(at(15)).unwrap();
        assert_eq!((past.troubles.len(), past.states.len()), (0, 1));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_a_watcher_left_open_ends_with_its_last_sign_of_life() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut store = Store::open(&path).unwrap();
        store.keep(&[state("not-ok", "b"), open_wifi()], at(0)).unwrap();
        store.keep(&[], at(5)).unwrap();
        drop(store);
        let mut store = Store::open(&path).unwrap();
        store.keep(&[state("ok", "a")], at(600)).unwrap();
        let past = store.past(at(-60)).unwrap();
        assert_eq!(past.troubles[0].ended, Some(at(5)));
        assert_eq!(past.watched.len(), 2);
    }

    #[test]
    fn what_is_old_or_of_another_version_is_handled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut store = Store::open(&path).unwrap();
        store.keep(&[state("ok", "a")], at(0)).unwrap();
        drop(store);
        let mut store = Store::open(&path).unwrap();
        store.keep(&[state("ok", "b")], at(401 * 24 * 60)).unwrap();
        assert_eq!(store.past(at(-60)).unwrap().states.len(), 1, "the other is too old");
        store.database.pragma_update(None, "user_version", 99).unwrap();
        drop(store);
        assert!(matches!(Store::open(&path), Err(Failure::Later)));
        std::fs::write(&path, b"this is no database at all, whatever it is called").unwrap();
        assert!(Store::open(&path).is_err());
    }
}
