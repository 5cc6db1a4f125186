//! Tunnels and VPN connections.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Observed;

/// Everything on this machine that is or could be a VPN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Vpn {
    /// Tunnel interfaces, by index.
    pub tunnels: Vec<Tunnel>,
    /// IPsec policies without an interface of their own.
    #[serde(default)]
    pub ipsec: Observed<Vec<IpsecPolicy>>,
    /// VPN and WireGuard connections NetworkManager holds active.
    #[serde(default)]
    pub connections: Observed<Vec<Connection>>,
    /// Programs recognised by the routes, marks, tables and rules they leave (`signatures/vpn.toml`).
    #[serde(default)]
    pub clients: Vec<Client>,
}

/// One tunnel interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tunnel {
    /// The interface.
    pub interface: String,
    /// What the kernel calls it.
    pub kind: TunnelKind,
    /// Whether it is switched on.
    pub up: bool,
    /// Bytes received.
    #[serde(default)]
    pub rx_bytes: u64,
    /// Bytes sent.
    #[serde(default)]
    pub tx_bytes: u64,
    /// Of the bytes received, those that came while the probes of this look were out.
    #[serde(default)]
    pub rx_during_look: u64,
    /// For WireGuard: device and peers.
    #[serde(default)]
    pub wireguard: Option<Observed<Wireguard>>,
    /// Far end, for tunnels whose kernel link names it (ipip, gre, sit, vti, ovpn).
    #[serde(default)]
    pub remote: Option<IpAddr>,
}

/// The kind of a tunnel, by the kernel's own name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TunnelKind {
    /// `wireguard`.
    Wireguard,
    /// `tun` carrying IP packets: OpenVPN, OpenConnect, user-space WireGuard, Tailscale …
    Tun,
    /// `tun` carrying Ethernet: OpenVPN's `dev tap`, SoftEther; or merely a virtual machine's network.
    Tap,
    /// `ovpn`, `ovpn-dco`: OpenVPN in the kernel.
    Ovpn,
    /// `xfrm`: an IPsec interface.
    Xfrm,
    /// `vti`, `vti6`: an IPsec interface of the older kind.
    Vti,
    /// `ppp`: PPTP, L2TP, SSTP, or merely a modem or DSL line.
    Ppp,
    /// `ipip`, `ip6tnl`: no encryption.
    Ipip,
    /// `gre`, `gretap`, `ip6gre`: no encryption.
    Gre,
    /// `sit`: IPv6 in IPv4, no encryption.
    Sit,
}

/// A WireGuard device. Keys that must stay secret never come this far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wireguard {
    /// The mark on its own outer packets; 0 when unset.
    #[serde(default)]
    pub fwmark: u32,
    /// UDP port it listens on.
    #[serde(default)]
    pub listen_port: u16,
    /// Peers, ordered by public key.
    #[serde(default)]
    pub peers: Vec<WireguardPeer>,
}

/// A WireGuard peer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WireguardPeer {
    /// Its public key, base64.
    pub public_key: String,
    /// Where its packets go.
    #[serde(default)]
    pub endpoint: Option<SocketAddr>,
    /// Seconds between the last handshake and the look; `None` when there never was one.
    #[serde(default)]
    pub handshake_age: Option<u64>,
    /// Persistent keepalive in seconds; 0 is off.
    #[serde(default)]
    pub keepalive: u16,
    /// Bytes received.
    #[serde(default)]
    pub rx_bytes: u64,
    /// Bytes sent.
    #[serde(default)]
    pub tx_bytes: u64,
    /// What may be sent to it.
    #[serde(default)]
    pub allowed_ips: Vec<IpNet>,
}

/// An outgoing XFRM policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IpsecPolicy {
    /// Which sources it covers.
    pub source: IpNet,
    /// Which destinations it covers.
    pub destination: IpNet,
    /// Tunnel mode (a VPN) rather than transport.
    pub tunnel: bool,
    /// A policy that blocks.
    #[serde(default)]
    pub block: bool,
    /// It covers only one protocol or some ports.
    #[serde(default)]
    pub selective: bool,
    /// Far end of the tunnel.
    #[serde(default)]
    pub endpoint: Option<IpAddr>,
    /// `if_id` when it belongs to an xfrm interface.
    #[serde(default)]
    pub interface_id: u32,
}

/// A VPN connection as NetworkManager sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Connection {
    /// The person's name for it (untrusted text).
    pub name: String,
    /// Its UUID.
    pub uuid: String,
    /// `vpn` or `wireguard`.
    pub kind: String,
    /// The VPN plugin's service, e.g. `org.freedesktop.NetworkManager.strongswan`.
    #[serde(default)]
    pub service: Option<String>,
    /// Whether NetworkManager calls it fully activated (state 2).
    pub active: bool,
    /// Its interfaces.
    #[serde(default)]
    pub interfaces: Vec<String>,
    /// The far end as configured (host or address; untrusted text).
    #[serde(default)]
    pub gateway: Option<String>,
}

/// A VPN program recognised by what it leaves in the routing tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Client {
    /// The signature's id in `signatures/vpn.toml`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tunnel it drives, where that is known.
    #[serde(default)]
    pub tunnel: Option<String>,
    /// Whether this is a kind of VPN employers run, or one people buy for themselves.
    #[serde(default)]
    pub personal: bool,
}
