//! Addresses: what shared a prefix still does (Xu et al., "Prefix-preserving IP address anonymization", 2002: Crypto-PAn, here
//! with SHA-256 for its function), what was private still is, and what everybody knows stays.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};

use super::{Level, Redactor};
use crate::facts::routes::PUBLIC;
use crate::facts::sensor::{ELSEWHERE, ELSEWHERE_6};
use crate::inference::vpn::RESOLVERS;
use crate::signatures::resolvers;

/// Within these the rest of an address is replaced; they stay, since the checks ask for them (see [`crate::inference::address`],
/// which has the first of each).
const KINDS: &[&str] = &[
    "10.0.0.0/8",
    "100.64.0.0/10",
    "172.16.0.0/12",
    "172.20.10.0/28",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "100::/64",
    "2000::/3",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/8",
    "fd00::/8",
    "fe80::/64",
    "fe80::/10",
    "fec0::/10",
];

/// These are nobody's: they stay as they are.
const NOBODYS: &[&str] =
    &["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/127", "ff00::/8"];

/// What stays of addresses.
#[derive(Debug)]
pub(super) struct Ranges {
    kinds: Vec<IpNet>,
    whole: Vec<IpNet>,
    known: RefCell<BTreeMap<IpAddr, IpAddr>>,
}

impl Ranges {
    /// With these of the employer's.
    pub(super) fn new(employers: &[IpNet]) -> Self {
        let read = |texts: &[&str]| -> Vec<IpNet> { texts.iter().filter_map(|text| text.parse().ok()).collect() };
        let mut whole = read(NOBODYS);
        whole.extend(PUBLIC.iter().filter_map(|text| text.parse::<IpAddr>().ok()).map(IpNet::from));
        whole.extend(RESOLVERS.iter().map(|octets| IpNet::from(IpAddr::from(*octets))));
        whole.extend([ELSEWHERE, ELSEWHERE_6].map(IpNet::from));
        whole.extend(resolvers::built_in().iter().flat_map(|resolver| &resolver.addresses).copied().map(IpNet::from));
        // A prefix of a few bits is no name of an employer's: it would let everything stay.
        whole.extend(employers.iter().filter(|net| net.prefix_len() >= 8).map(IpNet::trunc));
        Self { kinds: read(KINDS), whole, known: RefCell::default() }
    }

    /// Whether the next bit after the first `length` bits of an address stays.
    fn stays(&self, address: IpAddr, length: u8) -> bool {
        let agree = |net: &IpNet, bits: u8| {
            IpNet::new(address, bits)
                .ok()
                .zip(IpNet::new(net.addr(), bits).ok())
                .is_some_and(|(a, b)| a.trunc() == b.trunc())
        };
        let same = |net: &&IpNet| net.addr().is_ipv4() == address.is_ipv4();
        let on_the_way = self.kinds.iter().chain(&self.whole).filter(same);
        let mut on_the_way = on_the_way.filter(|net| net.prefix_len() > length);
        let mut within = self.whole.iter().filter(same).filter(|net| net.prefix_len() <= length);
        on_the_way.any(|net| agree(net, length)) || within.any(|net| agree(net, net.prefix_len()))
    }
}

impl Redactor {
    /// An address.
    pub(super) fn address(&self, address: IpAddr) -> IpAddr {
        if self.level == Level::None {
            return address;
        }
        if let Some(known) = self.addresses.known.borrow().get(&address) {
            return *known;
        }
        let mapped = match address {
            IpAddr::V4(four) => IpAddr::V4(Ipv4Addr::from_bits(
                u32::try_from(self.bits(address, u128::from(four.to_bits()), 32)).unwrap_or(0),
            )),
            IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(self.bits(address, six.to_bits(), 128))),
        };
        self.addresses.known.borrow_mut().insert(address, mapped);
        self.note_down(&address.to_string(), &mapped.to_string());
        mapped
    }

    fn bits(&self, address: IpAddr, bits: u128, width: u8) -> u128 {
        (0..width).fold(0, |mapped, place| {
            let shift = width - 1 - place;
            let bit = (bits >> shift) & 1;
            let flip = if self.addresses.stays(address, place) {
                0
            } else {
                // The bits before this one, and how many they are.
                let before = bits.checked_shr(u32::from(shift) + 1).unwrap_or(0);
                let value = [before.to_be_bytes().as_slice(), &[width, place]].concat();
                u128::from(self.bytes("address", &value).first().copied().unwrap_or(0) & 1)
            };
            (mapped << 1) | (bit ^ flip)
        })
    }

    pub(super) fn v4(&self, address: Ipv4Addr) -> Ipv4Addr {
        match self.address(IpAddr::V4(address)) {
            IpAddr::V4(mapped) => mapped,
            IpAddr::V6(_) => address,
        }
    }

    pub(super) fn addresses(&self, addresses: &[IpAddr]) -> Vec<IpAddr> {
        addresses.iter().map(|address| self.address(*address)).collect()
    }

    pub(super) fn socket(&self, socket: SocketAddr) -> SocketAddr {
        SocketAddr::new(self.address(socket.ip()), socket.port())
    }

    /// A prefix stays one; an address with its prefix stays that.
    pub(super) fn net(&self, net: IpNet) -> IpNet {
        let mapped = IpNet::new(self.address(net.addr()), net.prefix_len()).unwrap_or(net);
        if net.addr() == net.network() && net.prefix_len() < net.max_prefix_len() {
            // Noted as it is shown, so that nothing stands for the address beneath.
            self.note_down(&net.to_string(), &mapped.trunc().to_string());
            mapped.trunc()
        } else {
            mapped
        }
    }

    /// An address of this machine with its prefix: its host part is replaced even where it is zero.
    pub(super) fn own_net(&self, net: IpNet) -> IpNet {
        IpNet::new(self.address(net.addr()), net.prefix_len()).unwrap_or(net)
    }

    pub(super) fn v4_net(&self, net: Ipv4Net) -> Ipv4Net {
        match self.net(IpNet::V4(net)) {
            IpNet::V4(mapped) => mapped,
            IpNet::V6(_) => net,
        }
    }
}
