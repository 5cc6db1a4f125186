//! Redis (its documentation, "RESP protocol", AUTH and HELLO).

use crate::wire::labels;
use crate::wire::lines::{Lines, starts_with_word};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Its port, where commands in plain lines are taken for its, too.
const PORT: u16 = 6379;

/// Bytes of a client that are listened to: it logs in at its start.
const LISTEN: usize = 1 << 17;

/// Longest argument that is read.
const ARGUMENT: u64 = 16;

/// A client's command: an array of strings, or a line.
pub(super) fn redis(data: &Datagram<'_>, _: &mut Seen) -> Option<Next> {
    let line = data.bytes.split(|byte| *byte == b'\n').next()?;
    let array = number(line, b'*').is_some_and(|count| count > 0);
    let plain = data.on_port(PORT) && starts_with_word(line.trim_ascii_end(), "AUTH");
    (data.over == Over::Tcp && data.side == Side::Client && (array || plain))
        .then(|| Next::Talk(Box::new(Commands::default())))
}

/// `*3`: a mark and a number.
fn number(line: &[u8], mark: u8) -> Option<u64> {
    let digits = line.trim_ascii_end().strip_prefix(&[mark])?;
    if digits.is_empty() || digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The client's commands.
#[derive(Default)]
struct Commands {
    lines: Lines,
    /// Strings of the array that are yet to come.
    left: u64,
    /// How many have come.
    come: u64,
    /// The array has said HELLO.
    hello: bool,
    /// Bytes of a long string.
    skip: u64,
    heard: usize,
}

impl Dialogue for Commands {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        if side == Side::Server {
            return Goes::On;
        }
        let Self { lines, left, come, hello, skip, heard } = self;
        *heard += bytes.len();
        if *heard > LISTEN {
            return Goes::Over;
        }
        let mut rest = bytes;
        loop {
            let skipped = usize::try_from(*skip).unwrap_or(usize::MAX).min(rest.len());
            *skip -= skipped as u64;
            rest = rest.get(skipped..).unwrap_or_default();
            let Some(line) = lines.next(&mut rest) else { return Goes::On };
            if *left == 0 {
                if let Some(count) = number(line, b'*') {
                    (*left, *come, *hello) = (count, 0, false);
                } else if starts_with_word(line, "AUTH") && line.len() > 5 {
                    seen.see(labels::CLEARTEXT_REDIS_AUTH);
                }
                continue;
            }
            if let Some(length) = number(line, b'$') {
                if length > ARGUMENT {
                    // And its line's end.
                    *skip = length + 2;
                    (*left, *come) = (*left - 1, *come + 1);
                }
                continue;
            }
            // AUTH password, AUTH name password, HELLO 3 AUTH name password.
            *hello |= *come == 0 && line.eq_ignore_ascii_case(b"HELLO");
            if line.eq_ignore_ascii_case(b"AUTH") && ((*come == 0 && *left > 1) || (*hello && *come == 2)) {
                seen.see(labels::CLEARTEXT_REDIS_AUTH);
            }
            (*left, *come) = (*left - 1, *come + 1);
        }
    }

    fn gap(&mut self, side: Side) {
        if side == Side::Client {
            *self = Self { heard: self.heard, ..Self::default() };
        }
    }

    fn patience(&self) -> u64 {
        u64::MAX
    }
}
