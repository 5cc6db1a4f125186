//! Telnet (RFC 854, 855).

use crate::wire::labels;
use crate::wire::protocols::{Datagram, Next, Seen, Side};

/// The highest option number IANA has given out below the extended ones.
const OPTIONS: u8 = 49;

/// On Telnet's port: an IAC command anywhere, or the server asks who is there.
pub(super) fn telnet(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let asks = || {
        let text = data.bytes.trim_ascii_end();
        let ends = |word: &[u8]| {
            text.len()
                .checked_sub(word.len())
                .is_some_and(|at| text.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(word)))
        };
        data.side == Side::Server && (ends(b"login:") || ends(b"username:") || ends(b"password:"))
    };
    if !has_command(data.bytes) && !asks() {
        return None;
    }
    seen.see(labels::CLEARTEXT_TELNET);
    Some(Next::Decided)
}

/// IAC and a command (0xf0 to 0xfe); IAC IAC is a byte of data.
fn has_command(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0xff) {
        match rest.get(at + 1) {
            Some(0xf0..=0xfe) => return true,
            _ => rest = rest.get(at + 2..).unwrap_or_default(),
        }
    }
    false
}

/// On any port: nothing but WILL, WONT, DO and DONT of options there are, and their subnegotiations.
pub(super) fn negotiation(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    let mut rest = data.bytes;
    let mut count = 0;
    loop {
        rest = match rest {
            [] => break,
            [0xff, 0xfb..=0xfe, option, after @ ..] if *option <= OPTIONS => after,
            [0xff, 0xfa, option, after @ ..] if *option <= OPTIONS => {
                let end = after.windows(2).position(|pair| pair == [0xff, 0xf0])?;
                after.get(end + 2..)?
            }
            // Text may follow what was agreed.
            _ => break,
        };
        count += 1;
    }
    if count < 2 {
        return None;
    }
    seen.see(labels::CLEARTEXT_TELNET);
    Some(Next::Decided)
}
