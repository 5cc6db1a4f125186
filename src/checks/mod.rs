//! JUDGE: one check a file. `x.rs` holds the rule, `x.md` the words; this file holds [`ALL`].
//!
//! A rule is a pure function of facts and guidance. It returns an [`Outcome`], or with `?` the
//! [`Missing`] fact that keeps it from telling. It never looks at the machine, reads a clock or
//! formats a sentence: what it says is a [`Message`], a key of the catalogue with arguments.

pub mod arp_spoofed;
mod attested;
pub mod call_in_the_clear;
pub mod chat_in_the_clear;
pub mod devices_reviewed_attested;
pub mod dhcp_rogue;
pub mod directly_on_internet;
pub mod dns_answers_forged;
pub mod dns_config_conflict;
pub mod dns_downgradable;
pub mod dns_in_the_clear;
pub mod dns_leak;
pub mod dns_resolver_unapproved;
pub mod dual_connected;
pub mod hotspot_public;
pub mod login_in_the_clear;
pub mod mail_in_the_clear;
pub mod names_broadcast;
pub mod network_downgraded;
pub mod network_imitated;
pub mod portal_waiting;
pub mod proxy_from_network;
pub mod ra_rogue;
pub mod router_firmware_attested;
pub mod router_password_attested;
pub mod tls_obsolete;
mod traffic;
pub mod vpn_bypassed;
pub mod vpn_bypassed_ipv6;
pub mod vpn_down;
pub mod vpn_obsolete;
pub mod vpn_route_hijacked;
pub mod vpn_silent;
pub mod vpn_unenforced;
pub mod vpn_unrecognised;
pub mod wifi_auto_joins_open;
pub mod wifi_deauth_flood;
pub mod wifi_enterprise_unverified;
pub mod wifi_factory_name;
pub mod wifi_management_unprotected;
pub mod wifi_password_attested;
pub mod wifi_tkip;
pub mod wifi_unauthenticated;
pub mod wifi_unencrypted;
pub mod wifi_weaker_than_offered;
pub mod wifi_wep;
pub mod wifi_wps;
pub mod wired_unused;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// Every check, in the order a person wants to read them.
pub const ALL: &[&Check] = &[
    &wired_unused::CHECK,
    &dual_connected::CHECK,
    &directly_on_internet::CHECK,
    &wifi_unencrypted::CHECK,
    &wifi_wep::CHECK,
    &wifi_tkip::CHECK,
    &wifi_weaker_than_offered::CHECK,
    &wifi_management_unprotected::CHECK,
    &wifi_wps::CHECK,
    &wifi_factory_name::CHECK,
    &wifi_enterprise_unverified::CHECK,
    &wifi_auto_joins_open::CHECK,
    &wifi_unauthenticated::CHECK,
    &hotspot_public::CHECK,
    &portal_waiting::CHECK,
    &network_imitated::CHECK,
    &network_downgraded::CHECK,
    &vpn_down::CHECK,
    &vpn_silent::CHECK,
    &vpn_bypassed::CHECK,
    &vpn_bypassed_ipv6::CHECK,
    &vpn_route_hijacked::CHECK,
    &vpn_unrecognised::CHECK,
    &vpn_obsolete::CHECK,
    &vpn_unenforced::CHECK,
    &dns_leak::CHECK,
    &dns_in_the_clear::CHECK,
    &dns_resolver_unapproved::CHECK,
    &dns_answers_forged::CHECK,
    &dns_downgradable::CHECK,
    &dns_config_conflict::CHECK,
    &proxy_from_network::CHECK,
    &mail_in_the_clear::CHECK,
    &chat_in_the_clear::CHECK,
    &login_in_the_clear::CHECK,
    &call_in_the_clear::CHECK,
    &tls_obsolete::CHECK,
    &names_broadcast::CHECK,
    &arp_spoofed::CHECK,
    &dhcp_rogue::CHECK,
    &ra_rogue::CHECK,
    &wifi_deauth_flood::CHECK,
    &router_password_attested::CHECK,
    &wifi_password_attested::CHECK,
    &router_firmware_attested::CHECK,
    &devices_reviewed_attested::CHECK,
];

/// The checks that packets alone can answer: what a capture is judged by.
pub const ON_PACKETS: &[&Check] = &[
    &mail_in_the_clear::CHECK,
    &chat_in_the_clear::CHECK,
    &login_in_the_clear::CHECK,
    &call_in_the_clear::CHECK,
    &tls_obsolete::CHECK,
    &vpn_obsolete::CHECK,
    &dns_in_the_clear::CHECK,
    &names_broadcast::CHECK,
    &arp_spoofed::CHECK,
    &dhcp_rogue::CHECK,
    &ra_rogue::CHECK,
    &wifi_deauth_flood::CHECK,
];

/// The check of this id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

/// One check.
#[derive(Debug)]
pub struct Check {
    /// Kebab-case; names the trouble; reads well after "allow". The file name with hyphens.
    pub id: &'static str,
    /// What is read in English: the text of `x.md` (see [`crate::words`] for its form).
    pub words: &'static str,
    /// Whose rule it serves. Only a source that really says it.
    pub citations: &'static [Citation],
    /// How bad a failure is, unless the rule or the guidance says otherwise.
    pub severity: Severity,
    /// Where a failure mostly has its cause.
    pub side: Side,
    /// How long the trouble must last before a person is told, and be gone before it is taken back.
    pub settle: Settle,
    /// Checks whose failure explains a failure of this one.
    pub masked_by: &'static [&'static str],
    /// Checks whose alert already says what is to be done about this one: while one of them fails, this one is told in lists,
    /// and no bubble of its own is shown.
    pub told_with: &'static [&'static str],
    /// Whether the verdict may be `ok` while this check cannot tell.
    pub unknown: WhenUnknown,
    /// The weakest basis that a failure may rest on.
    pub basis: Basis,
    /// The rule.
    pub rule: fn(&Facts, &Guidance) -> Result<Outcome, Missing>,
}

