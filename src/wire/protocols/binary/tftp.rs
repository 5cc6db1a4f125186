//! TFTP (RFC 1350, 2347).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen};

/// A request to read or write, on any port: a file's name and one of the modes.
pub(super) fn tftp(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let [0, 1 | 2, rest @ ..] = data.bytes else { return None };
    let mut words = rest.split(|byte| *byte == 0);
    let (name, mode) = (words.next()?, words.next()?);
    let modes: [&[u8]; 3] = [b"netascii", b"octet", b"mail"];
    let text = |byte: &u8| *byte >= 0x20 && *byte != 0x7f;
    let sound = !name.is_empty() && name.iter().all(text) && modes.iter().any(|known| mode.eq_ignore_ascii_case(known));
    if !sound || words.next().is_none() {
        return None;
    }
    seen.see(labels::CLEARTEXT_TFTP);
    Some(Next::Decided)
}

/// On its port: any of its packets.
pub(super) fn on_port(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let cut = data.length > data.bytes.len();
    let fits = match data.bytes {
        // A request: it ends with the mode or an option, unless it was cut.
        [0, 1 | 2, rest @ ..] => {
            rest.last() == Some(&0) || (cut && rest.first().is_some_and(|byte| (0x20..0x7f).contains(byte)))
        }
        // A block of data, its number, and up to 512 bytes unless agreed otherwise; the first is number 1.
        [0, 3, _, _, ..] => true,
        [0, 4, _, _] => true,
        // An error's code and message.
        [0, 5, 0, 0..=8, message @ ..] => message.last() == Some(&0),
        // Options agreed on.
        [0, 6, options @ ..] => options.last() == Some(&0),
        _ => false,
    };
    if !fits {
        return None;
    }
    seen.see(labels::CLEARTEXT_TFTP);
    Some(Next::Decided)
}
