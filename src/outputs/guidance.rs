//! Guidance to a person and to a program: what is asked, and which checks serve which clause.

use std::collections::BTreeMap;
use std::path::Path;

use anstyle::Style;
use serde::Serialize;

use crate::checks::{Message, say};
use crate::facts::text::harmless;
use crate::guidance::clauses::{Served, Standing, Words as Whose};
use crate::guidance::coverage::{Clause, Coverage};
use crate::guidance::written::{Settings, shown as net};
use crate::guidance::{self, Extent, Guidance, Places, Required, SeverityRule, Source, TrustedNetwork, VpnIdentity};
use crate::outputs::page::{Look, Page};
use crate::outputs::phrase;
use crate::words::Words;

const BOLD: Style = Style::new().bold();
const PLAIN: Style = Style::new();
/// Longest text of a file shown.
const SHOWN: usize = 300;

/// A page of labelled rows.
struct Rows<'w> {
    page: Page,
    words: &'w Words,
    width: usize,
}

impl<'w> Rows<'w> {
    const LABELS: &'static [&'static str] = &[
        "guidance-label-vpn",
        "guidance-label-known",
        "guidance-label-dns",
        "guidance-label-work",
        "guidance-label-trusted",
        "guidance-label-portal",
        "guidance-label-hours",
        "guidance-label-asked",
        "guidance-label-severity",
        "guidance-label-clauses",
        "guidance-label-contact",
        "guidance-label-locked",
        "guidance-label-files",
        "guidance-label-remark",
    ];

    fn new(words: &'w Words, look: Look) -> Self {
        use unicode_width::UnicodeWidthStr as _;
        let width = Self::LABELS.iter().map(|key| words.get(key).width()).max().unwrap_or(0);
        Self { page: Page::new(look), words, width }
    }

    /// A row: its label the first time, blank beneath.
    fn row(&mut self, label: &'static str, first: bool, says: &str) {
        use unicode_width::UnicodeWidthStr as _;
        let label = if first { self.words.get(label) } else { String::new() };
        // Padded with a space no wrapping takes away.
        let padded = format!("{label}{}", " ".repeat(self.width.saturating_sub(label.width())));
        self.page.say(0, (BOLD, &padded), PLAIN, says);
    }

    fn say(&mut self, label: &'static str, message: &Message) {
        let says = self.words.say(message);
        self.row(label, true, &says);
    }

    fn list(&mut self, label: &'static str, none: &str, items: &[String]) {
        if items.is_empty() {
            let none = self.words.get(none);
            self.row(label, true, &none);
        }
        for (index, item) in items.iter().enumerate() {
            self.row(label, index == 0, item);
        }
    }
}

/// The guidance in force, whole.
pub fn show(words: &Words, guidance: &Guidance, places: &Places, look: Look) -> String {
    let mut rows = head(words, guidance, look);
    settings(&mut rows, guidance);
    rows.page.blank();
    files(&mut rows, guidance, places);
    remarks(&mut rows, guidance);
    for ignored in &guidance.ignored {
        let said = say("judged-ignored")
            .with("key", &ignored.key)
            .with("file", &ignored.file)
            .with("locked", &ignored.locked_by);
        rows.page.plain(0, &words.say(&said));
    }
    rows.page.into_text()
}

fn head<'w>(words: &'w Words, guidance: &Guidance, look: Look) -> Rows<'w> {
    let mut rows = Rows::new(words, look);
    let name = say("guidance-name")
        .with("name", &guidance.name)
        .with("version", &guidance.version)
        .with("source", source(words, guidance));
    rows.page.bold(0, &words.say(&name));
    if !guidance.title.is_empty() {
        rows.page.plain(0, &shown(&guidance.title));
    }
    rows.page.blank();
    rows
}

fn source(words: &Words, guidance: &Guidance) -> String {
    match &guidance.source {
        Source::BuiltIn => words.get("judged-built-in"),
        Source::Files(files) => files.join(", "),
    }
}

fn shown(text: &str) -> String {
    harmless(text, SHOWN)
}

