//! WireGuard devices by generic netlink (`include/uapi/linux/wireguard.h`). Needs the right to administer
//! the network.
//!
//! The kernel's answer holds the private and preshared keys. No value of this program ever does: the
//! reader passes those attributes over, and the bytes are overwritten once they are read.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

use crate::facts::link::Links;
use crate::facts::vpn::{Tunnel, Wireguard, WireguardPeer};
use crate::facts::{Observed, Thing};
use crate::sources::netlink::{
    DUMP, Door, NETLINK_GENERIC, NETLINK_ROUTE, Refusal, address, attribute, attributes, put, u16_be, u16_of, u32_of,
    u64_of,
};

const WG_CMD_GET_DEVICE: u8 = 0;
const WGDEVICE_A_IFINDEX: u16 = 1;

/// Fills in each WireGuard tunnel's device. The family is asked for only where such a link exists: asking
/// for it would load the module.
pub(super) async fn look(tunnels: &mut [Tunnel], links: &Links, now: jiff::Timestamp) {
    for tunnel in tunnels.iter_mut().filter(|tunnel| tunnel.wireguard.is_some()) {
        let Some(link) = links.named(&tunnel.interface) else { continue };
        tunnel.wireguard = Some(match device(link.index, now).await {
            Ok(device) => Observed::Known(device),
            Err(refusal) => Observed::Unknown(refusal.reason(Thing::WireguardPeers)),
        });
    }
}

/// Every WireGuard device of this network namespace, by name.
pub(super) async fn all(now: jiff::Timestamp) -> BTreeMap<String, Observed<Wireguard>> {
    let Ok(mut door) = Door::open(NETLINK_ROUTE) else { return BTreeMap::new() };
    let links = crate::sources::link::links(&mut door).await.unwrap_or_default();
    let mut all = BTreeMap::new();
    for link in links.into_iter().filter(|link| link.interface.kind.as_deref() == Some("wireguard")) {
        let device = match device(link.interface.index, now).await {
            Ok(device) => Observed::Known(device),
            Err(refusal) => Observed::Unknown(refusal.reason(Thing::WireguardPeers)),
        };
        all.insert(link.interface.name, device);
    }
    all
}

async fn device(index: u32, now: jiff::Timestamp) -> Result<Wireguard, Refusal> {
    let mut door = Door::open(NETLINK_GENERIC)?;
    let family = door.family("wireguard").await?;
    let mut question = vec![WG_CMD_GET_DEVICE, 1, 0, 0];
    put(&mut question, WGDEVICE_A_IFINDEX, &index.to_ne_bytes());
    let answer = door.ask(family, DUMP, &question).await;
    door.forget();
    let mut device = Wireguard::default();
    for mut message in answer?.messages {
        parse(message.body.get(4..).unwrap_or_default(), now, &mut device);
        message.forget();
    }
    device.peers.sort_by(|a, b| a.public_key.cmp(&b.public_key));
    Ok(device)
}

/// Reads one message of a device; a device with many peers comes in several.
fn parse(body: &[u8], now: jiff::Timestamp, device: &mut Wireguard) {
    const WGDEVICE_A_LISTEN_PORT: u16 = 6;
    const WGDEVICE_A_FWMARK: u16 = 7;
    const WGDEVICE_A_PEERS: u16 = 8;
    for (kind, value) in attributes(body) {
        match kind {
            WGDEVICE_A_LISTEN_PORT => device.listen_port = u16_of(value).unwrap_or_default(),
            WGDEVICE_A_FWMARK => device.fwmark = u32_of(value).unwrap_or_default(),
            WGDEVICE_A_PEERS => {
                for peer in attributes(value).filter_map(|(_, peer)| parse_peer(peer, now)) {
                    // A peer whose addresses do not fit one message comes again in the next.
                    match device.peers.iter_mut().find(|known| known.public_key == peer.public_key) {
                        Some(known) => known.allowed_ips.extend(peer.allowed_ips),
                        None => device.peers.push(peer),
                    }
                }
            }
            _ => {}
        }
    }
}

fn parse_peer(body: &[u8], now: jiff::Timestamp) -> Option<WireguardPeer> {
    const WGPEER_A_PUBLIC_KEY: u16 = 1;
    const WGPEER_A_ENDPOINT: u16 = 4;
    const WGPEER_A_KEEPALIVE: u16 = 5;
    const WGPEER_A_LAST_HANDSHAKE_TIME: u16 = 6;
    const WGPEER_A_RX_BYTES: u16 = 7;
    const WGPEER_A_TX_BYTES: u16 = 8;
    const WGPEER_A_ALLOWEDIPS: u16 = 9;
    let mut peer = WireguardPeer::default();
    for (kind, value) in attributes(body) {
        match kind {
            WGPEER_A_PUBLIC_KEY => peer.public_key = base64(value.first_chunk()?),
            WGPEER_A_ENDPOINT => peer.endpoint = socket_address(value),
            WGPEER_A_KEEPALIVE => peer.keepalive = u16_of(value).unwrap_or_default(),
            // Seconds since the epoch; zero when there never was a handshake.
            WGPEER_A_LAST_HANDSHAKE_TIME => {
                let at = u64_of(value).map(u64::cast_signed).filter(|seconds| *seconds > 0);
                // A handshake of the future (the clock was set back) has no age that could be told.
                peer.handshake_age = at.and_then(|at| u64::try_from(now.as_second().saturating_sub(at)).ok());
            }
            WGPEER_A_RX_BYTES => peer.rx_bytes = u64_of(value).unwrap_or_default(),
            WGPEER_A_TX_BYTES => peer.tx_bytes = u64_of(value).unwrap_or_default(),
            WGPEER_A_ALLOWEDIPS => {
                peer.allowed_ips = attributes(value).filter_map(|(_, body)| parse_allowed(body)).collect();
            }
            _ => {}
        }
    }
    (!peer.public_key.is_empty()).then_some(peer)
}

