//! Protocols of directories, stores, files and screens that send logins in the clear.

mod ber;
mod ldap;
mod mqtt;
mod mysql;
mod nfs;
mod ntlm;
mod pgsql;
mod rdp;
mod redis;
mod smb;
mod socks;
mod tftp;

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[
    ("ldap", ldap::ldap),
    ("mqtt", mqtt::mqtt),
    ("mysql", mysql::mysql),
    ("nfs", nfs::nfs),
    ("netbios-datagram", smb::datagram),
    ("pgsql", pgsql::pgsql),
    ("pgsql-password", pgsql::password),
    ("rdp", rdp::rdp),
    ("redis", redis::redis),
    ("smb", smb::smb),
    ("socks", socks::socks),
    ("tftp", tftp::tftp),
    ("tftp-port", tftp::on_port),
];
