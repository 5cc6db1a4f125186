//! SMTP and LMTP (RFC 5321, 2033, 3030, 3207, 4954).

use super::talk::{Says, Speaker, begins, has_argument, reply, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "AUTH", "BDAT", "DATA", "EHLO", "ETRN", "EXPN", "HELO", "HELP", "LHLO", "NOOP", "QUIT", "RSET", "STARTTLS", "VRFY",
    "XCLIENT", "XFORWARD",
];

/// Who speaks SMTP.
#[derive(Default)]
pub(super) struct Smtp {
    /// `STARTTLS` was said and not answered yet.
    asked: bool,
    message: Message,
}

/// Whether the client's lines are a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Message {
    #[default]
    No,
    /// `DATA` was said and not answered yet.
    Asked,
    /// They are, until a line that is a dot.
    Yes,
}

impl Smtp {
    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        match side {
            Side::Client => says_one_of(line, COMMANDS) || begins(line, "MAIL FROM:") || begins(line, "RCPT TO:"),
            Side::Server => reply(line).is_some(),
        }
    }
}

impl Speaker for Smtp {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        if side == Side::Client {
            if self.message == Message::Yes || (self.message == Message::Asked && !Self::says(side, line)) {
                self.message = if line == b"." { Message::No } else { Message::Yes };
                return Says::Line;
            }
            if !Self::says(side, line) {
                return Says::Line;
            }
            seen.see(labels::CLEARTEXT_SMTP);
            self.login(side, line).into_iter().for_each(|label| seen.see(label));
            if begins(line, "MAIL FROM:") {
                seen.see(labels::CLEARTEXT_SMTP_MAIL);
            }
            self.asked = starts_with_word(line, "STARTTLS");
            if self.asked {
                seen.see(labels::STARTTLS_SMTP);
            }
            self.message = if starts_with_word(line, "DATA") { Message::Asked } else { Message::No };
            return if starts_with_word(line, "BDAT") { Says::Skip(size(line)) } else { Says::Line };
        }
        let Some(reply) = reply(line) else { return Says::Line };
        seen.see(labels::CLEARTEXT_SMTP);
        // Any other answer ends a message, even if its last dot was not heard.
        self.message = if reply == 354 { Message::Yes } else { Message::No };
        if std::mem::take(&mut self.asked) && reply == 220 { Says::Secured } else { Says::Line }
    }

    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        (side == Side::Client && self.message == Message::No && starts_with_word(line, "AUTH") && has_argument(line))
            .then_some(labels::CLEARTEXT_SMTP_AUTH)
    }
}

/// `BDAT 1000 LAST`.
fn size(line: &[u8]) -> u64 {
    let number = line.split(|byte| *byte == b' ').nth(1).and_then(|word| std::str::from_utf8(word).ok());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
