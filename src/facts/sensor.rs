//! What `homeward-sensor` tells over its socket (`homeward.sensor/1`): a hello, then reports, one JSON document a line.
//! And what of it a moment keeps.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::firewall::Firewall;
use super::traffic::Traffic;
use super::vpn::{IpsecPolicy, Wireguard};
use super::{Observed, Reason, Thing};

/// The format's name. Within the number a field is never renamed or removed; readers pass over those they do not know.
pub const FORMAT: &str = "homeward.sensor/1";

/// Longest line, in bytes.
pub const LONGEST_LINE: usize = 1 << 20;

/// One line. It holds one of the three.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Line {
    /// Always [`FORMAT`].
    pub format: String,
    /// The first line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<Hello>,
    /// Every further line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// The only line, to who is not let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

impl Line {
    /// The line that says hello.
    pub fn hello(hello: Hello) -> Self {
        Self { format: FORMAT.to_owned(), hello: Some(hello), report: None, refused: None }
    }

    /// A line that reports.
    pub fn report(report: Report) -> Self {
        Self { format: FORMAT.to_owned(), hello: None, report: Some(report), refused: None }
    }

    /// The line that refuses.
    pub fn refused(refused: Refused) -> Self {
        Self { format: FORMAT.to_owned(), hello: None, report: None, refused: Some(refused) }
    }
}

/// Why someone is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// Neither root nor a user with an active session at this machine.
    NotPermitted,
    /// As many listen as may.
    TooMany,
}

/// Who speaks, and how it is confined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hello {
    /// The sensor's version.
    pub version: String,
    /// When it began to listen.
    pub started: jiff::Timestamp,
    /// How packets are read.
    pub capture: Capture,
    /// Its processes: the one that reads packets, and the one that reads what needs the right to administer the network.
    pub processes: Vec<Confined>,
}

/// How packets are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capture {
    /// The kernel fills memory that is read in place.
    #[default]
    Ring,
    /// A system call for each packet.
    Channels,
}

/// What holds a process of the sensor: seen to hold, not merely asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Confined {
    /// `packets` or `gather`.
    pub process: String,
    /// The user it runs as.
    pub user: String,
    /// Capabilities it still has.
    pub capabilities: Vec<String>,
    /// It can gain no rights by starting another program.
    pub no_new_privileges: bool,
    /// System calls that it has no use for fail.
    pub system_calls: bool,
    /// Files that it has no use for cannot be opened (Landlock).
    pub files: bool,
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// When this was written.
    pub at: jiff::Timestamp,
    /// The links that are heard, by index.
    pub links: Vec<Heard>,
    /// What packets showed lately: see [`Heard::since`].
    pub traffic: Traffic,
    /// What was lost since the start.
    pub losses: Losses,
    /// What only a privileged process may read.
    pub privileged: Privileged,
    /// Probes of Homeward's own that left, the last ones. They are kept for a few minutes.
    pub witnessed: Vec<Witnessed>,
}

/// A link that is heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Heard {
    /// Its name.
    pub interface: String,
    /// From when on what it showed is in the report.
    pub since: jiff::Timestamp,
    /// Seconds from then on, by a clock that nobody sets.
    pub seconds: u64,
}

/// What was not looked at, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Losses {
    /// Packets the kernel had no room for.
    pub lost: u64,
    /// Packets let go unread, because there were more than may be looked at in a second.
    pub shed: u64,
    /// Packets at which the reader failed: a fault of ours.
    pub faults: u64,
    /// Times that word of a change of links was lost; the links were then read anew.
    pub overruns: u64,
    /// Links that matter and could not be heard.
    #[serde(default)]
    pub unheard: u64,
}

/// What only a privileged process may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Privileged {
    /// WireGuard devices, by interface.
    pub wireguard: BTreeMap<String, Observed<Wireguard>>,
    /// Outgoing IPsec policies.
    pub ipsec: Observed<Vec<IpsecPolicy>>,
    /// nftables.
    pub firewall: Observed<Firewall>,
}

