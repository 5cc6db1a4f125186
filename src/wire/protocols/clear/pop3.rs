//! POP3 (RFC 1939, 2449, 2595, 5034).

use super::talk::{Says, Speaker, has_argument, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "APOP", "AUTH", "CAPA", "DELE", "LANG", "LIST", "NOOP", "PASS", "QUIT", "RETR", "RSET", "STAT", "STLS", "TOP",
    "UIDL", "USER", "UTF8",
];

/// Who speaks POP3.
#[derive(Default)]
pub(super) struct Pop3 {
    /// `STLS` was said and not answered yet.
    asked: bool,
}

impl Pop3 {
    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        match side {
            Side::Client => says_one_of(line, COMMANDS),
            Side::Server => says_one_of(line, &["+OK", "-ERR"]),
        }
    }
}

impl Speaker for Pop3 {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        if !Self::says(side, line) {
            return Says::Line;
        }
        seen.see(labels::CLEARTEXT_POP3);
        self.login(side, line).into_iter().for_each(|label| seen.see(label));
        if side == Side::Client {
            self.asked = starts_with_word(line, "STLS");
            if self.asked {
                seen.see(labels::STARTTLS_POP3);
            }
        } else if std::mem::take(&mut self.asked) && starts_with_word(line, "+OK") {
            return Says::Secured;
        }
        Says::Line
    }

    /// `AUTH` alone asks what there is (RFC 5034 4).
    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        (side == Side::Client && says_one_of(line, &["PASS", "APOP", "AUTH"]) && has_argument(line))
            .then_some(labels::CLEARTEXT_POP3_LOGIN)
    }
}
