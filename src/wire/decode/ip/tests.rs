//! Headers as the standards have them, and hostile ones.

use proptest::prelude::*;

use super::*;

fn v4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let total = u8::try_from(20 + payload.len()).expect("short");
    let head = [0x45, 0, 0, total, 0, 7, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
    [&head[..], payload].concat()
}

fn v6(next: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("short");
    let mut head = vec![0x60, 0, 0, 0, 0, length, next, 255];
    head.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    head.extend([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    head.extend(payload);
    head
}

#[test]
fn padding_is_cut_off_and_what_is_missing_is_told() {
    let whole = v4(17, &[1, 2, 3]);
    let padded = [&whole[..], &[0; 9]].concat();
    assert_eq!(ip(&padded).map(|ip| (ip.payload.to_vec(), ip.cut)), Ok((vec![1, 2, 3], false)));
    assert_eq!(ip(&whole[..22]).map(|ip| (ip.payload.to_vec(), ip.cut)), Ok((vec![1, 2], true)));
    let mut offloaded = whole.clone();
    offloaded[3] = 0;
    assert_eq!(ip(&offloaded).map(|ip| ip.payload.len()), Ok(3), "a length of 0: all that there is");
    let mut short = whole;
    short[3] = 19;
    assert!(ip(&short).is_err());
}

#[test]
fn extension_headers_are_passed() {
    let hop = [58, 0, 1, 4, 0, 0, 0, 0];
    let bytes = v6(0, &[&hop[..], &[134, 0]].concat());
    assert_eq!(ip(&bytes).map(|ip| (ip.protocol, ip.payload.to_vec())), Ok((58, vec![134, 0])));
    let authentication = [50, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let bytes = v4(51, &[&authentication[..], &[9; 8]].concat());
    let passed = ip(&bytes).expect("readable");
    assert_eq!((passed.protocol, passed.payload.len(), passed.authenticated), (50, 8, true));
    let mut short = bytes;
    short[21] = 0;
    assert_eq!(ip(&short).map(|ip| (ip.protocol, ip.authenticated)), Ok((51, false)), "shorter than it can be");
}

#[test]
fn fragments_of_both_versions_are_told() {
    let mut bytes = v4(17, &[0; 8]);
    bytes[6] = 0x20;
    bytes[7] = 2;
    assert_eq!(ip(&bytes).map(|ip| ip.fragment), Ok(Some(Part { id: 7, offset: 16, more: true })));
    let bytes = v6(44, &[58, 0, 0, 17, 0, 0, 0, 9, 134, 0]);
    assert_eq!(ip(&bytes).map(|ip| ip.fragment), Ok(Some(Part { id: 9, offset: 16, more: true })));
    let bytes = v6(44, &[58, 0, 0, 0, 0, 0, 0, 9, 134, 0]);
    let atomic = ip(&bytes).expect("readable");
    assert_eq!((atomic.fragment, atomic.protocol), (None, 58), "all of it in one part");
}

#[test]
fn the_largest_segment_is_found_behind_other_options() {
    let segment = |options: &[u8]| {
        let mut bytes = vec![0, 80, 0x30, 0x39, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0];
        bytes[12] = u8::try_from((20 + options.len()) / 4 * 16).expect("short");
        bytes.extend(options);
        let tcp = tcp(&bytes).expect("readable");
        (tcp.window, tcp.largest_segment())
    };
    assert_eq!(segment(&[1, 1, 4, 2, 2, 4, 5, 0xb4]), (1024, Some(1460)));
    assert_eq!(segment(&[3, 0, 2, 4, 5, 0xb4, 0, 0]), (1024, None), "an option without length");
    assert_eq!(segment(&[]), (1024, None));
}

proptest! {
    #[test]
    fn noise_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), version in prop::sample::select(&[0x45_u8, 0x4f, 0x60][..])) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = version;
        }
        if let Ok(ip) = ip(&bytes) {
            prop_assert!(ip.payload.len() <= bytes.len());
        }
        let _ = udp(&bytes);
        if let Ok(tcp) = tcp(&bytes) {
            let _ = tcp.largest_segment();
        }
    }
}
