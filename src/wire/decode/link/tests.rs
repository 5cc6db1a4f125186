//! Each link layer with an IPv4 packet in it, and hostile bytes.

use proptest::prelude::*;

use super::*;

/// An IPv4 header alone.
const IP: [u8; 20] = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

const A: [u8; 6] = [2, 0, 0, 0, 0, 0xa];
const B: [u8; 6] = [2, 0, 0, 0, 0, 0xb];

/// All that are read.
const LINKS: &[u16] = &[
    0, 1, 6, 9, 10, 12, 14, 50, 51, 100, 101, 104, 105, 107, 108, 113, 119, 127, 163, 166, 192, 204, 205, 206, 228,
    229, 239, 258, 276,
];

fn found(number: u16, head: &[u8]) -> Result<Content<'static>, Lost> {
    let bytes: &'static [u8] = Box::leak([head, &IP].concat().into_boxed_slice());
    for cut in 0..bytes.len() {
        let _ = link(Link(number), &bytes[..cut]);
    }
    link(Link(number), bytes)
}

#[test]
fn ip_is_found_in_each_link_layer() {
    let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    let with = |parts: &[&[u8]]| parts.concat();
    for (number, head) in [
        (0, vec![2, 0, 0, 0]),
        (0, vec![0, 0, 0, 2]),
        (1, with(&[&B, &A, &[8, 0]])),
        (1, with(&[&B, &A, &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, 8, 0]])),
        (12, vec![]),
        (101, vec![]),
        (104, vec![0x0f, 0, 8, 0]),
        (107, vec![0x18, 0x41, 3, 0xcc]),
        (107, vec![0x18, 0x41, 8, 0]),
        (113, with(&[&[0, 0, 0, 1, 0, 6], &A, &[0, 0, 8, 0]])),
        (192, with(&[&[0, 0, 8, 0, 1, 0, 0, 0], &B, &A, &[8, 0]])),
        (205, vec![0, 0x0f, 0, 8, 0]),
        (206, vec![0, 0x18, 0x41, 3, 0xcc]),
        (239, vec![2, 0, 0, 1, 8, 0, 2, 0, 1, 2, 3, 4, 24, 0, 9, 0]),
        (258, with(&[&[12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], &B, &A, &[8, 0]])),
        (276, with(&[&[8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6], &A, &[0, 0]])),
    ] {
        match found(number, &head) {
            Ok(Content::Packet { kind: ether::IPV4, bytes, .. }) => assert_eq!(bytes, IP, "{number}"),
            other => panic!("{number} {head:?}: {other:?}"),
        }
    }
    for (number, head) in [
        (6, with(&[&[0x10, 0x40], &B, &A, &snap])),
        (6, with(&[&[0x10, 0x40], &B, &[A[0] | 0x80], &A[1..], &[4, 0, 1, 2], &snap])),
        (10, with(&[&[0x50], &B, &A, &snap])),
        (100, snap.to_vec()),
        (1, with(&[&B, &A, &[0, 28], &snap])),
    ] {
        match found(number, &head) {
            Ok(Content::Packet { kind: ether::LLC, bytes, .. }) => {
                assert_eq!(llc(bytes), Some(Llc::Ether(ether::IPV4, &IP)), "{number}");
            }
            other => panic!("{number} {head:?}: {other:?}"),
        }
    }
    for (number, head) in [
        (9, vec![0x00, 0x21]),
        (9, vec![0xff, 3, 0x21]),
        (50, vec![0xff, 3, 0x00, 0x21]),
        (166, vec![1, 3, 0x00, 0x21]),
        (204, vec![1, 0xff, 3, 0x00, 0x21]),
    ] {
        match found(number, &head) {
            Ok(Content::Ppp(bytes)) => assert_eq!(ppp_protocol(bytes), Some((0x21, &IP[..])), "{number}"),
            other => panic!("{number} {head:?}: {other:?}"),
        }
    }
}

#[test]
fn addresses_vlans_and_directions_are_told() {
    let head = [&B[..], &A, &[0x81, 0, 0x20, 7, 8, 0]].concat();
    let Ok(Content::Packet { mac, vlan, .. }) = found(1, &head) else { panic!("a packet") };
    assert_eq!((mac, vlan), (Some(Pair { source: A, destination: B }), Some(7)));
    let mut cooked = [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0];
    assert_eq!((sent(Link(276), &cooked), interface(Link(276), &cooked)), (Some(true), Some(3)));
    cooked[10] = 0;
    assert_eq!((sent(Link(276), &cooked), interface(Link(113), &cooked)), (Some(false), None));
}

#[test]
fn radiotap_tells_of_check_sum_padding_and_damage() {
    let of = |present: [u8; 4], fields: &[u8]| {
        let length = u8::try_from(8 + fields.len()).expect("short");
        let bytes = [&[0, 0, length, 0][..], &present, fields, &[1, 2, 3, 4, 5, 6, 7, 8]].concat();
        let Ok(Content::Wireless(air)) = link(Link(127), Box::leak(bytes.into_boxed_slice())) else {
            panic!("a frame")
        };
        (air.frame.len(), air.sum, air.padded, air.damaged)
    };
    assert_eq!(of([0, 0, 0, 0], &[]), (8, None, false, false));
    assert_eq!(of([2, 0, 0, 0], &[0x10]), (4, Some([5, 6, 7, 8]), false, false));
    assert_eq!(of([2, 0, 0, 0], &[0x20]), (8, None, true, false));
    assert_eq!(of([2, 0, 0, 0], &[0x40]), (8, None, false, true));
    assert_eq!(
        of([3, 0, 0, 0], &[0, 0, 0, 0, 0, 0, 0, 0, 0x10]),
        (4, Some([5, 6, 7, 8]), false, false),
        "a time first"
    );
    // The second word, then padding before the time, which stands at a multiple of eight.
    let two_words = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10];
    assert_eq!(of([3, 0, 0, 0x80], &two_words), (4, Some([5, 6, 7, 8]), false, false), "a second word, then a time");
}

proptest! {
    #[test]
    fn noise_of_every_link_is_taken_off_without_panic(number in prop::sample::select(LINKS), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let length = match link(Link(number), &bytes) {
            Ok(Content::Packet { bytes, .. } | Content::Ppp(bytes)) => {
                let _ = (llc(bytes), ppp_protocol(bytes));
                bytes.len()
            }
            Ok(Content::Wireless(air)) => air.frame.len(),
            Err(_) => 0,
        };
        prop_assert!(length <= bytes.len());
    }
}