fn settings(rows: &mut Rows<'_>, guidance: &Guidance) {
    let words = rows.words;
    let required = match guidance.vpn.required {
        Required::Never => "guidance-vpn-never",
        Required::OnPublic => "guidance-vpn-on-public",
        Required::Always => "guidance-vpn-always",
    };
    let extent = match guidance.vpn.extent {
        Extent::Full => "guidance-vpn-full",
        Extent::Split => "guidance-vpn-split",
    };
    let mut vpn = vec![words.get(required), words.get(extent)];
    if guidance.vpn.enforced {
        vpn.push(words.get("guidance-vpn-enforced"));
    }
    rows.row("guidance-label-vpn", true, &vpn.join(" "));
    let known: Vec<String> = guidance.vpn.identities.iter().map(identity).collect();
    rows.list("guidance-label-known", "guidance-any-vpn", &known);

    let dns = &guidance.dns;
    let mut asked = Vec::new();
    if !dns.resolvers.is_empty() {
        let list: Vec<String> = dns.resolvers.iter().map(net).collect();
        asked.push(words.say(&say("guidance-dns-resolvers").with("list", list.join(", "))));
    }
    if !dns.domains.is_empty() {
        asked.push(words.say(&say("guidance-dns-domains").with("list", dns.domains.join(", "))));
    }
    if dns.encrypted {
        asked.push(words.get("guidance-dns-encrypted"));
    }
    rows.list("guidance-label-dns", "guidance-dns-any", &asked);

    let work: Vec<String> =
        guidance.destinations.iter().map(|to| format!("{} ({})", shown(&to.name), net(&to.address))).collect();
    rows.list("guidance-label-work", "guidance-none", &work);
    let trusted: Vec<String> = guidance.trusted.iter().map(place).collect();
    rows.list("guidance-label-trusted", "guidance-none", &trusted);
    let probes = [&guidance.portal.first, &guidance.portal.second];
    let probes: Vec<String> = probes.into_iter().flatten().map(|probe| shown(&probe.url)).collect();
    rows.list("guidance-label-portal", "guidance-no-probe", &probes);
    let hours: Vec<String> = guidance.hours.iter().map(ToString::to_string).collect();
    if !hours.is_empty() {
        rows.row("guidance-label-hours", true, &words.say(&say("guidance-hours").with("hours", hours.join(", "))));
    }
    if guidance.attestations.ask {
        let hours = guidance.attestations.valid_for.as_secs() / 3600;
        let message = match (hours / 24, hours % 24) {
            (days, 0) => say("guidance-asked-days").with("count", days),
            _ => say("guidance-asked-hours").with("count", hours),
        };
        rows.say("guidance-label-asked", &message);
    } else {
        rows.say("guidance-label-asked", &say("guidance-not-asked"));
    }
    let moved: Vec<String> =
        guidance.severity.iter().map(|(check, rule)| format!("{check}: {}", words.get(severity(*rule)))).collect();
    rows.list("guidance-label-severity", "guidance-severity-own", &moved);
    if !guidance.clauses.is_empty() {
        let message = say("guidance-clauses").with("count", guidance.clauses.len());
        rows.say("guidance-label-clauses", &message);
    }
    let contact: Vec<String> = phrase::contact(&guidance.contact).into_iter().collect();
    rows.list("guidance-label-contact", "guidance-none", &contact);
    if !guidance.locked.is_empty() {
        rows.row("guidance-label-locked", true, &guidance.locked.join(", "));
    }
}

const fn severity(rule: SeverityRule) -> &'static str {
    match rule {
        SeverityRule::Off => "guidance-severity-off",
        SeverityRule::Info => "severity-info",
        SeverityRule::Low => "severity-low",
        SeverityRule::Medium => "severity-medium",
        SeverityRule::High => "severity-high",
        SeverityRule::Critical => "severity-critical",
    }
}

