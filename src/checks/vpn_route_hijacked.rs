#![doc = include_str!("vpn_route_hijacked.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::vpn;
use crate::inference::vpn::around::{Author, Detour, UNDECIDED, detours};
use crate::inference::vpn::leaves::tunnel_interfaces;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-route-hijacked",
    words: include_str!("vpn_route_hijacked.md"),
    citations: &[cite("redhat-tunnelvision", "own-table"), cite("good-practice", "no-imposed-routes")],
    severity: Severity::Critical,
    side: Side::Network,
    settle: Settle::seconds(10, 30),
    masked_by: &["vpn-down"],
    told_with: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(found) = detours(facts, guidance)? else {
        let up = !tunnel_interfaces(facts)?.is_empty();
        return match vpn::carriers(facts, guidance) {
            // Whether IPsec carries anything cannot be told, so neither can what leads around it.
            Err(missing) if !up => Err(missing),
            _ => {
                let why = if up { "vpn-route-hijacked-na-split" } else { "vpn-na-none" };
                Ok(Outcome::NotApplicable(say(why)))
            }
        };
    };
    let (imposed, others): (Vec<&Detour>, Vec<&Detour>) =
        found.winning.iter().partition(|detour| detour.author.is_imposed());
    let (doubtful, exceptions): (Vec<&Detour>, Vec<&Detour>) =
        others.into_iter().partition(|detour| detour.author == Author::Doubtful);
    let told = |detours: &[&Detour]| detours.iter().flat_map(|detour| tell(detour)).collect::<Vec<Evidence>>();
    if !imposed.is_empty() {
        let mut evidence = told(&imposed);
        evidence.extend(told(&doubtful));
        let imposed = imposed.iter().any(|detour| matches!(detour.author, Author::Network | Author::Option(_)));
        return Ok(fail(evidence).at(if imposed { Severity::Critical } else { Severity::High }).into());
    }
    if !doubtful.is_empty() {
        return Ok(Outcome::Unknown(Reason::Undecided { what: Thing::RouteAuthor }.into(), told(&doubtful)));
    }
    let mut evidence = told(&exceptions);
    if found.undecided {
        return Ok(Outcome::Unknown(UNDECIDED.into(), evidence));
    }
    if evidence.is_empty() {
        evidence.push(say("vpn-route-hijacked-none").known(Basis::Measured, "rtnetlink"));
    }
    Ok(Outcome::Pass(evidence))
}

/// What wins, and who wants it.
fn tell(detour: &Detour) -> Vec<Evidence> {
    let about = |key| say(key).with("prefix", detour.prefix).with("interface", &detour.interface);
    match detour.author {
        Author::Server => return vec![about("vpn-route-hijacked-server").known(Basis::Inferred, "rtnetlink")],
        Author::Exception => return vec![about("vpn-route-hijacked-exception").known(Basis::Measured, "rtnetlink")],
        _ => {}
    }
    let mut evidence = vec![about("vpn-route-hijacked-wins").known(Basis::Measured, "rtnetlink")];
    if let Some(name) = &detour.takes {
        evidence.push(say("vpn-route-hijacked-takes").with("name", name).known(Basis::Measured, "rtnetlink"));
    }
    evidence.push(match detour.author {
        Author::Network => say("vpn-route-hijacked-tagged").known(Basis::Measured, "rtnetlink"),
        Author::Option(option) => {
            say("vpn-route-hijacked-option").with("option", u64::from(option)).known(Basis::Advertised, "dhcp")
        }
        Author::Local => say("vpn-route-hijacked-local").known(Basis::Measured, "rtnetlink"),
        Author::Untold | Author::Doubtful | Author::Server | Author::Exception => {
            say("vpn-route-hijacked-untold").known(Basis::Inferred, "rtnetlink")
        }
    });
    evidence
}
