//! IRC (RFC 1459, 2812; IRCv3's capability negotiation and STARTTLS).

use super::talk::{Says, Speaker, has_argument, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "ADMIN",
    "AUTHENTICATE",
    "AWAY",
    "CAP",
    "ERROR",
    "INFO",
    "INVITE",
    "ISON",
    "JOIN",
    "KICK",
    "KILL",
    "LIST",
    "LUSERS",
    "MODE",
    "MOTD",
    "NAMES",
    "NICK",
    "NOTICE",
    "OPER",
    "PART",
    "PASS",
    "PING",
    "PONG",
    "PRIVMSG",
    "PROTOCTL",
    "QUIT",
    "SERVER",
    "SQUIT",
    "STARTTLS",
    "STATS",
    "TOPIC",
    "USER",
    "USERHOST",
    "VERSION",
    "WALLOPS",
    "WHO",
    "WHOIS",
    "WHOWAS",
];

/// What a server says without being asked.
const GREETINGS: &[&str] = &["NOTICE", "ERROR", "PING"];

/// Who speaks IRC.
#[derive(Default)]
pub(super) struct Irc {
    /// `STARTTLS` was said and not answered yet.
    asked: bool,
}

impl Irc {
    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        let (prefixed, line) = without_prefix(line);
        match side {
            Side::Client => says_one_of(line, COMMANDS),
            Side::Server if prefixed => numeric(line).is_some() || says_one_of(line, COMMANDS),
            Side::Server => says_one_of(line, GREETINGS) && line.contains(&b':'),
        }
    }
}

/// The line without its tags and who it is from.
fn without_prefix(line: &[u8]) -> (bool, &[u8]) {
    let mut line = line.trim_ascii_start();
    let mut prefixed = false;
    for mark in [b'@', b':'] {
        if line.first() == Some(&mark)
            && let Some(space) = line.iter().position(|&byte| byte == b' ')
        {
            prefixed = true;
            line = line.get(space..).unwrap_or_default().trim_ascii_start();
        }
    }
    (prefixed, line)
}

/// A reply's three digits and a space.
fn numeric(line: &[u8]) -> Option<&[u8; 3]> {
    let (digits, rest) = line.split_first_chunk::<3>()?;
    (digits.iter().all(u8::is_ascii_digit) && rest.first() == Some(&b' ')).then_some(digits)
}

impl Speaker for Irc {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        if !Self::says(side, line) {
            return Says::Line;
        }
        seen.see(labels::CLEARTEXT_IRC);
        self.login(side, line).into_iter().for_each(|label| seen.see(label));
        let (_, command) = without_prefix(line);
        if side == Side::Client {
            self.asked = starts_with_word(command, "STARTTLS");
        } else if let Some(number) = numeric(command)
            && std::mem::take(&mut self.asked)
            && number == b"670"
        {
            return Says::Secured;
        }
        Says::Line
    }

    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        let (_, command) = without_prefix(line);
        (side == Side::Client && starts_with_word(command, "PASS") && has_argument(command))
            .then_some(labels::CLEARTEXT_IRC_PASS)
    }
}