/// A prefix; a single address without its length.
fn identity(identity: &VpnIdentity) -> String {
    let endpoints = identity.endpoints.iter().map(|endpoint| match endpoint {
        guidance::Endpoint::Socket(socket) => socket.to_string(),
        guidance::Endpoint::Address(address) => address.to_string(),
    });
    let marks: Vec<String> =
        [&identity.peer_keys, &identity.networkmanager_uuids, &identity.dns_suffixes, &identity.clients]
            .into_iter()
            .flatten()
            .cloned()
            .chain(endpoints)
            .collect();
    shown(&format!("{} ({})", identity.name, marks.join(", ")))
}

fn place(place: &TrustedNetwork) -> String {
    let marks: Vec<String> = [
        place.ssid.as_ref().map(|ssid| format!("“{}”", ssid.to_text())),
        place.security.clone(),
        place.gateway_mac.clone(),
        place.bssid_prefix.clone(),
        place.dhcp_server.map(|address| address.to_string()),
        place.subnet.map(|subnet| subnet.to_string()),
        place.domain.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    shown(&format!("{} ({})", place.name, marks.join(", ")))
}

/// Which files were looked for, and what each set.
fn files(rows: &mut Rows<'_>, guidance: &Guidance, places: &Places) {
    let words = rows.words;
    let read: &[String] = match &guidance.source {
        Source::BuiltIn => &[],
        Source::Files(files) => files,
    };
    let mut lines: Vec<String> = read
        .iter()
        .map(|file| {
            let set: Vec<&str> =
                guidance.origins.iter().filter(|(_, by)| *by == file).map(|(key, _)| key.as_str()).collect();
            let key = if set.is_empty() { "guidance-file-sets-nothing" } else { "guidance-file-sets" };
            // Each part is made harmless by the catalogue; the keys are the program's own.
            format!("{} {}", words.say(&say(key).with("file", file)), set.join(", ")).trim_end().to_owned()
        })
        .collect();
    let looked = [Some(places.employer.as_path()), places.user.as_deref()];
    for path in looked.into_iter().flatten().map(Path::to_string_lossy) {
        if !read.contains(&shown(&path)) {
            lines.push(words.say(&say("guidance-file-not-used").with("file", path.as_ref())));
        }
    }
    rows.list("guidance-label-files", "guidance-none", &lines);
}

fn remarks(rows: &mut Rows<'_>, guidance: &Guidance) {
    let words = rows.words;
    for remark in guidance::remarks(guidance) {
        rows.row("guidance-label-remark", true, &words.get(remark.key()));
    }
}

/// What is said of a file that is good.
pub fn good(words: &Words, guidance: &Guidance, look: Look) -> String {
    let mut rows = Rows::new(words, look);
    let file = source(words, guidance);
    rows.page.bold(0, &words.say(&say("guidance-good").with("file", file)));
    let set: Vec<&str> = guidance.origins.keys().map(String::as_str).collect();
    let sets = if set.is_empty() {
        words.get("guidance-sets-nothing")
    } else {
        format!("{} {}", words.get("guidance-sets"), set.join(", "))
    };
    rows.page.plain(0, &sets);
    if !guidance.locked.is_empty() {
        rows.page.plain(0, &format!("{} {}", words.get("guidance-locks"), guidance.locked.join(", ")));
    }
    remarks(&mut rows, guidance);
    rows.page.into_text()
}

/// Every clause and what becomes of it, then every check and whom it serves.
pub fn coverage(words: &Words, coverage: &Coverage, look: Look) -> String {
    let mut page = Page::new(look);
    page.plain(0, &words.get("guidance-coverage-intro"));
    for document in &coverage.documents {
        page.blank();
        page.bold(0, &shown(&document.title));
        if document.standing == Standing::NobodysRule {
            page.plain(0, &words.get("guidance-nobodys-rule"));
        }
        let wide = document.clauses.iter().map(|clause| clause.id.chars().count()).max().unwrap_or(0);
        for clause in &document.clauses {
            // A long id stands on a line of its own.
            if wide > 6 {
                page.bold(2, &shown(&clause.id));
                page.plain(4, &asks(words, clause));
                page.say(4, (PLAIN, "→"), PLAIN, &serves(words, clause));
            } else {
                let label = format!("{:wide$}", shown(&clause.id));
                page.say(2, (BOLD, &label), PLAIN, &asks(words, clause));
                page.say(3 + wide, (PLAIN, "→"), PLAIN, &serves(words, clause));
            }
        }
    }
    page.blank();
    page.bold(0, &words.get("guidance-coverage-checks"));
    let wide = coverage.checks.iter().map(|serving| serving.check.len()).max().unwrap_or(0);
    for serving in &coverage.checks {
        let mut by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (source, clause) in &serving.clauses {
            by.entry(source).or_default().push(clause);
        }
        let rules: Vec<String> =
            by.iter().map(|(source, clauses)| format!("{} {}", shown(source), shown(&clauses.join(", ")))).collect();
        let mut rules = rules.join("; ");
        if serving.off {
            rules = format!("{} {rules}", words.get("guidance-check-off"));
        }
        page.say(0, (BOLD, &format!("{:wide$} ", serving.check)), PLAIN, &rules);
    }
    page.blank();
    let count = |served: Served| {
        coverage
            .documents
            .iter()
            .flat_map(|document| &document.clauses)
            .filter(|clause| clause.served == served)
            .count()
    };
    let sum = say("guidance-coverage-sum")
        .with("checked", count(Served::Checked))
        .with("asked", count(Served::Asked))
        .with("no", count(Served::No));
    page.plain(0, &words.say(&sum));
    page.into_text()
}

fn asks(words: &Words, clause: &Clause) -> String {
    // The employer's own clauses may be as long as a paragraph.
    let text = harmless(&clause.text, 2000);
    match clause.words {
        Some(Whose::Quoted) => format!("“{text}”"),
        Some(Whose::Recalled) => format!("{text} {}", words.get("guidance-recalled")),
        _ => text,
    }
}

fn serves(words: &Words, clause: &Clause) -> String {
    let checks: Vec<String> = clause
        .checks
        .iter()
        .map(|check| {
            if clause.off.contains(check) {
                format!("{check} ({})", words.get("guidance-severity-off"))
            } else {
                check.clone()
            }
        })
        .collect();
    let key = match clause.served {
        Served::Checked => "guidance-served-checked",
        Served::Asked => "guidance-served-asked",
        Served::No => "guidance-served-no",
    };
    let mut says = words.say(&say(key).with("checks", checks.join(", ")));
    if let Some(reason) = &clause.reason {
        says = format!("{says} {reason}");
    }
    says
}

/// `guidance coverage --json`.
#[derive(Debug, Serialize)]
pub struct Covered<'c> {
    format: &'static str,
    #[serde(flatten)]
    coverage: &'c Coverage,
}

