#![doc = include_str!("login_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "login-in-the-clear",
    words: include_str!("login_in_the_clear.md"),
    citations: &[cite("enisa-home-2020", "encrypted-applications")],
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
    Sign::of("cleartext.http-form-password", "traffic-what-http-form-password"),
    Sign::of("cleartext.http-basic", "traffic-what-http-basic"),
    Sign::of("cleartext.http-proxy-basic", "traffic-what-http-proxy-basic"),
    // Not `cleartext.ftp-login`, which an anonymous download shows, too.
    Sign::of("cleartext.ftp-password", "traffic-what-ftp-password"),
    Sign::of("cleartext.telnet", "traffic-what-telnet"),
    Sign::of("cleartext.rlogin", "traffic-what-rlogin"),
    Sign::of("cleartext.rsh", "traffic-what-rsh"),
    // Not `cleartext.ldap-simple`, which an anonymous bind shows, too.
    Sign::of("cleartext.ldap-password", "traffic-what-ldap-password"),
    Sign::of("cleartext.pgsql-password", "traffic-what-pgsql-password"),
    Sign::of("cleartext.redis-auth", "traffic-what-redis-auth"),
    Sign::of("cleartext.mqtt-password", "traffic-what-mqtt-password"),
    Sign::of("cleartext.socks-userpass", "traffic-what-socks-userpass"),
    Sign::of("cleartext.nntp-auth", "traffic-what-nntp-auth"),
    Sign::mild("cleartext.pap", "traffic-what-pap"),
    Sign::mild("cleartext.vnc", "traffic-what-vnc"),
    Sign::mild("cleartext.rdp-noTLS", "traffic-what-rdp"),
    // Near home, programs ask every printer by SNMP with the name "public".
    Sign::outside("cleartext.snmp-v1v2c", "traffic-what-snmp"),
];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let shown = shown(facts, SIGNS)?;
    if shown.is_empty() {
        return Ok(if traffic::was_seen(facts)? {
            pass(say("login-in-the-clear-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("traffic-na-nothing"))
        });
    }
    let worst = shown.iter().map(|shown| {
        let severity = traffic::severity(facts, guidance, shown.open.outside);
        if shown.sign.mild { severity.min(Severity::Medium) } else { severity }
    });
    let severity = worst.max().unwrap_or(Severity::Medium);
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
