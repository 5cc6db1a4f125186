//! Wi-Fi by nl80211: the interface, the access point it is joined to with all its elements, the
//! flags of the association. Nothing is sent and no scan is started; all of it may be read by any user.

mod kernel;
mod supplicant;

use crate::facts::wifi::{Association, Bss, Mode, Wifi};
use crate::facts::{Observed, Reason, Thing};
use crate::wire::ieee80211::mac;

use super::machine::Machine;
use super::networkmanager::Snapshot;

/// Most networks of the same name that are kept.
const SAME_NAME: usize = 64;
/// `NMDeviceType` of Wi-Fi.
const NM_WIFI: u32 = 2;
/// `NMActiveConnectionState`: activated.
const NM_ACTIVATED: u32 = 2;

/// Reads the Wi-Fi interface, its association, and the access points of the same name.
pub async fn look(machine: &Machine) -> Observed<Option<Wifi>> {
    match kernel::read().await {
        Ok(interfaces) => {
            let mut seen: Vec<Wifi> = Vec::with_capacity(interfaces.len());
            for interface in interfaces {
                let mut wifi = assemble(interface);
                if let Some(association) = &mut wifi.association {
                    let authorized = association.authorized.known() == Some(&true);
                    (association.negotiated, association.verification) =
                        supplicant::look(machine, &wifi.interface, &association.bss, authorized).await;
                }
                seen.push(wifi);
            }
            Observed::Known(choose(seen))
        }
        Err(reason) => Observed::Unknown(reason),
    }
}

