#![doc = include_str!("call_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "call-in-the-clear",
    words: include_str!("call_in_the_clear.md"),
    citations: &[cite("enisa-home-2020", "encrypted-applications")],
    severity: Severity::High,
    settle: Settle::seconds(0, 600),
    masked_by: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// Sound that is shown to be readable: the packets of codecs of fixed size have no room for a check sum.
const VOICE: &[Sign] = &[Sign::of("cleartext.rtp-audio", "traffic-what-rtp-audio")];
/// Who calls whom.
const SIGNALLING: &[Sign] = &[Sign::mild("cleartext.sip", "traffic-what-sip")];
/// Packets of a call, of which the header is readable in any case.
const MEDIA: &[Sign] = &[Sign::mild("cleartext.rtp", "traffic-what-rtp")];
/// How browsers and conference programs agree on keys before a call.
const KEYED: &[&str] = &["dtls.any"];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let (voice, signalling, media) = (shown(facts, VOICE)?, shown(facts, SIGNALLING)?, shown(facts, MEDIA)?);
    let keyed = traffic::any(facts, KEYED)?;
    if voice.is_empty() && signalling.is_empty() {
        if !traffic::was_seen(facts)? {
            return Ok(Outcome::NotApplicable(say("traffic-na-nothing")));
        }
        if media.is_empty() || keyed {
            let well = if media.is_empty() { "call-in-the-clear-none" } else { "call-in-the-clear-keyed" };
            return Ok(pass(say(well).known(Basis::Measured, "packets")));
        }
        // The header is the same with and without encryption.
        let missing = Reason::Undecided { what: Thing::CallContents }.into();
        return Ok(Outcome::Unknown(missing, media.iter().map(Shown::evidence).collect()));
    }
    let readable: Vec<Shown<'_>> = voice.into_iter().chain(signalling).collect();
    let outside = readable.iter().any(|shown| shown.open.outside);
    let mut severity = traffic::severity(facts, guidance, outside);
    if readable.iter().all(|shown| shown.sign.mild) {
        severity = severity.min(Severity::Medium);
    }
    Ok(fail(readable.iter().map(Shown::evidence).collect()).at(severity).into())
}
