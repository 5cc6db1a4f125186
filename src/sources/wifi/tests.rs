//! The kernel's and NetworkManager's word put together.

use super::kernel::{Interface, Network, Station};
use super::*;
use crate::facts::portal::Connectivity;
use crate::facts::profiles::{Profiles, WifiProfile};
use crate::facts::text::Ssid;
use crate::sources::networkmanager::{Active, Device};

fn network(bssid: &str, ssid: &str, joined: bool) -> Network {
    let bss = Bss { bssid: bssid.to_owned(), ssid: Ssid(ssid.as_bytes().to_vec()), ..Bss::default() };
    Network { bss, joined }
}

fn station(mac: &str, authorized: bool) -> Station {
    Station { mac: mac.to_owned(), authorized: Some(authorized), management_protected: Some(true) }
}

fn interface(name: &str, networks: Vec<Network>, stations: Vec<Station>) -> Interface {
    Interface { name: name.to_owned(), mode: Mode::Station, ssid: None, networks, stations }
}

fn snapshot(profile: Option<WifiProfile>) -> Observed<Snapshot> {
    Observed::Known(Snapshot {
        connectivity: Connectivity::Full,
        connectivity_checked: true,
        devices: vec![Device {
            interface: "wlan0".to_owned(),
            kind: NM_WIFI,
            active_uuid: Some("u-1".to_owned()),
            ..Device::default()
        }],
        active: vec![Active { uuid: "u-1".to_owned(), state: NM_ACTIVATED, ..Active::default() }],
        profiles: Observed::Known(Profiles { wifi: profile.into_iter().collect(), vpn: Vec::new() }),
        dns: None,
    })
}

fn profile(key_management: Option<&str>) -> WifiProfile {
    WifiProfile {
        uuid: "u-1".to_owned(),
        ssid: Ssid(b"home".to_vec()),
        key_management: key_management.map(str::to_owned),
        ..WifiProfile::default()
    }
}

#[test]
fn the_joined_access_point_its_flags_and_its_namesakes() {
    let wifi = assemble(interface(
        "wlan0",
        vec![
            network("02:00:00:00:00:03", "home", false),
            network("02:00:00:00:00:01", "home", true),
            network("02:00:00:00:00:02", "other", false),
        ],
        vec![station("02:00:00:00:00:01", true)],
    ));
    let association = wifi.association.expect("joined");
    assert_eq!(association.bss.bssid, "02:00:00:00:00:01");
    assert_eq!(association.authorized, Observed::Known(true));
    assert_eq!(association.management_protected, Observed::Known(true));
    assert_eq!(wifi.same_name.iter().map(|bss| bss.bssid.as_str()).collect::<Vec<_>>(), ["02:00:00:00:00:03"]);
}

#[test]
fn a_hidden_network_takes_its_name_from_the_interface() {
    let mut hidden = interface("wlan0", vec![network("02:00:00:00:00:01", "", true)], Vec::new());
    hidden.ssid = Some(Ssid(b"secret".to_vec()));
    let association = assemble(hidden).association.expect("joined");
    assert_eq!(association.bss.ssid, Ssid(b"secret".to_vec()));
    assert!(association.authorized.known().is_none(), "no station, no flag");
}

#[test]
fn the_interface_in_use_comes_first_and_the_other_joined_ones_stay() {
    let joined = |name, authorized| {
        assemble(interface(
            name,
            vec![network("02:00:00:00:00:01", "home", true)],
            vec![station("02:00:00:00:00:01", authorized)],
        ))
    };
    let idle = assemble(interface("wlan0", Vec::new(), Vec::new()));
    let chosen = choose(vec![idle, joined("wlan1", false), joined("wlan2", true)]).expect("some");
    assert_eq!(chosen.interface, "wlan2");
    assert_eq!(chosen.others.iter().map(|wifi| wifi.interface.as_str()).collect::<Vec<_>>(), ["wlan1"]);
    assert_eq!(choose(Vec::new()), None);
}

#[test]
fn the_profile_in_use_is_added() {
    let kernel = Observed::Known(Some(assemble(interface(
        "wlan0",
        vec![network("02:00:00:00:00:01", "home", true)],
        Vec::new(),
    ))));
    let configured = |wifi: Observed<Option<Wifi>>| wifi.known().cloned().flatten()?.association.map(|a| a.configured);
    let told = with_networkmanager(kernel.clone(), &snapshot(Some(profile(Some("sae")))));
    assert_eq!(configured(told), Some(Observed::Known("sae".to_owned())));
    let told = with_networkmanager(kernel.clone(), &snapshot(Some(profile(None))));
    assert_eq!(configured(told), Some(Observed::Known("open".to_owned())));
    let why = Reason::NotRunning { what: Thing::NetworkManager };
    let told = with_networkmanager(kernel, &Observed::Unknown(why.clone()));
    assert_eq!(configured(told), Some(Observed::Unknown(why)));
}

#[test]
fn without_the_kernels_word_the_profile_is_all_there_is() {
    let mute = || Observed::Unknown(Reason::TimedOut { what: Thing::Nl80211 });
    let told = with_networkmanager(mute(), &snapshot(Some(profile(Some("wpa-psk")))));
    let wifi = told.known().cloned().flatten().expect("NetworkManager tells");
    let association = wifi.association.expect("joined");
    assert!(association.bss.bssid.is_empty());
    assert_eq!(association.configured, Observed::Known("wpa-psk".to_owned()));
    assert_eq!(with_networkmanager(mute(), &snapshot(None)), mute());
}
