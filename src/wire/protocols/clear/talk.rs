//! Follows a conversation in lines, and finds out whose it is.

use super::ftp::Ftp;
use super::imap::Imap;
use super::irc::Irc;
use super::nntp::Nntp;
use super::pop3::Pop3;
use super::smtp::Smtp;
use crate::wire::labels::{self, Label};
use crate::wire::lines::{Lines, starts_with_word};
use crate::wire::protocols::{Datagram, Dialogue, Goes, Next, Over, Seen, Side};

/// Lines that may pass before it must be known what is spoken.
const UNKNOWN: u8 = 32;

/// Redis answers "+OK", too.
const REDIS: u16 = 6379;

/// What a line does to its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// It goes on.
    Line,
    /// So many bytes that are no lines follow from the same side.
    Skip(u64),
    /// What follows is TLS.
    Secured,
}

/// One of the protocols in lines.
pub(super) trait Speaker: Send {
    /// Hears a line.
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says;

    /// What a line shows of a login, even if its end never comes.
    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        let _ = (side, line);
        None
    }
}

/// A conversation that begins, here, with a line that one of them would say; the port helps where it is known.
pub(super) fn talk(data: &Datagram<'_>, seen: &mut Seen) -> Option<Next> {
    if data.over != Over::Tcp {
        return None;
    }
    let line = first_line(data.bytes)?;
    for (side, port) in [(data.side, data.server_port()), (data.side.other(), data.client_port())] {
        let who = match by_port(port, side, line) {
            Some(speaker) => Who::Known(speaker),
            None => match Clues::default().hear(side, line, port) {
                Heard::Nobody => continue,
                Heard::Unknown | Heard::Known(..) => Who::Unknown(Clues::default()),
            },
        };
        seen.sender = Some(side);
        return Some(Next::Talk(Box::new(Talk { lines: Default::default(), skip: [0; 2], port, who })));
    }
    None
}

/// The first line that is not empty, or as much of it as is there, if it is text.
fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let line = bytes.trim_ascii_start().split(|byte| *byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = |byte: &u8| matches!(byte, b'\t' | 0x20..=0x7e | 0x80..);
    (line.len() >= 3 && line.iter().all(text)).then_some(line)
}

/// Who speaks on this port (IANA's, and those in use beside them), if the line is one of theirs.
fn by_port(port: u16, side: Side, line: &[u8]) -> Option<Box<dyn Speaker>> {
    match port {
        21 if Ftp::says(side, line) => Some(Box::<Ftp>::default()),
        25 | 465 | 587 | 2525 if Smtp::says(side, line) => Some(Box::<Smtp>::default()),
        110 if Pop3::says(side, line) => Some(Box::<Pop3>::default()),
        119 | 433 if Nntp::says(side, line) => Some(Box::<Nntp>::default()),
        143 if Imap::says(side, line) => Some(Box::<Imap>::default()),
        194 | 6660..=6669 | 7000 | 57000 if Irc::says(side, line) => Some(Box::<Irc>::default()),
        _ => None,
    }
}

/// The conversation.
struct Talk {
    lines: [Lines; 2],
    /// Bytes of each side that are no lines.
    skip: [u64; 2],
    port: u16,
    who: Who,
}

enum Who {
    Known(Box<dyn Speaker>),
    /// Lines were heard that several would say.
    Unknown(Clues),
}

impl Dialogue for Talk {
    fn hear(&mut self, side: Side, bytes: &[u8], seen: &mut Seen) -> Goes {
        let Self { lines, skip, port, who } = self;
        let (Some(lines), Some(skip)) = (lines.get_mut(side as usize), skip.get_mut(side as usize)) else {
            return Goes::Over;
        };
        let mut rest = bytes;
        // The answer that let TLS begin may be missing.
        if *skip == 0 && lines.unfinished().is_empty() && begins_tls(rest) {
            return Goes::Anew { rest: rest.len() };
        }
        loop {
            let skipped = usize::try_from(*skip).unwrap_or(usize::MAX).min(rest.len());
            *skip -= skipped as u64;
            rest = rest.get(skipped..).unwrap_or_default();
            let Some(line) = lines.next(&mut rest) else { break };
            if line.is_empty() {
                continue;
            }
            if let Who::Unknown(clues) = who {
                match clues.hear(side, line, *port) {
                    Heard::Known(speaker, login) => {
                        if let Some(label) = login {
                            seen.see(label);
                        }
                        if login == Some(labels::CLEARTEXT_FTP_LOGIN) && !clues.anonymous {
                            seen.see(labels::CLEARTEXT_FTP_PASSWORD);
                        }
                        *who = Who::Known(speaker);
                    }
                    Heard::Unknown => continue,
                    Heard::Nobody => return Goes::Not,
                }
            }
            let Who::Known(speaker) = who else { continue };
            match speaker.line(side, line, seen) {
                Says::Line => {}
                Says::Skip(bytes) => *skip = bytes,
                Says::Secured => return Goes::Anew { rest: rest.len() },
            }
        }
        if let Who::Known(speaker) = who {
            speaker.login(side, lines.unfinished()).into_iter().for_each(|label| seen.see(label));
        }
        Goes::On
    }

    fn gap(&mut self, side: Side) {
        if let (Some(lines), Some(skip)) = (self.lines.get_mut(side as usize), self.skip.get_mut(side as usize)) {
            lines.clear();
            *skip = 0;
        }
    }
}

/// A TLS record with a handshake in it (RFC 8446 5.1).
pub(super) fn begins_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x16, 3, 0..=4, ..])
}

