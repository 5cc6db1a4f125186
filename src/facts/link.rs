//! Interfaces, their addresses, and the neighbours that matter.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::routes::{Answer, Purpose, Routes};

/// The interfaces of this machine, by index, and the routers' hardware addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Links {
    /// Every interface, ordered by index.
    pub interfaces: Vec<Interface>,
    /// The neighbour table's entries for routers (gateways of default routes) only.
    #[serde(default)]
    pub routers: Vec<Neighbour>,
}

impl Links {
    /// The interface of this name.
    pub fn named(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }

    /// The interface of this index.
    pub fn indexed(&self, index: u32) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.index == index)
    }

    /// What the kernel sends packets by, tunnels among them: first the ways of public packets, then those beneath a
    /// tunnel, those to a tunnel's far end, any default route with a signal, and any other route by a router (a VPN
    /// program may have taken the default one away). Last, where public packets are sent at all, whatever one can touch
    /// and has a signal and an address. The first that is no tunnel is the way out of the machine.
    pub fn ways<'a>(&'a self, routes: &'a Routes) -> impl Iterator<Item = &'a Interface> {
        let asked = |wanted: fn(&Purpose) -> bool| {
            let lookups = routes.lookups.iter().filter(move |lookup| wanted(&lookup.purpose));
            lookups.filter_map(|lookup| match &lookup.answer {
                Answer::Via(way) => self.named(&way.interface),
                Answer::Blocked | Answer::NoRoute | Answer::Error(_) => None,
            })
        };
        let mut defaults: Vec<_> = routes.defaults.iter().collect();
        defaults.sort_by_key(|route| (!matches!(route.prefix, IpNet::V4(_)), route.metric));
        let by_router = routes.specifics.iter().filter(|route| route.gateway.is_some());
        let by_table = defaults.into_iter().chain(by_router).filter_map(|route| self.named(&route.interface));
        let sent = asked(|purpose| matches!(purpose, Purpose::Public)).next().is_some();
        let addressed = self
            .interfaces
            .iter()
            .filter(move |link| sent && link.medium != Medium::Virtual && link.master.is_none() && link.has_address());
        asked(|purpose| matches!(purpose, Purpose::Public))
            .chain(asked(|purpose| matches!(purpose, Purpose::Beneath)))
            .chain(asked(|purpose| matches!(purpose, Purpose::Endpoint { .. })))
            .chain(by_table.chain(addressed).filter(|link| link.has_signal()))
    }
}

/// One interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Interface {
    /// Kernel index.
    pub index: u32,
    /// Kernel name. Shown, never used to guess what the interface is.
    pub name: String,
    /// Kernel kind (`IFLA_INFO_KIND`): `veth`, `bridge`, `wireguard`, `tun`, …; `None` for hardware.
    #[serde(default)]
    pub kind: Option<String>,
    /// For kind `tun`: whether it carries IP packets (`tun`) or Ethernet frames (`tap`).
    #[serde(default)]
    pub tun_mode: Option<TunMode>,
    /// What it is made of, once bonds, bridges and VLANs are looked through.
    pub medium: Medium,
    /// Whether it was switched on (`IFF_UP`).
    pub up: bool,
    /// Whether a signal or cable is there (`IFLA_CARRIER`); `None` when the interface is off.
    #[serde(default)]
    pub carrier: Option<bool>,
    /// Hardware address, lower-case with colons.
    #[serde(default)]
    pub mac: Option<String>,
    /// Addresses, in kernel order.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Index of the bond, bridge or VRF it belongs to.
    #[serde(default)]
    pub master: Option<u32>,
    /// Indexes of the interfaces it rides on (VLAN parent, bond or bridge members).
    #[serde(default)]
    pub lower: Vec<u32>,
    /// Kernel driver, where there is a device.
    #[serde(default)]
    pub driver: Option<String>,
    /// `ARPHRD_*` hardware type: 1 Ethernet, 512 PPP, 772 loopback, 65534 none (tun, WireGuard).
    #[serde(default)]
    pub hardware: u16,
    /// Bytes received since the interface exists.
    #[serde(default)]
    pub rx_bytes: u64,
    /// Bytes sent since the interface exists.
    #[serde(default)]
    pub tx_bytes: u64,
}

impl Interface {
    /// Whether it is on and, as far as it says, has a signal.
    pub fn has_signal(&self) -> bool {
        self.up && self.carrier != Some(false)
    }

    /// Whether it has an address that is good for more than this machine and this link.
    pub fn has_address(&self) -> bool {
        self.addresses.iter().any(|address| matches!(address.scope, Scope::Global | Scope::Site))
    }
}

/// An address of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Address {
    /// The address with its prefix length.
    pub net: IpNet,
    /// How far it reaches.
    pub scope: Scope,
    /// The other end of a point-to-point link.
    #[serde(default)]
    pub peer: Option<IpAddr>,
}

/// How far an address reaches (`rtm_scope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Anywhere (`RT_SCOPE_UNIVERSE`).
    Global,
    /// Within the site (IPv6 site-local).
    Site,
    /// On this link only.
    Link,
    /// On this machine only.
    Host,
}

/// What kind of frames a `tun` device carries (`IFLA_TUN_TYPE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TunMode {
    /// IP packets.
    Tun,
    /// Ethernet frames.
    Tap,
}

/// What an interface is made of. The words of the contract's `connection.medium`, and two more for
/// interfaces that never are the connection itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// A cable.
    Ethernet,
    /// Wi-Fi.
    Wifi,
    /// A modem in or on this machine.
    Cellular,
    /// A phone (or another machine) over Bluetooth.
    Bluetooth,
    /// A phone over USB, by its driver.
    UsbPhone,
    /// Nothing one can touch: veth, bridge without members, tap, dummy.
    #[default]
    Virtual,
    /// A tunnel: its packets travel inside other packets (see `vpn`).
    Tunnel,
    /// The loopback interface.
    Loopback,
}

impl Medium {
    /// The contract's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ethernet => "ethernet",
            Self::Wifi => "wifi",
            Self::Cellular => "cellular",
            Self::Bluetooth => "bluetooth",
            Self::UsbPhone => "usb-phone",
            Self::Virtual => "virtual",
            Self::Tunnel => "tunnel",
            Self::Loopback => "loopback",
        }
    }

    /// Whether this can be the way out of the machine (not a tunnel, not loopback).
    pub const fn is_outward(self) -> bool {
        !matches!(self, Self::Tunnel | Self::Loopback)
    }
}

/// A router in the neighbour table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Neighbour {
    /// The interface it is on.
    pub interface: String,
    /// Its address.
    pub address: IpAddr,
    /// Its hardware address, lower-case with colons; `None` while unresolved.
    #[serde(default)]
    pub mac: Option<String>,
}
