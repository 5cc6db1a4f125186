//! What leaves the house: a moment, its guidance and its history with stable pseudonyms in place of names and addresses.
//! Pure, and by type: every field of the facts is named in `redact/*`, so that a new one does not compile until somebody
//! has decided what becomes of it.
//!
//! A pseudonym is a keyed hash of what it stands for, so the same thing has the same pseudonym wherever it stands: that the
//! resolver is the router can still be seen. What the checks ask of a value holds of its pseudonym, too: private addresses stay
//! private, an address stays within its prefix, a router maker's form of name stays that maker's. So the redacted moment is
//! judged as the moment itself. Everything that is told of a redacted moment is told of the redacted facts alone.

mod address;
mod asked;
mod error;
mod hardware;
mod link;
mod name;
mod network;
mod traffic;
mod vpn;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::facts::{Facts, Looker, Observed, Reason};
use crate::guidance::Guidance;

/// How much is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    None,
    /// What is the person's: names of their networks, addresses, keys. What the employer's guidance names, the makers of
    /// hardware and the contact stay: the helpdesk knows them, and needs them.
    Support,
    /// All of that, and what is the employer's, too. Fit to be shown to anybody.
    Public,
}

impl Level {
    /// The word of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Support => "support",
            Self::Public => "public",
        }
    }
}

/// Replaces, always alike.
#[derive(Debug)]
pub struct Redactor {
    level: Level,
    key: [u8; 32],
    /// Names of the employer's that stay (labels of domains, names, keys), in lower case.
    kept: BTreeSet<String>,
    addresses: address::Ranges,
    replaced: RefCell<BTreeMap<String, String>>,
}

impl Redactor {
    /// Replaces by this key. With the same key the same thing has the same pseudonym in another bundle, too.
    pub fn new(level: Level, key: [u8; 32], guidance: &Guidance) -> Self {
        let (kept, prefixes) = if level == Level::Public { Default::default() } else { asked::employers(guidance) };
        Self { level, key, kept, addresses: address::Ranges::new(&prefixes), replaced: RefCell::default() }
    }

    /// How much is replaced.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// What tells whether two bundles have the same pseudonyms.
    pub fn id(&self) -> String {
        if self.level == Level::None { String::new() } else { self.token("id", self.level.word()) }
    }

    /// What was replaced, and by what.
    pub fn replaced(&self) -> BTreeMap<String, String> {
        self.replaced.borrow().clone()
    }

    /// A network as the history names it.
    pub fn network(&self, id: &str) -> String {
        if self.level == Level::None { id.to_owned() } else { self.pseudonym("network", id) }
    }

    /// A name that stands in no fact, so that it is taken out of notes, too.
    pub fn also(&self, kind: &str, name: &str) {
        if self.level != Level::None {
            self.pseudonym(kind, name);
        }
    }

    /// A text of the person's own, in which whatever was replaced elsewhere is replaced, too.
    pub fn note(&self, text: &str) -> String {
        let replaced = self.replaced.borrow();
        // The longest first: a name may hold another. What is called by a word that anybody may use stays: it tells of nobody.
        let long = |text: &str| text.chars().count() >= if text.is_ascii() { 3 } else { 2 };
        let telling = |original: &String| long(original) && !COMMON.contains(&original.to_lowercase().as_str());
        let mut all: Vec<_> = replaced.iter().filter(|(original, _)| telling(original)).collect();
        all.sort_by_key(|(original, _)| std::cmp::Reverse(original.len()));
        all.into_iter().fold(text.to_owned(), |text, (original, pseudonym)| replace(&text, original, pseudonym))
    }

    /// A whole moment.
    pub fn facts(&self, facts: &Facts) -> Facts {
        if self.level == Level::None {
            return facts.clone();
        }
        let Facts {
            format,
            taken_at,
            taken_by,
            link,
            wifi,
            vpn,
            routes,
            dns,
            dhcp,
            portal,
            firewall,
            proxy,
            profiles,
            attestations,
            met,
            traffic,
            sensor,
        } = facts;
        let Looker { homeward, root, passive } = taken_by;
        Facts {
            format: format.clone(),
            taken_at: *taken_at,
            taken_by: Looker { homeward: self.word(homeward), root: *root, passive: *passive },
            link: self.observed(link, Self::links),
            wifi: self.observed(wifi, |me, wifi| wifi.as_ref().map(|wifi| me.wifi(wifi))),
            vpn: self.observed(vpn, Self::vpn),
            routes: self.observed(routes, Self::routes),
            dns: self.observed(dns, Self::dns),
            dhcp: self.observed(dhcp, Self::dhcp),
            portal: self.observed(portal, Self::portal),
            firewall: self.observed(firewall, Self::firewall),
            proxy: self.observed(proxy, Self::proxy),
            profiles: self.observed(profiles, Self::profiles),
            // Which question, which of three answers, and when.
            attestations: self.observed(attestations, |_, given| given.clone()),
            met: self.observed(met, |me, met| me.met(met.as_ref())),
            traffic: self.observed(traffic, Self::traffic),
            sensor: self.observed(sensor, Self::sensor),
        }
    }

