#![doc = include_str!("tls_obsolete.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "tls-obsolete",
    words: include_str!("tls_obsolete.md"),
    citations: &[cite("rfc-8996", "tls-1.0-and-1.1")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(0, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// Agreed upon by server and client.
const SIGNS: &[Sign] = &[
    Sign::of("tls.sslv3", "traffic-what-sslv3"),
    Sign::mild("tls.legacy-version", "traffic-what-tls-legacy"),
    Sign::mild("tls.weak-cipher", "traffic-what-tls-weak"),
    Sign::mild("tls.sslv2-hello", "traffic-what-sslv2"),
];

/// Encryption of today's kind, or at least no older one was agreed upon.
const SEEN: &[&str] = &["tls.any", "quic.any", "dtls.any"];

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let mut shown = shown(facts, SIGNS)?;
    // SSL 3.0 is an older version, too: what is said of it need not be said twice.
    if let [sslv3, ..] = shown.as_slice()
        && sslv3.sign.label == "tls.sslv3"
    {
        let times = sslv3.open.times;
        shown.retain(|shown| shown.sign.label != "tls.legacy-version" || shown.open.times > times);
    }
    if shown.is_empty() {
        return Ok(if traffic::any(facts, SEEN)? {
            pass(say("tls-obsolete-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("tls-obsolete-na"))
        });
    }
    let outside = shown.iter().any(|shown| shown.open.outside);
    let broken = shown.iter().any(|shown| !shown.sign.mild && shown.open.outside);
    // A printer's page or a device at home: nobody on the Internet is in between.
    let severity = if broken {
        Severity::High
    } else if outside {
        Severity::Medium
    } else {
        Severity::Low
    };
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
