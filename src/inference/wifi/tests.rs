//! The table of classes, and what outranks what.

use super::*;
use crate::facts::wifi::{Negotiated, OweTransition};

fn suites(pairwise: &[Cipher], group: Cipher, akms: &[Akm], mfp: (bool, bool)) -> Suites {
    Suites {
        group,
        pairwise: pairwise.to_vec(),
        akms: akms.to_vec(),
        mfp_capable: mfp.0,
        mfp_required: mfp.1,
        group_management: mfp.0.then_some(Cipher::BipCmac128),
    }
}

const NO: (bool, bool) = (false, false);
const CAN: (bool, bool) = (true, false);
const MUST: (bool, bool) = (true, true);

fn rsn(akms: &[Akm], mfp: (bool, bool)) -> Bss {
    Bss {
        bssid: "02:00:00:00:00:01".to_owned(),
        privacy: true,
        rsn: Some(suites(&[Cipher::Ccmp128], Cipher::Ccmp128, akms, mfp)),
        ..Bss::default()
    }
}

fn bare(privacy: bool) -> Bss {
    Bss { bssid: "02:00:00:00:00:01".to_owned(), privacy, ..Bss::default() }
}

fn wpa1(akm: Akm) -> Suites {
    suites(&[Cipher::Tkip], Cipher::Tkip, &[akm], NO)
}

fn association(bss: Bss) -> Association {
    Association {
        bss,
        negotiated: Observed::Unknown(Reason::NotPermitted { what: Thing::WifiNegotiation }),
        configured: Observed::default(),
        verification: Observed::default(),
        management_protected: Observed::default(),
        authorized: Observed::Known(true),
    }
}

fn judge(association: &Association) -> Result<(Security, WifiBasis), Missing> {
    let (choices, basis) = in_play(association, association.negotiated.known())?;
    let class = if association.negotiated.known().is_none() && association.bss.bssid.is_empty() {
        configured(association.configured.get()?)
    } else {
        classify(&choices, &association.bss, association.management_protected.known().copied())
    };
    Ok((class, basis))
}

fn advertised(bss: Bss) -> Security {
    assert_eq!(super::advertised(&Bss { rsn_malformed: true, ..bss.clone() }), Security::Unrecognised);
    let alone = super::advertised(&bss);
    let (class, basis) = judge(&association(bss)).expect("decided");
    assert_eq!(basis, WifiBasis::Advertised);
    assert_eq!(alone, class, "the same network, only heard");
    class
}

fn agreed(akm: Option<Akm>, pairwise: Option<Cipher>, group: Option<Cipher>) -> Observed<Negotiated> {
    Observed::Known(Negotiated { akm, pairwise, group, source: "wpa-supplicant".to_owned() })
}

#[test]
fn each_advertised_network_has_its_class() {
    assert_eq!(advertised(bare(false)), Security::Open);
    let pair = Bss { owe_transition: Some(OweTransition::default()), ..bare(false) };
    assert_eq!(advertised(pair), Security::OpenOweTransition);
    assert_eq!(advertised(bare(true)), Security::Wep);
    assert_eq!(advertised(Bss { wapi: true, ..bare(true) }), Security::Wapi);
    assert_eq!(advertised(Bss { osen: true, ..bare(false) }), Security::Unrecognised);
    assert_eq!(advertised(rsn(&[Akm::Owe], MUST)), Security::Owe);
    assert_eq!(advertised(Bss { wpa: Some(wpa1(Akm::WpaPsk)), ..bare(true) }), Security::WpaPersonal);
    assert_eq!(advertised(Bss { wpa: Some(wpa1(Akm::WpaIeee8021x)), ..bare(true) }), Security::WpaEnterprise);
    let mixed = |akm, old| Bss { wpa: Some(wpa1(old)), ..rsn(&[akm], NO) };
    assert_eq!(advertised(mixed(Akm::Psk, Akm::WpaPsk)), Security::WpaWpa2Personal);
    assert_eq!(advertised(mixed(Akm::Ieee8021x, Akm::WpaIeee8021x)), Security::WpaWpa2Enterprise);
    let tkip = Bss { rsn: Some(suites(&[Cipher::Tkip], Cipher::Tkip, &[Akm::Psk], NO)), ..bare(true) };
    assert_eq!(advertised(tkip), Security::Wpa2PersonalTkip);
    assert_eq!(advertised(rsn(&[Akm::Psk], NO)), Security::Wpa2Personal);
    assert_eq!(advertised(rsn(&[Akm::Psk, Akm::PskSha256], MUST)), Security::Wpa2Personal);
    assert_eq!(advertised(rsn(&[Akm::Psk, Akm::Sae], CAN)), Security::Wpa2Wpa3Personal);
    assert_eq!(advertised(rsn(&[Akm::Sae], MUST)), Security::Wpa3Personal);
    assert_eq!(advertised(rsn(&[Akm::SaeExtKey, Akm::Sae], MUST)), Security::Wpa3Personal);
    assert_eq!(advertised(rsn(&[Akm::Ieee8021x], NO)), Security::Wpa2Enterprise);
    assert_eq!(advertised(rsn(&[Akm::Ieee8021x, Akm::Ieee8021xSha256], CAN)), Security::Wpa2Wpa3Enterprise);
    assert_eq!(advertised(rsn(&[Akm::Ieee8021xSha256], MUST)), Security::Wpa3Enterprise);
    assert_eq!(advertised(rsn(&[Akm::FilsSha256], MUST)), Security::Wpa3Enterprise);
    assert_eq!(advertised(Bss { hotspot20: true, ..rsn(&[Akm::Ieee8021x], NO) }), Security::Passpoint);
    assert_eq!(advertised(rsn(&[Akm::Dpp], MUST)), Security::Dpp);
    assert_eq!(advertised(rsn(&[Akm::Dpp, Akm::Sae], MUST)), Security::Wpa3Personal);
    assert_eq!(advertised(rsn(&[Akm::Other(0x000f_ac63)], MUST)), Security::Unrecognised);
    assert_eq!(advertised(Bss { privacy: false, ..rsn(&[Akm::Other(1)], NO) }), Security::Unrecognised, "never open");
}

