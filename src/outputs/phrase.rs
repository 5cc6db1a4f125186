//! The sentences terminal and JSON share: what a finding is called, what to do, in one line how it is.

use crate::checks::{Arg, Message, say};
use crate::facts::text::harmless;
use crate::guidance::{Contact, Guidance, Source, clauses};
use crate::inference::connection::{Doubt, VpnSummary};
use crate::inference::vpn::{Carriage, Level};
use crate::verdict::{ClauseRef, Finding, Settled, Verdict, Word};
use crate::words::Words;

/// What a finding is called: the trouble when it is there, the good word when it is not, the question
/// otherwise.
pub fn title(words: &Words, finding: &Finding) -> String {
    let own = words.check(finding.check);
    match finding.result {
        Settled::Fail(_) => own.title,
        Settled::Pass(_) => own.well,
        Settled::NotApplicable(_) | Settled::Unknown(..) => own.asks,
    }
}

/// What to do about a failure; empty for what did not fail. Without the marks of Markdown.
pub fn step(words: &Words, finding: &Finding) -> String {
    let Settled::Fail(failure) = &finding.result else {
        return String::new();
    };
    failure.advice.as_ref().map_or_else(|| plain(words.check(finding.check).advice()), |message| words.say(message))
}

/// Markdown's emphasis and code marks taken off.
pub fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

/// What to do about a failure, and whom to ask; empty for what did not fail.
pub fn advice(words: &Words, finding: &Finding, guidance: &Guidance) -> String {
    let step = step(words, finding);
    if step.is_empty() {
        return step;
    }
    match contact(&guidance.contact) {
        Some(contact) => format!("{step} {}", words.say(&say("finding-contact").with("contact", contact))),
        None => step,
    }
}

