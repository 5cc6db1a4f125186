//! Conversations in text that anyone on the way can read.
//!
//! Mail, FTP, news and chat speak in lines; [`talk`] follows them, whichever it is. The others have openings of their own.

mod berkeley;
mod ftp;
mod imap;
mod irc;
mod nntp;
mod pop3;
mod smtp;
mod talk;
mod telnet;
mod vnc;
mod xmpp;

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("talk", talk::talk),
    ("telnet", telnet::telnet),
    ("telnet-negotiation", telnet::negotiation),
    ("rlogin", berkeley::rlogin),
    ("rsh", berkeley::rsh),
    ("vnc", vnc::vnc),
    ("xmpp", xmpp::xmpp),
];
