//! MQTT's CONNECT (OASIS MQTT 3.1.1 and 5.0, section 3.1; 3.1 as IBM and Eurotech published it).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// The packet with which a client begins; one of its flags says that a password is in it.
pub(super) fn mqtt(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (0x10, rest) = data.bytes.split_first()? else { return None };
    let (length, rest) = variable(rest)?;
    let rest = match rest {
        [0, 4, b'M', b'Q', b'T', b'T', 4 | 5, rest @ ..] => rest,
        [0, 6, b'M', b'Q', b'I', b's', b'd', b'p', 3, rest @ ..] => rest,
        _ => return None,
    };
    // Flags, seconds to keep alive, the client's name.
    let &[flags, _, _, ..] = rest else { return None };
    // The last flag is reserved, and a will's two bits never both set.
    if flags & 1 != 0 || flags & 0x18 == 0x18 || length < 12 {
        return None;
    }
    if flags & 0x40 != 0 {
        seen.see(labels::CLEARTEXT_MQTT_PASSWORD);
    }
    Some(Next::Decided)
}

/// A length of one to four bytes, seven bits each, the lowest first.
fn variable(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut length = 0;
    for (number, byte) in bytes.iter().enumerate().take(4) {
        length |= u32::from(byte & 0x7f) << (7 * number);
        if byte & 0x80 == 0 {
            return Some((length, bytes.get(number + 1..)?));
        }
    }
    None
}