/// What an unknown outcome of a check does to the verdict.
#[derive(Clone, Copy, Debug)]
pub enum WhenUnknown {
    /// Without it nothing can be promised: the verdict is `cannot-tell` unless something fails.
    Matters,
    /// It is told, and the verdict stands without it.
    Noted,
    /// It matters where this says so: something speaks for the trouble, and not enough to call it one.
    MattersIf(fn(&Facts, &Guidance) -> bool),
}

impl WhenUnknown {
    /// Whether the verdict may not be `ok` at this moment while the check cannot tell.
    pub fn matters(self, facts: &Facts, guidance: &Guidance) -> bool {
        match self {
            Self::Matters => true,
            Self::Noted => false,
            Self::MattersIf(in_doubt) => in_doubt(facts, guidance),
        }
    }
}

/// Where a failure mostly has its cause: what a helpdesk asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The network: its router, its access point, who runs it, who is in it.
    Network,
    /// The laptop: its settings, its programs, how it is plugged in.
    Laptop,
    /// What the employer runs: the VPN's server, the profile it gave out.
    Work,
}

impl Side {
    /// All of them, in the order a helpdesk asks.
    pub const ALL: [Self; 3] = [Self::Network, Self::Laptop, Self::Work];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Laptop => "laptop",
            Self::Work => "work",
        }
    }
}

/// When to raise and when to clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settle {
    /// How long a failure must last before it is told.
    pub raise: Duration,
    /// How long it must be gone before it is withdrawn.
    pub clear: Duration,
}

impl Settle {
    /// Seconds to raise, seconds to clear.
    pub const fn seconds(raise: u64, clear: u64) -> Self {
        Self { raise: Duration::from_secs(raise), clear: Duration::from_secs(clear) }
    }
}

/// How bad a failure is. The order is used to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; never changes the verdict.
    Info,
    /// Attention.
    Low,
    /// Attention.
    Medium,
    /// Not ok for work.
    High,
    /// Not ok for work; act now.
    Critical,
}

impl Severity {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// A clause a check serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The document's key in `service/guidance/clauses.toml`, e.g. `pcpd-employees-2020`.
    pub source: &'static str,
    /// The clause's id there, e.g. `E-6`.
    pub clause: &'static str,
}

/// Shorthand for a [`Citation`].
pub const fn cite(source: &'static str, clause: &'static str) -> Citation {
    Citation { source, clause }
}

/// A sentence of the catalogue, not yet worded: a key and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Key in `src/words/LANG/*.ftl`.
    pub key: &'static str,
    /// Arguments by name. Values may be untrusted text: the catalogue makes them harmless.
    pub args: Vec<(&'static str, Arg)>,
}

/// An argument of a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Text, shown as it is (made harmless).
    Text(String),
    /// A number, for plurals.
    Number(u64),
    /// A word that has a translation of its own: the key of another message without arguments.
    Key(String),
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}
impl From<std::net::IpAddr> for Arg {
    fn from(address: std::net::IpAddr) -> Self {
        Self::Text(address.to_string())
    }
}
impl From<ipnet::IpNet> for Arg {
    fn from(net: ipnet::IpNet) -> Self {
        Self::Text(net.to_string())
    }
}

/// A message without arguments.
pub fn say(key: &'static str) -> Message {
    Message { key, args: Vec::new() }
}

impl Message {
    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Evidence that says this.
    pub fn known(self, basis: Basis, source: &'static str) -> Evidence {
        Evidence { says: self, basis, source }
    }
}

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The sentence.
    pub says: Message,
    /// How it is known.
    pub basis: Basis,
    /// Where it was read: `nl80211`, `rtnetlink`, `networkmanager`, `resolved`, `dhcp`, …
    pub source: &'static str,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well, and this shows it.
    Pass(Vec<Evidence>),
    /// The trouble is there.
    Fail(Failure),
    /// The question does not arise here, and this is why.
    NotApplicable(Message),
    /// What is known does not decide it. (A missing fact is returned as [`Missing`] instead.)
    Unknown(Missing, Vec<Evidence>),
}

/// A failure and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What shows it; never empty.
    pub evidence: Vec<Evidence>,
    /// Another severity than the check's own, where circumstances soften or sharpen it.
    pub severity: Option<Severity>,
    /// Another advice than the one in `x.md`, where circumstances call for it.
    pub advice: Option<Message>,
}

/// A pass with one piece of evidence.
pub fn pass(evidence: Evidence) -> Outcome {
    Outcome::Pass(vec![evidence])
}

/// A failure that rests on this.
pub fn fail(evidence: Vec<Evidence>) -> Failure {
    Failure { evidence, severity: None, advice: None }
}

impl Failure {
    /// With another severity.
    #[must_use]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With another advice.
    #[must_use]
    pub fn advise(mut self, advice: Message) -> Self {
        self.advice = Some(advice);
        self
    }
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Self::Fail(failure)
    }
}
