//! SOCKS 4 and 5 (RFC 1928, 1929; SOCKS 4 and 4A as Ying-Da Lee described them).

use crate::wire::labels;
use crate::wire::messages::{Message, Messages, Size};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// What a client says first: the ways to log in that it knows, or where it wants to go.
pub(super) fn socks(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let talk = match (data.side, data.bytes) {
        (Side::Client, [5, count, methods @ ..]) => {
            let known = |method: &u8| matches!(method, 0..=9 | 0x80..=0xfe);
            usize::from(*count) == methods.len() && *count > 0 && methods.iter().all(known)
        }
        (Side::Client, [4, 1 | 2, _, _, _, _, _, _, rest @ ..]) => is_socks4_end(rest),
        _ => false,
    };
    let stage = if data.bytes.first() == Some(&4) { Stage::Going } else { Stage::Greeting };
    (data.over == Over::Tcp && talk)
        .then(|| Next::Talk(Box::new(Socks { messages: Default::default(), stage, heard: false })))
}

/// A user's name ended by NUL, and in 4A the name of a host.
fn is_socks4_end(rest: &[u8]) -> bool {
    let text = |byte: &u8| *byte == 0 || (0x20..0x7f).contains(byte);
    rest.last() == Some(&0)
        && rest.len() <= 512
        && rest.iter().all(text)
        && rest.iter().map(|byte| usize::from(*byte == 0)).sum::<usize>() <= 2
}

/// What the client has said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Which ways to log in it knows.
    Greeting,
    /// Its name and password.
    Login,
    /// Where it wants to go.
    Going,
}

/// Both directions.
struct Socks {
    messages: [Messages; 2],
    stage: Stage,
    /// The client's first message was heard.
    heard: bool,
}

/// A client's next message: name and password, or where to go.
fn of_client(bytes: &[u8]) -> Size {
    match *bytes {
        [1, name, ref rest @ ..] => match rest.get(usize::from(name)) {
            Some(password) => Size::Whole(3 + u64::from(name) + u64::from(*password)),
            None => Size::More,
        },
        [5, 1..=3, 0, kind, ref rest @ ..] => match (kind, rest.first()) {
            (1, _) => Size::Whole(10),
            (4, _) => Size::Whole(22),
            (3, Some(length)) => Size::Whole(7 + u64::from(*length)),
            (3, None) => Size::More,
            _ => Size::Wrong,
        },
        [] | [1 | 5] | [5, 1..=3] | [5, 1..=3, 0] => Size::More,
        _ => Size::Wrong,
    }
}

/// A server's choice of how to log in, and its answer to a login.
fn choice(bytes: &[u8]) -> Size {
    match bytes.first() {
        Some(1 | 5) => Size::Whole(2),
        Some(_) => Size::Wrong,
        None => Size::More,
    }
}

/// A server's answer to where the client wants to go.
fn answer(bytes: &[u8]) -> Size {
    match *bytes {
        [0, 0x5a..=0x5d, ..] => Size::Whole(8),
        [5, 0..=8, 0, kind, ref rest @ ..] => match (kind, rest.first()) {
            (1, _) => Size::Whole(10),
            (4, _) => Size::Whole(22),
            (3, Some(length)) => Size::Whole(7 + u64::from(*length)),
            (3, None) => Size::More,
            _ => Size::Wrong,
        },
        [] | [0 | 5] | [5, 0..=8] | [5, 0..=8, 0] => Size::More,
        _ => Size::Wrong,
    }
}

impl Dialogue for Socks {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { messages: [client, server], stage, heard } = self;
        let mut rest = bytes;
        if side == Side::Client {
            if !std::mem::replace(heard, true) {
                return Goes::On;
            }
            return match client.next(&mut rest, of_client) {
                Ok(None) => Goes::On,
                Ok(Some(Message { start: [1, ..], .. })) if *stage == Stage::Greeting => {
                    *stage = Stage::Login;
                    seen.see(labels::CLEARTEXT_SOCKS);
                    seen.see(labels::CLEARTEXT_SOCKS_USERPASS);
                    Goes::On
                }
                Ok(Some(Message { start: [5, ..], .. })) => {
                    *stage = Stage::Going;
                    seen.see(labels::CLEARTEXT_SOCKS);
                    // What follows at once is for the other end.
                    if rest.is_empty() { Goes::On } else { Goes::Anew { rest: rest.len() } }
                }
                // The answer was not heard.
                Ok(Some(_)) | Err(_) if *stage == Stage::Going => Goes::Anew { rest: bytes.len() },
                Ok(Some(_)) | Err(_) => Goes::Not,
            };
        }
        let answer = match stage {
            Stage::Greeting | Stage::Login => choice,
            Stage::Going => answer,
        };
        match server.next(&mut rest, answer) {
            Ok(None) => return Goes::On,
            // More than was to be said.
            Ok(Some(_)) if *stage != Stage::Going && !rest.is_empty() => return Goes::Not,
            Ok(Some(Message { start: [5, 0xff], .. })) => {
                seen.see(labels::CLEARTEXT_SOCKS);
                return Goes::Over;
            }
            Ok(Some(_)) if *stage != Stage::Going => {}
            Ok(Some(Message { start: [0, 0x5a, ..] | [5, 0, ..], .. })) => {
                seen.see(labels::CLEARTEXT_SOCKS);
                return Goes::Anew { rest: rest.len() };
            }
            Ok(Some(_)) => {
                seen.see(labels::CLEARTEXT_SOCKS);
                return Goes::Over;
            }
            Err(_) => return Goes::Not,
        }
        seen.see(labels::CLEARTEXT_SOCKS);
        Goes::On
    }
}
