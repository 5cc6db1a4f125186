//! Records to a collector over OTLP/HTTP, by a thread of its own: whatever the collector does, the watcher does not wait. Records
//! wait in the history's database, so that neither a dead collector nor a power cut loses them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::checks::say;
use crate::commands::console;
use crate::facts::text::harmless;
use crate::history::store::{Store, Waiting};
use crate::outputs::fleet::Event;
use crate::outputs::fleet::otlp::{self, Record};
use crate::words::{Lang, Words};

/// So many records go at once.
const BATCH: u32 = 100;
/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first wait after a failure, and the longest: it doubles from one to the other.
const WAITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(600));

/// Where records go.
#[derive(Clone, Debug)]
pub(super) struct Collector {
    /// The address of the logs.
    pub(super) url: String,
    /// What tells this installation from others: random, no name.
    pub(super) instance: String,
}

/// The thread's handle.
#[derive(Debug)]
pub(super) struct Post {
    wake: Sender<()>,
}

impl Post {
    /// Starts the thread.
    pub(super) fn new(collector: Collector, database: PathBuf, lang: Lang) -> std::io::Result<Self> {
        let (wake, woken) = channel();
        std::thread::Builder::new()
            .name("collector".to_owned())
            .spawn(move || work(&collector, &database, lang, &woken))?;
        Ok(Self { wake })
    }

    /// Something waits.
    pub(super) fn wake(&self) {
        // A thread that is gone has said why.
        let _gone = self.wake.send(());
    }
}

/// What became of a batch.
enum Sent {
    /// There was none.
    Nothing,
    /// It was taken; there may be more.
    Taken,
    /// It will never be taken.
    Refused(String),
    /// Not now.
    Later,
}

fn work(collector: &Collector, database: &std::path::Path, lang: Lang, woken: &Receiver<()>) {
    let words = Words::new(lang);
    let agent = agent();
    let (mut wait, mut complained) = (WAITS.0, false);
    let mut complain = |says: String| {
        if !std::mem::replace(&mut complained, true) {
            console::note(&says);
        }
    };
    loop {
        // What is not there yet is not made here: nothing waits.
        let sent = if database.exists() {
            match Store::open(database) {
                Err(error) => Err(error.to_string()),
                Ok(mut store) => batch(collector, &agent, &words, &mut store),
            }
        } else {
            Ok(Sent::Nothing)
        };
        let pause = match sent {
            Ok(Sent::Taken) => {
                wait = WAITS.0;
                continue;
            }
            Ok(Sent::Refused(why)) => {
                complain(words.say(&say("watch-otlp-refused").with("why", why)));
                continue;
            }
            Ok(Sent::Nothing) => None,
            Ok(Sent::Later) => Some(wait),
            Err(why) => {
                complain(words.say(&say("watch-otlp-broken").with("why", harmless(&why, 200))));
                Some(wait)
            }
        };
        let ended = match pause {
            None => woken.recv().is_err(),
            Some(pause) => {
                wait = (wait * 2).min(WAITS.1);
                // What comes meanwhile waits with the rest: a collector that is down is not asked more often for it.
                matches!(quiet(woken, pause), RecvTimeoutError::Disconnected)
            }
        };
        if ended {
            return;
        }
    }
}

/// Waits, whatever comes.
fn quiet(woken: &Receiver<()>, pause: Duration) -> RecvTimeoutError {
    let end = std::time::Instant::now() + pause;
    loop {
        match woken.recv_timeout(end.saturating_duration_since(std::time::Instant::now())) {
            Ok(()) => {}
            Err(error) => return error,
        }
    }
}

fn batch(collector: &Collector, agent: &ureq::Agent, words: &Words, store: &mut Store) -> Result<Sent, String> {
    let waiting = store.waiting(BATCH).map_err(|error| error.to_string())?;
    if waiting.records.is_empty() {
        return Ok(Sent::Nothing);
    }
    let sent = post(collector, agent, words, &waiting)?;
    if matches!(sent, Sent::Taken | Sent::Refused(_)) {
        store.delivered(&waiting).map_err(|error| error.to_string())?;
    }
    Ok(sent)
}

fn post(collector: &Collector, agent: &ureq::Agent, words: &Words, waiting: &Waiting) -> Result<Sent, String> {
    let records: Vec<Record> = waiting
        .records
        .iter()
        .filter_map(|(at, record)| Some(Record { at: *at, event: serde_json::from_str::<Event>(record).ok()? }))
        .collect();
    let lost = u64::try_from(waiting.lost).unwrap_or(0);
    let body = otlp::body(words, &collector.instance, &records, lost).map_err(|error| error.to_string())?;
    let answer = agent.post(&collector.url).content_type("application/json").send(&body);
    Ok(match answer.map(|answer| answer.status().as_u16()) {
        Ok(200..=299) => Sent::Taken,
        // The specification: these may be tried again; any other refusal stands.
        Ok(408 | 429 | 502 | 503 | 504) => Sent::Later,
        Ok(status @ (400..=499 | 501 | 505..=599)) => Sent::Refused(format!("HTTP {status}")),
        Ok(_) | Err(_) => Sent::Later,
    })
}

/// Asks the collector alone: no proxy of the environment, no redirection, no cookie.
fn agent() -> ureq::Agent {
    let tls = ureq::tls::TlsConfig::builder()
        .root_certs(ureq::tls::RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("Homeward")
        .tls_config(tls)
        .build()
        .new_agent()
}
