//! systemd-networkd's leases: `/run/systemd/netif/leases/INDEX`, gone when the lease is.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;

use crate::facts::dhcp::{Lease, LeaseRoute};
use crate::facts::link::Interface;
use crate::facts::{Reason, Thing};
use crate::sources::machine::Machine;

use super::networkmanager::{listed, words};
use super::{Filed, options};

/// The lease of this interface.
pub(super) fn read(machine: &Machine, link: &Interface) -> Result<Vec<Filed>, Reason> {
    let text = machine.read_text(&format!("/run/systemd/netif/leases/{}", link.index), Thing::DhcpLease)?;
    Ok(vec![parse(&text, &link.name)])
}

fn parse(text: &str, interface: &str) -> Filed {
    let pairs = text.lines().take(options::LIMIT).filter(|line| !line.starts_with('#'));
    let told: BTreeMap<&str, &str> = pairs.filter_map(|line| line.split_once('=')).collect();
    let text = |key: &str| told.get(key).copied().filter(|text| !text.is_empty());
    // Options it does not know are kept as they came, in hexadecimal.
    let raw = |key: &str| text(key).and_then(hexadecimal);
    let mut routes = Vec::new();
    routes.extend(text("CLASSLESS_ROUTES").or(text("ROUTES")).map(|text| pairs_of(121, text)).unwrap_or_default());
    routes.extend(raw("OPTION_249").map(|bytes| options::classless(249, &bytes)).unwrap_or_default());
    routes.extend(text("STATIC_ROUTES").map(|text| pairs_of(33, text)).unwrap_or_default());
    let lease = Lease {
        interface: interface.to_owned(),
        source: "systemd-networkd".to_owned(),
        server: text("SERVER_ADDRESS").and_then(|text| text.parse().ok()),
        lease_seconds: text("LIFETIME").and_then(|text| text.parse().ok()),
        routers: text("ROUTER").map(listed).unwrap_or_default(),
        resolvers: text("DNS").map(listed).unwrap_or_default(),
        domain: text("DOMAINNAME").map(str::to_owned),
        search: text("DOMAIN_SEARCH_LIST").map(words).unwrap_or_default(),
        android_metered: raw("VENDOR_SPECIFIC").is_some_and(|bytes| options::android_metered(&bytes)),
        portal_api: text("CAPTIVE_PORTAL").map(str::to_owned),
        wpad: raw("OPTION_252").and_then(|bytes| options::text(&bytes)),
        routes,
    };
    Filed { address: text("ADDRESS").and_then(|text| text.parse().ok()), lease }
}

/// `10.0.0.0/8,192.0.2.1 …`, up to the first mistake.
fn pairs_of(option: u8, text: &str) -> Vec<LeaseRoute> {
    let route = |pair: &str| {
        let (to, router) = pair.split_once(',')?;
        Some(LeaseRoute { option, prefix: to.parse::<Ipv4Net>().ok()?.trunc(), router: router.parse().ok()? })
    };
    text.split_ascii_whitespace().take(options::LIMIT).map_while(route).collect()
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_text_is_borne(value in "\\PC*", hex in "[0-9a-f]*") {
            for value in [value, hex] {
                drop(parse(&format!("OPTION_249={value}\nOPTION_252={value}\nROUTES={value}\nDNS={value}\n{value}"), "eth0"));
            }
        }
    }
}
