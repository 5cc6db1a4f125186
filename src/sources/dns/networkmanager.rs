//! NetworkManager's word on resolvers, where systemd-resolved does not decide.

use std::net::IpAddr;

use crate::facts::Observed;
use crate::facts::dns::{Dns, DnsLink, Domain, Encryption, Manager, Resolver};
use crate::facts::link::Links;
use crate::sources::networkmanager::{Active, DnsEntry, Snapshot};

use super::{plain, resolv_conf};

/// The same with NetworkManager's word, where systemd-resolved does not decide.
pub fn with_networkmanager(
    dns: Observed<Dns>,
    networkmanager: &Observed<Snapshot>,
    links: &Observed<Links>,
) -> Observed<Dns> {
    let Some(snapshot) = networkmanager.known() else { return dns };
    let (Observed::Known(mut dns), Some(manager)) = (dns.clone(), &snapshot.dns) else { return dns };
    dns.trail.push(format!("networkmanager={}/{}", manager.mode, manager.rc_manager));
    let told: Vec<_> = manager.entries.iter().flat_map(|entry| servers(entry, links)).collect();
    match dns.manager {
        // Its own dnsmasq: the forwarder on loopback is no riddle.
        Manager::LocalForwarder if manager.mode == "dnsmasq" && !told.is_empty() => {
            dns.manager = Manager::NetworkManager;
            dns.resolvers = told;
            dns.links = manager.entries.iter().map(|entry| link(entry, &snapshot.active)).collect();
        }
        // It wrote the file: the file's servers are asked in turn, and it knows whose they are.
        Manager::ResolvConf if wrote_file(&dns, &manager.rc_manager) => {
            dns.manager = Manager::NetworkManager;
            for resolver in &mut dns.resolvers {
                if resolver.configured_on.is_none() {
                    let same = told.iter().find(|known| known.address == resolver.address);
                    resolver.configured_on = same.and_then(|known| known.configured_on.clone());
                }
            }
        }
        _ => {}
    }
    Observed::Known(dns)
}

fn wrote_file(dns: &Dns, rc_manager: &str) -> bool {
    let writer = dns.resolv_conf.known().map(|file| file.writer.as_str());
    writer == Some("networkmanager") || (writer == Some("resolvconf") && rc_manager == "resolvconf")
}

fn servers(entry: &DnsEntry, links: &Observed<Links>) -> Vec<Resolver> {
    entry
        .nameservers
        .iter()
        .filter_map(|text| nameserver(text, links))
        .map(|resolver| Resolver {
            configured_on: resolver.configured_on.clone().or_else(|| entry.interface.clone()),
            ..resolver
        })
        .collect()
}

/// An address, or since NetworkManager 1.48 a URI: `dns+tls://192.0.2.1#name`, `dns+udp://[2001:db8::1]:5353`.
fn nameserver(text: &str, links: &Observed<Links>) -> Option<Resolver> {
    if let Some(server) = resolv_conf::server(text) {
        return Some(plain(&server, links));
    }
    let (rest, name) = match text.split_once('#') {
        Some((rest, name)) => (rest, Some(name.to_owned())),
        None => (text, None),
    };
    let (rest, encryption) = match rest.split_once("://") {
        Some(("dns+tls", rest)) => (rest, Encryption::Strict),
        Some(("dns+udp", rest)) => (rest, Encryption::Off),
        Some(_) => return None,
        None => (rest, Encryption::Off),
    };
    let (host, port) = split_port(rest)?;
    let server = resolv_conf::server(host)?;
    let usual = if encryption == Encryption::Strict { 853 } else { 53 };
    Some(Resolver { port: port.unwrap_or(usual), server_name: name, encryption, ..plain(&server, links) })
}

/// `192.0.2.1:53`, `[2001:db8::1]:53`, or either without a port.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port.parse().ok()?))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => Some((host, Some(port.parse().ok()?))),
        _ => Some((text, None)),
    }
}

/// An entry as the settings of its link. NetworkManager's dnsmasq sends a name to the link with the
/// longest matching domain, and everything else to the connections that hold a default route.
fn link(entry: &DnsEntry, active: &[Active]) -> DnsLink {
    let holds_default = |active: &&Active| {
        (active.default4 || active.default6)
            && active.devices.iter().any(|device| Some(device) == entry.interface.as_ref())
    };
    DnsLink {
        interface: entry.interface.clone(),
        servers: entry
            .nameservers
            .iter()
            .filter_map(|text| resolv_conf::server(text))
            .map(|s| s.address)
            .collect::<Vec<IpAddr>>(),
        domains: entry.domains.iter().map(|domain| read_domain(domain)).collect(),
        default_route: active.iter().any(|active| holds_default(&active)),
        ..DnsLink::default()
    }
}

fn read_domain(text: &str) -> Domain {
    let (name, routing_only) = text.strip_prefix('~').map_or((text, false), |name| (name, true));
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    Domain { name: if name.is_empty() { ".".to_owned() } else { name }, routing_only }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nameservers_of_every_form() {
        for (text, expected) in [
            ("192.0.2.1", Some(("192.0.2.1", 53, None, Encryption::Off))),
            ("fe80::1%eth0", Some(("fe80::1", 53, None, Encryption::Off))),
            ("dns+tls://192.0.2.1#dns.example", Some(("192.0.2.1", 853, Some("dns.example"), Encryption::Strict))),
            ("dns+udp://[2001:db8::1]:5353", Some(("2001:db8::1", 5353, None, Encryption::Off))),
            ("192.0.2.1#dns.example", Some(("192.0.2.1", 53, Some("dns.example"), Encryption::Off))),
            ("https://dns.example/query", None),
            ("nonsense", None),
        ] {
            let read = nameserver(text, &Observed::default());
            let read = read.as_ref().map(|r| (r.address.to_string(), r.port, r.server_name.as_deref(), r.encryption));
            let expected = expected.map(|(address, port, name, tls)| (address.to_owned(), port, name, tls));
            assert_eq!(read, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_borne(text in "\\PC*") {
            drop(nameserver(&text, &Observed::default()));
            drop(nameserver(&format!("dns+tls://[{text}"), &Observed::default()));
            drop(read_domain(&text));
        }
    }
}
