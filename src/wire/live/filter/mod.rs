//! What the kernel lets through: the packets that classification learns from, and of everything else a sample.
//!
//! One program for links of every kind: it is attached to a packet socket of type `SOCK_DGRAM`, whose packets begin with
//! the network layer whether the link has headers or not, and whose ether type the kernel tells. A filter
//! has no memory, so it lets through what shows in a packet by itself:
//!
//! - ARP, EAPOL, PPPoE discovery; router and neighbour discovery, redirects;
//! - UDP of ports whose protocols speak little, and on any port what looks like the opening of a VPN, of QUIC, DTLS, STUN,
//!   SIP or RTP;
//! - TCP's SYN; on ports of protocols in the clear what clients send and short answers; on any port segments that
//!   begin with a word of such a protocol or with a TLS handshake;
//! - of what is left but TCP, one packet in some.
//!
//! Loopback, frames for others, and frames with a VLAN tag (their VLAN's own interface shows them) are left out.
//! Offsets: RFC 791, 8200, 768, 9293; numbers of the kernel: `include/uapi/linux/if_packet.h`.

mod assembler;
#[cfg(test)]
mod tests;

pub use assembler::Instruction;
use assembler::{Code, Is, Known};

use Is::{Any, AtLeast, Equal, Greater, GreaterThanX};

/// Longest packet that is copied, in bytes. A segment that waits to be cut by the network card may have 64 KiB.
pub const LONGEST: u32 = 8192;
/// Of a packet that is but a sample.
const SHORT: u32 = 256;

/// One in so many, a power of two: of IP protocols that are neither TCP nor UDP (ESP, GRE), and of UDP that looks like
/// nothing in particular.
const OTHERS: u32 = 64;
const UNKNOWN_UDP: u32 = 128;

/// Memory slots: where the transport header begins, its protocol, where TCP's payload begins and how long it is.
const TRANSPORT: u32 = 0;
const PROTOCOL: u32 = 1;
const PAYLOAD: u32 = 2;
const LENGTH: u32 = 3;

const ARP: u32 = 0x0806;
const EAPOL: u32 = 0x888e;
const PPPOE_DISCOVERY: u32 = 0x8863;
const IPV4: u32 = 0x0800;
const IPV6: u32 = 0x86dd;

/// UDP ports of protocols that speak little, at either end.
const UDP_PORTS: &[(u32, u32)] = &[
    (53, 53),     // DNS
    (67, 69),     // DHCP, TFTP
    (111, 111),   // portmap
    (123, 123),   // NTP
    (137, 138),   // NetBIOS
    (161, 162),   // SNMP
    (500, 500),   // IKE
    (514, 514),   // syslog
    (546, 547),   // DHCPv6
    (853, 853),   // DNS over QUIC
    (1900, 1900), // SSDP
    (3544, 3544), // Teredo
    (5060, 5061), // SIP
    (5353, 5353), // mDNS
    (5355, 5355), // LLMNR
];

/// TCP ports of protocols that are, or may be, in the clear.
const TCP_PORTS: &[(u32, u32)] = &[
    (21, 21),     // FTP
    (23, 23),     // Telnet
    (25, 25),     // SMTP
    (53, 53),     // DNS
    (80, 81),     // HTTP
    (110, 110),   // POP3
    (119, 119),   // NNTP
    (143, 143),   // IMAP
    (389, 389),   // LDAP
    (512, 514),   // exec, rlogin, rsh
    (554, 554),   // RTSP
    (587, 587),   // submission
    (853, 853),   // DNS over TLS
    (1080, 1080), // SOCKS
    (1723, 1723), // PPTP
    (1883, 1883), // MQTT
    (2525, 2525), // submission, elsewhere
    (3128, 3128), // HTTP proxies
    (3268, 3268), // LDAP, global catalogue
    (3306, 3306), // MySQL
    (5060, 5060), // SIP
    (5222, 5223), // XMPP
    (5269, 5269), // XMPP, servers
    (5432, 5432), // PostgreSQL
    (5900, 5905), // VNC
    (6379, 6379), // Redis
    (6660, 6669), // IRC
    (7000, 7000), // IRC
    (8000, 8000), // HTTP, elsewhere
    (8008, 8008),
    (8080, 8080),
    (8888, 8888),
];

/// Longest answer of a server on such a port that still passes: banners, greetings and refusals are short, what is
/// fetched is not.
const ANSWER: u32 = 600;

