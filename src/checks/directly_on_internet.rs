#![doc = include_str!("directly_on_internet.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::link::Medium;
use crate::facts::{Basis, Facts, Missing, Observed};
use crate::guidance::Guidance;
use crate::inference::link::{outward, public_ipv4, ways_out};

/// See the module text.
pub static CHECK: Check = Check {
    id: "directly-on-internet",
    words: include_str!("directly_on_internet.md"),
    citations: &[cite("hkcert-home-office", "home-router")],
    severity: Severity::High,
    side: Side::Network,
    settle: Settle::seconds(10, 30),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(outward) = outward(facts)? else {
        return Ok(Outcome::NotApplicable(say("link-na-offline")));
    };
    let mut interfaces = vec![outward];
    interfaces.extend(ways_out(facts)?.iter().map(|way| way.interface).filter(|other| other.index != outward.index));
    // A mobile network filters or shares its addresses by its own rules; no router of one's own is to be had.
    interfaces.retain(|interface| !matches!(interface.medium, Medium::Cellular | Medium::Bluetooth | Medium::UsbPhone));
    if interfaces.is_empty() {
        return Ok(Outcome::NotApplicable(say("directly-on-internet-na-mobile")));
    }
    let public: Vec<_> = interfaces
        .iter()
        .flat_map(|interface| public_ipv4(interface).map(|net| (interface.name.as_str(), net)))
        .map(|(name, net)| {
            say("directly-on-internet-address")
                .with("interface", name)
                .with("address", net.addr())
                .known(Basis::Measured, "rtnetlink")
        })
        .collect();
    if public.is_empty() {
        return Ok(pass(say("directly-on-internet-none").known(Basis::Measured, "rtnetlink")));
    }
    match &facts.firewall {
        Observed::Known(firewall) if firewall.input_drops => {
            let mut evidence = public;
            evidence.push(say("directly-on-internet-firewall").known(Basis::Measured, "nftables"));
            Ok(Outcome::Pass(evidence))
        }
        Observed::Known(_) => {
            let mut evidence = public;
            evidence.push(say("directly-on-internet-no-firewall").known(Basis::Measured, "nftables"));
            Ok(fail(evidence).into())
        }
        // The address alone is no alarm: many a campus gives public ones, and a firewall may stand here.
        Observed::Unknown(reason) => Ok(Outcome::Unknown(reason.clone().into(), public)),
    }
}
