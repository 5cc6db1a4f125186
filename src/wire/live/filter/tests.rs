//! The program, run by a small interpreter of its own, on packets made from the standards.

use proptest::prelude::*;

use super::*;

/// A packet as the kernel shows it to the filter.
#[derive(Clone, Debug)]
struct Packet {
    bytes: Vec<u8>,
    protocol: u32,
    kind: u32,
    interface: u32,
    tagged: bool,
    random: u32,
}

/// Runs a program as the kernel does; a load outside the packet ends it with 0.
fn run(program: &[Instruction], packet: &Packet) -> u32 {
    let (mut a, mut x, mut memory, mut at) = (0u32, 0u32, [0u32; 16], 0usize);
    let bytes = |from: u32, count: usize| -> Option<u32> {
        let from = usize::try_from(from).ok()?;
        let bytes = packet.bytes.get(from..from.checked_add(count)?)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    };
    loop {
        let Instruction { code, then, otherwise, k } = program[at];
        at += 1;
        let loaded = match code {
            0x20 if k == Known::Protocol as u32 => Some(packet.protocol),
            0x20 if k == Known::Kind as u32 => Some(packet.kind),
            0x20 if k == Known::Interface as u32 => Some(packet.interface),
            0x20 if k == Known::Tagged as u32 => Some(u32::from(packet.tagged)),
            0x20 if k == Known::Random as u32 => Some(packet.random),
            0x20 => bytes(k, 4),
            0x28 => bytes(k, 2),
            0x30 => bytes(k, 1),
            0x40 => bytes(x.wrapping_add(k), 4),
            0x48 => bytes(x.wrapping_add(k), 2),
            0x50 => bytes(x.wrapping_add(k), 1),
            0x80 => Some(u32::try_from(packet.bytes.len()).unwrap()),
            0x60 => Some(memory[k as usize]),
            _ => {
                let mut jump = |holds: bool| at += usize::from(if holds { then } else { otherwise });
                match code {
                    0xb1 => match bytes(k, 1) {
                        Some(byte) => x = (byte & 0xf) * 4,
                        None => return 0,
                    },
                    0x61 => x = memory[k as usize],
                    0x01 => x = k,
                    0x02 => memory[k as usize] = a,
                    0x03 => memory[k as usize] = x,
                    0x0c => a = a.wrapping_add(x),
                    0x1c => a = a.wrapping_sub(x),
                    0x44 => a |= k,
                    0x54 => a &= k,
                    0x74 => a >>= k,
                    0x05 => at += k as usize,
                    0x15 => jump(a == k),
                    0x25 => jump(a > k),
                    0x35 => jump(a >= k),
                    0x45 => jump(a & k != 0),
                    0x2d => jump(a > x),
                    0x06 => return k,
                    other => panic!("instruction {other:#x} is not one of ours"),
                }
                continue;
            }
        };
        match loaded {
            Some(value) => a = value,
            None => return 0,
        }
    }
}

fn packet(protocol: u32, bytes: Vec<u8>) -> Packet {
    Packet { bytes, protocol, kind: 0, interface: 2, tagged: false, random: 1 }
}

/// An IPv4 or IPv6 packet around a transport header.
fn ip(six: bool, protocol: u8, transport: &[u8]) -> Packet {
    let length = u16::try_from(transport.len()).unwrap();
    if six {
        let mut bytes = vec![0x60, 0, 0, 0];
        bytes.extend(length.to_be_bytes());
        bytes.extend([protocol, 64]);
        bytes.extend([0; 32]);
        bytes.extend(transport);
        return packet(IPV6, bytes);
    }
    // With four bytes of options, so that nothing rests on a header of twenty.
    let mut bytes = vec![0x46, 0];
    bytes.extend((24 + length).to_be_bytes());
    bytes.extend([0, 1, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 1, 1, 1, 0]);
    bytes.extend(transport);
    packet(IPV4, bytes)
}