/// TCP ports of servers that speak TLS from the first byte: the end of a ClientHello that was cut in two passes.
const TLS_PORTS: &[(u32, u32)] =
    &[(443, 443), (465, 465), (636, 636), (990, 990), (993, 993), (995, 995), (5061, 5061), (8443, 8443)];

/// A segment that is shorter than this, in bytes, was not cut by the size of the path.
const FULL: u32 = 1200;

/// First words of protocols in the clear over TCP, in small letters.
const TCP_WORDS: &[&[u8; 4]] = &[
    b"get ", b"post", b"head", b"put ", b"dele", b"opti", b"conn", b"patc", b"trac", b"prop", b"sstp", b"http",
    b"pri ", b"ssh-", b"rfb ", b"user", b"pass", b"ehlo", b"helo", b"auth", b"mail", b"stls", b"star", b"nick",
    b"cap ", b"join", b"* ok", b"+ok ", b"220 ", b"220-", b"235 ", b"334 ", b"<?xm", b"<str", b"sip/", b"regi",
    b"invi", b"rtsp", b"desc", b"*2\r\n", b"*3\r\n", b"-ok ",
];

/// And over UDP.
const UDP_WORDS: &[&[u8; 4]] = &[
    b"invi", b"regi", b"sip/", b"opti", b"subs", b"noti", b"mess", b"m-se", b"http", b"bye ", b"ack ", b"canc", b"publ",
];

/// Letters as small ones, digits and signs as they are but for a few that become others.
const SMALL: u32 = 0x2020_2020;

/// The program.
pub fn program() -> Vec<Instruction> {
    let mut code = Code::default();
    only_ours(&mut code);
    code.known(Known::Protocol);
    for kind in [ARP, EAPOL, PPPOE_DISCOVERY] {
        code.when(Equal(kind), whole);
    }
    code.either(Equal(IPV4), ipv4, |code| {
        code.unless(Equal(IPV6), drop);
        ipv6(code);
    });
    code.fetch(PROTOCOL);
    code.when(Equal(6), tcp);
    code.when(Equal(17), udp);
    code.when(Equal(1), icmp);
    code.when(Equal(58), icmpv6);
    sample(&mut code, OTHERS);
    code.finish()
}

fn whole(code: &mut Code) {
    code.pass(LONGEST);
}

fn drop(code: &mut Code) {
    code.pass(0);
}

/// One in `of` passes, cut short; the others do not.
fn sample(code: &mut Code, of: u32) {
    code.known(Known::Random);
    code.and(of - 1);
    code.when(Equal(0), |code| code.pass(SHORT));
    drop(code);
}

/// Drops what is not of this machine, or is shown elsewhere.
fn only_ours(code: &mut Code) {
    /// The loopback interface is the first of every network namespace.
    const LOOPBACK: u32 = 1;
    /// `PACKET_OTHERHOST`, and `PACKET_LOOPBACK`: what multicast brings back.
    const FOR_OTHERS: u32 = 3;
    const BROUGHT_BACK: u32 = 5;
    code.known(Known::Interface);
    code.when(Equal(LOOPBACK), drop);
    code.known(Known::Tagged);
    code.unless(Equal(0), drop);
    code.known(Known::Kind);
    code.when(Equal(FOR_OTHERS), drop);
    code.when(AtLeast(BROUGHT_BACK), drop);
}

/// Finds IPv4's protocol and transport header. Parts of packets but the first are a sample.
fn ipv4(code: &mut Code) {
    code.half(6);
    code.when(Any(0x1fff), |code| sample(code, OTHERS));
    code.header_length_to_x();
    code.keep_x(TRANSPORT);
    code.byte(9);
    code.keep(PROTOCOL);
}

/// The same of IPv6. Other extension headers than the fragment's are rare, and a way to hide: they pass.
fn ipv6(code: &mut Code) {
    const HEADER: u32 = 40;
    const FRAGMENT: u32 = 44;
    code.x(HEADER);
    code.byte(6);
    for extension in [0, 43, 60] {
        code.when(Equal(extension), whole);
    }
    code.when(Equal(FRAGMENT), |code| {
        code.half(HEADER + 2);
        code.when(Any(0xfff8), |code| sample(code, OTHERS));
        code.x(HEADER + 8);
        code.byte(HEADER);
    });
    code.keep(PROTOCOL);
    code.keep_x(TRANSPORT);
}

