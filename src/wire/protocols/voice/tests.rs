use std::net::SocketAddr;

use super::*;
use crate::wire::labels::{self, Label};
use crate::wire::protocols::{Datagram, Next, Over, Seen, Side};

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

/// What a flow's packets show, as long as they are for this recogniser.
fn shown(packets: &[Vec<u8>], announced: bool) -> Vec<Label> {
    let mut seen = Seen { announced, ..Seen::default() };
    for packet in packets {
        match media::media(&to(40_000, packet), &mut seen) {
            Some(Next::Perhaps(note)) => seen.note = note,
            Some(_) => break,
            None => seen.note = 0,
        }
    }
    seen.iter().collect()
}

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

/// A packet of 20 ms at 8000 samples a second.
fn rtp(kind: u8, sequence: u16, payload: &[u8]) -> Vec<u8> {
    let time = u32::from(sequence) * 160 + 9;
    [&[0x80, kind][..], &sequence.to_be_bytes(), &time.to_be_bytes(), &[7; 4], payload].concat()
}

/// World: speech in the clear; the same with SRTP's tag; a codec of one's own, in the clear and encrypted.
/// Truth: what can be read is told, what cannot is not.
#[test]
fn calls_in_the_clear_are_told_from_encrypted_ones() {
    let call = |kind: u8, payload: &dyn Fn(u16) -> Vec<u8>| -> Vec<Vec<u8>> {
        (1..60).map(|number| rtp(kind, number, &payload(number))).collect()
    };
    assert_eq!(shown(&call(0, &|_| vec![0xd5; 160]), false), [labels::CLEARTEXT_RTP]);
    assert_eq!(shown(&call(0, &|number| noise(170, u32::from(number))), false), []);
    assert_eq!(shown(&call(18, &|number| noise(20, u32::from(number))), false), [labels::CLEARTEXT_RTP]);
    assert_eq!(shown(&call(18, &|number| noise(30, u32::from(number))), false), []);
    assert_eq!(shown(&call(3, &|number| noise(33, u32::from(number))), false), [labels::CLEARTEXT_RTP]);
    let opus = |number: u16| [&[0x78][..], &noise(60, u32::from(number))].concat();
    assert_eq!(shown(&call(111, &opus), false), [labels::CLEARTEXT_RTP]);
    let sealed = |number: u16| noise(70, u32::from(number) * 77 + 5);
    assert_eq!(shown(&call(111, &sealed), false), []);
    // What a description announced as plain is believed at the second packet.
    assert_eq!(shown(&call(111, &sealed)[..2], true), [labels::CLEARTEXT_RTP]);
}

/// World: a flow whose numbers jump, whose source changes, and one in which DTLS agreed on keys.
#[test]
fn what_is_only_like_rtp_is_not() {
    let jumps: Vec<_> = (0..40).map(|number| rtp(0, number * 1000, &[0xff; 160])).collect();
    assert_eq!(shown(&jumps, false), []);
    let others: Vec<_> = (0..40_u8)
        .map(|number| {
            let mut packet = rtp(0, u16::from(number), &[0xff; 160]);
            packet[8] = number;
            packet
        })
        .collect();
    assert_eq!(shown(&others, false), []);
    let stun = b"\x00\x01\x00\x00\x21\x12\xa4\x42\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b".to_vec();
    let alert = b"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x02\x02\x28".to_vec();
    let mut flow = vec![stun.clone(), alert];
    flow.extend((1..9).map(|number| rtp(0, number, &[0xff; 160])));
    assert_eq!(shown(&flow, false), [labels::STUN_ANY, labels::DTLS_ANY]);
    let mut flow = vec![stun];
    flow.extend((1..9).map(|number| rtp(0, number, &[0xff; 160])));
    assert_eq!(shown(&flow, false), [labels::STUN_ANY, labels::CLEARTEXT_RTP]);
}

