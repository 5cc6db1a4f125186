//! `homeward.check/1`: what a verdict looks like to a program. Its own types, so that no change
//! elsewhere changes the format; a field is never renamed or removed within the number.
//!
//! Text from outside (Wi-Fi names, interface names, DHCP strings) passes through
//! [`harmless`]: the *decoded* values hold no control character and no direction mark, so a consumer
//! that prints them is not attacked. A Wi-Fi name stays lossless: its bytes that are not text, its
//! backslashes and its harmful characters each have an escape of their own.

use serde::Serialize;

use crate::checks::Evidence;
use crate::facts::link::Medium;
use crate::facts::text::harmless;
use crate::facts::wifi::{Akm, Cipher};
use crate::guidance::Guidance;
use crate::inference::connection::{Connection, DnsSummary, HotspotSummary, VpnSummary, WifiSummary};
use crate::outputs::phrase;
use crate::verdict::{Finding, Settled, Verdict};
use crate::words::Words;

/// The format's name.
pub const FORMAT: &str = "homeward.check/1";

/// Longest text from outside, in characters.
const LONGEST: usize = 300;

/// The document, pretty-printed, with a final newline.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn document(words: &Words, verdict: &Verdict, guidance: &Guidance) -> serde_json::Result<Vec<u8>> {
    super::safe::to_vec(&Check::of(words, verdict, guidance))
}