/// Router advertisements of RFC 1256, redirects.
fn icmp(code: &mut Code) {
    code.fetch_x(TRANSPORT);
    code.byte_x(0);
    code.when_in(&[(5, 5), (9, 10)], whole);
    drop(code);
}

/// Router and neighbour discovery, redirects (RFC 4861).
fn icmpv6(code: &mut Code) {
    code.fetch_x(TRANSPORT);
    code.byte_x(0);
    code.when_in(&[(133, 137)], whole);
    drop(code);
}

fn udp(code: &mut Code) {
    /// The discard service: what `homeward check` sends to see where it leaves.
    const DISCARD: u32 = 9;
    code.fetch_x(TRANSPORT);
    code.half_x(0);
    code.when_in(UDP_PORTS, whole);
    code.half_x(2);
    code.when_in(UDP_PORTS, whole);
    code.when(Equal(DISCARD), whole);

    // OpenVPN's control channel on its own port: any operation but data (P_DATA_V1, P_DATA_V2).
    for port in [0, 2] {
        code.half_x(port);
        code.when(Equal(1194), |code| {
            code.byte_x(8);
            code.shift_right(3);
            code.when_in(&[(6, 6), (9, 9)], |code| sample(code, OTHERS));
            whole(code);
        });
        // L2TP's control messages: T bit and version 2.
        code.when(Equal(1701), |code| {
            code.half_x(8);
            code.and(0x800f);
            code.when(Equal(0x8002), whole);
        });
    }
    of_length(code);
    of_first_word(code);
    real_time(code);
    sample(code, UNKNOWN_UDP);
}

/// UDP by its length and first bytes: WireGuard, OpenVPN's first packets, keepalives of IKE.
fn of_length(code: &mut Code) {
    /// A UDP header's length field counts its own eight bytes.
    const HEADER: u32 = 8;
    // WireGuard's type (one byte, three of zero) and the length that type has; type 4 at its shortest is a keepalive.
    for (word, length) in [(0x0100_0000, 148), (0x0200_0000, 92), (0x0300_0000, 64), (0x0400_0000, 32)] {
        code.half_x(4);
        code.when(Equal(HEADER + length), |code| {
            code.word_x(8);
            code.when(Equal(word), whole);
        });
    }
    // IKE's keepalive (RFC 3948), one byte of ones.
    code.half_x(4);
    code.when(Equal(HEADER + 1), |code| {
        code.byte_x(8);
        code.when(Equal(0xff), whole);
        drop(code);
    });
    // P_CONTROL_HARD_RESET_* with key 0; the longest carries a wrapped key.
    code.byte_x(8);
    code.when_in(&[(0x38, 0x38), (0x40, 0x40), (0x50, 0x50)], |code| {
        code.half_x(4);
        code.unless(Greater(HEADER + 1100), |code| {
            // Not the short packets of QUIC, which are many: a session id is never followed by so little.
            code.when(AtLeast(HEADER + 14), |code| {
                code.byte_x(8);
                code.when(Equal(0x38), whole);
                code.when(Equal(0x50), whole);
                code.half_x(4);
                code.unless(Greater(HEADER + 120), whole);
            });
        });
    });
}

/// UDP by its first bytes: IKE behind its marker, QUIC's long header, DTLS, STUN, Tailscale, words.
fn of_first_word(code: &mut Code) {
    code.word_x(8);
    // RFC 3948's marker, then an IKE header: version 1 or 2 is its 18th byte.
    code.when(Equal(0), |code| {
        code.byte_x(8 + 4 + 17);
        code.when_in(&[(0x10, 0x10), (0x20, 0x20)], whole);
    });
    // "TS" and the first bytes of U+1F4AC.
    code.word_x(8);
    code.when(Equal(0x5453_f09f), whole);
    // A DTLS handshake, of versions 1.0 and 1.2, and of the one before the standard.
    code.shift_right(8);
    code.when_in(&[(0x16_0100, 0x16_0100), (0x16_fefd, 0x16_fefd), (0x16_feff, 0x16_feff)], whole);
    // QUIC: a long header, and a version that is in use (RFC 9000, 9369, 8999; drafts, Google's).
    code.byte_x(8);
    code.when(AtLeast(0xc0), |code| {
        code.word_x(9);
        code.when_in(
            &[(0, 1), (0x5130_3230, 0x5130_3530), (0x6b33_43cf, 0x6b33_43cf), (0xff00_0000, 0xff00_00ff)],
            whole,
        );
    });
    // STUN's cookie (RFC 8489).
    code.half_x(4);
    code.when(AtLeast(8 + 20), |code| {
        code.word_x(12);
        code.when(Equal(0x2112_a442), whole);
    });
    code.word_x(8);
    code.or(SMALL);
    code.when_in(&words(UDP_WORDS), whole);
}

