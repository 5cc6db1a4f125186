//! Where the kernel would send packets: its own answers to look-ups, never a reading of tables.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A spread of public addresses: both halves and each quarter of IPv4, the regional blocks of IPv6.
pub const PUBLIC: [&str; 11] = [
    "1.1.1.1",
    "9.9.9.9",
    "64.0.0.1",
    "130.0.0.1",
    "193.0.0.1",
    "223.0.0.1",
    "2606:4700:4700::1111",
    "2001:4860::1",
    "2a00::1",
    "2400::1",
    "240e::1",
];

/// Route look-ups and the routes and rules that explain them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Routes {
    /// The kernel's answers, in the order asked.
    pub lookups: Vec<Lookup>,
    /// Default routes of every table, to name gateways and tell dual connections.
    #[serde(default)]
    pub defaults: Vec<Route>,
    /// Routes to one host or many that leave by an outward link although they are not the default,
    /// link-local or multicast. What a VPN bypass is made of. The link's own prefix (protocol `kernel`)
    /// is among them only where it is public IPv4 space, which no ordinary home network has. Each
    /// has its [`Purpose::Specific`] look-up, which tells whether it wins.
    #[serde(default)]
    pub specifics: Vec<Route>,
    /// Blackhole, unreachable and prohibit routes and rules: a kill switch made of routes.
    #[serde(default)]
    pub barriers: Vec<Barrier>,
    /// Policy rules other than the three the kernel starts with.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// True when there were more routes than are kept here.
    #[serde(default)]
    pub cut_short: bool,
}

/// One question to the kernel (`RTM_GETROUTE` with `RTM_F_FIB_MATCH`) and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lookup {
    /// The destination asked about.
    pub to: IpAddr,
    /// Why it was asked.
    pub purpose: Purpose,
    /// The firewall mark the packet would bear; tunnels mark their own outer packets.
    #[serde(default)]
    pub mark: Option<u32>,
    /// The interface the asker's socket is bound to, as systemd-resolved does for a link's resolvers.
    #[serde(default)]
    pub bound: Option<String>,
    /// Whether IPsec would transform a packet on this way, by the policies where they may be read, else
    /// as the smaller MTU of a connected UDP socket (nothing sent) tells; `None` when it was not measured.
    #[serde(default)]
    pub ipsec: Option<bool>,
    /// What the kernel said.
    pub answer: Answer,
}

/// Why a destination was looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case")]
pub enum Purpose {
    /// A spread of public addresses: both halves of IPv4 space, several of IPv6.
    Public,
    /// An address the guidance names as work.
    Destination {
        /// The guidance's name for it.
        name: String,
    },
    /// A resolver of this machine.
    Resolver,
    /// The far end of a tunnel, with the tunnel's own mark: the outer path.
    Endpoint {
        /// The tunnel.
        tunnel: String,
    },
    /// An address inside a more specific route on an outward link: does that route win?
    Specific {
        /// The route's prefix.
        prefix: IpNet,
    },
    /// The same spread of public addresses with a tunnel's mark: the way out beneath it.
    Beneath,
}

/// The kernel's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It would be sent.
    Via(Way),
    /// A rule or route forbids it (blackhole, unreachable, prohibit), or an IPsec policy that has no key holds it back.
    Blocked,
    /// There is no route.
    NoRoute,
    /// The kernel would not say.
    Error(String),
}

/// The way a packet would take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Way {
    /// Outgoing interface.
    pub interface: String,
    /// Next router; `None` on link.
    #[serde(default)]
    pub gateway: Option<IpAddr>,
    /// Source address the kernel would choose.
    #[serde(default)]
    pub source: Option<IpAddr>,
    /// The winning route's prefix.
    #[serde(default)]
    pub prefix: Option<IpNet>,
    /// Who installed the winning route.
    pub protocol: Protocol,
    /// The table it was found in: main is 254.
    pub table: u32,
}

/// Who installed a route (`rtm_protocol`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// An ICMP redirect (1).
    Redirect,
    /// The kernel, for an address of its own (2).
    Kernel,
    /// A script or `ip route add` without a word (3); also what ISC dhclient's script leaves.
    Boot,
    /// An administrator or NetworkManager's VPN plugins (4).
    Static,
    /// A router advertisement (9).
    Ra,
    /// A DHCP client (16).
    Dhcp,
    /// Any other number.
    Other(u8),
}

/// A unicast route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    /// Where it leads; `0.0.0.0/0` or `::/0` for a default route.
    pub prefix: IpNet,
    /// Outgoing interface.
    pub interface: String,
    /// Next router.
    #[serde(default)]
    pub gateway: Option<IpAddr>,
    /// Who installed it.
    pub protocol: Protocol,
    /// Its table.
    pub table: u32,
    /// Its metric (`RTA_PRIORITY`), 0 when unset.
    #[serde(default)]
    pub metric: u32,
}

/// A route or rule that forbids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Barrier {
    /// What it forbids; `None` for a rule that forbids everything it matches.
    #[serde(default)]
    pub prefix: Option<IpNet>,
    /// IPv6 rather than IPv4.
    pub ipv6: bool,
    /// Its table, for a route.
    #[serde(default)]
    pub table: Option<u32>,
    /// Its metric or, for a rule, its priority.
    #[serde(default)]
    pub metric: u32,
}

/// A policy rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// Lower is asked first.
    pub priority: u32,
    /// IPv6 rather than IPv4.
    pub ipv6: bool,
    /// The table it sends to.
    #[serde(default)]
    pub table: Option<u32>,
    /// The firewall mark it matches.
    #[serde(default)]
    pub mark: Option<u32>,
    /// Whether the match is turned round (`not`).
    #[serde(default)]
    pub inverted: bool,
    /// `suppress_prefixlength`, where set.
    #[serde(default)]
    pub suppress_prefix_length: Option<u32>,
}
