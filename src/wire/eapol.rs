//! 802.1X on the air and on cables: who logs in by EAP, and the four messages that agree on keys.
//!
//! Numbers: IEEE 802.1X-2020 clause 11, 802.11-2020 12.7.2 (EAPOL-Key), RFC 3748 (EAP).

use super::ieee80211::{elements, suites};
use super::labels;
use super::protocols::{Seen, tls_piece};
use crate::facts::wifi::{Negotiated, Suites};

/// EAPOL packet types.
const EAP: u8 = 0;
const KEY: u8 = 3;

/// Key descriptors: 802.11's and the first WPA's.
const DESCRIPTORS: [u8; 2] = [2, 254];

/// Bits of the key information field.
mod bit {
    pub(super) const PAIRWISE: u16 = 0x0008;
    pub(super) const INSTALL: u16 = 0x0040;
    pub(super) const ACK: u16 = 0x0080;
    pub(super) const MIC: u16 = 0x0100;
    pub(super) const REQUEST: u16 = 0x0800;
    pub(super) const ENCRYPTED: u16 = 0x1000;
}

/// What an EAPOL packet tells of a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Message 2, from the station: what it chose of what it was offered.
    Chose(Negotiated),
    /// Message 3, from the access point: it agrees, and keys are to be used.
    Agrees,
}

/// Hears one EAPOL packet.
pub fn hear(bytes: &[u8], seen: &mut Seen) -> Option<Tells> {
    let (&[_version, kind, high, low], rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([high, low]));
    let body = rest.get(..length).unwrap_or(rest);
    match kind {
        EAP => {
            eap(body, seen);
            None
        }
        KEY if !body.is_empty() => {
            seen.see(labels::WIFI_EAPOL_KEY);
            key(body)
        }
        _ => None,
    }
}

/// Hears one EAP packet, whatever carries it.
pub fn eap(bytes: &[u8], seen: &mut Seen) {
    // Request, response, success, failure; and 5 and 6 of RFC 5296.
    let Some((&[1..=6, _, high, low], rest)) = bytes.split_first_chunk::<4>() else { return };
    if u16::from_be_bytes([high, low]) < 4 {
        return;
    }
    seen.see(labels::WIFI_EAP);
    // MD5-Challenge and LEAP: whoever listens can guess the password at leisure.
    if matches!(bytes.first(), Some(1 | 2)) && matches!(rest.first(), Some(4 | 17)) {
        seen.see(labels::WIFI_EAP_LEAP_MD5);
    }
    // Methods with TLS within: TLS, TTLS, PEAP, FAST, TEAP. Its first piece holds the hello (RFC 5216, section 3.1):
    // flags, and the whole length where they say so.
    if let [13 | 21 | 25 | 43 | 55, flags, rest @ ..] = rest {
        tls_piece(rest.get(if flags & 0x80 == 0 { 0 } else { 4 }..).unwrap_or_default(), seen);
    }
}

/// Reads a message of the four; `None` for one that tells nothing.
fn key(body: &[u8]) -> Option<Tells> {
    let &[descriptor, high, low] = body.first_chunk::<3>()?;
    if !DESCRIPTORS.contains(&descriptor) {
        return None;
    }
    let information = u16::from_be_bytes([high, low]);
    let has = |wanted| information & wanted != 0;
    if !has(bit::PAIRWISE) || !has(bit::MIC) || has(bit::REQUEST) {
        return None;
    }
    if has(bit::ACK) {
        return has(bit::INSTALL).then_some(Tells::Agrees);
    }
    if has(bit::ENCRYPTED) {
        return None;
    }
    chosen(data(body)?).map(Tells::Chose)
}

/// The key data. Its length stands behind a check sum whose own length depends on the key management (16, 24 or 32
/// bytes; none with FILS): the one with which all ends where it should.
fn data(body: &[u8]) -> Option<&[u8]> {
    [16, 24, 32, 0].into_iter().find_map(|sum| {
        let (&[high, low], rest) = body.get(77 + sum..)?.split_first_chunk::<2>()?;
        (usize::from(u16::from_be_bytes([high, low])) == rest.len()).then_some(rest)
    })
}

