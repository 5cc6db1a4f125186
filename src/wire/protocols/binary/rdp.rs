//! RDP's connection sequence (MS-RDPBCGR 1.3.1.1, 2.2.1), over TPKT (RFC 1006) and X.224.

use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// RDP's port.
const PORT: u16 = 3389;

/// X.224's connection request, its confirmation, and data.
const REQUEST: u8 = 0xe0;
const CONFIRM: u8 = 0xd0;
const DATA: u8 = 0xf0;

/// A connection request of RDP, or, in the clear, what follows its confirmation.
pub(super) fn rdp(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let known = match packet(data.bytes)? {
        (REQUEST, rest) => is_request(rest) || (data.on_port(PORT) && rest.is_empty()),
        (CONFIRM, rest) => matches!(rest, [2 | 3, _, 8, 0, ..]) || (data.on_port(PORT) && rest.is_empty()),
        (DATA, rest) => is_conference(rest),
        _ => false,
    };
    (data.over == Over::Tcp && known).then(|| Next::Talk(Box::new(Connection::default())))
}

/// What a packet of X.224 is, and what follows its header.
fn packet(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&[3, 0, high, low, header, kind], rest) = bytes.split_first_chunk::<6>()? else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    match kind {
        // Both references and the class; the variable part is counted to the header.
        REQUEST | CONFIRM if usize::from(header) + 5 == length => Some((kind, rest.get(5..)?)),
        DATA if header == 2 => Some((kind, rest.get(1..)?)),
        _ => None,
    }
}

/// A cookie or a token in text, and eight bytes of what is wanted (2.2.1.1).
fn is_request(rest: &[u8]) -> bool {
    rest.starts_with(b"Cookie: mst") || wanted(rest).is_some()
}

/// The protocols that a request wants.
fn wanted(rest: &[u8]) -> Option<u32> {
    let after = rest.windows(2).position(|pair| pair == b"\r\n").and_then(|at| rest.get(at + 2..)).unwrap_or(rest);
    match *after {
        [1, _, 8, 0, a, b, c, d, ..] => Some(u32::from_le_bytes([a, b, c, d])),
        _ => None,
    }
}

/// MCS Connect-Initial or Connect-Response with a conference in it (2.2.1.3, 2.2.1.4): under TLS it cannot be read.
fn is_conference(rest: &[u8]) -> bool {
    matches!(rest, [0x7f, 0x65 | 0x66, ..]) && rest.windows(4).any(|name| name == b"Duca" || name == b"McDn")
}

fn size(bytes: &[u8]) -> Size {
    match *bytes {
        [3, 0, high, low, ..] => Size::Whole(u64::from(u16::from_be_bytes([high, low]))),
        [] | [3] | [3, 0] | [3, 0, _] => Size::More,
        _ => Size::Wrong,
    }
}

/// Both directions.
#[derive(Default)]
struct Connection {
    messages: [Messages; 2],
    /// The client has asked.
    asked: bool,
}

impl Dialogue for Connection {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { messages, asked } = self;
        let Some(messages) = messages.get_mut(side as usize) else { return Goes::Over };
        let mut rest = bytes;
        loop {
            let start = match messages.next(&mut rest, size) {
                Ok(Some(Message { start, .. })) => start,
                Ok(None) => return Goes::On,
                // TLS, as a rule.
                Err(_) => return Goes::Anew { rest: rest.len() },
            };
            match packet(start) {
                Some((REQUEST, _)) => *asked = true,
                Some((CONFIRM, [2, _, 8, 0, protocol @ ..])) => {
                    if !protocol.starts_with(&[0, 0, 0, 0]) {
                        return Goes::Anew { rest: rest.len() };
                    }
                    seen.see(labels::CLEARTEXT_RDP_NO_TLS);
                    return Goes::Over;
                }
                // The server offers no TLS: it is not allowed (2), or there is no certificate (3). Other failures
                // ask for more security, not less.
                Some((CONFIRM, [3, _, 8, 0, code, ..])) => {
                    if matches!(code, 2 | 3) {
                        seen.see(labels::CLEARTEXT_RDP_NO_TLS);
                    }
                    return Goes::Over;
                }
                // A server that does not know of TLS.
                Some((CONFIRM, [])) if *asked => {
                    seen.see(labels::CLEARTEXT_RDP_NO_TLS);
                    return Goes::Over;
                }
                Some((DATA, rest)) if is_conference(rest) => {
                    seen.see(labels::CLEARTEXT_RDP_NO_TLS);
                    return Goes::Over;
                }
                _ => {}
            }
        }
    }

    fn gap(&mut self, side: Side) {
        if let Some(messages) = self.messages.get_mut(side as usize) {
            messages.clear();
        }
    }
}