fn udp_transport(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = from.to_be_bytes().to_vec();
    bytes.extend(to.to_be_bytes());
    bytes.extend(u16::try_from(8 + payload.len()).unwrap().to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend(payload);
    bytes
}

/// A TCP segment with options of twelve bytes.
fn tcp_transport(from: u16, to: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = from.to_be_bytes().to_vec();
    bytes.extend(to.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x80, flags, 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend([1; 12]);
    bytes.extend(payload);
    bytes
}

fn passes(packet: &Packet) -> bool {
    match run(&program(), packet) {
        0 => false,
        LONGEST => true,
        other => panic!("{other} bytes of a packet that is no sample"),
    }
}

/// Whether it passes over IPv4 and over IPv6 alike.
fn both(protocol: u8, transport: &[u8]) -> bool {
    let (four, six) = (passes(&ip(false, protocol, transport)), passes(&ip(true, protocol, transport)));
    assert_eq!(four, six, "IPv4 and IPv6 are judged alike");
    four
}

fn udp_passes(from: u16, to: u16, payload: &[u8]) -> bool {
    both(17, &udp_transport(from, to, payload))
}

fn tcp_passes(from: u16, to: u16, payload: &[u8]) -> bool {
    both(6, &tcp_transport(from, to, 0x18, payload))
}

/// Bytes that look like nothing.
fn bulk(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from((at * 37 + 0x65) % 251).unwrap()).collect()
}

#[test]
fn the_kernel_will_take_it() {
    let program = program();
    assert!(program.len() < 1024, "{} instructions", program.len());
    for (at, instruction) in program.iter().enumerate() {
        let furthest = match instruction.code & 0x07 {
            0x05 if instruction.code == 0x05 => instruction.k as usize,
            0x05 => usize::from(instruction.then.max(instruction.otherwise)),
            _ => 0,
        };
        assert!(at + 1 + furthest < program.len() || instruction.code == 0x06, "instruction {at} leads out");
        assert_ne!(instruction.then.max(instruction.otherwise), u8::MAX, "instruction {at}: a set is too large");
    }
    assert_eq!(program.last().map(|last| last.code), Some(0x06));
    for set in [UDP_PORTS, TCP_PORTS, TLS_PORTS] {
        assert!(set.iter().all(|(low, high)| low <= high));
        assert!(set.windows(2).all(|two| two[0].1 < two[1].0), "sorted and apart: {set:?}");
    }
}

#[test]
fn what_tells_of_the_local_network_passes() {
    assert!(passes(&packet(ARP, vec![0, 1, 8, 0, 6, 4, 0, 1])));
    assert!(passes(&packet(EAPOL, vec![2, 3, 0, 95])));
    assert!(!passes(&packet(0x88cc, vec![0; 60])));
    for (six, protocol, kind, expected) in [
        (true, 58, 133, true),
        (true, 58, 134, true),
        (true, 58, 135, true),
        (true, 58, 137, true),
        (true, 58, 128, false),
        (true, 58, 143, false),
        (false, 1, 5, true),
        (false, 1, 9, true),
        (false, 1, 8, false),
        (false, 1, 3, false),
    ] {
        assert_eq!(passes(&ip(six, protocol, &[kind, 0, 0, 0, 0, 0, 0, 0])), expected, "{six} {kind}");
    }
    for port in [53, 67, 68, 137, 138, 546, 547, 5353, 5355] {
        assert!(udp_passes(40_000, port, &bulk(40)) && udp_passes(port, 40_000, &bulk(40)), "{port}");
    }
}

#[test]
fn what_is_not_ours_does_not() {
    let ours = packet(ARP, vec![0, 1, 8, 0]);
    for (other, expected) in [
        (Packet { interface: 1, ..ours.clone() }, false),
        (Packet { tagged: true, ..ours.clone() }, false),
        (Packet { kind: 3, ..ours.clone() }, false),
        (Packet { kind: 5, ..ours.clone() }, false),
        (Packet { kind: 1, ..ours.clone() }, true),
        (Packet { kind: 2, ..ours.clone() }, true),
        (Packet { kind: 4, ..ours }, true),
    ] {
        assert_eq!(passes(&other), expected, "{other:?}");
    }
}

#[test]
fn openings_of_vpns_pass_on_any_port_and_their_data_does_not() {
    let wireguard = |kind: u8, length: usize| {
        let mut bytes = vec![kind, 0, 0, 0];
        bytes.extend(bulk(length - 4));
        bytes
    };
    for (kind, length) in [(1, 148), (2, 92), (3, 64), (4, 32)] {
        assert!(udp_passes(51820, 12345, &wireguard(kind, length)), "{kind}");
    }
    assert!(!udp_passes(51820, 12345, &wireguard(1, 149)));
    assert!(!udp_passes(51820, 12345, &wireguard(4, 1452)));

    // IKE_SA_INIT behind the marker of RFC 3948, and ESP, which has no marker.
    let mut ike = vec![0; 4];
    ike.extend([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 33, 0x20, 34, 8, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert!(udp_passes(4500, 4500, &ike) && udp_passes(500, 500, &ike[4..]));
    assert!(udp_passes(4500, 4500, &[0xff]) && !udp_passes(4500, 4500, &[0x41]));
    assert!(!udp_passes(4500, 4500, &bulk(1300)));

    // P_CONTROL_HARD_RESET_CLIENT_V2 with a session id; P_DATA_V2.
    let mut reset = vec![0x38];
    reset.extend(bulk(13));
    assert!(udp_passes(33333, 1194, &reset) && udp_passes(33333, 8443, &reset));
    assert!(udp_passes(1194, 33333, &[0x28, 1, 2, 3, 4, 5, 6, 7, 8, 1]));
    assert!(!udp_passes(33333, 1194, &[&[0x48][..], &bulk(1300)].concat()));
    assert!(tcp_passes(33333, 8443, &[&[0, 14][..], &reset].concat()));
    assert!(!tcp_passes(33333, 8443, &[&[5, 0x14, 0x48][..], &bulk(1300)].concat()));

    // L2TP control and data; a DTLS ClientHello and record; QUIC's long and short header; Tailscale.
    assert!(udp_passes(1701, 1701, &[0xc8, 2, 0, 60, 0, 0]) && !udp_passes(1701, 1701, &[0x40, 2, 0, 60, 0, 0]));
    assert!(udp_passes(9, 4443, &[0x16, 0xfe, 0xff, 0]) && !udp_passes(9999, 4443, &[0x17, 0xfe, 0xfd, 0]));
    assert!(udp_passes(9999, 443, &[&[0xc3, 0, 0, 0, 1][..], &bulk(1195)].concat()));
    assert!(!udp_passes(9999, 443, &[&[0xc3, 0x12, 0, 0, 1][..], &bulk(1195)].concat()));
    assert!(!udp_passes(9999, 443, &[&[0x53, 0, 0, 0, 1][..], &bulk(1195)].concat()));
    assert!(udp_passes(41641, 41641, &[&b"TS\xf0\x9f\x92\xac"[..], &bulk(60)].concat()));
}

#[test]
fn of_tcp_the_beginnings_pass() {
    for flags in [0x02, 0x12] {
        assert!(both(6, &tcp_transport(40_000, 9, flags, &[])), "{flags:#x}");
    }
    assert!(!both(6, &tcp_transport(40_000, 25, 0x10, &[])), "an acknowledgement alone says nothing");
    for word in
        ["GET / HTTP/1.1\r\n", "get / ", "HTTP/1.1 200 OK", "SSH-2.0-x", "RFB 003.008\n", "NICK a\r\n", "EHLO x"]
    {
        assert!(tcp_passes(40_000, 7777, word.as_bytes()), "{word}");
    }
    for hello in [&[0x16, 3, 1, 0, 200, 1][..], &[0x16, 3, 3, 0, 90, 2], &[0x80, 46, 1, 0, 2], &[0x80, 46, 1, 3, 1]] {
        assert!(tcp_passes(40_000, 7777, &[hello, &bulk(100)].concat()), "{hello:?}");
    }
    assert!(!tcp_passes(40_000, 7777, &[&[0x17, 3, 3, 5, 0][..], &bulk(1280)].concat()));
    assert!(!tcp_passes(40_000, 7777, &bulk(1300)));
    assert!(!tcp_passes(40_000, 7777, b"GE"));
    assert!(tcp_passes(40_000, 3389, &[3, 0, 0, 19, 14, 0xe0, 0, 0]));
    assert!(tcp_passes(40_000, 445, &[&[0, 0, 0, 80][..], b"\xffSMBr", &bulk(300)].concat()));
    assert!(!tcp_passes(40_000, 445, &[&[0, 0, 5, 80][..], b"\xfeSMB", &bulk(1300)].concat()));
    assert!(tcp_passes(23, 40_000, &[0xff, 0xfd, 0x18]) && tcp_passes(4000, 2323, &[0xff, 0xfd, 0x18, 0]));
}

#[test]
fn in_the_clear_the_client_is_heard_and_the_server_where_it_is_short() {
    for port in [21, 25, 80, 110, 143, 389, 587, 5222, 5900, 6667, 8080] {
        assert!(tcp_passes(40_000, port, &bulk(1400)) && tcp_passes(port, 40_000, &bulk(200)), "{port}");
        assert!(tcp_passes(40_000, port, b"x"), "a key stroke");
        assert!(!tcp_passes(port, 40_000, &bulk(1400)), "{port}");
    }
}

#[test]
fn the_rest_of_a_hello_passes_and_uploads_do_not() {
    assert!(tcp_passes(40_000, 443, &bulk(500)));
    assert!(!both(6, &tcp_transport(40_000, 443, 0x10, &bulk(500))), "not pushed");
    assert!(!tcp_passes(40_000, 443, &bulk(1400)), "full");
    assert!(!tcp_passes(40_000, 443, &[&[0x17, 3, 3, 1, 0][..], &bulk(256)].concat()), "a record of its own");
    assert!(!tcp_passes(443, 40_000, &bulk(500)), "downloads");
}

#[test]
fn sound_passes_and_pictures_do_not() {
    assert!(udp_passes(40_000, 40_002, &[&[0x80, 0x00][..], &bulk(170)].concat()));
    assert!(udp_passes(40_000, 40_002, &[&[0x80, 0x6f][..], &bulk(90)].concat()));
    assert!(!udp_passes(40_000, 40_002, &[&[0x80, 0x60][..], &bulk(1100)].concat()));
    assert!(!udp_passes(40_000, 40_002, &bulk(170)));
}

#[test]
fn of_the_rest_a_sample_passes() {
    let program = program();
    for (packet, of) in [
        (ip(false, 50, &bulk(1400)), OTHERS),
        (ip(true, 47, &bulk(1400)), OTHERS),
        (ip(false, 17, &udp_transport(40_000, 40_001, &bulk(1300))), UNKNOWN_UDP),
    ] {
        let passed: Vec<u32> = (0..of * 4)
            .filter(|random| run(&program, &Packet { random: *random, ..packet.clone() }) == SHORT)
            .collect();
        assert_eq!(passed, [0, of, of * 2, of * 3]);
    }
    assert_eq!(run(&program, &Packet { random: 0, ..ip(false, 6, &tcp_transport(1, 2, 0x10, &bulk(900))) }), 0);
}

#[test]
fn parts_are_read_as_far_as_they_go() {
    // The first part shows the ports; the second is bytes of anything.
    let mut first = ip(false, 17, &udp_transport(53, 40_000, &bulk(900)));
    first.bytes[6] = 0x20;
    assert!(passes(&first));
    let mut second = first.clone();
    second.bytes[7] = 0x71;
    assert!(!passes(&second));

    let mut six = vec![17, 0, 0, 1, 0, 0, 0, 7];
    six.extend(udp_transport(53, 40_000, &bulk(900)));
    assert!(passes(&ip(true, 44, &six)));
    six[2..4].copy_from_slice(&[0x05, 0xa8]);
    assert!(!passes(&ip(true, 44, &six)));

    // A router advertisement behind a header of options, as those send it who hide it from switches.
    assert!(passes(&ip(true, 60, &[58, 0, 1, 4, 0, 0, 0, 0, 134, 0, 0, 0])));
}

#[test]
fn every_cut_is_borne() {
    let program = program();
    for whole in [
        ip(false, 17, &udp_transport(9999, 443, &[&[0xc3, 0, 0, 0, 1][..], &bulk(60)].concat())),
        ip(true, 6, &tcp_transport(40_000, 7777, 0x18, b"GET / HTTP/1.1\r\n")),
        ip(true, 44, &[17, 0, 0, 1, 0, 0, 0, 7, 0, 53]),
    ] {
        for length in 0..whole.bytes.len() {
            run(&program, &Packet { bytes: whole.bytes[..length].to_vec(), ..whole.clone() });
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_come_to_an_end(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        protocol in prop_oneof![Just(ARP), Just(IPV4), Just(IPV6), any::<u32>()],
        random in any::<u32>(),
    ) {
        let passed = run(&program(), &Packet { random, ..packet(protocol, bytes) });
        prop_assert!([0, SHORT, LONGEST].contains(&passed));
    }
}
