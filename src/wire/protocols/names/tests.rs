use super::*;
use crate::wire::labels::Label;
use crate::wire::protocols::Over;

const QUERY: &[u8] = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01";

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

fn shown(recogniser: Recogniser, data: &Datagram<'_>) -> Vec<Label> {
    let mut seen = Seen::default();
    let is = recogniser(data, &mut seen).is_some();
    let labels: Vec<Label> = seen.iter().collect();
    assert_eq!(is, !labels.is_empty());
    labels
}

/// World: a question to a resolver of the same IPv6 site. Truth: look-ups in the clear, but not on the internet.
#[test]
fn the_router_s_global_address_is_no_public_resolver() {
    let mut data = to(53, QUERY);
    assert!(shown(dns, &data).contains(&labels::DNS_DO53_PUBLIC_SERVER));
    data.source = "[2001:db8:1:1::5]:50000".parse().unwrap();
    data.destination = "[2001:db8:1::1]:53".parse().unwrap();
    assert_eq!(shown(dns, &data), [labels::DNS_DO53]);
    data.destination = "[2001:db8:2::1]:53".parse().unwrap();
    assert!(shown(dns, &data).contains(&labels::DNS_DO53_PUBLIC_SERVER));
}

/// World: messages cut at every length. Truth: none panics, and none is whole.
#[test]
fn a_cut_message_is_none() {
    for recogniser in [dns, dns_anywhere, mdns, llmnr, nbns] {
        for cut in 0..QUERY.len() {
            assert!(recogniser(&to(53, &QUERY[..cut]), &mut Seen::default()).is_none(), "{cut}");
        }
    }
}

/// World: a capture kept the first bytes only. Truth: what is there is a look-up.
#[test]
fn a_message_the_capture_cut_is_one() {
    let data = Datagram { length: QUERY.len(), ..to(53, &QUERY[..20]) };
    assert!(shown(dns, &data).contains(&labels::DNS_DO53));
    assert!(shown(dns_anywhere, &data).is_empty());
}

/// World: names that point at themselves, forward, and out. Truth: none is a message.
#[test]
fn pointers_lead_back_or_nowhere() {
    for target in [12_u8, 13, 200] {
        let message = [&QUERY[..12], &[0xc0, target, 0, 1, 0, 1]].concat();
        assert!(Message::read(&message, message.len()).is_none(), "{target}");
    }
}

/// World: a stream of two questions, one long answer, cut anywhere. Truth: each is heard once.
#[test]
fn messages_in_a_stream_are_whole_wherever_it_is_cut() {
    let mut long = QUERY.to_vec();
    long[7] = 60;
    for _ in 0..60 {
        long.extend_from_slice(&[0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, 20]);
        long.extend_from_slice(&[7; 20]);
    }
    let framed = |message: &[u8]| [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], message].concat();
    let stream = [framed(QUERY), framed(&long), framed(QUERY)].concat();
    for cut in 0..stream.len() {
        let mut half = Half::default();
        let mut count = 0;
        for part in [&stream[..cut], &stream[cut..]] {
            half.hear(part, |message| {
                count += 1;
                message.is_dns()
            })
            .unwrap();
        }
        assert_eq!(count, 3, "cut at {cut}");
    }
}

/// World: NetBIOS's own example of an encoded name, and letters outside of it.
#[test]
fn netbios_names_are_decoded() {
    let label =
        |text: &[u8]| [b"\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x20", text, b"\x00\x00\x20\x00\x01"].concat();
    let right = label(b"EGFCEFEECACACACACACACACACACACACA");
    assert_eq!(Message::read(&right, right.len()).unwrap().question.and_then(netbios).unwrap(), *b"FRED            ");
    let wrong = label(b"EGFCEFEECACACACACACACACACACACACZ");
    assert!(Message::read(&wrong, wrong.len()).unwrap().question.and_then(netbios).is_none());
}
