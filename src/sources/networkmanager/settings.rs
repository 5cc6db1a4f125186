//! Saved profiles: `Settings.Connection.GetSettings`, which leaves secrets out.

use std::collections::BTreeMap;

use crate::facts::profiles::{Enterprise, Profiles, VpnProfile, WifiProfile};
use crate::facts::text::Ssid;
use crate::sources::bus::{Properties, bytes_of, entries, entry, flag, list, text, text_of, texts};

use super::Active;

/// One profile's settings, by section.
pub(super) type Settings = BTreeMap<String, Properties>;

/// `NM_ACTIVE_CONNECTION_STATE_ACTIVATED`.
const ACTIVATED: u32 = 2;

/// Wi-Fi and VPN profiles among the saved ones, by UUID.
pub(super) fn profiles(saved: &[Settings], active: &[Active]) -> Profiles {
    let mut profiles = Profiles {
        wifi: saved.iter().filter_map(|settings| wifi(settings, active)).collect(),
        vpn: saved.iter().filter_map(vpn).collect(),
    };
    profiles.wifi.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    profiles.vpn.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    profiles
}

fn wifi(settings: &Settings, active: &[Active]) -> Option<WifiProfile> {
    let connection = settings.get("connection")?;
    let radio = settings.get("802-11-wireless")?;
    // A hotspot of this machine's own joins nothing.
    if text(radio, "mode").is_some_and(|mode| mode == "ap") {
        return None;
    }
    let uuid = text(connection, "uuid")?;
    let active_on = active
        .iter()
        .find(|active| active.uuid == uuid && active.state == ACTIVATED)
        .and_then(|active| active.devices.first().cloned());
    Some(WifiProfile {
        name: text(connection, "id").unwrap_or_default(),
        ssid: Ssid(radio.get("ssid").and_then(|value| bytes_of(value)).filter(|ssid| ssid.len() <= 32)?),
        key_management: settings.get("802-11-wireless-security").and_then(|security| text(security, "key-mgmt")),
        autoconnect: flag(connection, "autoconnect").unwrap_or(true),
        active_on,
        enterprise: settings.get("802-1x").map(enterprise),
        uuid,
    })
}

fn enterprise(section: &Properties) -> Enterprise {
    let filled = |key: &str| {
        section.get(key).and_then(|value| bytes_of(value)).is_some_and(|bytes| !bytes.is_empty())
            || text(section, key).is_some_and(|text| !text.is_empty())
    };
    let named = ["domain-suffix-match", "domain-match", "subject-match"].into_iter().any(filled);
    Enterprise {
        methods: texts(section, "eap"),
        ca_certificate: filled("ca-cert") || filled("ca-path"),
        system_ca: flag(section, "system-ca-certs").unwrap_or_default(),
        name_checked: named || !texts(section, "altsubject-matches").is_empty(),
    }
}

fn vpn(settings: &Settings) -> Option<VpnProfile> {
    let connection = settings.get("connection")?;
    let (service, gateway, autoconnect) = match text(connection, "type")?.as_str() {
        "wireguard" => {
            let peers = settings.get("wireguard").map(|section| list(section, "peers")).unwrap_or_default();
            let endpoint = peers.into_iter().find_map(|peer| text_of(entry(peer, "endpoint")?));
            ("wireguard".to_owned(), endpoint, flag(connection, "autoconnect").unwrap_or(true))
        }
        "vpn" => {
            let section = settings.get("vpn")?;
            // NetworkManager does not connect plugin VPNs by itself, whatever `autoconnect` says.
            (
                text(section, "service-type").unwrap_or_default(),
                section.get("data").and_then(|data| far_end(data)),
                false,
            )
        }
        _ => return None,
    };
    Some(VpnProfile {
        uuid: text(connection, "uuid")?,
        name: text(connection, "id").unwrap_or_default(),
        service,
        gateway: gateway.as_deref().and_then(host),
        autoconnect,
    })
}

/// Where the plugins keep the far end: OpenVPN `remote`; OpenConnect, Fortinet, L2TP, PPTP, SSTP
/// `gateway`; strongSwan `address`; Libreswan `right`; vpnc `IPSec gateway`.
const FAR_ENDS: [&str; 5] = ["remote", "gateway", "address", "right", "IPSec gateway"];

fn far_end(data: &zbus::zvariant::Value<'_>) -> Option<String> {
    let data: BTreeMap<_, _> = entries(data).into_iter().collect();
    FAR_ENDS.iter().find_map(|key| text_of(data.get(*key)?).filter(|text| !text.is_empty()))
}

/// The host of the first of `host`, `host:port`, `host:port:protocol`, `[address]:port`, `https://host/path`.
fn host(text: &str) -> Option<String> {
    let first = text.split([',', ' ']).find(|part| !part.is_empty())?;
    let first = first.split_once("://").map_or(first, |(_, rest)| rest);
    let first = first.split('/').next()?;
    if let Some(bracketed) = first.strip_prefix('[') {
        return Some(bracketed.split(']').next()?.to_owned());
    }
    let host = if first.parse::<std::net::Ipv6Addr>().is_ok() { first } else { first.split(':').next()? };
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_every_plugin() {
        for (text, expected) in [
            ("vpn.example", Some("vpn.example")),
            ("192.0.2.1:1194", Some("192.0.2.1")),
            ("vpn.example:1194:udp, other.example:443:tcp", Some("vpn.example")),
            ("[2001:db8::1]:51820", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("https://vpn.example:8443/group", Some("vpn.example")),
            (":1194", None),
            ("", None),
        ] {
            assert_eq!(host(text).as_deref(), expected, "{text:?}");
        }
    }
}