    fn observed<T>(&self, observed: &Observed<T>, known: impl FnOnce(&Self, &T) -> T) -> Observed<T> {
        match observed {
            Observed::Known(value) => Observed::Known(known(self, value)),
            Observed::Unknown(reason) => Observed::Unknown(self.reason(reason)),
        }
    }

    fn reason(&self, reason: &Reason) -> Reason {
        match reason {
            Reason::Failed { what, error } => Reason::Failed { what: *what, error: self.error(error) },
            Reason::SaidDontKnow { question } => Reason::SaidDontKnow { question: self.word(question) },
            Reason::AnswerOld { question, days } => Reason::AnswerOld { question: self.word(question), days: *days },
            Reason::NotRecorded
            | Reason::NotPermitted { .. }
            | Reason::NotRunning { .. }
            | Reason::NotAvailable { .. }
            | Reason::NotSent { .. }
            | Reason::TimedOut { .. }
            | Reason::Undecided { .. }
            | Reason::NotAsked { .. }
            | Reason::NoConnection
            | Reason::NotAnswered { .. }
            | Reason::HomeNotKnown => reason.clone(),
        }
    }

    /// Bytes that stand for a value of this kind.
    fn bytes(&self, kind: &str, value: &[u8]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.key);
        digest.update(kind.as_bytes());
        digest.update([0]);
        digest.update(value);
        digest.finalize().into()
    }

    /// Six letters and digits (30 bits) that stand for a value of this kind.
    fn token(&self, kind: &str, value: &str) -> String {
        /// Lower case, without the four that are taken for others.
        const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let bytes = self.bytes(kind, value.as_bytes());
        let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map_or('0', |&letter| char::from(letter));
        bytes.iter().take(6).map(letter).collect()
    }

    /// `kind-k7f3q2`.
    fn pseudonym(&self, kind: &str, value: &str) -> String {
        if value.is_empty() || self.kept.contains(&value.to_lowercase()) {
            return value.to_owned();
        }
        let mut pseudonym = kind.to_owned();
        let _ = write!(pseudonym, "-{}", self.token(kind, value));
        self.note_down(value, &pseudonym);
        pseudonym
    }

    fn note_down(&self, original: &str, pseudonym: &str) {
        if original != pseudonym {
            self.replaced.borrow_mut().insert(original.to_owned(), pseudonym.to_owned());
        }
    }

    /// A setting's word as programs write it (`resolved=running`, `wpa-psk`): kept where it looks like one.
    fn word(&self, text: &str) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_=/.+".contains(c);
        let settings =
            text.len() <= 40 && text.chars().all(plain) && text.chars().filter(char::is_ascii_digit).count() <= 6;
        if settings { text.to_owned() } else { self.pseudonym("word", text) }
    }

    fn words(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.word(text)).collect()
    }
}

/// What networks and connections are called that have no name of their own.
const COMMON: &[&str] = &[
    "auto",
    "cable",
    "company",
    "default",
    "ethernet",
    "guest",
    "home",
    "internet",
    "lan",
    "laptop",
    "network",
    "office",
    "phone",
    "root",
    "router",
    "tunnel",
    "user",
    "vpn",
    "wi-fi",
    "wifi",
    "wired",
    "wired connection 1",
    "wlan",
    "work",
];

/// All places where it stands as a word of its own, in whatever case.
fn replace(text: &str, original: &str, pseudonym: &str) -> String {
    let (lower, wanted) = (text.to_lowercase(), original.to_lowercase());
    if lower.len() != text.len() || wanted.is_empty() {
        // Lower case of another length: places do not fit, so only the same case is found.
        return text.replace(original, pseudonym);
    }
    let mut out = String::new();
    let mut from = 0;
    // Writing that does not part its words is replaced wherever it stands.
    let parted = |c: Option<char>| !wanted.is_ascii() || !c.is_some_and(char::is_alphanumeric);
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(&wanted)) {
        let (start, end) = (from + at, from + at + wanted.len());
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { break };
        let whole = parted(before.chars().next_back()) && parted(after.chars().next());
        out.push_str(text.get(from..start).unwrap_or_default());
        out.push_str(if whole { pseudonym } else { text.get(start..end).unwrap_or_default() });
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}
