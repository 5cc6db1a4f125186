//! MySQL and MariaDB (MySQL Internals, "Connection Phase").

use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// The server's greeting: version 10 of the protocol.
pub(super) fn mysql(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if data.over != Over::Tcp || !greets(data.bytes) {
        return None;
    }
    seen.see(labels::CLEARTEXT_MYSQL);
    Some(Next::Talk(Box::new(Connection::default())))
}

/// Length, number 0, 10, the server's version in text, then 13 bytes of which the last is NUL.
fn greets(bytes: &[u8]) -> bool {
    let Some((&[low, mid, high, 0], rest)) = bytes.split_first_chunk::<4>() else { return false };
    let length = u32::from_le_bytes([low, mid, high, 0]);
    let Some(text) = rest.strip_prefix(&[10]) else { return false };
    let Some(end) = text.iter().take(64).position(|&byte| byte == 0) else { return false };
    let (version, rest) = text.split_at(end);
    (32..=512).contains(&length)
        && version.first().is_some_and(u8::is_ascii_digit)
        && version.iter().all(u8::is_ascii_graphic)
        && rest.get(13).is_some_and(|byte| *byte == 0)
}

fn size(bytes: &[u8]) -> Size {
    match *bytes {
        [low, mid, high, _, ..] => Size::Whole(4 + u64::from(u32::from_le_bytes([low, mid, high, 0]))),
        _ => Size::More,
    }
}

/// What the client answers.
#[derive(Default)]
struct Connection {
    client: Messages,
}

impl Dialogue for Connection {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        if side == Side::Server {
            return Goes::On;
        }
        let mut rest = bytes;
        match self.client.next(&mut rest, size) {
            Ok(None) => Goes::On,
            // 32 bytes with the flag for TLS, and nothing else: TLS follows.
            Ok(Some(Message { start: [_, _, _, 1, _, flags, ..], size: 36 })) if flags & 0x08 != 0 => {
                Goes::Anew { rest: rest.len() }
            }
            Ok(Some(_)) => {
                seen.see(labels::CLEARTEXT_MYSQL);
                Goes::Over
            }
            Err(_) => Goes::Over,
        }
    }
}
