//! wpa_supplicant's and iwd's words, as real programs said them.

use std::os::unix::net::UnixDatagram;

use super::words::{VERIFICATION, auth_mode, id, iwd, status, verification};
use super::*;
use crate::facts::wifi::{Akm, Cipher, Suites};

const BSSID: &str = "02:00:00:00:00:00";

fn bss(wpa: bool, rsn: bool) -> Bss {
    Bss {
        bssid: BSSID.to_owned(),
        privacy: wpa || rsn,
        wpa: wpa.then(Suites::default),
        rsn: rsn.then(Suites::default),
        ..Bss::default()
    }
}

fn reply(state: &str, akm: &str, pairwise: &str, group: &str) -> String {
    format!(
        "bssid={BSSID}\nfreq=2412\nssid=Harbour Cafe\nid=0\nmode=station\npairwise_cipher={pairwise}\n\
         group_cipher={group}\nkey_mgmt={akm}\nwpa_state={state}\nip_address=10.9.0.2\n"
    )
}

#[test]
fn the_status_of_each_kind_of_network() {
    let told = |akm, pairwise, group| {
        let agreed = status(&reply("COMPLETED", akm, pairwise, group), &bss(true, true), false).expect("understood");
        (agreed.akm, agreed.pairwise, agreed.group)
    };
    assert_eq!(told("NONE", "NONE", "NONE"), (None, None, None));
    assert_eq!(told("NONE", "WEP-40", "WEP-40"), (None, Some(Cipher::Wep40), Some(Cipher::Wep40)));
    assert_eq!(told("WPA-PSK", "TKIP", "TKIP"), (Some(Akm::WpaPsk), Some(Cipher::Tkip), Some(Cipher::Tkip)));
    assert_eq!(told("WPA2-PSK", "CCMP", "TKIP"), (Some(Akm::Psk), Some(Cipher::Ccmp128), Some(Cipher::Tkip)));
    assert_eq!(told("SAE", "GCMP-256", "GCMP-256"), (Some(Akm::Sae), Some(Cipher::Gcmp256), Some(Cipher::Gcmp256)));
    assert_eq!(told("OWE", "CCMP", "CCMP").0, Some(Akm::Owe));
    assert_eq!(told("WPA2/IEEE 802.1X/EAP", "CCMP", "CCMP").0, Some(Akm::Ieee8021x));
    assert_eq!(told("IEEE 802.1X (no WPA)", "NONE", "NONE"), (None, Some(Cipher::Wep104), Some(Cipher::Wep104)));
}

#[test]
fn nothing_is_told_amid_a_handshake_or_of_another_access_point() {
    let here = bss(false, true);
    assert_eq!(status(&reply("4WAY_HANDSHAKE", "SAE", "CCMP", "CCMP"), &here, false), Err(Silence::Unsettled));
    let elsewhere = Bss { bssid: "02:00:00:00:00:77".to_owned(), ..here.clone() };
    assert_eq!(status(&reply("COMPLETED", "SAE", "CCMP", "CCMP"), &elsewhere, true), Err(Silence::Unsettled));
    assert_eq!(status(&reply("COMPLETED", "SAE-2040", "CCMP", "CCMP"), &here, false), Err(Silence::Mute));
    assert_eq!(status("FAIL\n", &here, false), Err(Silence::Mute));
}

#[test]
fn renewing_keys_does_not_unsettle_a_finished_association() {
    let here = bss(false, true);
    for state in ["4WAY_HANDSHAKE", "GROUP_HANDSHAKE"] {
        let agreed = status(&reply(state, "OWE", "CCMP", "CCMP"), &here, true).expect("settled");
        assert_eq!(agreed.akm, Some(Akm::Owe));
    }
    assert_eq!(status(&reply("ASSOCIATING", "OWE", "CCMP", "CCMP"), &here, true), Err(Silence::Unsettled));
}

#[test]
fn the_bus_names_the_versions_of_the_profile_so_the_air_decides() {
    let akm = |mode, wpa, rsn| auth_mode(mode, &bss(wpa, rsn)).ok().map(|agreed| agreed.akm);
    assert_eq!(akm("WPA2-PSK+WPA-PSK", false, true), Some(Some(Akm::Psk)));
    assert_eq!(akm("WPA2-PSK+WPA-PSK", true, false), Some(Some(Akm::WpaPsk)));
    assert_eq!(akm("WPA2-PSK+WPA-PSK", true, true), None, "cannot be told on a mixed network");
    assert_eq!(akm("EAP-PEAP", false, true), Some(Some(Akm::Ieee8021x)));
    assert_eq!(akm("SAE", false, true), Some(Some(Akm::Sae)));
    assert_eq!(akm("NONE", false, false), Some(None));
    assert_eq!(akm("INACTIVE", false, true), None);
    let wep = Bss { privacy: true, ..bss(false, false) };
    assert_eq!(auth_mode("NONE", &wep).ok().and_then(|agreed| agreed.pairwise), Some(Cipher::Wep104));
}