/// One interface as the kernel tells of it, to facts.
fn assemble(interface: kernel::Interface) -> Wifi {
    let kernel::Interface { name, mode, ssid, networks, stations } = interface;
    // With multi-link several entries are joined, alike in protection: the first by address.
    let joined = networks.iter().filter(|network| network.joined).min_by(|a, b| a.bss.bssid.cmp(&b.bss.bssid)).cloned();
    let association = joined.map(|network| {
        let mut bss = network.bss;
        if bss.ssid.0.is_empty() {
            bss.ssid = ssid.unwrap_or_default();
        }
        // With multi-link the station bears the address of the whole device, not of the link.
        let station = stations.iter().find(|station| station.mac == bss.bssid).or(match stations.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        let flag = |wanted: fn(&kernel::Station) -> Option<bool>| match station.and_then(wanted) {
            Some(set) => Observed::Known(set),
            None => Observed::Unknown(Reason::NotAvailable { what: Thing::Nl80211 }),
        };
        Association {
            management_protected: flag(|station| station.management_protected),
            authorized: flag(|station| station.authorized),
            negotiated: Observed::Unknown(Reason::NotAvailable { what: Thing::WifiNegotiation }),
            verification: Observed::Unknown(Reason::NotAvailable { what: Thing::WifiNegotiation }),
            configured: Observed::Unknown(Reason::NotRunning { what: Thing::NetworkManager }),
            bss,
        }
    });
    let same_name = association.as_ref().map_or_else(Vec::new, |association| {
        let mut alike: Vec<Bss> = networks
            .into_iter()
            .filter(|network| !network.joined && !network.bss.ssid.0.is_empty())
            .map(|network| network.bss)
            .filter(|bss| bss.ssid == association.bss.ssid)
            .collect();
        alike.sort_by(|a, b| (&a.bssid, a.frequency).cmp(&(&b.bssid, b.frequency)));
        alike.dedup_by(|a, b| a.bssid == b.bssid && a.frequency == b.frequency);
        alike.truncate(SAME_NAME);
        alike
    });
    Wifi { interface: name, mode, association, same_name, others: Vec::new() }
}

/// The interface that is in use (joined, its handshake finished), else the first; the other joined
/// ones beside it.
fn choose(mut seen: Vec<Wifi>) -> Option<Wifi> {
    let rank = |wifi: &Wifi| match &wifi.association {
        Some(association) if association.authorized.known() != Some(&false) => 0_u8,
        Some(_) => 1,
        None if wifi.mode == Mode::Station => 2,
        None => 3,
    };
    seen.sort_by(|a, b| (rank(a), &a.interface).cmp(&(rank(b), &b.interface)));
    let mut seen = seen.into_iter();
    let mut first = seen.next()?;
    first.others = seen.filter(|wifi| wifi.association.is_some()).collect();
    first.others.sort_by(|a, b| a.interface.cmp(&b.interface));
    Some(first)
}

/// The same with what NetworkManager's profile says of the association. Where the kernel told
/// nothing, NetworkManager's word on what is joined is all there is.
pub fn with_networkmanager(
    wifi: Observed<Option<Wifi>>,
    networkmanager: &Observed<Snapshot>,
) -> Observed<Option<Wifi>> {
    let snapshot = match networkmanager {
        Observed::Known(snapshot) => snapshot,
        Observed::Unknown(reason) => {
            return wifi.map(|wifi| {
                wifi.map(|mut wifi| {
                    configured(&mut wifi, &|_| Observed::Unknown(reason.clone()));
                    wifi
                })
            });
        }
    };
    match wifi {
        Observed::Known(wifi) => Observed::Known(wifi.map(|mut wifi| {
            configured(&mut wifi, &|interface| key_management(snapshot, interface));
            wifi
        })),
        Observed::Unknown(reason) => {
            told_by(snapshot).map_or(Observed::Unknown(reason), |wifi| Observed::Known(Some(wifi)))
        }
    }
}

fn configured(wifi: &mut Wifi, of: &dyn Fn(&str) -> Observed<String>) {
    if let Some(association) = &mut wifi.association {
        association.configured = of(&wifi.interface);
    }
    for other in &mut wifi.others {
        configured(other, of);
    }
}

/// The saved profile's `key-mgmt`; an open network's profile has none, told as `open`.
fn key_management(snapshot: &Snapshot, interface: &str) -> Observed<String> {
    let Some(uuid) = snapshot
        .devices
        .iter()
        .find(|device| device.interface == interface)
        .and_then(|device| device.active_uuid.as_deref())
    else {
        return Observed::Unknown(Reason::NotAvailable { what: Thing::Profiles });
    };
    match &snapshot.profiles {
        Observed::Known(profiles) => match profiles.wifi.iter().find(|profile| profile.uuid == uuid) {
            Some(profile) => Observed::Known(profile.key_management.clone().unwrap_or_else(|| "open".to_owned())),
            None => Observed::Unknown(Reason::NotAvailable { what: Thing::Profiles }),
        },
        Observed::Unknown(reason) => Observed::Unknown(reason.clone()),
    }
}

/// What NetworkManager alone tells of a joined network.
fn told_by(snapshot: &Snapshot) -> Option<Wifi> {
    let mut devices: Vec<_> = snapshot
        .devices
        .iter()
        .filter(|device| device.kind == NM_WIFI)
        .filter(|device| {
            device.active_uuid.as_ref().is_some_and(|uuid| {
                snapshot.active.iter().any(|active| active.uuid == *uuid && active.state == NM_ACTIVATED)
            })
        })
        .collect();
    devices.sort_by(|a, b| a.interface.cmp(&b.interface));
    let device = devices.first()?;
    let profiles = snapshot.profiles.known()?;
    let profile = profiles.wifi.iter().find(|profile| Some(&profile.uuid) == device.active_uuid.as_ref())?;
    let unheard = || Reason::NotAvailable { what: Thing::Nl80211 };
    Some(Wifi {
        interface: device.interface.clone(),
        mode: Mode::Station,
        association: Some(Association {
            bss: Bss { ssid: profile.ssid.clone(), ..Bss::default() },
            negotiated: Observed::Unknown(Reason::NotAvailable { what: Thing::WifiNegotiation }),
            verification: Observed::Unknown(Reason::NotAvailable { what: Thing::WifiNegotiation }),
            configured: key_management(snapshot, &device.interface),
            management_protected: Observed::Unknown(unheard()),
            authorized: Observed::Unknown(unheard()),
        }),
        same_name: Vec::new(),
        others: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
