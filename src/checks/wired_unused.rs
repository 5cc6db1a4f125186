#![doc = include_str!("wired_unused.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::link::Medium;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::link::{cables, networks, outward};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wired-unused",
    words: include_str!("wired_unused.md"),
    citations: &[cite("pcpd-employees-2020", "E-1")],
    severity: Severity::Low,
    side: Side::Laptop,
    settle: Settle::seconds(30, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(outward) = outward(facts)?.filter(|interface| interface.medium == Medium::Wifi) else {
        return Ok(Outcome::NotApplicable(say("wired-unused-na")));
    };
    let cables = cables(facts)?;
    let on_wifi = say("wired-unused-wifi").with("interface", &outward.name).known(Basis::Measured, "rtnetlink");
    let plugged: Vec<_> = cables.iter().filter(|cable| cable.up && cable.carrier == Some(true)).collect();
    if let Some(cable) = plugged.iter().find(|cable| networks(cable).next().is_some()) {
        let ready = say("wired-unused-ready").with("interface", &cable.name).known(Basis::Measured, "rtnetlink");
        return Ok(fail(vec![ready, on_wifi]).into());
    }
    if let Some(cable) = plugged.first() {
        // A cable that gives no address may lead to a printer or a locked wall socket: told, not more.
        let bare = say("wired-unused-bare").with("interface", &cable.name).known(Basis::Measured, "rtnetlink");
        return Ok(fail(vec![bare, on_wifi]).at(Severity::Info).advise(say("wired-unused-advice-bare")).into());
    }
    Ok(if cables.is_empty() {
        Outcome::NotApplicable(say("wired-unused-na-port"))
    } else {
        pass(say("wired-unused-none").known(Basis::Measured, "rtnetlink"))
    })
}
