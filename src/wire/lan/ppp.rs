//! PPP logins: PAP and CHAP (RFC 1334, 1994), EAP (RFC 3748).

use crate::wire::eapol;
use crate::wire::labels;
use crate::wire::protocols::Seen;

const PAP: u16 = 0xc023;
const CHAP: u16 = 0xc223;
const EAP: u16 = 0xc227;

/// Hears one packet that is not IP.
pub(super) fn hear(protocol: u16, bytes: &[u8], seen: &mut Seen) {
    match protocol {
        PAP if is_pap_login(bytes) => seen.see(labels::CLEARTEXT_PAP),
        CHAP if is_chap(bytes) => seen.see(labels::CLEARTEXT_CHAP),
        EAP => eapol::eap(bytes, seen),
        _ => {}
    }
}

/// An Authenticate-Request of PAP: name and password, each behind its length, fill it.
pub(in crate::wire) fn is_pap_login(bytes: &[u8]) -> bool {
    let Some(&[1, _, high, low, name, ..]) = bytes.first_chunk::<5>() else { return false };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let at = 5 + usize::from(name);
    let Some(&password) = bytes.get(at) else { return false };
    let end = at + 1 + usize::from(password);
    end <= length && length <= bytes.len()
}

/// A challenge of CHAP or the answer to one.
fn is_chap(bytes: &[u8]) -> bool {
    let Some(&[1 | 2, _, high, low, value]) = bytes.first_chunk::<5>() else { return false };
    let length = usize::from(u16::from_be_bytes([high, low]));
    value != 0 && 5 + usize::from(value) <= length && length <= bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pap_request_is_a_login_and_its_answer_is_none() {
        let request = [1, 7, 0, 9, 2, b'm', b'e', 1, b'x'];
        assert!(is_pap_login(&request));
        assert!(!is_pap_login(&[2, 7, 0, 5, 0]), "an acknowledgement");
        assert!(!is_pap_login(&[1, 7, 0, 9, 2, b'm', b'e', 9, b'x']), "the password is longer than the packet");
        assert!((0..request.len()).all(|cut| !is_pap_login(&request[..cut])));
    }

    #[test]
    fn a_chap_challenge() {
        let challenge = [1, 7, 0, 8, 2, 0xab, 0xcd, b'r'];
        assert!(is_chap(&challenge) && !is_chap(&[3, 7, 0, 4]));
        assert!((0..challenge.len()).all(|cut| !is_chap(&challenge[..cut])));
    }
}