impl Default for Privileged {
    fn default() -> Self {
        let nobody = || Reason::NotRunning { what: Thing::Sensor };
        Self { wireguard: BTreeMap::new(), ipsec: Observed::Unknown(nobody()), firewall: Observed::Unknown(nobody()) }
    }
}

/// A probe of Homeward's own that was seen on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Witnessed {
    /// What it was.
    pub probe: Probe,
    /// Which one: [`token`] of what was random in it.
    pub token: String,
    /// By which interface it left.
    pub interface: String,
    /// When.
    pub at: jiff::Timestamp,
}

/// What a datagram to a documentation address begins with; sixteen random letters follow.
pub const DATAGRAM: &[u8] = b"homeward-witness ";

/// Random letters of a datagram.
pub const DATAGRAM_LETTERS: usize = 16;

/// The discard service (RFC 863), where datagrams are sent.
pub const DATAGRAM_PORT: u16 = 9;

/// Where they go: addresses of documentation (RFC 5737, 3849), which nobody has.
pub const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
/// See [`ELSEWHERE`].
pub const ELSEWHERE_6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));

/// Random letters of a name that is looked up, and what follows them: names that RFC 6761 keeps from
/// existing. Resolvers answer `.invalid` themselves, and ask others for `.example` as for any name.
pub const NAME_LETTERS: usize = 12;
/// See [`NAME_LETTERS`].
pub const NAME_ENDINGS: [&str; 2] = ["example", "invalid"];

/// A kind of probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// A name look-up, readable.
    Name,
    /// A datagram to a documentation address, readable.
    Datagram,
}

/// What stands for the random part of a probe, so that a name that was looked up is not told to others:
/// FNV-1a of 64 bits, in hexadecimal.
pub fn token(random: &[u8]) -> String {
    let hash = random.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// What the sensor was, to a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sensor {
    /// Its version.
    pub version: String,
    /// Links that are heard, and for how many seconds.
    pub heard: BTreeMap<String, u64>,
    /// Packets that were not looked at since its start, for whatever reason.
    #[serde(default)]
    pub lost: u64,
    /// The witnessed leak test.
    #[serde(default)]
    pub witnessed: Observed<Leaks>,
}

/// By which interfaces Homeward's own probes left this machine, readable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Leaks {
    /// A look-up of a random name by the system's resolver.
    pub name: Trace,
    /// A datagram to a documentation address of IPv4.
    pub ipv4: Trace,
    /// And of IPv6.
    pub ipv6: Trace,
}

/// What became of a probe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trace {
    /// Whether the kernel took it; a kill switch or a missing route refuses it.
    pub sent: bool,
    /// The interfaces it was seen to leave by, readable there; none: it left encrypted, or not at all.
    pub seen: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_again() {
        let report = Report { losses: Losses { shed: 7, ..Losses::default() }, ..Report::default() };
        let line = Line::report(report);
        let text = serde_json::to_string(&line).unwrap();
        assert!(text.starts_with(r#"{"format":"homeward.sensor/1","report":{"#) && !text.contains('\n'), "{text}");
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
        let hello = Line::hello(Hello { version: "1".to_owned(), ..Hello::default() });
        assert_eq!(serde_json::from_str::<Line>(&serde_json::to_string(&hello).unwrap()).unwrap(), hello);
    }

    #[test]
    fn a_later_sensor_may_say_more() {
        let text = r#"{"format":"homeward.sensor/1","mood":"good","refused":"too-many"}"#;
        assert_eq!(serde_json::from_str::<Line>(text).unwrap().refused, Some(Refused::TooMany));
    }

    #[test]
    fn tokens_do_not_depend_on_case() {
        // Resolvers may change the case of what they ask (draft-vixie-dnsext-dns0x20).
        assert_eq!(token(b"AbCd"), token(b"abcd"));
        assert_ne!(token(b"abcd"), token(b"abce"));
        assert_eq!(token(b""), "cbf29ce484222325");
    }
}
