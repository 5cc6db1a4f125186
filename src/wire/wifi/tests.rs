//! Frames as the standard has them, and hostile ones.

use proptest::prelude::*;

use super::header::{Header, Kind};
use super::*;
use crate::wire::decode::Air as Captured;

const POINT: [u8; 6] = [2, 0, 0, 0, 0, 1];
const STATION: [u8; 6] = [2, 0, 0, 0, 0, 9];

fn element(id: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![id, u8::try_from(body.len()).expect("short")];
    out.extend_from_slice(body);
    out
}

fn management(subtype: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![subtype << 4, flags, 0, 0];
    frame.extend([0xff; 6]);
    frame.extend(POINT);
    frame.extend(POINT);
    frame.extend([0, 0]);
    frame.extend(body);
    frame
}

fn beacon(capabilities: u8, elements: &[Vec<u8>]) -> Vec<u8> {
    let mut body = vec![0; 10];
    body.extend([capabilities, 0]);
    body.extend(elements.concat());
    management(8, 0, &body)
}

/// An RSN element with AES, of this key management and these capabilities.
fn rsn(akm: u8, capabilities: u8) -> Vec<u8> {
    element(48, &[1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, akm, capabilities, 0])
}

fn name(text: &[u8]) -> Vec<u8> {
    element(0, text)
}

fn shown_as(air: &mut Air, frame: Captured<'_>, cut: bool) -> Vec<labels::Label> {
    let mut seen = Seen::default();
    air.hear(frame, cut, Stamp(0), &mut seen).expect("a frame");
    seen.iter().filter(|label| *label != labels::WIFI_ANY && *label != labels::WIFI_BEACON).collect()
}

fn shown(air: &mut Air, frame: &[u8]) -> Vec<labels::Label> {
    shown_as(air, Captured::bare(frame), false)
}

#[test]
fn a_beacon_shows_what_protects_the_network() {
    type Case<'a> = (u8, Vec<Vec<u8>>, &'a [labels::Label]);
    let cases: &[Case<'_>] = &[
        (0x01, vec![name(b"a")], &[labels::WIFI_OPEN]),
        (0x11, vec![name(b"a")], &[labels::WIFI_WEP]),
        (0x11, vec![name(b"a"), rsn(2, 0)], &[labels::WIFI_WPA2_PSK]),
        (
            0x11,
            vec![name(b"a"), rsn(8, 0xc0)],
            &[labels::WIFI_WPA3_SAE, labels::WIFI_PMF_REQUIRED, labels::WIFI_PMF_CAPABLE],
        ),
        (0x11, vec![name(b"a"), rsn(18, 0)], &[labels::WIFI_OWE]),
        (0x11, vec![name(b"a"), rsn(1, 0)], &[labels::WIFI_8021X]),
        (0x11, vec![name(b"a"), element(68, &[1, 0])], &[]),
        (
            0x01,
            vec![name(b""), element(37, &[0, 6, 1])],
            &[labels::WIFI_OPEN, labels::WIFI_HIDDEN_SSID, labels::WIFI_CSA],
        ),
    ];
    for (capabilities, elements, labels) in cases {
        let frame = beacon(*capabilities, elements);
        let mut air = Air::default();
        assert_eq!(&shown(&mut air, &frame), labels);
        assert_eq!(&shown(&mut air, &frame), labels, "the same again");
        assert_eq!(air.networks().map(|heard| heard.beacons).collect::<Vec<_>>(), [2]);
    }
}

#[test]
fn one_beacon_may_tell_of_several_networks() {
    let capabilities = |low| element(83, &[low, 0]);
    let with = |parts: &[Vec<u8>]| element(0, &parts.concat());
    let inherits = with(&[capabilities(0x11), name(b"guests"), element(85, &[1])]);
    let open = with(&[capabilities(0x01), name(b"cafe"), element(85, &[2]), element(255, &[56, 1, 48])]);
    let beacon = beacon(0x11, &[name(b"home"), rsn(8, 0), element(71, &[&[2][..], &inherits, &open].concat())]);
    let mut air = Air::default();
    for _ in 0..2 {
        assert_eq!(shown(&mut air, &beacon), [labels::WIFI_WPA3_SAE, labels::WIFI_OPEN]);
    }
    let mut heard: Vec<_> = air
        .networks()
        .map(|heard| (heard.bss.bssid.clone(), heard.bss.ssid.to_text(), heard.bss.rsn.is_some(), heard.beacons))
        .collect();
    heard.sort();
    let told = |last, name: &str, rsn| (format!("02:00:00:00:00:{last:02x}"), name.to_owned(), rsn, 2);
    assert_eq!(heard, [told(1, "home", true), told(2, "guests", true), told(3, "cafe", false)]);
}

