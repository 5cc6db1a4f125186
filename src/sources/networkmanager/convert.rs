//! NetworkManager's objects to a [`Snapshot`]. Every object and property may be missing or odd.

use std::collections::{BTreeMap, BTreeSet};

use zbus::zvariant::Value;

use crate::facts::portal::Connectivity;
use crate::facts::{Observed, Reason, Thing};
use crate::sources::bus::{
    Objects, Properties, entries, entry, flag, list, number, number_of, plain, text, text_of, texts,
};

use super::{Active, Device, DnsEntry, DnsManager, Snapshot};

const MANAGER: &str = "org.freedesktop.NetworkManager";
const DEVICE: &str = "org.freedesktop.NetworkManager.Device";
const ACTIVE: &str = "org.freedesktop.NetworkManager.Connection.Active";
const DHCP4: &str = "org.freedesktop.NetworkManager.DHCP4Config";
const IP4: &str = "org.freedesktop.NetworkManager.IP4Config";
const IP6: &str = "org.freedesktop.NetworkManager.IP6Config";
const DNS: &str = "org.freedesktop.NetworkManager.DnsManager";

/// More devices, active connections or resolver entries than this are not kept.
const LIMIT: usize = 128;

/// Everything but the saved profiles, which take questions of their own.
pub(super) fn snapshot(objects: &Objects) -> Snapshot {
    let manager = one(objects, MANAGER);
    let connectivity_checked = manager.is_some_and(|manager| {
        flag(manager, "ConnectivityCheckEnabled") == Some(true)
            && flag(manager, "ConnectivityCheckAvailable") == Some(true)
    });
    let mut devices: Vec<_> = each(objects, DEVICE).filter_map(|device| read_device(objects, device)).collect();
    devices.sort_by(|a, b| a.interface.cmp(&b.interface));
    let mut active: Vec<_> = each(objects, ACTIVE).filter_map(|active| read_active(objects, active)).collect();
    active.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    Snapshot {
        connectivity: manager
            .and_then(|manager| connectivity(manager, "Connectivity"))
            .unwrap_or(Connectivity::Unknown),
        connectivity_checked,
        devices,
        active,
        profiles: Observed::Unknown(Reason::NotAvailable { what: Thing::Profiles }),
        dns: one(objects, DNS).map(read_dns),
    }
}

fn each<'o>(objects: &'o Objects, interface: &'static str) -> impl Iterator<Item = &'o Properties> {
    objects.values().filter_map(move |object| object.get(interface)).take(LIMIT)
}

fn one<'o>(objects: &'o Objects, interface: &'static str) -> Option<&'o Properties> {
    each(objects, interface).next()
}

/// The interface `interface` of the object whose path is the property `key`.
fn linked<'o>(objects: &'o Objects, from: &Properties, key: &str, interface: &str) -> Option<&'o Properties> {
    at(objects, &text(from, key)?, interface)
}

fn at<'o>(objects: &'o Objects, path: &str, interface: &str) -> Option<&'o Properties> {
    objects.get(path)?.get(interface)
}

/// `NMConnectivityState`.
fn connectivity(properties: &Properties, key: &str) -> Option<Connectivity> {
    Some(match number::<u32>(properties, key)? {
        1 => Connectivity::None,
        2 => Connectivity::Portal,
        3 => Connectivity::Limited,
        4 => Connectivity::Full,
        _ => Connectivity::Unknown,
    })
}

/// The interface that carries a device's IP packets.
fn interface_of(device: &Properties) -> Option<String> {
    ["IpInterface", "Interface"].into_iter().filter_map(|key| text(device, key)).find(|name| !name.is_empty())
}

fn read_device(objects: &Objects, device: &Properties) -> Option<Device> {
    let active_uuid = linked(objects, device, "ActiveConnection", ACTIVE).and_then(|active| text(active, "Uuid"));
    let options = linked(objects, device, "Dhcp4Config", DHCP4).and_then(|config| config.get("Options"));
    Some(Device {
        interface: interface_of(device)?,
        kind: number(device, "DeviceType").unwrap_or_default(),
        metered: number(device, "Metered").unwrap_or_default(),
        ipv4_connectivity: connectivity(device, "Ip4Connectivity"),
        ipv6_connectivity: connectivity(device, "Ip6Connectivity"),
        active_uuid,
        dhcp4: options.map(|options| read_options(options)).unwrap_or_default(),
    })
}

/// DHCP options: what was asked for (`requested_…`) is no answer and is left out.
fn read_options(options: &Value<'_>) -> BTreeMap<String, String> {
    entries(options)
        .into_iter()
        .filter(|(name, _)| !name.starts_with("requested_"))
        .filter_map(|(name, value)| {
            let text = text_of(value).or_else(|| number_of(value).map(|number| number.to_string()))?;
            Some((name, text))
        })
        .collect()
}

fn read_active(objects: &Objects, active: &Properties) -> Option<Active> {
    let vpn = flag(active, "Vpn").unwrap_or_default();
    let devices = if vpn {
        tunnels_of(objects, active)
    } else {
        texts(active, "Devices").iter().filter_map(|path| interface_of(at(objects, path, DEVICE)?)).collect()
    };
    Some(Active {
        uuid: text(active, "Uuid")?,
        id: text(active, "Id").unwrap_or_default(),
        kind: text(active, "Type").unwrap_or_default(),
        vpn,
        state: number(active, "State").unwrap_or_default(),
        default4: flag(active, "Default").unwrap_or_default(),
        default6: flag(active, "Default6").unwrap_or_default(),
        devices,
    })
}

/// A VPN connection's `Devices` names the device beneath it. The tunnel is the device that bears the
/// address the VPN was given.
fn tunnels_of(objects: &Objects, active: &Properties) -> Vec<String> {
    let given = addresses_of(objects, active);
    let names: BTreeSet<_> = each(objects, DEVICE)
        .filter(|device| !addresses_of(objects, device).is_disjoint(&given))
        .filter_map(interface_of)
        .collect();
    names.into_iter().collect()
}

fn addresses_of(objects: &Objects, from: &Properties) -> BTreeSet<String> {
    [("Ip4Config", IP4), ("Ip6Config", IP6)]
        .into_iter()
        .filter_map(|(key, interface)| linked(objects, from, key, interface))
        .flat_map(|config| list(config, "AddressData"))
        .filter_map(|data| text_of(entry(data, "address")?))
        .collect()
}

fn read_dns(manager: &Properties) -> DnsManager {
    let entries = list(manager, "Configuration").into_iter().take(LIMIT).map(|value| DnsEntry {
        nameservers: strings(entry(value, "nameservers")),
        domains: strings(entry(value, "domains")),
        interface: entry(value, "interface").and_then(text_of),
        priority: entry(value, "priority").and_then(number_of).and_then(|n| i32::try_from(n).ok()).unwrap_or_default(),
        vpn: matches!(entry(value, "vpn"), Some(Value::Bool(true))),
    });
    DnsManager {
        mode: text(manager, "Mode").unwrap_or_default(),
        rc_manager: text(manager, "RcManager").unwrap_or_default(),
        entries: entries.collect(),
    }
}

fn strings(value: Option<&Value<'_>>) -> Vec<String> {
    match value.map(plain) {
        Some(Value::Array(array)) => crate::sources::bus::items(array).filter_map(text_of).collect(),
        _ => Vec::new(),
    }
}
