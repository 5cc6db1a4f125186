//! `DHCP4Config.Options` of NetworkManager: every option as text, in one of two dialects (its own
//! client's and dhclient's).

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::str::FromStr;

use crate::facts::dhcp::{Lease, LeaseRoute};
use crate::sources::networkmanager::Snapshot;

use super::{Filed, options};

/// The leases of its devices.
pub(super) fn leases(snapshot: &Snapshot) -> impl Iterator<Item = Filed> {
    snapshot.devices.iter().filter(|device| !device.dhcp4.is_empty()).map(|device| {
        let lease = lease(&device.dhcp4);
        let address = device.dhcp4.get("ip_address").and_then(|text| text.parse().ok());
        Filed {
            address,
            lease: Lease { interface: device.interface.clone(), source: "networkmanager".to_owned(), ..lease },
        }
    })
}

fn lease(told: &BTreeMap<String, String>) -> Lease {
    let text = |key: &str| told.get(key).map(String::as_str).filter(|text| !text.is_empty());
    let one = |keys: &[&str]| keys.iter().find_map(|key| text(key)).map(str::to_owned);
    let mut routes = Vec::new();
    for (option, key) in [(121, "rfc3442_classless_static_routes"), (249, "ms_classless_static_routes")] {
        routes.extend(text(key).map(|text| classless(option, text)).unwrap_or_default());
    }
    routes.extend(text("static_routes").map(static_routes).unwrap_or_default());
    let vendor = text("vendor_encapsulated_options").unwrap_or_default();
    Lease {
        interface: String::new(),
        source: String::new(),
        server: text("dhcp_server_identifier").and_then(|text| text.parse().ok()),
        lease_seconds: text("dhcp_lease_time").and_then(|text| text.parse().ok()),
        routers: text("routers").map(listed).unwrap_or_default(),
        resolvers: text("domain_name_servers").map(listed).unwrap_or_default(),
        domain: one(&["domain_name"]),
        search: text("domain_search").map(words).unwrap_or_default(),
        android_metered: options::android_metered(vendor.as_bytes())
            || bytes(vendor, ':', 16).is_some_and(|bytes| options::android_metered(&bytes)),
        portal_api: one(&["default_url", "captive_portal", "v4_captive_portal"]),
        wpad: one(&["wpad"]),
        routes,
    }
}

/// Words between spaces or commas.
pub(super) fn words(text: &str) -> Vec<String> {
    let parts = text.split([' ', ',']).filter(|part| !part.is_empty());
    parts.take(options::LIMIT).map(|part| part.trim_end_matches('.').to_owned()).collect()
}

/// Addresses between spaces or commas, up to the first that is none.
pub(super) fn listed<T: FromStr>(text: &str) -> Vec<T> {
    let parts = text.split([' ', ',']).filter(|part| !part.is_empty());
    parts.take(options::LIMIT).map_while(|part| part.parse().ok()).collect()
}

/// `10.0.0.0/8 192.0.2.1 …`, or the option's bytes in decimal (`8 10 192 0 2 1`, with spaces, commas or dots).
pub(super) fn classless(option: u8, text: &str) -> Vec<LeaseRoute> {
    if text.contains('/') {
        return slashed(option, text);
    }
    let numbers = text.split([' ', ',', '.']).filter(|part| !part.is_empty());
    let bytes: Vec<u8> = numbers.map_while(|part| part.parse().ok()).take(options::LIMIT * 9).collect();
    options::classless(option, &bytes)
}

fn slashed(option: u8, text: &str) -> Vec<LeaseRoute> {
    let parts: Vec<_> = text.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    let (pairs, _) = parts.as_chunks::<2>();
    let route = |[to, router]: &[&str; 2]| {
        let prefix = ipnet::Ipv4Net::from_str(to).ok()?.trunc();
        Some(LeaseRoute { option, prefix, router: router.parse().ok()? })
    };
    pairs.iter().take(options::LIMIT).map_while(route).collect()
}

/// Option 33: `10.0.0.0/8 192.0.2.1`, or destination and router without a width.
pub(super) fn static_routes(text: &str) -> Vec<LeaseRoute> {
    if text.contains('/') { slashed(33, text) } else { options::classful(&listed::<Ipv4Addr>(text)) }
}

/// Bytes written as numbers between separators.
pub(super) fn bytes(text: &str, separator: char, radix: u32) -> Option<Vec<u8>> {
    text.split(separator).map(|part| u8::from_str_radix(part.trim(), radix).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_of_every_dialect() {
        let expected = [("10.9.0.0/16", "192.0.2.1"), ("0.0.0.0/0", "192.0.2.1")];
        for text in [
            "10.9.0.0/16 192.0.2.1 0.0.0.0/0 192.0.2.1",
            "16 10 9 192 0 2 1 0 192 0 2 1",
            "16,10,9,192,0,2,1,0,192,0,2,1",
            "16.10.9 192.0.2.1 0 192.0.2.1",
            "10.9.0.0/16 192.0.2.1 0.0.0.0/0 192.0.2.1 10.0.0.0/99 192.0.2.1 10.0.0.0/8 192.0.2.1",
        ] {
            let read: Vec<_> =
                classless(121, text).iter().map(|r| (r.prefix.to_string(), r.router.to_string())).collect();
            assert_eq!(read, expected.map(|(prefix, router)| (prefix.to_owned(), router.to_owned())), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_borne(text in "\\PC*", numbers in "[0-9 ./,]*") {
            for text in [text, numbers] {
                drop(classless(121, &text));
                drop(static_routes(&text));
                drop(bytes(&text, ':', 16));
                drop(words(&text));
            }
        }
    }
}