/// RTP and RTCP (RFC 3550): version 2, a payload type that is in use, no longer than sound is.
fn real_time(code: &mut Code) {
    code.byte_x(8);
    code.and(0xc0);
    code.when(Equal(0x80), |code| {
        code.half_x(4);
        code.unless(Greater(8 + 400), |code| {
            code.byte_x(9);
            code.and(0x7f);
            code.when_in(&[(0, 0), (3, 18), (72, 76), (96, 127)], whole);
        });
    });
}

fn tcp(code: &mut Code) {
    const FIN_SYN_RST: u32 = 0x07;
    const SYN: u32 = 0x02;
    const PUSH: u32 = 0x08;
    code.fetch_x(TRANSPORT);
    code.byte_x(13);
    code.and(FIN_SYN_RST);
    code.when(Equal(SYN), whole);
    // Where the payload begins: four times the upper half of byte 12.
    code.byte_x(12);
    code.shift_right(2);
    code.and(0x3c);
    code.add_x();
    code.keep(PAYLOAD);
    code.fetch_x(PAYLOAD);
    code.length();
    code.unless(GreaterThanX, drop);
    code.subtract_x();
    code.keep(LENGTH);

    code.fetch_x(TRANSPORT);
    code.half_x(2);
    code.when_in(TCP_PORTS, whole);
    code.when_in(TLS_PORTS, |code| {
        // The rest of a handshake record: pushed, not full, and no record begins in it.
        code.byte_x(13);
        code.when(Any(PUSH), |code| {
            code.fetch(LENGTH);
            code.unless(AtLeast(FULL), |code| {
                code.fetch_x(PAYLOAD);
                code.byte_x(0);
                code.when_in(&[(0x14, 0x15), (0x17, 0x17)], drop);
                whole(code);
            });
        });
    });
    code.fetch_x(TRANSPORT);
    code.half_x(0);
    code.when_in(TCP_PORTS, |code| {
        code.fetch(LENGTH);
        code.unless(Greater(ANSWER), whole);
    });
    tcp_of_first_word(code);
    drop(code);
}

/// TCP segments by their first bytes. What is shorter than a word is dropped by the load itself.
fn tcp_of_first_word(code: &mut Code) {
    code.fetch_x(PAYLOAD);
    code.word_x(0);
    code.or(SMALL);
    code.when_in(&words(TCP_WORDS), whole);
    code.word_x(0);
    code.shift_right(8);
    // A TLS handshake of any version; TPKT, in which RDP and H.323 begin (RFC 1006).
    code.when_in(&[(0x03_0000, 0x03_0000), (0x16_0300, 0x16_0304)], whole);
    code.shift_right(8);
    // Telnet's negotiation (RFC 854): IAC and WILL, WON'T, DO or DON'T.
    code.when_in(&[(0xfffb, 0xfffe)], whole);
    code.word_x(0);
    code.and(0xff00_ff00);
    // OpenVPN's first packets behind their length; MQTT's CONNECT, whose first field is four bytes long.
    code.when_in(&[(0x0000_3800, 0x0000_3800), (0x0000_4000, 0x0000_4000), (0x0000_5000, 0x0000_5000)], whole);
    code.word_x(0);
    code.and(0xff00_ffff);
    code.when(Equal(0x1000_0004), whole);
    // A ClientHello of SSL 2: a two-byte length with its highest bit set, type 1, version 0.2 or 3.x.
    code.word_x(0);
    code.and(0x8000_fffc);
    code.when_in(&[(0x8000_0100, 0x8000_0100)], whole);
    // SMB in a NetBIOS session: version 1 whole, of the others what is short.
    code.fetch(LENGTH);
    code.when(AtLeast(8), |code| {
        code.word_x(4);
        code.when(Equal(0xff53_4d42), whole);
        code.when(Equal(0xfe53_4d42), |code| {
            code.fetch(LENGTH);
            code.unless(Greater(ANSWER), whole);
        });
    });
}

/// The words as numbers, in order.
fn words(words: &[&[u8; 4]]) -> Vec<(u32, u32)> {
    let mut numbers: Vec<_> = words.iter().map(|word| u32::from_be_bytes(**word) | SMALL).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|number| (number, number)).collect()
}