/// The one cipher and the one key management that message 2 names.
fn chosen(data: &[u8]) -> Option<Negotiated> {
    elements::walk(data).find_map(|element| match (element.id, element.body.as_ref()) {
        (48, body) => one(&suites::rsn(body)?),
        (221, [0x00, 0x50, 0xf2, 0x01, body @ ..]) => one(&suites::wpa(body)?),
        _ => None,
    })
}

fn one(suites: &Suites) -> Option<Negotiated> {
    let ([akm], [pairwise]) = (suites.akms.as_slice(), suites.pairwise.as_slice()) else { return None };
    Some(Negotiated {
        akm: Some(*akm),
        pairwise: Some(*pairwise),
        group: Some(suites.group),
        source: "eapol".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::wifi::{Akm, Cipher};

    const RSN: &[u8] = &[48, 20, 1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 8, 0, 0];

    fn message(information: u16, sum: usize, data: &[u8]) -> Vec<u8> {
        let mut body = vec![2];
        body.extend(information.to_be_bytes());
        body.resize(77 + sum, 0);
        body.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        body.extend(data);
        let mut bytes = vec![2, 3];
        bytes.extend(u16::try_from(body.len()).expect("short").to_be_bytes());
        bytes.extend(body);
        bytes
    }

    fn heard(bytes: &[u8]) -> (Option<Tells>, Vec<labels::Label>) {
        let mut seen = Seen::default();
        (hear(bytes, &mut seen), seen.iter().collect())
    }

    #[test]
    fn message_2_tells_what_was_chosen_and_3_that_it_is_agreed() {
        for sum in [16, 24, 32, 0] {
            let (tells, labels) = heard(&message(0x010a, sum, RSN));
            let Some(Tells::Chose(chosen)) = tells else { panic!("a check sum of {sum}") };
            assert_eq!(labels, [labels::WIFI_EAPOL_KEY]);
            assert_eq!((chosen.akm, chosen.pairwise), (Some(Akm::Sae), Some(Cipher::Ccmp128)));
        }
        assert_eq!(heard(&message(0x13ca, 16, &[0; 56])).0, Some(Tells::Agrees));
        assert_eq!(heard(&message(0x008a, 16, &[])).0, None, "message 1");
        assert_eq!(heard(&message(0x030a, 16, &[])).0, None, "message 4");
    }

    #[test]
    fn what_names_two_choices_or_is_cut_tells_nothing() {
        let two = [&[48, 24, 1, 0, 0, 15, 172, 4, 1, 0, 0, 15, 172, 4, 2, 0, 0, 15, 172, 8][..], &RSN[14..18]].concat();
        assert_eq!(heard(&message(0x010a, 16, &two)).0, None);
        let whole = message(0x010a, 16, RSN);
        assert!((0..whole.len()).all(|cut| heard(&whole[..cut]).0.is_none()));
    }

    #[test]
    fn eap_and_the_kinds_that_can_be_guessed() {
        let shown = |bytes: &[u8]| heard(bytes).1;
        assert_eq!(shown(&[1, 0, 0, 5, 1, 1, 0, 5, 1]), [labels::WIFI_EAP]);
        assert_eq!(shown(&[1, 0, 0, 6, 1, 1, 0, 6, 17, 1]), [labels::WIFI_EAP, labels::WIFI_EAP_LEAP_MD5]);
        assert_eq!(shown(&[1, 0, 0, 4, 3, 1, 0, 4]), [labels::WIFI_EAP]);
        assert_eq!(shown(&[1, 1, 0, 0]), [], "start");
        assert_eq!(shown(&[1, 0, 0, 4, 9, 1, 0, 4]), []);
    }
}
