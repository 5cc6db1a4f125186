//! What tunnels carry, and what looks like one.

use super::*;

/// An IPv4 packet of 21 bytes: from 192.0.2.1 to 192.0.2.2, for experiments (253).
const IPV4: [u8; 21] = [0x45, 0, 0, 21, 0, 0, 0, 0, 64, 253, 0xf5, 0xe8, 192, 0, 2, 1, 192, 0, 2, 2, 0];

#[test]
fn each_tunnel_is_opened_and_cut_anywhere_nothing_breaks() {
    type Open = fn(&[u8]) -> Option<Carried<'_>>;
    let cases: &[(Open, &[u8], Cargo, u32)] = &[
        (in_vxlan, &[8, 0, 0, 0, 0, 0, 42, 0, 1], Cargo::Ether(ether::TRANSPARENT_ETHERNET), 42),
        (in_vxlan_gpe, &[12, 0, 0, 1, 0, 0, 42, 0, 0x45], Cargo::Ether(ether::IPV4), 42),
        (in_geneve, &[1, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 0x80, 0, 9], Cargo::Ether(ether::TRANSPARENT_ETHERNET), 42),
        (in_gre, &[0, 0, 8, 0, 0x45], Cargo::Gre, 0),
        (
            in_gtp,
            &[0x34, 255, 0, 13, 0, 0, 0, 7, 0, 1, 0, 0x85, 1, 0, 0, 0, 0x60, 0, 0, 0, 0],
            Cargo::Ether(ether::IPV6),
            7,
        ),
        (in_l2tp, &[0x4a, 2, 0, 18, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0xc0, 0x21, 1, 1], Cargo::Ppp, 0x0001_0002),
        (in_tzsp, &[1, 0, 0, 18, 0, 10, 1, 0xc0, 1, 0x40, 0], Cargo::Wireless, 0),
        (in_capwap, &[0, 16, 3, 0, 0, 0, 0, 0, 0x40, 0], Cargo::Wireless, 0),
    ];
    for (number, (open, bytes, cargo, network)) in cases.iter().enumerate() {
        let carried = open(bytes).expect("opened");
        assert_eq!((carried.cargo, carried.network), (*cargo, *network), "case {number}");
        for cut in 0..bytes.len() {
            open(&bytes[..cut]);
        }
    }
}

#[test]
fn a_teredo_packet_may_bear_an_authentication_and_an_origin() {
    let mut ip = vec![0x60, 0, 0, 0, 0, 0, 59, 255];
    ip.resize(40, 1);
    let with = |before: &[u8]| [before, &ip].concat();
    let authentication = [&[0, 1, 1, 2, 9, 9, 9][..], &[0; 9]].concat();
    let origin = [0, 0, 1, 2, 3, 4, 5, 6];
    for bytes in [with(&[]), with(&origin), with(&authentication), with(&[&authentication[..], &origin].concat())] {
        assert_eq!(in_teredo(&bytes).map(|carried| carried.bytes), Some(ip.as_slice()));
        for cut in 0..bytes.len() {
            assert_eq!(in_teredo(&bytes[..cut]), None);
        }
    }
    ip[5] = 1;
    assert_eq!(in_teredo(&ip), None, "longer than the datagram");
}

#[test]
fn a_sound_packet_is_one_whose_length_and_check_sum_fit() {
    assert!(is_sound(&IPV4));
    for at in [3, 10, 12, 19] {
        let mut wrong = IPV4;
        wrong[at] ^= 0x40;
        assert!(!is_sound(&wrong), "byte {at}");
    }
    assert!(!is_sound(&IPV4[..20]));
}

#[test]
fn control_messages_and_keep_alives_carry_nothing() {
    assert_eq!(in_l2tp(&[0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]), None);
    assert_eq!(in_l2tp(&[0, 3, 0, 1, 0, 2, 1]), None, "L2TP version 3");
    assert_eq!(in_gtp(&[0x30, 1, 0, 0, 0, 0, 0, 0]), None);
    assert_eq!(in_capwap(&[0, 16, 2, 8, 0, 0, 0, 0, 1]), None);
    assert_eq!(in_capwap(&[1, 0, 0, 0, 22, 254, 253, 0, 0]), None, "in DTLS");
}
