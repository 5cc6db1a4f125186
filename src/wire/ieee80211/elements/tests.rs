//! Elements as real access points sent them (hostapd on mac80211_hwsim, recorded by wpa_supplicant),
//! and hostile ones.

use proptest::prelude::*;

use super::*;
use crate::facts::wifi::{Akm, Cipher, Suites};

macro_rules! recorded {
    ($name:literal) => {
        parsed(&unhex(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/machine/wifi/", $name, ".hex"))))
    };
}

fn unhex(text: &str) -> Vec<u8> {
    let text = text.trim();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}

fn parsed(bytes: &[u8]) -> Bss {
    let mut bss = Bss::default();
    read(bytes, &mut bss);
    bss
}

fn name(bss: &Bss) -> String {
    bss.ssid.to_text()
}

const CCMP_PSK: &[u8] = &[1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 2];

fn element(id: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![id, u8::try_from(body.len()).expect("short")];
    out.extend_from_slice(body);
    out
}

#[test]
fn an_open_network_has_neither_rsn_nor_wpa() {
    let bss = recorded!("open");
    assert_eq!(name(&bss), "Harbour Cafe");
    assert_eq!((bss.rsn, bss.wpa, bss.rsn_malformed), (None, None, false));
}

#[test]
fn wep_shows_only_in_the_privacy_bit() {
    let bss = recorded!("wep40");
    assert_eq!(name(&bss), "Old Router");
    assert_eq!((bss.rsn, bss.wpa), (None, None));
}

#[test]
fn first_generation_wpa() {
    let bss = recorded!("wpa1-tkip");
    let wpa = bss.wpa.expect("a WPA element");
    assert_eq!((wpa.group, wpa.pairwise, wpa.akms), (Cipher::Tkip, vec![Cipher::Tkip], vec![Akm::WpaPsk]));
    assert_eq!(bss.rsn, None);
}

#[test]
fn a_mixed_network_has_both_elements_and_a_tkip_group() {
    let bss = recorded!("mixed");
    let (wpa, rsn) = (bss.wpa.expect("WPA"), bss.rsn.expect("RSN"));
    assert_eq!((rsn.group, rsn.pairwise, rsn.akms), (Cipher::Tkip, vec![Cipher::Ccmp128], vec![Akm::Psk]));
    assert_eq!((wpa.group, wpa.pairwise), (Cipher::Tkip, vec![Cipher::Tkip]));
}

#[test]
fn wpa2_without_and_with_protected_management_frames() {
    let plain = recorded!("wpa2").rsn.expect("RSN");
    assert_eq!((plain.akms, plain.mfp_capable, plain.mfp_required), (vec![Akm::Psk], false, false));
    let required = recorded!("wpa2-pmf").rsn.expect("RSN");
    assert_eq!((required.akms, required.mfp_capable, required.mfp_required), (vec![Akm::PskSha256], true, true));
    assert_eq!(required.group_management, Some(Cipher::BipCmac128));
}

#[test]
fn wpa2_and_wpa3_side_by_side() {
    let rsn = recorded!("transition-sae").rsn.expect("RSN");
    assert_eq!((rsn.akms, rsn.mfp_capable, rsn.mfp_required), (vec![Akm::Psk, Akm::Sae], true, false));
}

#[test]
fn wpa3_alone_and_with_the_strong_cipher() {
    let rsn = recorded!("wpa3").rsn.expect("RSN");
    assert_eq!((rsn.akms, rsn.mfp_required), (vec![Akm::Sae], true));
    let bss = recorded!("wpa3-h2e-gcmp");
    assert_eq!(bss.rsn.expect("RSN").pairwise, vec![Cipher::Gcmp256]);
    assert!(bss.rsnx.expect("RSNX").sae_h2e);
}

#[test]
fn enhanced_open_and_the_open_half_of_a_pair() {
    let rsn = recorded!("owe").rsn.expect("RSN");
    assert_eq!((rsn.akms, rsn.mfp_required), (vec![Akm::Owe], true));
    let pair = recorded!("owe-transition-open");
    assert_eq!(pair.rsn, None);
    let other = pair.owe_transition.expect("the other half");
    assert_eq!((other.bssid.as_str(), other.ssid.to_text().as_str()), ("02:00:00:00:00:99", "_owetm_Library"));
}

#[test]
fn wps_with_its_ways_and_its_maker() {
    let wps = recorded!("wpa2-wps").wps.expect("WPS");
    assert!(wps.configured && !wps.locked);
    assert_eq!((wps.manufacturer.as_deref(), wps.model.as_deref()), (Some("NETGEAR"), Some("R7000")));
    assert_ne!(wps.methods.expect("a probe response lists them") & 0x0004, 0, "label");
}

#[test]
fn rsn_override_elements_beside_a_plain_wpa2() {
    let bss = recorded!("override");
    assert_eq!(bss.rsn.as_ref().map(|rsn| rsn.akms.clone()), Some(vec![Akm::Psk]));
    assert!(!bss.rsn_malformed);
    let overrides: Vec<_> =
        bss.rsn_overrides.iter().map(|rsn| (rsn.akms[0], rsn.pairwise[0], rsn.mfp_required)).collect();
    assert_eq!(overrides, [(Akm::Sae, Cipher::Ccmp128, true), (Akm::SaeExtKey, Cipher::Gcmp256, true)]);
}

#[test]
fn signs_of_a_public_network() {
    let bss = recorded!("public");
    let interworking = bss.interworking.expect("Interworking");
    assert_eq!((interworking.network_type, interworking.internet, interworking.additional_step), (3, true, true));
    assert_eq!(bss.stations, Some(42));
    assert!(recorded!("hs20").hotspot20);
    assert_eq!(recorded!("peap").rsn.expect("RSN").akms, vec![Akm::Ieee8021x]);
}

#[test]
fn broken_neighbours_do_not_hide_the_rsn_element() {
    // The access point sent a 1-byte HT element, vendor elements without a body and a WPA element of one byte.
    let bss = recorded!("hostile");
    assert_eq!(bss.rsn.expect("RSN").akms, vec![Akm::Psk]);
    assert!(bss.rsn_malformed && bss.wpa.is_none(), "the broken WPA element is flagged");
    assert_eq!(bss.owe_transition, None);
}

#[test]
fn a_second_or_broken_rsn_element_is_flagged_and_the_first_kept() {
    let twice = [element(48, CCMP_PSK), element(48, CCMP_PSK)].concat();
    let bss = parsed(&twice);
    assert!(bss.rsn_malformed);
    assert_eq!(bss.rsn.expect("the first").akms, vec![Akm::Psk]);
    for broken in [&CCMP_PSK[..5], &CCMP_PSK[..9], &[2, 0][..], &[1][..], &[]] {
        let bss = parsed(&element(48, broken));
        assert!(bss.rsn_malformed && bss.rsn.is_none(), "{broken:?}");
    }
}

#[test]
fn what_an_rsn_element_leaves_out_has_the_standards_value() {
    let rsn = parsed(&element(48, &[1, 0])).rsn.expect("a version alone is valid");
    let default = Suites {
        group: Cipher::Ccmp128,
        pairwise: vec![Cipher::Ccmp128],
        akms: vec![Akm::Ieee8021x],
        ..Suites::default()
    };
    assert_eq!(rsn, default);
}

#[test]
fn an_unknown_key_management_keeps_its_number() {
    let mut body = CCMP_PSK.to_vec();
    *body.last_mut().expect("not empty") = 99;
    assert_eq!(parsed(&element(48, &body)).rsn.expect("RSN").akms, vec![Akm::Other(0x000f_ac63)]);
}

#[test]
fn fragments_are_joined() {
    let whole: Vec<u8> = (0..=255).chain(0..44).collect();
    let bytes = [element(221, &whole[..255]), element(242, &whole[255..])].concat();
    let elements: Vec<_> = walk(&bytes).collect();
    assert_eq!(elements.len(), 1);
    assert_eq!(elements[0].body.as_ref(), whole.as_slice());
}

#[test]
fn a_beacon_that_contradicts_the_probe_response_is_flagged() {
    let mut bss = Bss::default();
    read_both(&element(48, CCMP_PSK), &element(0, b"x"), &mut bss);
    assert!(bss.rsn_malformed);
    let mut bss = Bss::default();
    read_both(&[], &element(48, CCMP_PSK), &mut bss);
    assert!(bss.rsn.is_some() && !bss.rsn_malformed);
}

#[test]
fn a_hidden_name_of_zeros_is_no_name() {
    assert_eq!(name(&parsed(&element(0, &[0, 0, 0]))), "");
}

proptest! {
    #[test]
    fn noise_is_read_without_panic_and_within_bounds(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let bss = parsed(&bytes);
        prop_assert!(bss.rsn_overrides.len() <= 2 && bss.ssid.0.len() <= 32);
        let held: usize = walk(&bytes).map(|element| element.body.len()).sum();
        prop_assert!(held <= bytes.len());
    }

    #[test]
    fn noise_in_each_element_is_read_without_panic(id in prop::sample::select(vec![0_u8, 11, 48, 107, 221, 244]), body in proptest::collection::vec(any::<u8>(), 0..255)) {
        let _ = parsed(&element(id, &body));
        let vendor = [&[0x50, 0x6f, 0x9a, 0x29][..], &body[..body.len().min(200)]].concat();
        let _ = parsed(&element(221, &vendor));
        let _ = wps::parse(&body);
    }
}