/// Name, telephone, e-mail, page: whatever the guidance gives.
pub fn contact(contact: &Contact) -> Option<String> {
    let parts: Vec<&str> = [&contact.name, &contact.phone, &contact.email, &contact.url]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The verdict in one sentence for a person.
pub fn summary(words: &Words, verdict: &Verdict) -> String {
    let failing: Vec<&Finding> = verdict.failures().collect();
    let unknown = verdict.findings.iter().filter(|finding| matches!(finding.result, Settled::Unknown(..))).count();
    let with_title = |key| {
        let title = failing.first().map(|finding| title(words, finding)).unwrap_or_default();
        let more = failing.len().saturating_sub(1);
        words.say(&say(key).with("title", title).with("more", more))
    };
    let open = |key| words.say(&say(key).with("unknown", unknown));
    if verdict.word == Word::CannotTell && verdict.offline() {
        return format!("{} {}", words.get("summary-offline"), words.get("offline-advice"));
    }
    match verdict.word {
        Word::Ok if verdict.narrowed => words.say(&so_far(verdict, "summary-ok-so-far")),
        Word::Ok if unknown == 0 => words.get("summary-ok"),
        Word::Ok => open("summary-ok-with-unknowns"),
        Word::Attention => with_title("summary-attention"),
        Word::NotOk => with_title("summary-not-ok"),
        Word::CannotTell if verdict.nothing_applies() => words.get("summary-nothing-applies"),
        Word::CannotTell => {
            let open = verdict.findings.iter().find(|finding| matches!(finding.result, Settled::Unknown(..)));
            open.map_or_else(
                || words.get("summary-nothing-asked"),
                |finding| words.say(&say("summary-cannot-tell").with("asks", title(words, finding))),
            )
        }
    }
}

/// The verdict on captured packets in one sentence for a person.
pub fn summary_of_packets(words: &Words, verdict: &Verdict) -> String {
    let failing: Vec<&Finding> = verdict.failures().collect();
    let first = failing.first().map(|finding| title(words, finding)).unwrap_or_default();
    let more = failing.len().saturating_sub(1);
    match verdict.word {
        Word::Ok => words.get("inspect-summary-ok"),
        Word::Attention => words.say(&say("inspect-summary-attention").with("title", first).with("more", more)),
        Word::NotOk => words.say(&say("inspect-summary-not-ok").with("title", first).with("more", more)),
        Word::CannotTell => words.get("inspect-summary-cannot-tell"),
    }
}

/// How far was asked, in a sentence of this key.
pub fn so_far(verdict: &Verdict, key: &'static str) -> Message {
    let asked = verdict.findings.len();
    say(key).with("asked", asked).with("all", asked + verdict.not_asked.len())
}

/// Where the guidance came from: `built-in`, or the weightiest file.
pub fn source(guidance: &Guidance) -> String {
    match &guidance.source {
        Source::BuiltIn => "built-in".to_owned(),
        Source::Files(files) => harmless(files.first().map_or("", String::as_str), 4096),
    }
}

/// The connection in one line.
pub fn connection(words: &Words, verdict: &Verdict) -> String {
    use crate::inference::place::PortalState;
    let connection = &verdict.connection;
    let interface = connection.interface.as_deref().unwrap_or_default();
    let link = match (&connection.medium, &connection.wifi) {
        (None, _) => words.get("connection-unknown"),
        (Some(None), _) => words.get("connection-none"),
        (Some(Some(_)), Some(wifi)) => words.say(
            &say("connection-wifi-secured")
                .with("ssid", wifi.ssid.to_text())
                .with("interface", interface)
                .with("security", Arg::Key(format!("security-{}", wifi.security.word()))),
        ),
        (Some(Some(medium)), None) => words.say(
            &say("connection-medium")
                .with("medium", Arg::Key(format!("medium-{}", medium.word())))
                .with("interface", interface),
        ),
    };
    let mut parts = vec![link];
    if connection.medium != Some(None) {
        parts.push(vpn(words, connection.vpn.as_ref()));
        match (connection.hotspot.portal, connection.hotspot.public) {
            (PortalState::Present, _) => parts.push(words.get("place-state-portal")),
            (_, Some(true)) => parts.push(words.get("place-state-public")),
            (_, None) => parts.push(words.get("place-state-unknown")),
            (_, Some(false)) => {}
        }
    }
    parts.join(" · ")
}

/// The VPN in a few words, and no better than it is.
fn vpn(words: &Words, vpn: Option<&VpnSummary>) -> String {
    let Some(vpn) = vpn else { return words.get("vpn-state-unknown") };
    match vpn.level {
        Level::None => words.get("vpn-state-none"),
        Level::Configured => words.get("vpn-state-configured"),
        Level::Present | Level::Alive => words.get("vpn-state-up"),
        Level::Used | Level::Exclusive | Level::Enforced => {
            let kept = |family| matches!(family, Some(Carriage::Tunnel | Carriage::None));
            match (&vpn.doubt, kept(vpn.ipv4) && kept(vpn.ipv6)) {
                (Some(Doubt::Silent), _) => words.get("vpn-state-silent"),
                (Some(Doubt::Detoured), true) => words.get("vpn-state-detoured"),
                (Some(Doubt::Personal(name)), true) => words.say(&say("vpn-state-personal").with("name", name)),
                (Some(Doubt::Personal(name)), false) => words.say(&say("vpn-state-personal-part").with("name", name)),
                (None, true) => words.get("vpn-state-all"),
                (None | Some(Doubt::Detoured), false) => words.get("vpn-state-part"),
            }
        }
    }
}

/// Whose rules a finding serves: document and clause, as a person knows them.
pub fn rules(citations: &[ClauseRef]) -> Vec<(String, String)> {
    citations.iter().map(|rule| (harmless(clauses::title(&rule.source), 300), harmless(&rule.clause, 100))).collect()
}

/// The same for reading: each document once, with its clauses.
pub fn rules_by_document(words: &Words, citations: &[ClauseRef]) -> Vec<String> {
    let mut documents: Vec<(String, Vec<String>)> = Vec::new();
    for (source, clause) in rules(citations) {
        match documents.iter_mut().find(|(document, _)| *document == source) {
            Some((_, clauses)) => clauses.push(clause),
            None => documents.push((source, vec![clause])),
        }
    }
    documents
        .into_iter()
        .map(|(source, clauses)| words.say(&say("rule-of").with("source", source).with("clause", clauses.join(", "))))
        .collect()
}

/// How long from then to then: `7 min 40 s`.
pub fn lasted(began: jiff::Timestamp, ended: jiff::Timestamp) -> String {
    let seconds = ended.duration_since(began).as_secs().max(0);
    match (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, ..) => format!("{days} d {hours} h"),
    }
}
