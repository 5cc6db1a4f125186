#![doc = include_str!("hotspot_public.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::place::{self, Strength};
use crate::inference::{link, vpn};

/// See the module text.
pub static CHECK: Check = Check {
    id: "hotspot-public",
    words: include_str!("hotspot_public.md"),
    citations: &[
        cite("pcpd-employees-2020", "E-4"),
        cite("pcpd-employees-2020", "E-5"),
        cite("nsa-public-2021", "avoid-public-wifi"),
    ],
    severity: Severity::High,
    side: Side::Network,
    settle: Settle::seconds(15, 60),
    masked_by: &["portal-waiting"],
    told_with: &["wifi-unencrypted", "wifi-wep"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Inferred,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if link::outward(facts)?.is_none() {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    let mut signs: Vec<Evidence> = place::signs(facts)
        .into_iter()
        .filter(|sign| sign.strength > Strength::Against)
        .map(|sign| sign.shows)
        .collect();
    match place::is_public(facts, guidance) {
        Ok(true) => Ok(match vpn::is_full(facts) {
            Ok(false) => fail(signs).into(),
            // Nobody there reads what the tunnel carries; whether it does is `vpn-down`'s question. There is nothing to do about it.
            Ok(true) | Err(_) => fail(signs).at(Severity::Low).advise(say("hotspot-public-advice-vpn")).into(),
        }),
        Ok(false) => Ok(if let Some(name) = place::trusted(facts, guidance) {
            pass(say("hotspot-public-evidence-trusted").with("name", name).known(Basis::Configured, "guidance"))
        } else if place::is_phone(facts)? {
            pass(say("hotspot-public-evidence-phone").known(Basis::Inferred, "link"))
        } else {
            let key = if signs.is_empty() { "hotspot-public-evidence-none" } else { "hotspot-public-evidence-weak" };
            signs.insert(0, say(key).known(Basis::Inferred, "signs of the place"));
            signs.extend(marks(facts));
            Outcome::Pass(signs)
        }),
        Err(missing) => {
            signs.extend(marks(facts));
            Ok(Outcome::Unknown(missing, signs))
        }
    }
}

/// What the guidance can know this place by again.
fn marks(facts: &Facts) -> Option<Evidence> {
    let marks = place::marks(facts);
    (!marks.is_empty()).then(|| {
        say("hotspot-public-evidence-marks").with("marks", marks.join(", ")).known(Basis::Advertised, "link and DHCP")
    })
}