#[test]
fn the_192_bit_class_asks_for_all_its_suites() {
    let mut strong = suites(&[Cipher::Gcmp256], Cipher::Gcmp256, &[Akm::SuiteB192], MUST);
    strong.group_management = Some(Cipher::BipGmac256);
    assert_eq!(advertised(Bss { rsn: Some(strong.clone()), ..bare(true) }), Security::Wpa3Enterprise192);
    strong.pairwise = vec![Cipher::Ccmp128];
    assert_eq!(advertised(Bss { rsn: Some(strong), ..bare(true) }), Security::Wpa3Enterprise);
}

#[test]
fn what_was_agreed_on_outranks_the_beacon() {
    let class = |bss, akm, pairwise, group| {
        let association = Association { negotiated: agreed(akm, pairwise, group), ..association(bss) };
        judge(&association).expect("decided")
    };
    let ccmp = Some(Cipher::Ccmp128);
    let both = || rsn(&[Akm::Psk, Akm::Sae], CAN);
    assert_eq!(class(both(), Some(Akm::Sae), ccmp, ccmp), (Security::Wpa3Personal, WifiBasis::Negotiated));
    assert_eq!(class(both(), Some(Akm::Psk), ccmp, ccmp), (Security::Wpa2Personal, WifiBasis::Negotiated));
    let mixed = || Bss { wpa: Some(wpa1(Akm::WpaPsk)), ..rsn(&[Akm::Psk], NO) };
    assert_eq!(class(mixed(), Some(Akm::Psk), ccmp, Some(Cipher::Tkip)).0, Security::Wpa2Personal);
    assert_eq!(class(mixed(), Some(Akm::WpaPsk), Some(Cipher::Tkip), None).0, Security::WpaPersonal);
    // An access point that hides its RSN element, or forges one, does not change what was agreed on.
    assert_eq!(class(bare(false), Some(Akm::Sae), ccmp, ccmp).0, Security::Wpa3Personal);
    assert_eq!(class(Bss { rsn_malformed: true, ..both() }, Some(Akm::Sae), ccmp, ccmp).0, Security::Wpa3Personal);
    // The key management alone (D-Bus): the element that offers it tells the ciphers.
    assert_eq!(class(mixed(), Some(Akm::WpaPsk), None, None).0, Security::WpaPersonal);
    let wep = Some(Cipher::Wep40);
    assert_eq!(class(bare(true), None, wep, wep), (Security::Wep, WifiBasis::Negotiated));
    assert_eq!(class(bare(false), None, None, None), (Security::Open, WifiBasis::Negotiated));
}

#[test]
fn an_agreement_that_cannot_be_is_no_verdict() {
    let association = Association { negotiated: agreed(None, None, None), ..association(rsn(&[Akm::Psk], NO)) };
    assert!(judge(&association).is_err(), "no key management on a network that asks for one");
}

#[test]
fn a_doubtful_element_decides_nothing_by_itself() {
    let bss = Bss { rsn_malformed: true, ..rsn(&[Akm::Sae], MUST) };
    assert!(judge(&association(bss)).is_err());
    assert!(judge(&association(Bss { rsn_malformed: true, ..bare(false) })).is_err(), "a broken RSN is not open");
}

#[test]
fn the_flag_of_the_association_tells_which_half_of_an_rsn_override_was_used() {
    let bss = || Bss {
        rsn_overrides: vec![suites(&[Cipher::Ccmp128], Cipher::Ccmp128, &[Akm::Sae], MUST)],
        ..rsn(&[Akm::Psk], NO)
    };
    let with = |protected| Association { management_protected: protected, ..association(bss()) };
    let class = |protected| judge(&with(protected)).expect("decided");
    assert_eq!(class(Observed::Known(true)), (Security::Wpa3Personal, WifiBasis::Negotiated));
    assert_eq!(class(Observed::Known(false)), (Security::Wpa2Personal, WifiBasis::Negotiated));
    assert_eq!(class(Observed::default()), (Security::Wpa2Wpa3Personal, WifiBasis::Advertised));
}

#[test]
fn a_profile_alone_is_configured_and_no_more() {
    let with = |word: &str| {
        let association = Association { configured: Observed::Known(word.to_owned()), ..association(Bss::default()) };
        judge(&association).expect("decided")
    };
    assert_eq!(with("sae"), (Security::Wpa3Personal, WifiBasis::Configured));
    assert_eq!(with("wpa-psk"), (Security::WpaWpa2Personal, WifiBasis::Configured));
    assert_eq!(with("open"), (Security::Open, WifiBasis::Configured));
    assert_eq!(with("none"), (Security::Wep, WifiBasis::Configured));
    assert_eq!(with("martian"), (Security::Unrecognised, WifiBasis::Configured));
    assert!(judge(&association(Bss::default())).is_err(), "not even a profile");
}
