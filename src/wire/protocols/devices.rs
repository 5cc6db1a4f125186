//! What devices ask and tell on a network: the time, how they are managed, their logs, that they are there.

use super::{Datagram, Next, Recogniser, Seen};
use crate::wire::labels;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] =
    &[("ntp", ntp), ("snmp", snmp), ("ssdp-answer", ssdp_answer), ("syslog", syslog), ("syslog-stream", syslog_stream)];

/// NTP on its port: versions 1 to 4 (RFC 5905, section 7.3), with its control messages (RFC 9327) and ntpd's own.
fn ntp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let &[flags, second, ..] = data.bytes else { return None };
    let (version, mode) = (flags >> 3 & 0x07, flags & 0x07);
    let fits = match mode {
        // Stratum 16 is unsynchronised, what is above is reserved.
        1..=5 => data.length >= 48 && second <= 16,
        // A header of twelve bytes, of eight.
        6 => data.length >= 12,
        7 => data.length >= 8,
        _ => false,
    };
    // Version 4 still; 5 is a draft.
    ((1..=5).contains(&version) && fits).then(|| {
        seen.see(labels::NTP_ANY);
        Next::Decided
    })
}

/// A value as ASN.1's basic rules write it: its tag, its bytes as far as they are here, what comes after.
struct Value<'a> {
    tag: u8,
    bytes: &'a [u8],
    after: &'a [u8],
    /// Whether some of it was not captured.
    cut: bool,
}

impl<'a> Value<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
        let (length, rest) = if first & 0x80 == 0 {
            (usize::from(first), rest)
        } else {
            let (digits, rest) =
                rest.split_at_checked(usize::from(first & 0x7f)).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        };
        match rest.split_at_checked(length) {
            Some((bytes, after)) => Some(Self { tag, bytes, after, cut: false }),
            None => Some(Self { tag, bytes: rest, after: &[], cut: true }),
        }
    }

    /// The value, if it has this tag and is whole.
    fn whole(bytes: &'a [u8], tag: u8) -> Option<Self> {
        Self::read(bytes).filter(|value| value.tag == tag && !value.cut)
    }
}

/// ASN.1's tags.
const INTEGER: u8 = 0x02;
const TEXT: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// SNMP (RFC 1157, RFC 1901; version 3: RFC 3412): a sequence of version, community and one request or answer.
fn snmp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let captured = data.bytes.len() >= data.length;
    let message = Value::read(data.bytes).filter(|value| value.tag == SEQUENCE && !(value.cut && captured))?;
    let port = data.on_port(161) || data.on_port(162);
    if !(message.after.is_empty() || port) {
        return None;
    }
    let version = Value::whole(message.bytes, INTEGER)?;
    match version.bytes {
        [0 | 1] => {
            let community = Value::whole(version.after, TEXT)?;
            let request = Value::read(community.after).filter(|value| value.tag & 0xf0 == 0xa0 && value.tag <= 0xa8)?;
            if !request.after.is_empty() || (request.cut && captured) {
                return None;
            }
            // The first of its fields: a number, or of version 1's trap the name of who sends it.
            let field = Value::read(request.bytes).map(|value| value.tag);
            if !matches!(field, Some(INTEGER | 0x06)) && captured {
                return None;
            }
            seen.see(labels::CLEARTEXT_SNMP_V1V2C);
        }
        [3] => {
            let header = Value::whole(version.after, SEQUENCE)?;
            let id = Value::whole(header.bytes, INTEGER)?;
            let size = Value::whole(id.after, INTEGER)?;
            let flags = Value::whole(size.after, TEXT)?;
            Value::whole(flags.after, INTEGER)?;
            // Bit 1: the rest is encrypted.
            if let [flags] = flags.bytes
                && flags & 0x02 == 0
            {
                seen.see(labels::CLEARTEXT_SNMP_V3_NOAUTH);
            }
        }
        _ => return None,
    }
    Some(Next::Each)
}

/// The number in angle brackets that begins every entry, up to 191 (RFC 5424, section 6.2.1); what follows it.
fn priority(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"<")?;
    let end = rest.iter().take(4).position(|byte| *byte == b'>')?;
    let (digits, rest) = rest.split_at_checked(end)?;
    let number: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let sound = number <= 191 && digits.iter().all(u8::is_ascii_digit);
    sound.then(|| rest.get(1..)).flatten()
}

/// Whether an entry goes on as one of the two forms does: a version, or a date (RFC 3164, section 4.1.2).
fn has_date(rest: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"Jan ", b"Feb ", b"Mar ", b"Apr ", b"May ", b"Jun ", b"Jul ", b"Aug ", b"Sep ", b"Oct ", b"Nov ", b"Dec "];
    rest.starts_with(b"1 ") || MONTHS.iter().any(|month| rest.starts_with(month))
}

/// A log entry over UDP (RFC 5426; RFC 3164 before it).
fn syslog(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let rest = priority(data.bytes)?;
    (data.on_port(514) || has_date(rest)).then(|| {
        seen.see(labels::CLEARTEXT_SYSLOG);
        Next::Decided
    })
}

