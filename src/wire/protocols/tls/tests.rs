use super::*;
use crate::wire::labels::Label;
use crate::wire::protocols::Over;

fn to(over: Over, port: u16, bytes: &[u8]) -> Datagram<'_> {
    Datagram {
        over,
        bytes,
        length: bytes.len(),
        source: ([192, 0, 2, 1], 50_000).into(),
        destination: ([198, 51, 100, 53], port).into(),
        side: Side::Client,
    }
}

/// A hello's body: version, random, no session, one cipher, no compression, these extensions.
pub(super) fn hello(extensions: &[(u16, &[u8])]) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    let all: Vec<u8> = extensions
        .iter()
        .flat_map(|(kind, data)| [&kind.to_be_bytes()[..], &short(data.len()), data].concat())
        .collect();
    [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 0x01, 1, 0], &short(all.len()), &all].concat()
}

/// The body as a handshake message.
pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let [_, a, b, c] = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind, a, b, c], body].concat()
}

fn record(message: &[u8]) -> Vec<u8> {
    [&[22, 3, 1][..], &u16::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

pub(super) fn name(name: &str) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    [&short(name.len() + 3)[..], &[0], &short(name.len()), name.as_bytes()].concat()
}

fn heard(pieces: &[&[u8]], port: u16) -> Vec<Label> {
    let first = to(Over::Tcp, port, pieces[0]);
    let mut seen = Seen::default();
    let Some(Next::Talk(mut talk)) = tls(&first, &mut seen) else { panic!("no TLS") };
    for piece in pieces {
        talk.hear(Side::Client, piece, &mut seen);
    }
    seen.iter().collect()
}

/// World: a hello of many extensions, in two segments cut anywhere, and in records of seven bytes.
/// Truth: the same is shown.
#[test]
fn a_hello_is_whole_wherever_it_was_cut() {
    let body = hello(&[(0xfe0d, &[0; 200]), (0, &name("Dns.Google")), (16, b"\x00\x04\x03dot")]);
    let whole = record(&message(1, &body));
    let mut truth = [labels::TLS_ANY, labels::TLS_ECH, labels::DNS_DOH_SNI, labels::DNS_DOT];
    truth.sort_unstable();
    for cut in 6..whole.len() {
        let mut labels = heard(&[&whole[..cut], &whole[cut..]], 443);
        labels.sort_unstable();
        assert_eq!(labels, truth, "cut at {cut}");
    }
    let records: Vec<u8> = message(1, &body).chunks(7).flat_map(record).collect();
    let mut labels = heard(&[&records], 443);
    labels.sort_unstable();
    assert_eq!(labels, truth);
}

/// World: hellos cut at every length, and with every byte altered. Truth: nothing panics.
#[test]
fn hostile_hellos_do_no_harm() {
    let body = hello(&[(0, &name("example.com")), (16, b"\x00\x03\x02h2")]);
    let whole = record(&message(1, &body));
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 0xff;
        for bytes in [&whole[..at], &altered] {
            let mut seen = Seen::default();
            if let Some(Next::Talk(mut talk)) = tls(&to(Over::Tcp, 443, bytes), &mut seen) {
                talk.hear(Side::Client, bytes, &mut seen);
            }
            let _ = sslv2(&to(Over::Tcp, 443, bytes), &mut seen);
            let _ = tls_853(&to(Over::Tcp, 853, bytes), &mut seen);
            let _ = dtls::dtls(&to(Over::Udp, 443, bytes), &mut seen);
            let _ = quic::quic(&to(Over::Udp, 443, bytes), &mut seen);
            piece(bytes, &mut seen);
        }
    }
}

/// World: what servers agree to. Truth: TLS 1.3 and 1.2 with AES are fine, what is older or weaker is told.
#[test]
fn a_server_s_choice_is_judged() {
    let shown = |version: [u8; 2], cipher: [u8; 2]| {
        let body = [&version[..], &[7; 32], &[0], &cipher, &[0]].concat();
        let mut seen = Seen::default();
        piece(&record(&message(2, &body)), &mut seen);
        seen.iter().collect::<Vec<_>>()
    };
    assert_eq!(shown([3, 3], [0xc0, 0x2f]), []);
    assert_eq!(shown([3, 3], [0x13, 0x01]), []);
    assert_eq!(shown([3, 2], [0xc0, 0x13]), [labels::TLS_LEGACY_VERSION]);
    assert_eq!(shown([3, 0], [0x00, 0x2f]), [labels::TLS_LEGACY_VERSION, labels::TLS_SSLV3]);
    assert_eq!(shown([3, 3], [0x00, 0x05]), [labels::TLS_WEAK_CIPHER]);
}

/// World: a server that is called by an address of a public resolver, without a name. Truth: on HTTPS's port that is
/// DNS over HTTPS; DNS over TLS on its own port has its own label.
#[test]
fn a_resolver_s_address_tells_where_no_name_is_sent() {
    let whole = record(&message(1, &hello(&[])));
    let shown = |port: u16| {
        let mut data = to(Over::Tcp, port, &whole);
        data.destination.set_ip([1, 1, 1, 1].into());
        let mut seen = Seen::default();
        let Some(Next::Talk(mut talk)) = tls(&data, &mut seen) else { panic!("no TLS") };
        talk.hear(Side::Client, &whole, &mut seen);
        seen.iter().collect::<Vec<_>>()
    };
    assert_eq!(shown(443), [labels::TLS_ANY, labels::DNS_DOH_SNI]);
    assert_eq!(shown(853), [labels::DNS_DOT, labels::TLS_ANY]);
}