/// What was heard while it is not known who speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clues {
    /// "220" from the server: FTP or SMTP.
    greeted: bool,
    /// "USER", "PASS": FTP, POP3 or IRC.
    user: bool,
    pass: bool,
    /// "USER anonymous".
    anonymous: bool,
    /// "AUTH" and a mechanism: SMTP or POP3.
    auth: bool,
    lines: u8,
}

/// What is known after a line.
enum Heard {
    /// Who speaks, and the login that came before.
    Known(Box<dyn Speaker>, Option<Label>),
    Unknown,
    /// Nobody we know.
    Nobody,
}

impl Clues {
    fn hear(&mut self, side: Side, line: &[u8], port: u16) -> Heard {
        self.lines += 1;
        let heard = match side {
            Side::Client => self.client(line),
            Side::Server => self.server(line, port),
        };
        match heard {
            Some(heard) => heard,
            None if (self.greeted || self.user || self.pass || self.auth) && self.lines < UNKNOWN => Heard::Unknown,
            None => Heard::Nobody,
        }
    }

    fn client(&mut self, line: &[u8]) -> Option<Heard> {
        let is = |word: &str| starts_with_word(line, word);
        let known = |speaker: Box<dyn Speaker>| Some(Heard::Known(speaker, None));
        if ["EHLO", "HELO", "LHLO", "STARTTLS", "MAIL FROM:", "RCPT TO:"].iter().any(|start| begins(line, start)) {
            return known(Box::<Smtp>::default());
        }
        if is("NICK") || begins(line, "CAP LS") || (is("USER") && line.split(|byte| *byte == b' ').count() >= 5) {
            let pass = self.pass.then_some(labels::CLEARTEXT_IRC_PASS);
            return Some(Heard::Known(Box::<Irc>::default(), pass));
        }
        if is("AUTHINFO") || begins(line, "MODE READER") {
            return known(Box::<Nntp>::default());
        }
        if is("APOP") || is("STLS") || line.eq_ignore_ascii_case(b"CAPA") {
            return known(Box::<Pop3>::default());
        }
        if Ftp::asks_for_tls(line) || (self.greeted && Ftp::says(Side::Client, line)) {
            return known(Box::<Ftp>::default());
        }
        if begins_login(line) {
            if self.greeted {
                return known(Box::<Smtp>::default());
            }
            self.auth = true;
        }
        if is("USER") {
            self.user = true;
            self.anonymous = Ftp::is_anonymous(line);
        }
        self.pass |= is("PASS");
        None
    }

    fn server(&mut self, line: &[u8], port: u16) -> Option<Heard> {
        if let Some(reply) = reply(line) {
            self.greeted |= reply == 220;
            if self.user && matches!(reply, 230 | 331 | 332 | 530) {
                let pass = self.pass.then_some(labels::CLEARTEXT_FTP_LOGIN);
                return Some(Heard::Known(Box::new(Ftp::of(self.anonymous)), pass));
            }
            if self.auth && matches!(reply, 235 | 334 | 535) {
                return Some(Heard::Known(Box::<Smtp>::default(), Some(labels::CLEARTEXT_SMTP_AUTH)));
            }
        } else if (Pop3::says(Side::Server, line) || (self.auth && starts_with_word(line, "+"))) && port != REDIS {
            let login = (self.pass || self.auth).then_some(labels::CLEARTEXT_POP3_LOGIN);
            return Some(Heard::Known(Box::<Pop3>::default(), login));
        } else if Imap::greets(line) {
            return Some(Heard::Known(Box::<Imap>::default(), None));
        } else if Irc::says(Side::Server, line) {
            let pass = self.pass.then_some(labels::CLEARTEXT_IRC_PASS);
            return Some(Heard::Known(Box::<Irc>::default(), pass));
        }
        None
    }
}

/// Whether the line begins so, in any case.
pub(super) fn begins(line: &[u8], start: &str) -> bool {
    line.get(..start.len()).is_some_and(|line| line.eq_ignore_ascii_case(start.as_bytes()))
}

/// Whether the line's first word is one of these, in any case.
pub(super) fn says_one_of(line: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| starts_with_word(line, word))
}

/// A reply's three digits, if the line is one: a space, a dash or nothing follows.
pub(super) fn reply(line: &[u8]) -> Option<u16> {
    let (digits, rest) = line.split_first_chunk::<3>()?;
    let number = digits.iter().all(u8::is_ascii_digit) && matches!(digits[0], b'1'..=b'5');
    (number && matches!(rest.first(), None | Some(b' ' | b'-')))
        .then(|| digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

/// `AUTH` and a SASL mechanism (IANA's registry, and Microsoft's and Google's own).
fn begins_login(line: &[u8]) -> bool {
    const MECHANISMS: &[&str] = &[
        "PLAIN",
        "LOGIN",
        "CRAM-MD5",
        "DIGEST-MD5",
        "NTLM",
        "GSSAPI",
        "XOAUTH2",
        "OAUTHBEARER",
        "SCRAM-SHA-1",
        "SCRAM-SHA-1-PLUS",
        "SCRAM-SHA-256",
        "SCRAM-SHA-256-PLUS",
        "EXTERNAL",
        "ANONYMOUS",
        "MSN",
    ];
    starts_with_word(line, "AUTH") && says_one_of(line.get(5..).unwrap_or_default(), MECHANISMS)
}

/// Whether something follows the line's first word.
pub(super) fn has_argument(line: &[u8]) -> bool {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.nth(1).is_some()
}