fn parse_allowed(body: &[u8]) -> Option<IpNet> {
    let address = attribute(body, 2).and_then(address)?;
    IpNet::new(address, *attribute(body, 3)?.first()?).ok()
}

/// Reads a `sockaddr_in` or `sockaddr_in6`.
fn socket_address(bytes: &[u8]) -> Option<SocketAddr> {
    let port = u16_be(bytes.get(2..)?)?;
    let address: IpAddr = match u16_of(bytes)? {
        2 => address(bytes.get(4..8)?)?,
        10 => Ipv6Addr::from(*bytes.get(8..)?.first_chunk::<16>()?).into(),
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

/// A key as `wg` shows it: base64 (RFC 4648) of 32 octets.
fn base64(key: &[u8; 32]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(44);
    for three in key.chunks(3) {
        let octet = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
        for (letter, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let index = usize::try_from(bits >> shift & 63).unwrap_or_default();
            let found = LETTERS.get(index).filter(|_| letter <= three.len());
            text.push(found.map_or('=', |found| char::from(*found)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: [u8; 32] = [0xa5; 32];

    /// A device as the kernel lays it out, keys and all.
    fn device() -> Vec<u8> {
        let mut allowed = Vec::new();
        put(&mut allowed, 1, &2u16.to_ne_bytes());
        put(&mut allowed, 2, &[0, 0, 0, 0]);
        put(&mut allowed, 3, &[0]);
        let mut list = Vec::new();
        put(&mut list, 0, &allowed);
        let mut peer = Vec::new();
        put(&mut peer, 1, &[1; 32]);
        put(&mut peer, 2, &SECRET);
        let mut endpoint = 2u16.to_ne_bytes().to_vec();
        endpoint.extend_from_slice(&51820u16.to_be_bytes());
        endpoint.extend_from_slice(&[203, 0, 113, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
        put(&mut peer, 4, &endpoint);
        put(&mut peer, 5, &25u16.to_ne_bytes());
        put(&mut peer, 6, &[1_000_000i64.to_ne_bytes(), 0i64.to_ne_bytes()].concat());
        put(&mut peer, 7, &92u64.to_ne_bytes());
        put(&mut peer, 8, &148u64.to_ne_bytes());
        put(&mut peer, 9, &list);
        let mut peers = Vec::new();
        put(&mut peers, 0, &peer);
        let mut body = Vec::new();
        put(&mut body, 2, b"wg0\0");
        put(&mut body, 3, &SECRET);
        put(&mut body, 4, &[7; 32]);
        put(&mut body, 6, &51820u16.to_ne_bytes());
        put(&mut body, 7, &51820u32.to_ne_bytes());
        put(&mut body, 8, &peers);
        body
    }

    #[test]
    fn a_device_is_read_and_its_secrets_are_not() {
        let mut found = Wireguard::default();
        parse(&device(), jiff::Timestamp::from_second(1_000_090).unwrap(), &mut found);
        let peer = &found.peers[0];
        assert_eq!((found.fwmark, found.listen_port, found.peers.len()), (51820, 51820, 1));
        assert_eq!(peer.public_key, "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
        assert_eq!(peer.endpoint, Some("203.0.113.10:51820".parse().unwrap()));
        assert_eq!((peer.handshake_age, peer.keepalive, peer.rx_bytes, peer.tx_bytes), (Some(90), 25, 92, 148));
        assert_eq!(peer.allowed_ips, ["0.0.0.0/0".parse().unwrap()]);
        let shown = format!("{found:?} {}", serde_json::to_string(&found).unwrap());
        assert!(!shown.contains(&base64(&SECRET)), "a secret key is shown");
        assert!(!shown.contains("165, 165") && !shown.contains("a5a5"), "a secret key is shown");
    }

    #[test]
    fn a_peer_that_comes_twice_is_one() {
        let (mut found, now) = (Wireguard::default(), jiff::Timestamp::UNIX_EPOCH);
        parse(&device(), now, &mut found);
        parse(&device(), now, &mut found);
        assert_eq!((found.peers.len(), found.peers[0].allowed_ips.len()), (1, 2));
    }

    proptest! {
        #[test]
        fn noise_is_no_device(bytes in proptest::collection::vec(any::<u8>(), 0..256), at in 0usize..200) {
            let now = jiff::Timestamp::UNIX_EPOCH;
            parse(&bytes, now, &mut Wireguard::default());
            let mut spoilt = device();
            let end = spoilt.len().min(at + bytes.len());
            let length = end.saturating_sub(at);
            spoilt[at.min(end)..end].copy_from_slice(&bytes[..length]);
            let mut found = Wireguard::default();
            parse(&spoilt, now, &mut found);
            let shown = format!("{found:?}");
            prop_assert!(!shown.contains(&base64(&SECRET)));
        }
    }
}
