//! What tells that something changed: the kernel's links, addresses, routes and rules, its Wi-Fi, `NetworkManager`,
//! `systemd-resolved`, sleep, the sensor, and the files that matter.
//!
//! Nothing is read of a change but that there was one: whoever hears of it looks again. Nothing is asked while nothing
//! happens. What is not there (no bus, no sensor) is tried again, seldom.

mod bus;
mod files;
mod kernel;

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::machine::Machine;
use super::sensor;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// A link, an address, a route or a rule.
    Network,
    /// An association, a roaming, a parting.
    Wifi,
    /// Connections or their state, as `NetworkManager` has them.
    NetworkManager,
    /// Name look-ups, as `systemd-resolved` has them, or `/etc/resolv.conf`.
    Names,
    /// What the sensor sees, or that it came or went.
    Sensor,
    /// A file of guidance, or of the person's answers.
    Guidance,
    /// The computer woke from sleep.
    Resumed,
}

/// What waits to be heard; more changes than these say nothing new.
const WAITING: usize = 64;

/// How long what is not there is left alone before it is tried again: at first, and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Hears of changes until it is dropped.
#[derive(Debug)]
pub struct Changes {
    heard: mpsc::Receiver<Change>,
    _listeners: JoinSet<()>,
}

impl Changes {
    /// Starts listening, with these folders of guidance. Needs a running `tokio` runtime.
    pub fn of(machine: &Machine, folders: Vec<PathBuf>) -> Self {
        let (tell, heard) = mpsc::channel(WAITING);
        let mut listeners = JoinSet::new();
        listeners.spawn(kernel::network(tell.clone()));
        listeners.spawn(kernel::wifi(tell.clone()));
        listeners.spawn(bus::system(tell.clone()));
        files::watched(tell.clone(), folders);
        listeners.spawn(sensor::news(machine.sensor().to_owned(), move || say(&tell, Change::Sensor)));
        Self { heard, _listeners: listeners }
    }

    /// Waits for a change. Never ends.
    pub async fn next(&mut self) -> Change {
        match self.heard.recv().await {
            Some(change) => change,
            // Every listener is gone: nothing will change any more that could be heard of.
            None => std::future::pending().await,
        }
    }

    /// What else was heard meanwhile.
    pub fn rest(&mut self) -> Vec<Change> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

/// Tells of a change. Where so many wait already, this one adds nothing.
fn say(tell: &mpsc::Sender<Change>, change: Change) {
    let _full = tell.try_send(change);
}

/// Waits longer each time, from [`AGAIN`]'s first to its second.
pub(super) struct Patience(Duration);

impl Patience {
    pub(super) const fn new() -> Self {
        Self(AGAIN.0)
    }

    pub(super) async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(AGAIN.1);
    }
}