#[test]
fn what_was_cut_is_neither_open_nor_wep() {
    let whole = beacon(0x11, &[name(b"a"), rsn(2, 0)]);
    for cut in 24..whole.len() {
        let labels = shown_as(&mut Air::default(), Captured::bare(&whole[..cut]), true);
        assert!(!labels.contains(&labels::WIFI_WEP) && !labels.contains(&labels::WIFI_OPEN), "{cut}");
    }
}

#[test]
fn a_check_sum_at_the_end_is_no_element() {
    let frame = beacon(0x01, &[name(b"a")]);
    let mut crc = flate2::Crc::new();
    crc.update(&frame);
    let with = [&frame[..], &crc.sum().to_le_bytes()].concat();
    assert_eq!(shown(&mut Air::default(), &with), [labels::WIFI_OPEN]);
}

#[test]
fn a_damaged_frame_says_nothing() {
    let frame = beacon(0x01, &[name(b"a")]);
    let mut crc = flate2::Crc::new();
    crc.update(&frame);
    let sum = Some(crc.sum().to_le_bytes());
    let sound = Captured { sum, unsure: false, ..Captured::bare(&frame) };
    let mut air = Air::default();
    assert_eq!(shown_as(&mut air, Captured { damaged: true, ..sound }, false), []);
    assert_eq!(shown_as(&mut air, Captured { sum: Some([0; 4]), ..sound }, false), []);
    assert_eq!(air.networks().count(), 0);
    assert_eq!(shown_as(&mut air, sound, false), [labels::WIFI_OPEN]);
}

#[test]
fn two_protections_under_one_address_are_two_networks_and_a_hidden_name_is_filled_in() {
    let mut air = Air::default();
    let plain = beacon(0x01, &[name(b"home")]);
    for frame in [beacon(0x11, &[name(b""), rsn(2, 0)]), beacon(0x11, &[name(b"home"), rsn(2, 0)]), plain] {
        shown(&mut air, &frame);
    }
    let mut networks: Vec<(String, bool, u64)> =
        air.networks().map(|heard| (heard.bss.ssid.to_text(), heard.bss.rsn.is_some(), heard.beacons)).collect();
    networks.sort();
    assert_eq!(networks, [("home".to_owned(), false, 1), ("home".to_owned(), true, 2)]);
}

#[test]
fn ten_deauthentications_in_a_second_are_a_flood_unless_they_are_protected() {
    for (flags, flood) in [(0, true), (0x40, false)] {
        let mut air = Air::default();
        let frame = management(12, flags, &[7, 0]);
        let all: Vec<_> = (0..10).map(|_| shown(&mut air, &frame)).collect();
        assert!(all.iter().all(|labels| labels.contains(&labels::WIFI_DEAUTH)));
        assert_eq!(all.iter().flatten().any(|label| *label == labels::WIFI_DEAUTH_FLOOD), flood);
    }
}

#[test]
fn a_request_to_join_names_its_key_management() {
    for (subtype, fixed) in [(0, 4), (2, 10)] {
        for (akm, label) in
            [(2, labels::WIFI_ASSOC_AKM_PSK), (8, labels::WIFI_ASSOC_AKM_SAE), (18, labels::WIFI_ASSOC_AKM_OWE)]
        {
            let body = [vec![0; fixed], name(b"a"), rsn(akm, 0)].concat();
            assert_eq!(shown(&mut Air::default(), &management(subtype, 0, &body)), [label]);
        }
    }
}

fn data(subtype: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![subtype << 4 | 8, flags, 0, 0];
    frame.extend(POINT);
    frame.extend(STATION);
    frame.extend(POINT);
    frame.extend([0, 0]);
    frame.extend(body);
    frame
}

fn carried(frame: &[u8]) -> Vec<Vec<u8>> {
    let mut seen = Seen::default();
    let (_, inner) = Air::default().hear(Captured::bare(frame), false, Stamp(0), &mut seen).expect("a frame");
    inner.into_iter().flat_map(Inner::frames).map(<[u8]>::to_vec).collect()
}

const LLC: &[u8] = &[0xaa, 0xaa, 3, 0, 0, 0, 8, 0, 0x45];

#[test]
fn data_is_read_where_it_is_not_encrypted() {
    assert_eq!(carried(&data(0, 1, LLC)), [LLC]);
    assert_eq!(carried(&data(8, 1, &[&[0, 0][..], LLC].concat())), [LLC], "with quality of service");
    assert_eq!(carried(&data(0, 0x41, LLC)), [[0_u8; 0]; 0], "encrypted");
    assert_eq!(carried(&data(4, 1, &[])), [[0_u8; 0]; 0], "without data");
    let four = [&POINT[..], LLC].concat();
    assert_eq!(carried(&data(0, 3, &four)), [LLC], "with four addresses");
    let sub = [&[0; 13][..], &[9], LLC, &[0], &[0; 13], &[9], LLC].concat();
    assert_eq!(carried(&data(8, 1, &[&[0x80, 0][..], &sub].concat())), [LLC, LLC], "an aggregate");
    let frame = data(8, 1, &[&[0, 0, 0, 0][..], LLC].concat());
    let padded = Captured { padded: true, unsure: false, ..Captured::bare(&frame) };
    let (_, inner) = Air::default().hear(padded, false, Stamp(0), &mut Seen::default()).expect("a frame");
    assert_eq!(inner.map(|inner| inner.bytes), Some(LLC));
}

