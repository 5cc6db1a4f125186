//! FTP's control connection (RFC 959, 2389, 2428, 3659, 4217).

use super::talk::{Says, Speaker, has_argument, reply, says_one_of};
use crate::wire::labels::{self, Label};
use crate::wire::lines::starts_with_word;
use crate::wire::protocols::{Seen, Side};

const COMMANDS: &[&str] = &[
    "ABOR", "ACCT", "ADAT", "ALLO", "APPE", "AUTH", "CCC", "CDUP", "CLNT", "CWD", "DELE", "EPRT", "EPSV", "FEAT",
    "HELP", "HOST", "LANG", "LIST", "MDTM", "MFMT", "MKD", "MLSD", "MLST", "MODE", "NLST", "NOOP", "OPTS", "PASS",
    "PASV", "PBSZ", "PORT", "PROT", "PWD", "QUIT", "REIN", "REST", "RETR", "RMD", "RNFR", "RNTO", "SITE", "SIZE",
    "SMNT", "STAT", "STOR", "STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD",
];

/// Who speaks FTP.
#[derive(Default)]
pub(super) struct Ftp {
    /// `AUTH TLS` was said and not answered yet.
    asked: bool,
    /// The user is nobody in particular, and the password nobody's secret (RFC 1635).
    anonymous: bool,
}

impl Ftp {
    /// A conversation whose user was named before it was known to be one.
    pub(super) const fn of(anonymous: bool) -> Self {
        Self { asked: false, anonymous }
    }

    pub(super) fn says(side: Side, line: &[u8]) -> bool {
        match side {
            Side::Client => says_one_of(line, COMMANDS),
            Side::Server => reply(line).is_some(),
        }
    }

    /// Whether the user that a `USER` line names is nobody in particular (RFC 1635 2: "anonymous", or "ftp").
    pub(super) fn is_anonymous(line: &[u8]) -> bool {
        let name = line.get(5..).unwrap_or_default().trim_ascii();
        name.eq_ignore_ascii_case(b"anonymous") || name.eq_ignore_ascii_case(b"ftp")
    }

    /// `AUTH TLS` and its older forms (RFC 4217 4, 17).
    pub(super) fn asks_for_tls(line: &[u8]) -> bool {
        starts_with_word(line, "AUTH")
            && says_one_of(line.get(5..).unwrap_or_default().trim_ascii(), &["TLS", "TLS-C", "TLS-P", "SSL"])
    }
}

impl Speaker for Ftp {
    fn line(&mut self, side: Side, line: &[u8], seen: &mut Seen) -> Says {
        if !Self::says(side, line) {
            return Says::Line;
        }
        seen.see(labels::CLEARTEXT_FTP);
        if side == Side::Client && starts_with_word(line, "USER") {
            self.anonymous = Self::is_anonymous(line);
        }
        if let Some(label) = self.login(side, line) {
            seen.see(label);
            if !self.anonymous {
                seen.see(labels::CLEARTEXT_FTP_PASSWORD);
            }
        }
        if side == Side::Client {
            self.asked = Self::asks_for_tls(line);
            if self.asked {
                seen.see(labels::STARTTLS_FTP);
            }
        } else if let Some(reply) = reply(line)
            && std::mem::take(&mut self.asked)
            && reply == 234
        {
            return Says::Secured;
        }
        Says::Line
    }

    fn login(&self, side: Side, line: &[u8]) -> Option<Label> {
        (side == Side::Client && starts_with_word(line, "PASS") && has_argument(line))
            .then_some(labels::CLEARTEXT_FTP_LOGIN)
    }
}
