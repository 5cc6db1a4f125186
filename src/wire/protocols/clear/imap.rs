//! IMAP (RFC 9051, 3501, 2595, 7888).

use super::talk::{Says, Speaker, has_argument, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "APPEND",
    "AUTHENTICATE",
    "CAPABILITY",
    "CHECK",
    "CLOSE",
    "COMPRESS",
    "COPY",
    "CREATE",
    "DELETE",
    "ENABLE",
    "EXAMINE",
    "EXPUNGE",
    "FETCH",
    "GETACL",
    "GETQUOTA",
    "GETQUOTAROOT",
    "ID",
    "IDLE",
    "LIST",
    "LOGIN",
    "LOGOUT",
    "LSUB",
    "MOVE",
    "NAMESPACE",
    "NOOP",
    "RENAME",
    "SEARCH",
    "SELECT",
    "SORT",
    "STARTTLS",
    "STATUS",
    "STORE",
    "SUBSCRIBE",
    "THREAD",
    "UID",
    "UNSELECT",
    "UNSUBSCRIBE",
    "XLIST",
];

/// Longest tag that is remembered.
const TAG: usize = 32;

/// Who speaks IMAP.
#[derive(Default)]
pub(super) struct Imap {
    /// The tag of `STARTTLS`, while it is not answered.
    asked: Option<Vec<u8>>,
}

impl Imap {
    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        match side {
            Side::Client => command(line).is_some_and(|(_, command)| says_one_of(command, COMMANDS)),
            Side::Server => {
                line.starts_with(b"* ")
                    || command(line).is_some_and(|(_, rest)| says_one_of(rest, &["OK", "NO", "BAD"]))
            }
        }
    }

    /// How a server greets (RFC 9051 7.1).
    pub(super) fn greets(line: &[u8]) -> bool {
        line.strip_prefix(b"* ").is_some_and(|rest| says_one_of(rest, &["OK", "PREAUTH", "BYE"]))
    }
}

/// A tag and what follows it.
fn command(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = line.iter().position(|&byte| byte == b' ')?;
    let (tag, rest) = line.split_at(space);
    let sound = (1..=TAG).contains(&tag.len())
        && tag.iter().all(|byte| byte.is_ascii_graphic() && !b"+*(){%\"\\".contains(byte));
    sound.then_some((tag, rest.trim_ascii_start()))
}

/// `{1000}` or `{1000+}` at the end of a line: so many bytes follow (RFC 9051 4.3).
fn literal(line: &[u8]) -> Option<u64> {
    let inner = line.strip_suffix(b"}")?;
    let digits = inner.get(inner.iter().rposition(|&byte| byte == b'{')? + 1..)?;
    let digits = digits.strip_suffix(b"+").or(digits.strip_suffix(b"-")).unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Speaker for Imap {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        if Self::says(side, line) {
            seen.see(labels::CLEARTEXT_IMAP);
            self.login(side, line).into_iter().for_each(|label| seen.see(label));
            if let Some((tag, rest)) = command(line) {
                if side == Side::Client && starts_with_word(rest, "STARTTLS") {
                    seen.see(labels::STARTTLS_IMAP);
                    self.asked = Some(tag.to_vec());
                } else if side == Side::Server && self.asked.as_deref() == Some(tag) {
                    self.asked = None;
                    if starts_with_word(rest, "OK") {
                        return Says::Secured;
                    }
                }
            }
        }
        literal(line).map_or(Says::Line, Says::Skip)
    }

    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        let (_, rest) = command(line).filter(|_| side == Side::Client)?;
        (says_one_of(rest, &["LOGIN", "AUTHENTICATE"]) && has_argument(rest)).then_some(labels::CLEARTEXT_IMAP_LOGIN)
    }
}
