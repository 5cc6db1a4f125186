use super::super::tests::{hello, message, name};
use super::*;
use crate::wire::labels::Label;

/// RFC 9001, appendix A.
const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

/// World: the example's id. Truth: the mask that the standard gives for its sample (appendix A.2).
#[test]
fn keys_are_those_of_the_standard_s_example() {
    let keys = Keys::of(&SUITES[0], &ID).unwrap();
    assert_eq!(keys.vector, *b"\xfa\x04\x4b\x2f\x42\xa3\xfd\x3b\x46\xfb\x25\x5c");
    let mut mask = Array(*b"\xd1\xb1\xc9\x8d\xd7\x68\x9f\xb8\xec\x11\xd2\x42\xb1\x23\xdc\x9b");
    keys.header.encrypt_block(&mut mask);
    assert_eq!(mask[..5], *b"\x43\x7b\x9a\xec\x36");
}

/// A client's initial packet with these frames, protected as the standard says but for the tag.
fn packet(suite: usize, id: &[u8], number: u8, frames: &[u8]) -> Vec<u8> {
    let suite = &SUITES[suite];
    let keys = Keys::of(suite, id).unwrap();
    let length = u16::try_from(1 + frames.len() + 16).unwrap() | 0x4000;
    let head = [
        &[0xc0 | suite.initial << 4][..],
        &suite.versions.0.to_be_bytes(),
        &[u8::try_from(id.len()).unwrap()],
        id,
        &[0, 0],
        &length.to_be_bytes(),
    ]
    .concat();
    let place = head.len();
    let mut whole = [&head[..], &[number], frames, &[0; 16]].concat();
    // Encrypting and decrypting are the same: with the number in the clear the mask is undone first.
    let mut nonce = [0; 16];
    nonce[..12].copy_from_slice(&keys.vector);
    nonce[11] ^= number;
    for (counter, block) in (2_u32..).zip(whole[place + 1..place + 1 + frames.len()].chunks_mut(16)) {
        nonce[12..].copy_from_slice(&counter.to_be_bytes());
        let mut stream = Array(nonce);
        keys.payload.encrypt_block(&mut stream);
        block.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
    }
    let mut mask = Array(*whole[place + 4..].first_chunk::<16>().unwrap());
    keys.header.encrypt_block(&mut mask);
    whole[0] ^= mask[0] & 0x0f;
    whole[place] ^= mask[1];
    whole
}

fn crypto(offset: usize, piece: &[u8]) -> Vec<u8> {
    let number = |number: usize| (u16::try_from(number).unwrap() | 0x4000).to_be_bytes();
    [&[0, 1, 6][..], &number(offset), &number(piece.len()), piece].concat()
}

fn heard(datagrams: &[Vec<u8>]) -> Vec<Label> {
    let mut seen = Seen::default();
    let data = Datagram {
        over: crate::wire::protocols::Over::Udp,
        bytes: &datagrams[0],
        length: datagrams[0].len(),
        source: ([192, 0, 2, 1], 50_000).into(),
        destination: ([198, 51, 100, 53], 8853).into(),
        side: Side::Client,
    };
    let Some(Next::Talk(mut talk)) = quic(&data, &mut seen) else { panic!("no QUIC") };
    for datagram in datagrams {
        talk.hear(Side::Client, datagram, &mut seen);
    }
    seen.iter().collect()
}

/// World: a hello for DNS over QUIC, in two frames the wrong way round, in one packet, in two of one datagram, and
/// in two datagrams. Truth: it is read, in each version.
#[test]
fn a_hello_is_put_together_from_its_pieces() {
    let whole = message(1, &hello(&[(0, &name("dns.example")), (16, b"\x00\x04\x03doq")]));
    let (first, second) = whole.split_at(40);
    let pieces = [crypto(40, second), crypto(0, first)];
    for suite in 0..SUITES.len() {
        let one = [packet(suite, &ID, 0, &pieces.concat())];
        let packets = [packet(suite, &ID, 0, &pieces[0]), packet(suite, &ID, 1, &pieces[1])];
        for datagrams in [&one[..], &[packets.concat()], &packets] {
            assert_eq!(heard(datagrams), [labels::QUIC_ANY, labels::TLS_ANY, labels::DNS_DOQ], "{suite}");
        }
    }
}

/// World: the second half comes under another id, as after a retry or as a server gave it. Truth: the keys of the
/// first hold.
#[test]
fn another_id_is_opened_by_the_first_one_s_keys() {
    let whole = message(1, &hello(&[(0, &name("dns.google"))]));
    let (first, second) = whole.split_at(60);
    let mut other = packet(0, &ID, 1, &crypto(60, second));
    other[6] ^= 0x55;
    let labels = heard(&[packet(0, &ID, 0, &crypto(0, first)), other]);
    assert_eq!(labels, [labels::QUIC_ANY, labels::TLS_ANY, labels::DNS_DOH_SNI]);
}

/// World: a packet cut, and altered, everywhere. Truth: nothing panics, and no hello is read of a part.
#[test]
fn hostile_packets_do_no_harm() {
    let whole = packet(0, &ID, 0, &crypto(0, &message(1, &hello(&[(0, &name("dns.google"))]))));
    for at in 0..whole.len() {
        let mut opening = Opening {
            server: ([198, 51, 100, 53], 443).into(),
            keys: None,
            pieces: Pieces::default(),
            left: DATAGRAMS,
        };
        let mut seen = Seen::default();
        opening.take(&whole[..at], &mut seen);
        assert!(!seen.has(labels::TLS_ANY));
        let mut altered = whole.clone();
        altered[at] ^= 0xff;
        opening.take(&altered, &mut seen);
    }
}
