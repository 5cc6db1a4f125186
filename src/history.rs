//! What happened when: verdicts, troubles from when to when, networks, the VPN. Pure here; [`store`] keeps it.
//!
//! Nothing is kept that names a network or an address: a network is the hash that [`crate::memory`] knows it by.

pub mod days;
pub mod store;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::days::Mark;
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

impl Turn {
    fn between((before, after): (&Since, &Since)) -> Self {
        Self { at: after.at, before: before.state.clone(), after: after.state.clone() }
    }
}

impl Since {
    /// Whether it could be told how it was.
    pub fn tells(&self) -> bool {
        self.mark() != Mark::CannotTell
    }

    fn mark(&self) -> Mark {
        Mark::of(&self.state.verdict)
    }

    fn good(&self) -> bool {
        self.mark() == Mark::Fine
    }

    fn bad(&self) -> bool {
        self.mark() >= Mark::Attention
    }
}

impl Past {
    /// The last time that it went from fine to something that is not, whatever could not be told in between (a laptop that goes from one
    /// network to another has none for a moment). Where it never was fine, the first time that it was known not to be.
    pub fn turn(&self) -> Option<Turn> {
        let known: Vec<&Since> = self.states.iter().filter(|since| since.tells()).collect();
        let from_fine = known.windows(2).rev().find_map(|pair| match pair {
            [before, after] if before.good() && after.bad() => Some((*before, *after)),
            _ => None,
        });
        let mut pairs = self.states.iter().zip(self.states.iter().skip(1));
        from_fine.or_else(|| pairs.find(|(before, after)| !before.bad() && after.bad())).map(Turn::between)
    }

    /// When it could no longer be told how it is; `None` where it can be told, or never could.
    pub fn lost(&self) -> Option<Turn> {
        let mut pairs = self.states.iter().zip(self.states.iter().skip(1)).rev();
        self.states.last().filter(|last| !last.tells())?;
        pairs.find(|(before, _)| before.tells()).map(Turn::between)
    }

    /// Since when this trouble has lasted; `None` where it is over, or not on record. Where only its severity changed it is the same.
    pub fn since(&self, check: &str) -> Option<Timestamp> {
        let mut own = self.troubles.iter().filter(|trouble| trouble.check == check).rev();
        let mut began = own.next().filter(|trouble| trouble.ended.is_none())?.began;
        while let Some(before) = own.next().filter(|before| before.ended == Some(began)) {
            began = before.began;
        }
        Some(began)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    fn since(minute: i64, verdict: &str, network: &str) -> Since {
        let network = Some(network.to_owned()).filter(|name| !name.is_empty());
        Since { at: at(minute), state: State { verdict: verdict.to_owned(), medium: None, vpn: None, network } }
    }

    fn trouble(began: i64, ended: Option<i64>, severity: &str) -> Trouble {
        let (check, severity) = ("wifi-unencrypted".to_owned(), severity.to_owned());
        Trouble { check, severity, began: at(began), ended: ended.map(at), network: None }
    }

    #[test]
    fn what_changed_is_told_from_the_last_time_it_was_fine() {
        // From home to the café: for a moment there is no network.
        let states = vec![
            since(0, "ok", "home"),
            since(9, "cannot-tell", ""),
            since(10, "not-ok", "cafe"),
            since(12, "not-ok", "cafe"),
        ];
        let past = Past { states, ..Past::default() };
        let turn = past.turn().unwrap();
        assert_eq!(
            (turn.at, turn.before.network.as_deref(), turn.after.network.as_deref()),
            (at(10), Some("home"), Some("cafe"))
        );
        let states = vec![
            since(0, "cannot-tell", ""),
            since(1, "not-ok", "cafe"),
            since(2, "cannot-tell", ""),
            since(3, "not-ok", "cafe"),
        ];
        assert_eq!(Past { states, ..Past::default() }.turn().unwrap().at, at(1), "it never was fine");
        let states = vec![since(0, "ok", "home"), since(5, "cannot-tell", "home")];
        let past = Past { states, ..Past::default() };
        assert_eq!(past.turn(), None, "not known is not worse");
        assert_eq!(past.lost().unwrap().at, at(5));
    }

    #[test]
    fn since_when_it_cannot_be_told_counts_from_the_last_time_it_could() {
        let lost = |states: Vec<Since>| Past { states, ..Past::default() }.lost().map(|turn| turn.at);
        let (fine, bad) = (since(0, "ok", "home"), since(2, "not-ok", "home"));
        let dark = |minute| since(minute, "cannot-tell", "home");
        assert_eq!(lost(vec![dark(0), fine.clone(), bad.clone(), dark(3), dark(4)]), Some(at(3)));
        assert_eq!(lost(vec![dark(0), dark(3)]), None, "it never could");
        assert_eq!(lost(vec![fine, dark(1), bad]), None, "it can");
        assert_eq!(lost(Vec::new()), None);
    }

    #[test]
    fn a_trouble_that_changed_its_severity_is_the_same_trouble() {
        let troubles = vec![
            trouble(0, Some(3), "critical"),
            trouble(10, Some(14), "critical"),
            trouble(14, Some(20), "high"),
            trouble(20, None, "critical"),
        ];
        let mut past = Past { troubles, ..Past::default() };
        assert_eq!(past.since("wifi-unencrypted"), Some(at(10)));
        assert_eq!(past.since("vpn-down"), None);
        past.troubles.pop();
        assert_eq!(past.since("wifi-unencrypted"), None, "it is over");
    }
}
