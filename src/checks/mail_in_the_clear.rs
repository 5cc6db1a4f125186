#![doc = include_str!("mail_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "mail-in-the-clear",
    words: include_str!("mail_in_the_clear.md"),
    citations: &[cite("rfc-8314", "cleartext-obsolete"), cite("enisa-home-2020", "encrypted-applications")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(0, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

const SIGNS: &[Sign] = &[
    Sign::of("cleartext.imap-login", "traffic-what-imap-login"),
    Sign::of("cleartext.pop3-login", "traffic-what-pop3-login"),
    Sign::of("cleartext.smtp-auth", "traffic-what-smtp-auth"),
    Sign::of("cleartext.smtp-mail", "traffic-what-smtp-mail"),
];

/// Mail that turned on encryption before anything was said.
const UPGRADED: &[&str] = &["starttls.imap", "starttls.pop3", "starttls.smtp"];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let shown = shown(facts, SIGNS)?;
    if shown.is_empty() {
        let well = if traffic::any(facts, UPGRADED)? { "mail-in-the-clear-upgraded" } else { "mail-in-the-clear-none" };
        return Ok(if traffic::was_seen(facts)? {
            pass(say(well).known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("traffic-na-nothing"))
        });
    }
    let outside = shown.iter().any(|shown| shown.open.outside);
    let severity = traffic::severity(facts, guidance, outside);
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