/// Log entries over TCP (RFC 6587): each ends with its line, or comes after its length.
fn syslog_stream(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let digits = data.bytes.iter().take(6).position(|byte| !byte.is_ascii_digit())?;
    let entry = match data.bytes.split_at_checked(digits)? {
        (_, rest) if digits == 0 => rest,
        (_, rest) => rest.strip_prefix(b" ")?,
    };
    has_date(priority(entry)?).then(|| {
        seen.see(labels::CLEARTEXT_SYSLOG);
        Next::Decided
    })
}

fn starts_with(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// An answer to a search (UPnP Device Architecture 2.0, section 1.3.3): what it is, by which name.
fn ssdp_answer(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let mut lines = data.bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.next().filter(|line| line.starts_with(b"HTTP/1.1 200"))?;
    let (mut target, mut name) = (false, false);
    for line in lines {
        target |= starts_with(line, b"ST:");
        name |= starts_with(line, b"USN:");
    }
    (target && name).then(|| {
        seen.see(labels::CLEARTEXT_SSDP);
        Next::Decided
    })
}

#[cfg(test)]
mod tests {
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

    fn shown(recogniser: Recogniser, data: &Datagram<'_>) -> Vec<Label> {
        let mut seen = Seen::default();
        let _ = recogniser(data, &mut seen);
        seen.iter().collect()
    }

    const GET: &[u8] = b"\x30\x24\x02\x01\x01\x04\x06public\xa0\x17\x02\x01\x01\x02\x01\x00\x02\x01\x00\x30\x0c\x30\x0a\x06\x06\x2b\x06\x01\x02\x01\x01\x05\x00";

    /// World: a request of version 2c, of version 1 with long lengths, of version 3 encrypted and not.
    #[test]
    fn management_is_told_by_version() {
        let mut get = GET.to_vec();
        get[1] = u8::try_from(get.len() - 2).unwrap();
        let request = get.len() - 2 - 3 - 8 - 2;
        get[14] = u8::try_from(request).unwrap();
        assert_eq!(shown(snmp, &to(161, &get)), [labels::CLEARTEXT_SNMP_V1V2C]);
        let long = [&[0x30, 0x82, 0, get[1]][..], &[2, 1, 0], &get[5..]].concat();
        assert_eq!(shown(snmp, &to(1610, &long)), [labels::CLEARTEXT_SNMP_V1V2C]);
        let v3 = |flags: u8| {
            let header = [0x30, 0x0d, 2, 1, 7, 2, 2, 5, 0xdc, 4, 1, flags, 2, 1, 3];
            [&[0x30, 22, 2, 1, 3][..], &header, &[4, 2, 0x30, 0]].concat()
        };
        assert_eq!(shown(snmp, &to(161, &v3(5))), [labels::CLEARTEXT_SNMP_V3_NOAUTH]);
        assert_eq!(shown(snmp, &to(161, &v3(7))), []);
        for cut in 0..get.len() {
            assert_eq!(shown(snmp, &to(161, &get[..cut])), [], "cut at {cut}");
        }
    }

    /// World: an LDAP search, whose outer form is the same. Truth: no SNMP.
    #[test]
    fn a_directory_is_not_managed() {
        assert_eq!(shown(snmp, &to(389, b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00")), []);
    }

    /// World: entries of both forms and near misses, on the port and off it.
    #[test]
    fn a_log_entry_begins_with_its_priority() {
        assert_eq!(shown(syslog, &to(514, b"<34>33: %SYS-5-CONFIG")), [labels::CLEARTEXT_SYSLOG]);
        assert_eq!(shown(syslog, &to(1514, b"<34>1 2003-10-11T22:14:15.003Z host")), [labels::CLEARTEXT_SYSLOG]);
        for wrong in [&b"<192>1 x"[..], b"<a>1 x", b"<>1 x", b"<34", b"34>1 x", b"X"] {
            assert_eq!(shown(syslog, &to(514, wrong)), []);
        }
        assert_eq!(shown(syslog, &to(1514, b"<34>33: %SYS-5-CONFIG")), []);
        assert_eq!(shown(syslog_stream, &to(514, b"30 <34>Oct 11 22:14:15 host su: x")), [labels::CLEARTEXT_SYSLOG]);
        assert_eq!(shown(syslog_stream, &to(514, b"1022\0")), []);
    }

    /// World: clients of each version, and what is too short or of no mode.
    #[test]
    fn the_time_is_asked_in_48_bytes() {
        for version in 1..=4_u8 {
            let mut packet = [0; 48];
            packet[0] = version << 3 | 3;
            assert_eq!(shown(ntp, &to(123, &packet)), [labels::NTP_ANY]);
            assert_eq!(shown(ntp, &to(123, &packet[..47])), []);
        }
        assert_eq!(shown(ntp, &to(123, &[0x20; 48])), []);
    }
}
