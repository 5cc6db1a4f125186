//! Protocols by which access is asked for on behalf of others: RADIUS, and GTP's control messages.

use super::{Datagram, Next, Recogniser, Seen};
use crate::wire::eapol;
use crate::wire::labels;
use crate::wire::lan::is_pap_login;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[("gtp-control", gtp_control), ("radius", radius)];

/// `EAP-Message` of RADIUS (RFC 3579).
const EAP_MESSAGE: u8 = 79;

/// RFC 2865 3: a code, an identifier, the length, sixteen bytes, then attributes that fill the rest.
fn radius(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let &[code, _, high, low] = data.bytes.first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if !matches!(code, 1..=5 | 11..=13 | 40..=45) || length < 20 || length > data.length {
        return None;
    }
    let mut eap = None;
    let mut attributes = data.bytes.get(20..length.min(data.bytes.len()))?;
    while let [kind, size, ..] = attributes {
        let (attribute, rest) = attributes.split_at_checked(usize::from(*size))?;
        let value = attribute.get(2..)?;
        if *kind == EAP_MESSAGE {
            eap = eap.or(Some(value));
        }
        attributes = rest;
    }
    if let Some(message) = eap {
        eapol::eap(message, seen);
    }
    Some(Next::Each)
}

/// `PAP` among the options by which a telephone asks for its connection (3GPP TS 24.008 10.5.6.3).
const PAP: u16 = 0xc023;

/// GTP's control messages: version 0 (3GPP TS 09.60), 1 (29.060) and 2 (29.274), each with elements of its own form.
fn gtp_control(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let &[flags, _, high, low] = data.bytes.first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    let (header, skip, options) = match flags {
        // Version, and the protocol type that is not for charging.
        0x10..=0x1f => (20, 20, 132),
        0x30..=0x37 => (8, if flags & 0x07 == 0 { 8 } else { 12 }, 132),
        0x40..=0x5f => (4, if flags & 0x08 == 0 { 8 } else { 12 }, 78),
        _ => return None,
    };
    if header + length != data.length {
        return None;
    }
    let mut elements = data.bytes.get(skip..).unwrap_or_default();
    while let Some((kind, value, rest)) = element(flags >> 5, elements) {
        if kind == options && holds_pap(value) {
            seen.see(labels::CLEARTEXT_PAP);
        }
        elements = rest;
    }
    Some(Next::Each)
}

/// The first element: its kind, its value, and what follows.
fn element(version: u8, bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, rest) = bytes.split_first()?;
    let (length, rest) = match (version, kind) {
        (2, _) => {
            let (&[high, low, _], rest) = rest.split_first_chunk::<3>()?;
            (usize::from(u16::from_be_bytes([high, low])), rest)
        }
        (_, 128..) => {
            let (&[high, low], rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes([high, low])), rest)
        }
        (version, kind) => (fixed(version, kind)?, rest),
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((kind, value, rest))
}

/// Lengths of the elements that do not say theirs: 3GPP TS 29.060 table 37, and where version 0 differs 09.60's.
const fn fixed(version: u8, kind: u8) -> Option<usize> {
    Some(match (version, kind) {
        (0, 16 | 17) | (_, 25..=28) => 2,
        (0, 6 | 18) | (_, 12) => 3,
        (_, 1 | 8 | 11 | 13..=15 | 19..=21 | 23 | 24 | 29) => 1,
        (_, 2) => 8,
        (_, 3) => 6,
        (_, 4 | 5 | 16 | 17 | 127) => 4,
        (_, 9) => 28,
        (_, 18) => 5,
        (_, 22) => 9,
        _ => return None,
    })
}

/// Whether a PAP login is among these options: a byte, then protocols with their length.
fn holds_pap(options: &[u8]) -> bool {
    let mut rest = options.get(1..).unwrap_or_default();
    while let Some((&[high, low, length], after)) = rest.split_first_chunk::<3>() {
        let Some((value, after)) = after.split_at_checked(usize::from(length)) else { return false };
        if u16::from_be_bytes([high, low]) == PAP && is_pap_login(value) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::labels::Label;
    use crate::wire::protocols::{Over, Side};

    fn shown(recogniser: Recogniser, bytes: &[u8]) -> Option<Vec<Label>> {
        let any = ([192, 0, 2, 1], 2123).into();
        let data =
            Datagram { over: Over::Udp, bytes, length: bytes.len(), source: any, destination: any, side: Side::Client };
        let mut seen = Seen::default();
        recogniser(&data, &mut seen).map(|_| seen.iter().collect())
    }

    #[test]
    fn radius_carries_eap_or_not() {
        let with = |attributes: &[u8]| {
            let mut bytes = vec![1, 7, 0, u8::try_from(20 + attributes.len()).expect("short")];
            bytes.resize(20, 9);
            bytes.extend(attributes);
            bytes
        };
        let eap = with(&[1, 3, b'm', 79, 8, 2, 1, 0, 6, 4, 0]);
        assert_eq!(shown(radius, &eap), Some(vec![labels::WIFI_EAP, labels::WIFI_EAP_LEAP_MD5]));
        assert_eq!(shown(radius, &with(&[1, 3, b'm'])), Some(vec![]));
        assert_eq!(shown(radius, &with(&[1, 9, b'm'])), None, "longer than the message");
        assert!((0..eap.len()).all(|cut| shown(radius, &eap[..cut]).is_none()));
    }

    const PCO: &[u8] = &[0x80, 0xc0, 0x23, 9, 1, 1, 0, 9, 2, b'm', b'e', 1, b'x'];

    #[test]
    fn each_version_of_gtp_may_carry_a_pap_login() {
        let first = [&[0x32, 16, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 14, 3, 132, 0, 13][..], PCO].concat();
        let mut zeroth = vec![0x1e, 16, 0, 20];
        zeroth.resize(20, 0);
        zeroth.extend([6, 1, 2, 3, 132, 0, 13]);
        zeroth.extend(PCO);
        let second = [&[0x48, 32, 0, 25, 0, 0, 0, 0, 0, 0, 1, 0, 78, 0, 13, 0][..], PCO].concat();
        for bytes in [first, zeroth, second] {
            assert_eq!(shown(gtp_control, &bytes), Some(vec![labels::CLEARTEXT_PAP]), "{bytes:?}");
            assert!((0..bytes.len()).all(|cut| shown(gtp_control, &bytes[..cut]).is_none()));
        }
        assert_eq!(shown(gtp_control, &[0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0]), Some(vec![]), "an echo request");
    }
}
