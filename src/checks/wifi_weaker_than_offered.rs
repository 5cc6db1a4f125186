#![doc = include_str!("wifi_weaker_than_offered.md")]

use super::{Check, Failure, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::wifi::{Cipher, Suites};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::connection::WifiBasis;
use crate::inference::wifi::{self, Kind, Security};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-weaker-than-offered",
    words: include_str!("wifi_weaker_than_offered.md"),
    citations: &[cite("good-practice", "use-the-best-offered")],
    severity: Severity::Low,
    side: Side::Laptop,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    match protection.security {
        Security::Open | Security::OpenOweTransition => return Ok(Outcome::NotApplicable(say("wifi-na-open"))),
        Security::Wep => return Ok(Outcome::NotApplicable(say("wifi-na-wep"))),
        Security::Unrecognised | Security::Wapi => return Ok(protection.undecided(Vec::new())),
        _ => {}
    }
    let bss = &protection.association.bss;
    let offers = |suites: &Suites, kinds: &[Kind]| suites.akms.iter().any(|&akm| kinds.contains(&Kind::of(akm)));
    let base = |kinds: &[Kind]| bss.rsn.iter().any(|rsn| offers(rsn, kinds));
    let overriding = |kinds: &[Kind]| bss.rsn_overrides.iter().any(|rsn| offers(rsn, kinds));
    let about = |key| protection.shows(say(key).with("ssid", protection.name()).with("class", protection.class()));
    if protection.basis != WifiBasis::Negotiated {
        // Where only one thing is offered, it was taken, and nothing better passed over.
        let mut kinds: Vec<Kind> = protection.akms.iter().map(|&akm| Kind::of(akm)).collect();
        kinds.dedup();
        let one = kinds.len() == 1 && protection.pairwise.len() == 1;
        return Ok(if one { pass(about("wifi-weaker-only")) } else { protection.undecided(Vec::new()) });
    }
    // The check's own advice is to choose WPA3: nothing to choose where WPA2 is the best there is.
    let wpa3 = base(&[Kind::Sae, Kind::Enterprise3, Kind::Enterprise192]);
    let advised = |failure: Failure| if wpa3 { failure } else { failure.advise(say("wifi-weaker-advice-strongest")) };
    let used = |kind: Kind| protection.akms.iter().any(|&akm| Kind::of(akm) == kind);
    if (used(Kind::WpaPersonal) && base(&[Kind::Psk, Kind::Sae]))
        || (used(Kind::WpaEnterprise) && base(&[Kind::Enterprise, Kind::Enterprise3, Kind::Enterprise192]))
    {
        return Ok(protection.failing(&CHECK, advised(fail(vec![about("wifi-weaker-wpa1")]))));
    }
    let aes = |suites: &Suites| suites.pairwise.contains(&Cipher::Ccmp128);
    if protection.pairwise == [Cipher::Tkip] && bss.wpa.iter().chain(&bss.rsn).any(aes) {
        return Ok(protection.failing(&CHECK, advised(fail(vec![about("wifi-weaker-tkip")]))));
    }
    if used(Kind::Psk) && base(&[Kind::Sae]) {
        return Ok(protection.failing(&CHECK, fail(vec![about("wifi-weaker-psk")])));
    }
    if used(Kind::Psk) && overriding(&[Kind::Sae]) {
        // Few programs know RSN override yet: worth knowing, no fault of the person or the router.
        let failure = fail(vec![about("wifi-weaker-override")]).at(Severity::Info);
        return Ok(protection.failing(&CHECK, failure.advise(say("wifi-weaker-advice-override"))));
    }
    Ok(pass(about("wifi-weaker-pass")))
}