#[test]
fn iwd_has_words_of_its_own() {
    let told = |security, pairwise| {
        iwd(security, pairwise, &bss(false, true)).ok().map(|agreed| (agreed.akm, agreed.pairwise))
    };
    assert_eq!(told("WPA3-Personal", Some("CCMP")), Some((Some(Akm::Sae), Some(Cipher::Ccmp128))));
    assert_eq!(told("WPA2-Personal + FT", None), Some((Some(Akm::FtPsk), None)));
    assert_eq!(told("Quantum", None), None);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn the_control_socket_is_asked_and_leaves_no_file() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("run/wpa_supplicant");
    std::fs::create_dir_all(&folder).expect("folders");
    let server = UnixDatagram::bind(folder.join("wlan9")).expect("a socket");
    let answering = std::thread::spawn(move || {
        let mut request = [0; 64];
        let (length, from) = server.recv_from(&mut request).expect("a request");
        assert_eq!(&request[..length], b"STATUS");
        server.send_to_addr(reply("COMPLETED", "SAE", "CCMP", "CCMP").as_bytes(), &from).expect("an answer");
    });
    let machine = Machine::at(root.path(), None, Some("unix:path=/nonexistent".to_owned()));
    let (seen, _) = runtime().block_on(look(&machine, "wlan9", &bss(false, true), true));
    answering.join().expect("the server ends");
    assert_eq!(seen.known().map(|agreed| agreed.akm), Some(Some(Akm::Sae)));
    assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1);
}

#[test]
fn the_profile_in_use_tells_how_it_verifies_the_server() {
    let of = |set: &[(&str, &'static str)]| {
        let set: BTreeMap<&str, &'static str> = set.iter().copied().collect();
        let told = verification(|variable| Some(set.get(variable).copied().unwrap_or("FAIL\n")));
        (told.methods.join(" "), told.ca_certificate, told.system_ca, told.name_checked)
    };
    let peap = |ca, system, name| ("peap".to_owned(), ca, system, name);
    assert_eq!(of(&[("eap", "PEAP")]), peap(false, false, false));
    assert_eq!(of(&[("eap", "PEAP"), ("ca_cert", "\"/etc/company.pem\"")]), peap(true, false, false));
    let named = [("eap", "PEAP"), ("ca_cert", "\"/etc/company.pem\""), ("domain_match", "\"radius.example\"")];
    assert_eq!(of(&named), peap(true, false, true));
    let any = [("eap", "PEAP"), ("ca_cert", "\"/etc/ssl/certs/ca-certificates.crt\"")];
    assert_eq!(of(&any), peap(true, true, false));
    assert_eq!(of(&[("eap", "PEAP"), ("ca_cert", "\"probe://\"")]), peap(false, false, false));
    assert_eq!(of(&[("eap", "PEAP"), ("ca_cert", "\"hash://server/sha256/00\"")]), peap(true, false, true));
    assert_eq!(of(&[]).0, "");
    assert_eq!(id(&reply("COMPLETED", "SAE", "CCMP", "CCMP")), Some(0));
    assert!(VERIFICATION.iter().all(|variable| !variable.contains("pass") && !variable.contains("key")));
}

#[test]
fn a_program_that_never_answers_does_not_hold_up_the_look() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("run/wpa_supplicant");
    std::fs::create_dir_all(&folder).expect("folders");
    let _silent = UnixDatagram::bind(folder.join("wlan9")).expect("a socket");
    let machine = Machine::at(root.path(), None, Some("unix:path=/nonexistent".to_owned()));
    let (seen, _) = runtime().block_on(look(&machine, "wlan9", &bss(false, true), true));
    assert_eq!(seen, Observed::Unknown(Reason::TimedOut { what: Thing::WifiNegotiation }));
}

#[test]
fn nobody_to_ask_is_told_as_such() {
    let machine = Machine::at("/nonexistent", None, Some("unix:path=/nonexistent".to_owned()));
    let (seen, _) = runtime().block_on(look(&machine, "wlan9", &bss(false, true), true));
    assert_eq!(seen, Observed::Unknown(Reason::NotAvailable { what: Thing::WifiNegotiation }));
}