const INVITE: &[u8] = b"INVITE sip:a@example.com SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n\
    v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 49170 RTP/AVP 0\r\nm=video 49172 RTP/SAVP 99\r\n\
    m=audio 49174 RTP/AVP 8\r\nc=IN IP6 2001:db8::7\r\n";

/// World: an invitation with three streams, one of them encrypted. Truth: the two others are announced, over UDP and
/// over TCP wherever it is cut.
#[test]
fn a_description_announces_what_goes_in_the_clear() {
    let truth: [SocketAddr; 2] = [([192, 0, 2, 7], 49170).into(), "[2001:db8::7]:49174".parse().unwrap()];
    let mut seen = Seen::default();
    sip::sip(&to(5060, INVITE), &mut seen).unwrap();
    assert_eq!(seen.media(), truth);
    for cut in 40..INVITE.len() {
        let mut seen = Seen::default();
        let (first, second) = INVITE.split_at(cut);
        let Some(Next::Talk(mut talk)) = sip::stream(&to(5060, first), &mut seen) else { panic!("cut at {cut}") };
        talk.hear(Side::Client, first, &mut seen);
        talk.hear(Side::Client, second, &mut seen);
        assert!(truth.iter().all(|end| seen.media().contains(end)), "cut at {cut}: {:?}", seen.media());
        assert!(seen.has(labels::CLEARTEXT_SIP));
    }
}

/// World: a camera that sends its picture in the same connection, cut anywhere, with a body and a report between.
#[test]
fn a_picture_within_rtsp_is_heard() {
    let framed = |channel: u8, packet: &[u8]| {
        [&[b'$', channel][..], &u16::try_from(packet.len()).unwrap().to_be_bytes(), packet].concat()
    };
    let mut server = b"RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\na=b\r\n".to_vec();
    for number in 1..4 {
        server.extend(framed(0, &rtp(96, number, &noise(40, 3))));
        server.extend(framed(1, &[0x80, 200, 0, 1, 0, 0, 0, 0]));
    }
    server.extend(b"RTSP/1.0 200 OK\r\n\r\n");
    for cut in 18..server.len() {
        let (first, second) = server.split_at(cut);
        let mut seen = Seen::default();
        let data = Datagram { side: Side::Server, over: Over::Tcp, ..to(554, first) };
        let Some(Next::Talk(mut talk)) = rtsp::rtsp(&data, &mut seen) else { panic!("cut at {cut}") };
        talk.hear(Side::Server, first, &mut seen);
        talk.hear(Side::Server, second, &mut seen);
        let labels: Vec<_> = seen.iter().collect();
        assert_eq!(labels, [labels::CLEARTEXT_RTSP, labels::CLEARTEXT_RTP], "cut at {cut}");
    }
}

/// World: every recogniser, messages cut and altered everywhere. Truth: nothing panics.
#[test]
fn hostile_packets_do_no_harm() {
    let stun =
        b"\x00\x01\x00\x04\x21\x12\xa4\x42\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x00\x24\x00\x00".to_vec();
    let setup = b"SETUP rtsp://a/ RTSP/1.0\r\nTransport: RTP/AVP;client_port=4-5\r\nContent-Length: 9\r\n\r\nm=a 1\r\n"
        .to_vec();
    for whole in [stun, setup, INVITE.to_vec(), rtp(0, 1, &[9; 40])] {
        for at in 0..whole.len() {
            let mut altered = whole.clone();
            altered[at] ^= 0xff;
            for bytes in [&whole[..at], &altered] {
                for (_, recogniser) in ALL {
                    for note in [0, u64::MAX, 1 << 63, 3 << 62] {
                        let mut seen = Seen { note, ..Seen::default() };
                        if let Some(Next::Talk(mut talk)) = recogniser(&to(554, bytes), &mut seen) {
                            talk.hear(Side::Client, bytes, &mut seen);
                            talk.hear(Side::Server, bytes, &mut seen);
                        }
                    }
                }
            }
        }
    }
}