#[test]
fn a_frame_control_whose_bytes_changed_places_is_put_right() {
    let of = |first: u8, second: u8| {
        let mut frame = management(0, 0, &[]);
        frame[..2].copy_from_slice(&[first, second]);
        let captured = Captured { swapped: true, ..Captured::bare(&frame) };
        Header::read(captured, false).map(|header| (header.kind, header.subtype))
    };
    assert_eq!(of(0x00, 0x40), Some((Kind::Management, 4)), "a probe request");
    assert_eq!(of(0x40, 0x00), Some((Kind::Management, 4)));
    assert_eq!(of(0x00, 0x20), Some((Kind::Management, 2)), "a request to join again");
    assert_eq!(of(0x00, 0x08), Some((Kind::Management, 0)), "a request to join, repeated");
    assert_eq!(of(0x01, 0x08), Some((Kind::Data, 0)), "to the access point");
    assert_eq!(of(0x08, 0x02), Some((Kind::Data, 0)));
    assert_eq!(of(0x03, 0x03), None);
}

#[test]
fn the_key_number_tells_wep_from_what_came_after() {
    assert_eq!(shown(&mut Air::default(), &data(0, 0x41, &[1, 2, 3, 0, 9])), [labels::WIFI_DATA_WEP_IV]);
    assert_eq!(shown(&mut Air::default(), &data(0, 0x41, &[1, 2, 3, 0x20, 9])), []);
}

#[test]
fn a_handshake_is_told_and_agreed_by_its_own_access_point_only() {
    let mut body = vec![2, 1, 10];
    body.resize(93, 0);
    let rsn = rsn(8, 0);
    body.extend([0, u8::try_from(rsn.len()).expect("short")]);
    body.extend(&rsn);
    let eapol = |body: &[u8]| [&[2, 3, 0, u8::try_from(body.len()).expect("short")][..], body].concat();
    let second = eapol(&body);
    let mut third = vec![2, 0x13, 0xca];
    third.resize(95, 0);
    let third = eapol(&third);
    let around = |source, destination| Around { mac: Some(Pair { source, destination }), ..Around::default() };
    let mut air = Air::default();
    air.eapol(&second, &around(STATION, POINT), None, &mut Seen::default());
    air.eapol(&third, &around([2, 0, 0, 0, 0, 7], STATION), None, &mut Seen::default());
    assert_eq!(air.handshakes().map(|handshake| handshake.agreed).collect::<Vec<_>>(), [false]);
    air.eapol(&third, &around(POINT, STATION), None, &mut Seen::default());
    let told: Vec<_> = air.handshakes().collect();
    assert_eq!((told[0].bssid.as_str(), told[0].station.as_str()), ("02:00:00:00:00:01", "02:00:00:00:00:09"));
    assert!(told[0].agreed && told[0].negotiated.akm == Some(crate::facts::wifi::Akm::Sae));
    // A capture without receivers: what was sent and what came back belong together.
    let mut air = Air::default();
    for (bytes, source, sent) in [(&second, STATION, false), (&third, POINT, false), (&third, POINT, true)] {
        air.eapol(bytes, &around(source, [0; 6]), Some(sent), &mut Seen::default());
        assert_eq!(air.handshakes().count(), 0);
    }
    air.eapol(&second, &around(STATION, [0; 6]), Some(true), &mut Seen::default());
    air.eapol(&third, &around(POINT, [0; 6]), Some(false), &mut Seen::default());
    assert_eq!(air.handshakes().collect::<Vec<_>>(), told);
}

#[test]
fn endless_names_do_not_grow() {
    let mut air = Air::default();
    for number in 0..10_000_u32 {
        let mut frame = beacon(0x01, &[name(&number.to_be_bytes())]);
        shown(&mut air, &frame);
        frame[16..20].copy_from_slice(&number.to_be_bytes());
        shown(&mut air, &frame);
    }
    assert!(air.networks().count() <= 4096 + 8);
}

proptest! {
    #[test]
    fn noise_is_heard_without_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), first in any::<u8>(), cut in any::<bool>(), padded in any::<bool>()) {
        if let Some(byte) = bytes.first_mut() {
            *byte = first & 0xfc;
        }
        let mut air = Air::default();
        let captured = Captured { padded, unsure: !padded, swapped: !cut, ..Captured::bare(&bytes) };
        if let Ok((_, Some(inner))) = air.hear(captured, cut, Stamp(0), &mut Seen::default()) {
            prop_assert!(inner.frames().count() <= bytes.len());
        }
        let around = Around { mac: Some(Pair { source: POINT, destination: STATION }), ..Around::default() };
        air.eapol(&bytes, &around, None, &mut Seen::default());
    }
}