#[derive(Serialize)]
struct Check {
    format: &'static str,
    taken_at: String,
    verdict: &'static str,
    summary: String,
    guidance: JudgedBy,
    connection: ConnectionOut,
    findings: Vec<FindingOut>,
    not_asked: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct JudgedBy {
    name: String,
    version: String,
    source: String,
    ignored: Vec<IgnoredOut>,
}

#[derive(Serialize)]
struct IgnoredOut {
    key: String,
    file: String,
    locked_by: String,
}

#[derive(Serialize)]
struct ConnectionOut {
    medium: Option<&'static str>,
    interface: Option<String>,
    wifi: Option<WifiOut>,
    vpn: Option<VpnOut>,
    dns: Option<DnsOut>,
    hotspot: HotspotOut,
}

#[derive(Serialize)]
struct WifiOut {
    ssid: String,
    bssid: String,
    security: &'static str,
    basis: &'static str,
    akm: Option<String>,
    pairwise: Option<String>,
    group: Option<String>,
    pmf: Option<bool>,
    wps: bool,
}

#[derive(Serialize)]
struct VpnOut {
    level: &'static str,
    tunnels: Vec<TunnelOut>,
    ipv4: Option<&'static str>,
    ipv6: Option<&'static str>,
}

#[derive(Serialize)]
struct TunnelOut {
    interface: Option<String>,
    kind: String,
    recognised: Option<bool>,
}

#[derive(Serialize)]
struct DnsOut {
    resolvers: Vec<ResolverOut>,
    leak: Option<bool>,
}

#[derive(Serialize)]
struct ResolverOut {
    address: String,
    interface: Option<String>,
    encrypted: bool,
}

#[derive(Serialize)]
struct HotspotOut {
    public: Option<bool>,
    portal: &'static str,
    signs: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct FindingOut {
    check: &'static str,
    outcome: &'static str,
    severity: &'static str,
    title: String,
    advice: String,
    evidence: Vec<EvidenceOut>,
    guidance: Vec<ClauseOut>,
    caused_by: Option<&'static str>,
    why_unknown: Option<String>,
    remedy: Option<String>,
    why_not_applicable: Option<String>,
}

#[derive(Serialize)]
struct EvidenceOut {
    says: String,
    basis: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct ClauseOut {
    source: String,
    clause: String,
}

fn shown(text: &str) -> String {
    harmless(text, LONGEST)
}

impl Check {
    fn of(words: &Words, verdict: &Verdict, guidance: &Guidance) -> Self {
        Self {
            format: FORMAT,
            taken_at: verdict.taken_at.to_string(),
            verdict: verdict.word.word(),
            summary: phrase::summary(words, verdict),
            guidance: JudgedBy::of(guidance),
            connection: ConnectionOut::of(words, &verdict.connection),
            findings: verdict.findings.iter().map(|finding| FindingOut::of(words, finding, guidance)).collect(),
            not_asked: verdict.not_asked.clone(),
        }
    }
}

impl JudgedBy {
    pub(super) fn of(guidance: &Guidance) -> Self {
        let ignored = guidance.ignored.iter().map(|ignored| IgnoredOut {
            key: shown(&ignored.key),
            file: shown(&ignored.file),
            locked_by: shown(&ignored.locked_by),
        });
        Self {
            name: shown(&guidance.name),
            version: shown(&guidance.version),
            source: phrase::source(guidance),
            ignored: ignored.collect(),
        }
    }
}

impl ConnectionOut {
    fn of(words: &Words, connection: &Connection) -> Self {
        Self {
            medium: connection.medium.map(|known| known.map_or("none", Medium::word)),
            interface: connection.interface.as_deref().map(shown),
            wifi: connection.wifi.as_ref().map(WifiOut::of),
            vpn: connection.vpn.as_ref().map(VpnOut::of),
            dns: connection.dns.as_ref().map(DnsOut::of),
            hotspot: HotspotOut::of(words, &connection.hotspot),
        }
    }
}

impl WifiOut {
    fn of(wifi: &WifiSummary) -> Self {
        Self {
            ssid: shown(&wifi.ssid.to_text()),
            bssid: shown(&wifi.bssid),
            security: wifi.security.word(),
            basis: wifi.basis.word(),
            akm: wifi.akm.map(akm),
            pairwise: wifi.pairwise.map(cipher),
            group: wifi.group.map(cipher),
            pmf: wifi.pmf,
            wps: wifi.wps,
        }
    }
}

/// A key management's word: as in facts files, unknown ones by number (`00-0f-ac:99`).
pub(super) fn akm(akm: Akm) -> String {
    match akm {
        Akm::Other(number) => selector(number),
        known => word(&known),
    }
}

/// A cipher's word, likewise.
pub(super) fn cipher(cipher: Cipher) -> String {
    match cipher {
        Cipher::Other(number) => selector(number),
        known => word(&known),
    }
}

fn selector(number: u32) -> String {
    let [a, b, c, kind] = number.to_be_bytes();
    format!("{a:02x}-{b:02x}-{c:02x}:{kind}")
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl VpnOut {
    fn of(vpn: &VpnSummary) -> Self {
        Self {
            level: vpn.level.word(),
            tunnels: vpn
                .tunnels
                .iter()
                .map(|tunnel| TunnelOut {
                    interface: tunnel.interface.as_deref().map(shown),
                    kind: shown(&tunnel.kind),
                    recognised: tunnel.recognised,
                })
                .collect(),
            ipv4: vpn.ipv4.map(crate::inference::vpn::Carriage::word),
            ipv6: vpn.ipv6.map(crate::inference::vpn::Carriage::word),
        }
    }
}

impl DnsOut {
    fn of(dns: &DnsSummary) -> Self {
        Self {
            resolvers: dns
                .resolvers
                .iter()
                .map(|resolver| ResolverOut {
                    address: resolver.address.to_string(),
                    interface: resolver.interface.as_deref().map(shown),
                    encrypted: resolver.encrypted,
                })
                .collect(),
            leak: dns.leak,
        }
    }
}

impl HotspotOut {
    fn of(words: &Words, hotspot: &HotspotSummary) -> Self {
        Self {
            public: hotspot.public,
            portal: hotspot.portal.word(),
            signs: hotspot.signs.iter().map(|sign| words.say(sign)).collect(),
        }
    }
}

impl FindingOut {
    pub(super) fn of(words: &Words, finding: &Finding, guidance: &Guidance) -> Self {
        let missing = match &finding.result {
            Settled::Unknown(missing, _) => Some(missing),
            Settled::Pass(_) | Settled::Fail(_) | Settled::NotApplicable(_) => None,
        };
        Self {
            check: finding.check.id,
            outcome: finding.result.word(),
            severity: finding.severity.word(),
            title: phrase::title(words, finding),
            advice: phrase::advice(words, finding, guidance),
            evidence: finding.result.evidence().iter().map(|evidence| EvidenceOut::of(words, evidence)).collect(),
            guidance: phrase::rules(&finding.citations)
                .into_iter()
                .map(|(source, clause)| ClauseOut { source, clause })
                .collect(),
            caused_by: finding.caused_by,
            why_unknown: missing.map(|missing| words.reason(&missing.reason)),
            remedy: missing.map(|missing| words.remedy(&missing.reason)),
            why_not_applicable: match &finding.result {
                Settled::NotApplicable(why) => Some(words.say(why)),
                Settled::Pass(_) | Settled::Fail(_) | Settled::Unknown(..) => None,
            },
        }
    }
}

impl EvidenceOut {
    fn of(words: &Words, evidence: &Evidence) -> Self {
        Self { says: words.say(&evidence.says), basis: evidence.basis.word(), source: evidence.source }
    }
}
