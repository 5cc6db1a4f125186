#![doc = include_str!("dns_config_conflict.md")]

use std::net::IpAddr;

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::dns::Manager;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::dns::is_resolved_stub;
use crate::inference::vpn;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-config-conflict",
    words: include_str!("dns_config_conflict.md"),
    citations: &[cite("good-practice", "one-resolver-configuration")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let dns = facts.dns.get()?;
    let running = dns.manager == Manager::Resolved || dns.trail.iter().any(|step| step == "resolved=running");
    if !running {
        return Ok(Outcome::NotApplicable(say("dns-config-conflict-na-one-hand")));
    }
    let file = dns.resolv_conf.get()?;
    if file.nameservers.is_empty() || file.nameservers.iter().all(|&address| is_resolved_stub(address)) {
        return Ok(pass(say("dns-config-conflict-evidence-agree").known(Basis::Configured, "resolv.conf")));
    }
    // Programs that read the file go past systemd-resolved. That matters once a tunnel's link wants names.
    let tunnel = dns.links.iter().find_map(|link| {
        let interface = link.interface.as_deref()?;
        (!link.servers.is_empty() && vpn::is_tunnel(facts, interface)).then_some((interface, link))
    });
    let Some((interface, link)) = tunnel else {
        return Ok(pass(say("dns-config-conflict-evidence-no-tunnel").known(Basis::Configured, "resolv.conf")));
    };
    let listed: Vec<IpAddr> = file.nameservers.iter().copied().filter(|&address| !is_resolved_stub(address)).collect();
    if listed.iter().all(|address| link.servers.contains(address)) {
        return Ok(pass(
            say("dns-config-conflict-evidence-same")
                .with("interface", interface)
                .known(Basis::Configured, "resolv.conf"),
        ));
    }
    let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
    let wanted: Vec<String> = link.servers.iter().map(ToString::to_string).collect();
    Ok(fail(vec![
        say(match file.writer.as_str() {
            "hand" => "dns-config-conflict-evidence-file-hand",
            "systemd-resolved-uplink" => "dns-config-conflict-evidence-file-uplink",
            _ => "dns-config-conflict-evidence-file",
        })
        .with("listed", listed.join(", "))
        .with("writer", &file.writer)
        .known(Basis::Configured, "resolv.conf"),
        say("dns-config-conflict-evidence-link")
            .with("interface", interface)
            .with("wanted", wanted.join(", "))
            .known(Basis::Configured, "systemd-resolved"),
    ])
    .into())
}
