//! Who answers name look-ups on this machine, and how they are reached.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Observed;
use super::routes::Answer;

/// The resolver configuration of this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dns {
    /// Who decides where a look-up goes.
    pub manager: Manager,
    /// How that was found out, step by step (`rc=resolved-stub`, `resolved=running`, …).
    #[serde(default)]
    pub trail: Vec<String>,
    /// `/etc/resolv.conf` as programs read it.
    #[serde(default)]
    pub resolv_conf: Observed<ResolvConf>,
    /// Every resolver a look-up may be sent to, once.
    pub resolvers: Vec<Resolver>,
    /// Settings of each link, and of the machine as a whole (`interface: null`).
    #[serde(default)]
    pub links: Vec<DnsLink>,
    /// The answer to a look-up of a random name that cannot exist.
    #[serde(default)]
    pub nonsense: Observed<Nonsense>,
}

impl Dns {
    /// Whether a look-up to this resolver of a link leaves by that link, whatever the routing table says.
    ///
    /// systemd-resolved binds its socket to the link while connecting (`dns_scope_socket()` in
    /// `resolved-dns-scope.c`), unless the resolver is this machine itself; NetworkManager's dnsmasq is
    /// told resolvers as `address@link`, which does the same (told by `links` here). Link-local
    /// addresses mean nothing without their link.
    pub fn binds(&self, resolver: IpAddr) -> bool {
        let by_manager = match self.manager {
            Manager::Resolved => true,
            Manager::NetworkManager => !self.links.is_empty(),
            Manager::ResolvConf | Manager::LocalForwarder => false,
        };
        let link_local = matches!(resolver, IpAddr::V6(address) if address.is_unicast_link_local());
        (by_manager || link_local) && !resolver.is_loopback()
    }
}

/// Who decides where a look-up goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manager {
    /// systemd-resolved.
    Resolved,
    /// NetworkManager writes `resolv.conf` or runs dnsmasq.
    NetworkManager,
    /// Nobody: programs read `/etc/resolv.conf`.
    #[default]
    ResolvConf,
    /// A local forwarder whose own resolvers cannot be seen (dnsmasq, unbound, dnscrypt-proxy).
    LocalForwarder,
}

/// `/etc/resolv.conf`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ResolvConf {
    /// Where a symbolic link leads, if it is one.
    #[serde(default)]
    pub target: Option<String>,
    /// Who wrote it, by its own header or its target: `systemd-resolved-stub`, `systemd-resolved-uplink`,
    /// `networkmanager`, `resolvconf`, `dhclient`, `openvpn`, `tailscale`, `hand`.
    pub writer: String,
    /// `nameserver` lines.
    pub nameservers: Vec<IpAddr>,
    /// `search` or `domain` words.
    #[serde(default)]
    pub search: Vec<String>,
}

/// One resolver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Resolver {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    #[serde(default = "port_53")]
    pub port: u16,
    /// The link it was configured for; `None` for the machine as a whole.
    #[serde(default)]
    pub configured_on: Option<String>,
    /// The name its certificate must bear, where one is set.
    #[serde(default)]
    pub server_name: Option<String>,
    /// Whether look-ups to it are encrypted.
    pub encryption: Encryption,
    /// Which way a packet to it would take.
    #[serde(default)]
    pub reached: Observed<Answer>,
}

const fn port_53() -> u16 {
    53
}

/// DNS over TLS as configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// None.
    #[default]
    Off,
    /// Tried, and given up silently when the network interferes.
    Opportunistic,
    /// Always.
    Strict,
}

/// The name-service settings of one link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DnsLink {
    /// The link; `None` for the machine as a whole.
    #[serde(default)]
    pub interface: Option<String>,
    /// Its resolvers' addresses.
    #[serde(default)]
    pub servers: Vec<IpAddr>,
    /// Domains; `~.` is the root as a routing domain.
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// systemd-resolved's `DefaultRoute` of the link.
    #[serde(default)]
    pub default_route: bool,
    /// DNS over TLS on this link.
    #[serde(default)]
    pub encryption: Encryption,
    /// `yes`, `no`, `allow-downgrade`, `trust-ad`, as systemd-resolved says.
    #[serde(default)]
    pub dnssec: Option<String>,
    /// Link-local multicast name resolution: `yes`, `no`, `resolve`.
    #[serde(default)]
    pub llmnr: Option<String>,
    /// Multicast DNS: `yes`, `no`, `resolve`.
    #[serde(default)]
    pub mdns: Option<String>,
}

/// A search or routing domain of a link.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Domain {
    /// The domain, lower-case, without a trailing dot; `.` for the root.
    pub name: String,
    /// Routing only (`~`): not used to complete short names.
    #[serde(default)]
    pub routing_only: bool,
}

/// What came back for a random name under `.invalid`, which RFC 6761 keeps from existing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nonsense {
    /// "No such name", as it must be.
    NoSuchName,
    /// Addresses: someone makes up answers.
    Addresses(Vec<IpAddr>),
    /// The resolver said it failed (SERVFAIL, REFUSED): no proof either way.
    Refused(String),
}
