use super::*;
use crate::wire::labels::Label;
use crate::wire::protocols::{Over, Side};

fn to(port: u16, bytes: &[u8]) -> Datagram<'_> {
    Datagram {
        over: Over::Udp,
        bytes,
        length: bytes.len(),
        source: ([192, 0, 2, 1], 50_000).into(),
        destination: ([198, 51, 100, 53], port).into(),
        side: Side::Client,
    }
}

fn back(port: u16, bytes: &[u8]) -> Datagram<'_> {
    let there = to(port, bytes);
    Datagram { source: there.destination, destination: there.source, side: Side::Server, ..there }
}

/// What a flow's packets show, one after the other, as long as they are for this recogniser.
fn shown(recogniser: Recogniser, packets: &[Datagram<'_>]) -> Vec<Label> {
    let mut seen = Seen::default();
    for packet in packets {
        match recogniser(packet, &mut seen) {
            Some(Next::Perhaps(note)) => seen.note = note,
            Some(_) => break,
            None => seen.note = 0,
        }
    }
    seen.iter().collect()
}

/// Bytes that differ as chance has them.
fn noise(count: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_be_bytes()[1]
        })
        .collect()
}

/// World: WireGuard whose reserved bytes a service uses, answered and not. Truth: the answer tells.
#[test]
fn reserved_bytes_are_believed_when_the_answer_names_who_began() {
    let begin = [&[1, 7, 8, 9, 0xaa, 0xbb, 0xcc, 0xdd][..], &noise(140, 1)].concat();
    let answer = [&[2, 7, 8, 9, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd][..], &noise(80, 2)].concat();
    let other = [&[2, 7, 8, 9, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xde][..], &noise(80, 2)].concat();
    let recogniser = wireguard::wireguard;
    assert_eq!(shown(recogniser, &[to(2408, &begin), back(2408, &answer)]), [labels::VPN_WIREGUARD]);
    assert_eq!(shown(recogniser, &[to(2408, &begin), back(2408, &other)]), []);
    assert_eq!(shown(recogniser, &[to(2408, &begin)]), []);
}

/// World: a tunnel that was up when the capture began; and a protocol whose packets begin alike.
#[test]
fn data_tells_when_its_counter_goes_up() {
    let packet = |counter: u64| [&[4, 0, 0, 0, 1, 2, 3, 4][..], &counter.to_le_bytes(), &noise(48, 3)].concat();
    let packets: Vec<Vec<u8>> = [500, 501, 503].into_iter().map(packet).collect();
    let data: Vec<_> = packets.iter().map(|bytes| to(51820, bytes)).collect();
    assert_eq!(shown(wireguard::wireguard, &data), [labels::VPN_WIREGUARD]);
    let packets: Vec<Vec<u8>> = [500, 500, 500].into_iter().map(packet).collect();
    let data: Vec<_> = packets.iter().map(|bytes| to(51820, bytes)).collect();
    assert_eq!(shown(wireguard::wireguard, &data), []);
}

/// World: OpenVPN's resets in each form that its options make. Truth: each is known on any port; cut, none.
#[test]
fn resets_are_known_however_they_are_sealed() {
    let session = noise(8, 4);
    let head = [&[0x38][..], &session].concat();
    let first = [0, 0, 0, 1, 0x65, 0, 0, 0];
    let mut forms: Vec<Vec<u8>> = [16, 20, 28, 32, 48, 64]
        .into_iter()
        .map(|hmac| [&head[..], &noise(hmac, 5), &first, &[0; 5]].concat())
        .collect();
    forms.push([&head[..], &first, &noise(37, 6)].concat());
    let wrapped = [&noise(298, 7)[..], &300_u16.to_be_bytes()].concat();
    forms.push([&[0x50][..], &session, &first, &noise(37, 6), &wrapped].concat());
    for form in &forms {
        assert_eq!(shown(openvpn::udp, &[to(53, form)]), [labels::VPN_OPENVPN], "{}", form.len());
        for cut in 0..form.len() {
            assert_eq!(shown(openvpn::udp, &[to(53, &form[..cut])]), [], "{} cut at {cut}", form.len());
        }
    }
    let framed = [&u16::try_from(forms[1].len()).unwrap().to_be_bytes()[..], &forms[1]].concat();
    assert_eq!(shown(openvpn::tcp, &[to(443, &framed)]), [labels::VPN_OPENVPN]);
}

/// World: what else comes on the ports of IPsec. Truth: it is no ESP.
#[test]
fn others_on_port_4500_are_no_esp() {
    let stun = [&[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42][..], &noise(20, 8)].concat();
    let dtls = [&[22, 0xfe, 0xff, 0, 0, 0, 0, 0][..], &noise(40, 8)].concat();
    let odd = [&noise(4, 9)[..], &[0, 0, 0, 1], &noise(33, 8)].concat();
    for bytes in [&stun, &dtls, &odd] {
        assert_eq!(shown(ipsec::ipsec, &[to(4500, bytes)]), []);
    }
    let late: Vec<Vec<u8>> = [1_u32, 2]
        .map(|number| [&[9, 8, 7, 6][..], &(0x0100_0000 + number).to_be_bytes(), &noise(40, 9)].concat())
        .into();
    assert_eq!(shown(ipsec::ipsec, &[to(4500, &late[0])]), []);
    assert_eq!(shown(ipsec::ipsec, &[to(4500, &late[0]), to(4500, &late[1])]), [labels::VPN_ESP_UDP]);
}

/// World: every recogniser, messages cut and altered everywhere. Truth: nothing panics.
#[test]
fn hostile_packets_do_no_harm() {
    let ike = [&[1; 8][..], &[0; 8], &[33, 0x20, 34, 8, 0, 0, 0, 0, 0, 0, 0, 36, 0, 0, 0, 8, 0, 0, 0, 0]].concat();
    let l2tp = b"\xc8\x02\x00\x14\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x01".to_vec();
    let reset = [&[0x38][..], &noise(28, 4), &[0, 0, 0, 1, 9, 9, 9, 9, 0, 0, 0, 0, 0]].concat();
    for whole in [ike, l2tp, reset] {
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 0xff;
            for bytes in [&whole[..at], &altered] {
                for (_, recogniser) in ALL {
                    for note in [0, u64::MAX, 1 << 60, 2 << 60, 3 << 60, 4 << 60] {
                        let mut seen = Seen { note, ..Seen::default() };
                        let _ = recogniser(&to(4500, bytes), &mut seen);
                    }
                }
            }
        }
    }
}