impl<'c> Covered<'c> {
    /// The document.
    pub const fn new(coverage: &'c Coverage) -> Self {
        Self { format: "homeward.coverage/1", coverage }
    }
}

/// `guidance show --json`: the settings under the keys of the file.
#[derive(Debug, Serialize)]
pub struct Shown<'g> {
    format: &'static str,
    /// `built-in`, or the file that says most.
    source: &'g str,
    files: &'g [String],
    settings: Settings<'g>,
    origins: &'g BTreeMap<String, String>,
    locked: &'g [String],
    ignored: Vec<BTreeMap<&'static str, &'g str>>,
}

/// The guidance as a document.
pub fn document(guidance: &Guidance) -> Shown<'_> {
    let files: &[String] = match &guidance.source {
        Source::BuiltIn => &[],
        Source::Files(files) => files,
    };
    let ignored = guidance.ignored.iter().map(|ignored| {
        BTreeMap::from([
            ("key", ignored.key.as_str()),
            ("file", ignored.file.as_str()),
            ("locked_by", ignored.locked_by.as_str()),
        ])
    });
    Shown {
        format: "homeward.guidance/1",
        source: files.first().map_or("built-in", String::as_str),
        files,
        settings: Settings::of(guidance),
        origins: &guidance.origins,
        locked: &guidance.locked,
        ignored: ignored.collect(),
    }
}
