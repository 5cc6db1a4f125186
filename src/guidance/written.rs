//! Guidance as a file of its own: what [`super::parse`] reads as the same guidance. For the helpdesk's bundle, whose moment is
//! judged again by what it was judged by.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Serialize;

use super::{
    Clause, Contact, Destination, Extent, Guidance, ProbeTarget, Required, SeverityRule, TrustedNetwork, VpnIdentity,
};

/// Everything that is set, as the file and the JSON of `guidance show` have it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings<'g> {
    name: &'g str,
    version: &'g str,
    title: &'g str,
    contact: &'g Contact,
    vpn: Vpn<'g>,
    dns: Dns<'g>,
    work: Work,
    destination: &'g [Destination],
    trusted: &'g [TrustedNetwork],
    portal: Portal<'g>,
    attestations: Attestations,
    severity: &'g BTreeMap<String, SeverityRule>,
    clause: &'g [Clause],
}

#[derive(Debug, Serialize)]
struct Vpn<'g> {
    required: Required,
    extent: Extent,
    enforced: bool,
    identity: &'g [VpnIdentity],
}

#[derive(Debug, Serialize)]
struct Dns<'g> {
    resolvers: Vec<String>,
    domains: &'g [String],
    encrypted: bool,
}

#[derive(Debug, Serialize)]
struct Work {
    hours: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Portal<'g> {
    probe: bool,
    first: Option<&'g ProbeTarget>,
    second: Option<&'g ProbeTarget>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Attestations {
    ask: bool,
    valid_for: String,
}

impl<'g> Settings<'g> {
    /// Those of this guidance.
    pub fn of(guidance: &'g Guidance) -> Self {
        Self {
            name: &guidance.name,
            version: &guidance.version,
            title: &guidance.title,
            contact: &guidance.contact,
            vpn: Vpn {
                required: guidance.vpn.required,
                extent: guidance.vpn.extent,
                enforced: guidance.vpn.enforced,
                identity: &guidance.vpn.identities,
            },
            dns: Dns {
                resolvers: guidance.dns.resolvers.iter().map(shown).collect(),
                domains: &guidance.dns.domains,
                encrypted: guidance.dns.encrypted,
            },
            work: Work { hours: guidance.hours.iter().map(ToString::to_string).collect() },
            destination: &guidance.destinations,
            trusted: &guidance.trusted,
            portal: Portal {
                probe: guidance.portal.first.is_some() || guidance.portal.second.is_some(),
                first: guidance.portal.first.as_ref(),
                second: guidance.portal.second.as_ref(),
            },
            attestations: Attestations {
                ask: guidance.attestations.ask,
                valid_for: format!("{}h", guidance.attestations.valid_for.as_secs() / 3600),
            },
            severity: &guidance.severity,
            clause: &guidance.clauses,
        }
    }
}

/// A prefix; a single address without its length.
pub fn shown(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

/// The text of a file.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn text(guidance: &Guidance) -> Result<String, toml::ser::Error> {
    let mut table = toml::Table::try_from(Settings::of(guidance))?;
    // What is empty is not written: a file says nothing by an empty line.
    table.retain(|_, value| value.as_str() != Some(""));
    toml::to_string(&table)
}

#[cfg(test)]
mod tests {
    use super::super::{Source, parse};
    use super::*;

    /// Without what a file cannot tell of itself.
    fn bare(mut guidance: Guidance) -> Guidance {
        guidance.source = Source::BuiltIn;
        guidance.origins.clear();
        guidance.locked.clear();
        guidance.ignored.clear();
        guidance
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let strict = include_str!("../../service/guidance/strict.toml");
        let full = r#"
name = "corp \"x\""
version = "7"
[contact]
name = "IT"
phone = "+852 5555 0100"
[vpn]
required = "always"
extent = "split"
enforced = true
[[vpn.identity]]
name = "Corp VPN"
peer-keys = ["nKdcUS0Yzh1Zuc31LZ1BoCvNj2aPJHzaaBA5rrIZs2s="]
endpoints = ["203.0.113.7:51820", "203.0.113.8"]
networkmanager-uuids = ["2fbc0e95-7c5b-4d0c-9e24-2d4b0d1f5e6a"]
dns-suffixes = ["corp.example"]
clients = ["openvpn"]
[dns]
resolvers = ["10.0.0.53", "fd00::/64"]
domains = ["corp.example"]
encrypted = true
[work]
hours = ["mon-fri 09:00-18:30", "sat 10:00-13:00"]
[[destination]]
name = "intranet"
address = "10.20.0.10"
[[trusted]]
name = "Head office"
ssid = "C\\x6frp"
security = "wpa2-enterprise"
gateway-mac = "00:11:22:aa:bb:cc"
bssid-prefix = "00:11:22"
dhcp-server = "10.9.0.1"
subnet = "10.9.0.0/16"
domain = "corp.example"
[portal]
probe = false
[attestations]
ask = false
valid-for = "26w"
[severity]
wifi-wps = "off"
[[clause]]
id = "4.2"
source = "Handbook"
text = "Use the VPN."
checks = ["vpn-down"]
"#;
        for source in ["", strict, full] {
            let guidance = parse(source, "a").unwrap();
            let text = text(&guidance).unwrap();
            let again = parse(&text, "b").unwrap_or_else(|problem| panic!("{problem}\n{text}"));
            assert_eq!(bare(again), bare(guidance), "{text}");
        }
    }
}
