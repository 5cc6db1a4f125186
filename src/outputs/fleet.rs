//! TELL a fleet: what the employer's own collectors read. No name of a network, no address.

pub mod journal;
pub mod metrics;
pub mod otlp;

use serde::{Deserialize, Serialize};

use crate::history::{Entry, State};

/// Something that happened, as it is told to a fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    /// `state`, `began` or `ended`.
    pub event: Kind,
    /// How it is.
    pub state: State,
    /// The check whose trouble began or ended.
    #[serde(default)]
    pub check: Option<String>,
    /// How bad the trouble is that began.
    #[serde(default)]
    pub severity: Option<String>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The verdict, the connection or the network is another than before.
    State,
    /// A trouble began.
    Began,
    /// A trouble is over.
    Ended,
}

impl Kind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Began => "began",
            Self::Ended => "ended",
        }
    }
}

impl Event {
    /// What the history kept, with how it is by now.
    pub fn of(entry: &Entry, state: &State) -> Self {
        let (event, check, severity) = match entry {
            Entry::State(_) => (Kind::State, None, None),
            Entry::Began { check, severity } => {
                (Kind::Began, Some((*check).to_owned()), Some(severity.word().to_owned()))
            }
            Entry::Ended { check } => (Kind::Ended, Some((*check).to_owned()), None),
        };
        let state = if let Entry::State(state) = entry { state } else { state };
        Self { event, state: state.clone(), check, severity }
    }

    /// What it is called: the fields of every format, without what is not known.
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let State { verdict, medium, vpn, network } = &self.state;
        [
            ("event", Some(self.event.word())),
            ("verdict", Some(verdict.as_str())),
            ("check", self.check.as_deref()),
            ("severity", self.severity.as_deref()),
            ("medium", medium.as_deref()),
            ("vpn", vpn.as_deref()),
            ("network", network.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// A sentence for whoever reads the log.
    fn says(&self, words: &crate::words::Words) -> String {
        use crate::checks::say;
        let title = self.check.as_deref().and_then(crate::checks::find);
        let title = title.map(|check| crate::outputs::phrase::plain(&words.check(check).title)).unwrap_or_default();
        match self.event {
            Kind::State => {
                words.say(&say("fleet-state").with("verdict", words.get(&format!("word-{}", self.state.verdict))))
            }
            Kind::Began => words.say(&say("fleet-began").with("title", title)),
            Kind::Ended => words.say(&say("fleet-ended").with("title", title)),
        }
    }

    /// How urgent it is, as syslog has it (RFC 5424, section 6.2.1): 3 error, 4 warning, 5 notice, 6 informational.
    const fn priority(&self, grave: bool, bad: bool) -> u8 {
        match (self.event, grave, bad) {
            (Kind::Began, true, _) => 3,
            (Kind::Began, false, _) | (Kind::State, _, true) => 4,
            (Kind::State, ..) => 5,
            (Kind::Ended, ..) => 6,
        }
    }

    fn urgency(&self) -> u8 {
        let grave = matches!(self.severity.as_deref(), Some("critical" | "high"));
        self.priority(grave, self.state.verdict == "not-ok")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::outputs) fn began() -> Event {
        let state = State {
            verdict: "not-ok".to_owned(),
            medium: Some("wifi".to_owned()),
            vpn: Some("none".to_owned()),
            network: None,
        };
        Event::of(&Entry::Began { check: "wifi-unencrypted", severity: crate::checks::Severity::Critical }, &state)
    }

    #[test]
    fn an_event_says_what_is_known() {
        let event = began();
        let fields = event.fields();
        assert!(fields.contains(&("check", "wifi-unencrypted")) && fields.contains(&("event", "began")));
        assert!(!fields.iter().any(|(name, _)| *name == "network"), "what is not known is left out");
        assert_eq!(event.urgency(), 3);
        let again: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        assert_eq!(again, event);
    }
}
