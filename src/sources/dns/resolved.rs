//! systemd-resolved over D-Bus (`org.freedesktop.resolve1`): the machine's settings and each link's.

use std::net::IpAddr;

use futures_util::future::join_all;
use zbus::zvariant::Value;

use crate::facts::dns::{DnsLink, Domain, Encryption, Resolver};
use crate::facts::link::Links;
use crate::facts::{Observed, Reason, Thing};
use crate::sources::bus::{Properties, Service, bytes_of, fields, flag, list, number_of, text, text_of};
use crate::sources::machine::Machine;

use super::resolv_conf::encryption;

/// What systemd-resolved says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) links: Vec<DnsLink>,
    pub(super) resolvers: Vec<Resolver>,
}

/// More links than this are not asked about.
const LINKS: usize = 64;

/// Asks it, without starting it.
pub(super) async fn read(machine: &Machine, links: &Observed<Links>) -> Result<Settings, Reason> {
    let bus = machine.system_bus().await?;
    let service = Service::new(bus, "org.freedesktop.resolve1", Thing::Resolved);
    let manager = service.properties("/org/freedesktop/resolve1", "org.freedesktop.resolve1.Manager").await?;
    let mine = links.known().map(|links| links.interfaces.as_slice()).unwrap_or_default();
    let mine: Vec<_> = mine.iter().filter(|link| link.name != "lo").take(LINKS).collect();
    let paths: Vec<_> = mine.iter().map(|link| path(link.index)).collect();
    let asked = paths.iter().map(|path| service.properties(path, "org.freedesktop.resolve1.Link"));
    let answers = join_all(asked).await;
    // A link may have gone meanwhile, and systemd-resolved does not know every kind.
    let told: Vec<_> = mine
        .iter()
        .zip(&answers)
        .filter_map(|(link, answer)| Some((link.name.as_str(), answer.as_ref().ok()?)))
        .collect();
    Ok(settings(&manager, &told))
}

/// The object of a link: D-Bus escapes a leading digit as `_3X` (`bus_label_escape()`).
fn path(index: u32) -> String {
    format!("/org/freedesktop/resolve1/link/_3{index}")
}

/// The manager's and the links' properties, put together.
pub(super) fn settings(manager: &Properties, links: &[(&str, &Properties)]) -> Settings {
    let mut settings = Settings::default();
    let machine = link(None, manager, &[]);
    let mut global = servers(manager, "DNSEx", None, machine.encryption);
    if links.is_empty() {
        // Which link a server belongs to could not be learned; that it is asked is known.
        global.extend(servers_of_links(manager, machine.encryption));
    }
    for (name, properties) in links {
        let shell = link(Some(name), properties, &[]);
        let found = servers(properties, "DNSEx", Some(name), shell.encryption);
        settings.links.push(link(Some(name), properties, &found));
        settings.resolvers.extend(found);
    }
    if global.is_empty() && settings.resolvers.is_empty() {
        global = servers(manager, "FallbackDNSEx", None, machine.encryption);
    }
    settings.links.insert(0, link(None, manager, &global));
    settings.resolvers.splice(0..0, global);
    settings
}

fn link(interface: Option<&str>, properties: &Properties, servers: &[Resolver]) -> DnsLink {
    let domains = list(properties, "Domains").into_iter().filter_map(|value| match (interface, fields(value)) {
        (Some(_), [name, routing]) => domain(name, routing),
        // The manager lists every link's domains too, with the link's index; 0 is the machine's own.
        (None, [index, name, routing]) if number_of(index) == Some(0) => domain(name, routing),
        _ => None,
    });
    DnsLink {
        interface: interface.map(str::to_owned),
        servers: servers.iter().map(|server| server.address).collect(),
        domains: domains.collect(),
        default_route: flag(properties, "DefaultRoute").unwrap_or_default(),
        encryption: text(properties, "DNSOverTLS").as_deref().map(encryption).unwrap_or_default(),
        dnssec: text(properties, "DNSSEC"),
        llmnr: text(properties, "LLMNR"),
        mdns: text(properties, "MulticastDNS"),
    }
}

fn domain(name: &Value<'_>, routing: &Value<'_>) -> Option<Domain> {
    let name = text_of(name)?.trim_end_matches('.').to_ascii_lowercase();
    let name = if name.is_empty() { ".".to_owned() } else { name };
    Some(Domain { name, routing_only: matches!(routing, Value::Bool(true)) })
}

/// `a(iayqs)` of a link: family, address, port, name; `a(iiayqs)` of the manager starts with the index
/// of the link, 0 for the machine's own.
fn servers(properties: &Properties, key: &str, link: Option<&str>, encryption: Encryption) -> Vec<Resolver> {
    let older = key.strip_suffix("Ex").unwrap_or(key);
    let key = if properties.contains_key(key) { key } else { older };
    list(properties, key)
        .into_iter()
        .filter_map(|value| match (link, fields(value)) {
            (Some(_), [_, address, rest @ ..]) => server(address, rest, link, encryption),
            (None, [index, _, address, rest @ ..]) if number_of(index) == Some(0) => {
                server(address, rest, None, encryption)
            }
            _ => None,
        })
        .collect()
}

fn servers_of_links(manager: &Properties, encryption: Encryption) -> Vec<Resolver> {
    list(manager, "DNSEx")
        .into_iter()
        .filter_map(|value| match fields(value) {
            [index, _, address, rest @ ..] if number_of(index) != Some(0) => server(address, rest, None, encryption),
            _ => None,
        })
        .collect()
}

fn server(address: &Value<'_>, rest: &[Value<'_>], link: Option<&str>, encryption: Encryption) -> Option<Resolver> {
    let bytes = bytes_of(address)?;
    let address = match bytes.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
        16 => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
        _ => return None,
    };
    let port = rest.first().and_then(number_of).and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0);
    let server_name = rest.get(1).and_then(text_of).filter(|name| !name.is_empty());
    // Port 0 stands for the usual one.
    let usual = if encryption == Encryption::Strict { 853 } else { 53 };
    Some(Resolver {
        address,
        port: port.unwrap_or(usual),
        configured_on: link.map(str::to_owned),
        server_name,
        encryption,
        reached: Observed::default(),
    })
}
