//! PostgreSQL (its documentation, "Message Formats"; protocol 3).

use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Codes of requests that have no type.
const VERSION_3: u32 = 3 << 16;
const SSL: u32 = 80_877_103;
const GSS: u32 = 80_877_104;

/// Longest start-up packet a server takes.
const LONGEST_START: u64 = 10_000;

/// The client's first packet.
pub(super) fn pgsql(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let (&[a, b, c, d, e, f, g, h], rest) = data.bytes.split_first_chunk::<8>()?;
    let (length, code) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
    let begins = match code {
        SSL | GSS => length == 8 && rest.is_empty(),
        // Names and values of parameters: the first is a name.
        _ => is_version(code) && (9..=LONGEST_START).contains(&u64::from(length)) && begins_with_name(rest),
    };
    (data.over == Over::Tcp && begins).then(|| Next::Talk(Box::new(Session { code: None, ..Session::default() })))
}

/// 3.0, and the minor versions since.
const fn is_version(code: u32) -> bool {
    code >= VERSION_3 && code <= VERSION_3 + 2
}

fn begins_with_name(bytes: &[u8]) -> bool {
    let name: &[u8] = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.'))
}

/// In the middle of a login, on PostgreSQL's port: a password.
pub(super) fn password(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let (&[b'p', a, b, c, d], rest) = data.bytes.split_first_chunk::<5>()? else { return None };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let (0, text) = rest.split_last()? else { return None };
    if length != rest.len() + 4 || text.is_empty() || text.contains(&0) {
        return None;
    }
    seen.see(labels::CLEARTEXT_PGSQL_PASSWORD);
    Some(Next::Decided)
}

/// Both directions.
#[derive(Default)]
struct Session {
    messages: [Messages; 2],
    /// The client's start-up packet was heard; messages have types from then on.
    started: bool,
    /// TLS or GSSAPI was asked for and not answered yet.
    asked: bool,
    /// How the server wants the client to log in.
    code: Option<u32>,
}

fn untyped(bytes: &[u8]) -> Size {
    match bytes.first_chunk::<4>().map(|length| u64::from(u32::from_be_bytes(*length))) {
        None => Size::More,
        Some(length @ 8..=LONGEST_START) => Size::Whole(length),
        Some(_) => Size::Wrong,
    }
}

fn typed(bytes: &[u8]) -> Size {
    match *bytes {
        [kind, a, b, c, d, ..] if kind.is_ascii_graphic() && (a, b, c, d) >= (0, 0, 0, 4) => {
            Size::Whole(1 + u64::from(u32::from_be_bytes([a, b, c, d])))
        }
        [_, _, _, _, _, ..] => Size::Wrong,
        _ => Size::More,
    }
}

impl Dialogue for Session {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { messages, started, asked, code } = self;
        let [client, server] = messages;
        let mut rest = bytes;
        if side == Side::Client && matches!(bytes, [0x16, 3, 0..=4, ..]) {
            return Goes::Anew { rest: bytes.len() };
        }
        if side == Side::Server && std::mem::take(asked) {
            match bytes {
                [b'S' | b'G', rest @ ..] => return Goes::Anew { rest: rest.len() },
                [b'N', after @ ..] => rest = after,
                _ => {}
            }
        }
        while side == Side::Client && !*started {
            let Ok(Some(Message { start, .. })) = client.next(&mut rest, untyped) else { return Goes::On };
            let Some((_, &[e, f, g, h])) = start.first_chunk::<8>().map(|bytes| bytes.split_at(4)) else {
                return Goes::Over;
            };
            match u32::from_be_bytes([e, f, g, h]) {
                SSL | GSS => *asked = true,
                version if is_version(version) => *started = true,
                _ => return Goes::Over,
            }
        }
        let messages = if side == Side::Client { client } else { server };
        while let Ok(Some(Message { start, size })) = messages.next(&mut rest, typed) {
            match (side, start) {
                (Side::Server, [b'R', _, _, _, _, a, b, c, d, ..]) => {
                    *code = Some(u32::from_be_bytes([*a, *b, *c, *d]));
                }
                // Ready for queries: the login is over.
                (Side::Server, [b'Z', ..]) => return Goes::Over,
                // 2 Kerberos 4, 3 in the clear, 4 crypt, 5 MD5. Of GSSAPI, SSPI and SASL (7 to 12) the same
                // message holds no password.
                (Side::Client, [b'p', ..]) if matches!(code, None | Some(2..=5)) && size > 6 => {
                    seen.see(labels::CLEARTEXT_PGSQL_PASSWORD);
                }
                _ => {}
            }
        }
        Goes::On
    }

    fn gap(&mut self, side: Side) {
        if let Some(messages) = self.messages.get_mut(side as usize) {
            messages.clear();
        }
    }
}
