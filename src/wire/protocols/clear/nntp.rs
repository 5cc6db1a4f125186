//! News (RFC 3977, 4642, 4643).

use super::talk::{Says, Speaker, begins, has_argument, reply, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "ARTICLE",
    "AUTHINFO",
    "BODY",
    "CAPABILITIES",
    "CHECK",
    "DATE",
    "GROUP",
    "HDR",
    "HEAD",
    "HELP",
    "IHAVE",
    "LAST",
    "LIST",
    "LISTGROUP",
    "MODE",
    "NEWGROUPS",
    "NEWNEWS",
    "NEXT",
    "OVER",
    "POST",
    "QUIT",
    "SLAVE",
    "STARTTLS",
    "STAT",
    "TAKETHIS",
    "XHDR",
    "XOVER",
];

/// Who speaks NNTP.
#[derive(Default)]
pub(super) struct Nntp {
    /// `STARTTLS` was said and not answered yet.
    asked: bool,
}

impl Nntp {
    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        match side {
            Side::Client => says_one_of(line, COMMANDS),
            Side::Server => reply(line).is_some(),
        }
    }
}

impl Speaker for Nntp {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        self.login(side, line).into_iter().for_each(|label| seen.see(label));
        if side == Side::Client {
            self.asked = starts_with_word(line, "STARTTLS");
        } else if let Some(reply) = reply(line)
            && std::mem::take(&mut self.asked)
            && reply == 382
        {
            return Says::Secured;
        }
        Says::Line
    }

    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        (side == Side::Client && begins(line, "AUTHINFO ") && has_argument(line)).then_some(labels::CLEARTEXT_NNTP_AUTH)
    }
}
