//! What the DHCP server of each link said, as the DHCP client left it.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};

/// Leases, by interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dhcp {
    /// One for each interface with a lease that could be read.
    pub leases: Vec<Lease>,
}

/// One DHCPv4 lease. Strings are untrusted text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lease {
    /// The interface.
    pub interface: String,
    /// Who told: `networkmanager`, `systemd-networkd`, `dhclient`.
    pub source: String,
    /// Option 54: the server.
    #[serde(default)]
    pub server: Option<Ipv4Addr>,
    /// Option 51: seconds.
    #[serde(default)]
    pub lease_seconds: Option<u32>,
    /// Option 3.
    #[serde(default)]
    pub routers: Vec<Ipv4Addr>,
    /// Option 6.
    #[serde(default)]
    pub resolvers: Vec<Ipv4Addr>,
    /// Option 15.
    #[serde(default)]
    pub domain: Option<String>,
    /// Option 119.
    #[serde(default)]
    pub search: Vec<String>,
    /// Option 43 said `ANDROID_METERED`: a phone's hotspot, as it says itself.
    #[serde(default)]
    pub android_metered: bool,
    /// Option 114 (RFC 8910): the captive-portal API.
    #[serde(default)]
    pub portal_api: Option<String>,
    /// Option 252: proxy auto-configuration.
    #[serde(default)]
    pub wpad: Option<String>,
    /// Options 121, 249 and 33: routes the server asked for.
    #[serde(default)]
    pub routes: Vec<LeaseRoute>,
}

/// A route a DHCP server asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LeaseRoute {
    /// The option it came in: 33, 121 or 249.
    pub option: u8,
    /// Where it leads.
    pub prefix: Ipv4Net,
    /// Its router.
    pub router: Ipv4Addr,
}
