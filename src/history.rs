//! What happened when: verdicts, troubles from when to when, networks, the VPN. Pure here; [`store`] keeps it.
//!
//! Nothing is kept that names a network or an address: a network is the hash that [`crate::memory`] knows it by.

pub mod days;
pub mod store;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checks::Severity;
use crate::verdict::{Settled, Verdict};

/// Something to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The verdict, the connection or the network is another than before.
    State(State),
    /// A trouble began.
    Began {
        /// The check.
        check: &'static str,
        /// How bad it is.
        severity: Severity,
    },
    /// A trouble is over.
    Ended {
        /// The check.
        check: &'static str,
    },
}

/// How it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct State {
    /// The verdict's word.
    pub verdict: String,
    /// The medium, as the contract's JSON has it; `None` without a connection, and where it is not known.
    pub medium: Option<String>,
    /// The VPN's level, as the contract's JSON has it.
    pub vpn: Option<String>,
    /// The network, by the hash it is remembered by.
    pub network: Option<String>,
}

impl State {
    /// How it is by this verdict, in this network.
    pub fn of(verdict: &Verdict, network: Option<&str>) -> Self {
        let connection = &verdict.connection;
        Self {
            verdict: verdict.word.word().to_owned(),
            medium: connection.medium.flatten().map(|medium| medium.word().to_owned()),
            vpn: connection.vpn.as_ref().map(|vpn| vpn.level.word().to_owned()),
            network: network.map(str::to_owned),
        }
    }
}

/// Notices what changes from one verdict to the next.
#[derive(Debug, Default)]
pub struct Keeper {
    state: Option<State>,
    troubles: BTreeMap<&'static str, Severity>,
}

impl Keeper {
    /// Takes a verdict in; gives what is to be kept of it.
    pub fn observe(&mut self, verdict: &Verdict, network: Option<&str>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let state = State::of(verdict, network);
        if self.state.as_ref() != Some(&state) {
            entries.push(Entry::State(state.clone()));
            self.state = Some(state);
        }
        for finding in &verdict.findings {
            let check = finding.check.id;
            let severity = match &finding.result {
                Settled::Fail(_) if finding.severity > Severity::Info => Some(finding.severity),
                // Not seen is not over.
                Settled::Unknown(..) => continue,
                Settled::Fail(_) | Settled::Pass(_) | Settled::NotApplicable(_) => None,
            };
            let before = self.troubles.get(check).copied();
            if before == severity {
                continue;
            }
            if before.is_some() {
                self.troubles.remove(check);
                entries.push(Entry::Ended { check });
            }
            if let Some(severity) = severity {
                self.troubles.insert(check, severity);
                entries.push(Entry::Began { check, severity });
            }
        }
        if verdict.offline() {
            for (check, _) in std::mem::take(&mut self.troubles) {
                entries.push(Entry::Ended { check });
            }
        }
        entries
    }
}

/// A trouble as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trouble {
    /// The check.
    pub check: String,
    /// How bad it was.
    pub severity: String,
    /// From when.
    pub began: Timestamp,
    /// To when; `None` while it lasts.
    pub ended: Option<Timestamp>,
    /// In which network.
    pub network: Option<String>,
}

/// A state as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Since {
    /// From when.
    pub at: Timestamp,
    /// How it was.
    #[serde(flatten)]
    pub state: State,
}

/// When a watcher ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Watched {
    /// From when.
    pub began: Timestamp,
    /// To its last sign of life.
    pub last: Timestamp,
}

/// All that was kept since some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Past {
    /// When it was watched: what is not in one of these is not known.
    pub watched: Vec<Watched>,
    /// States, the earliest first.
    pub states: Vec<Since>,
    /// Troubles, the earliest first.
    pub troubles: Vec<Trouble>,
}

/// When it became worse than it was, and what else was different then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// How it was.
    pub before: State,
    /// How it became.
    pub after: State,
}

impl Past {
    /// The last time that it went from fine, or from not known, to something that is not; where it has been fine since, when that
    /// was. `None` where no such change is on record.
    pub fn turn(&self) -> Option<Turn> {
        let good = |since: &Since| matches!(since.state.verdict.as_str(), "ok");
        let bad = |since: &Since| matches!(since.state.verdict.as_str(), "attention" | "not-ok");
        let mut pairs = self.states.iter().zip(self.states.iter().skip(1)).rev();
        pairs.find(|(before, after)| (good(before) || !bad(before)) && bad(after)).map(|(before, after)| Turn {
            at: after.at,
            before: before.state.clone(),
            after: after.state.clone(),
        })
    }

    /// Since when this trouble has lasted; `None` where it is over, or not on record.
    pub fn since(&self, check: &str) -> Option<Timestamp> {
        let mut open = self.troubles.iter().filter(|trouble| trouble.check == check && trouble.ended.is_none());
        open.next_back().map(|trouble| trouble.began)
    }

    /// The same past with other names for its networks.
    #[must_use]
    pub fn renamed(mut self, name: impl Fn(&str) -> String) -> Self {
        let names = self.states.iter_mut().map(|since| &mut since.state.network);
        for network in names.chain(self.troubles.iter_mut().map(|trouble| &mut trouble.network)) {
            *network = network.as_deref().map(&name);
        }
        self
    }
}
