//! Which links matter: those by which this machine's packets leave it, and the tunnels they leave through.

use std::collections::BTreeSet;

use crate::facts::link::{Interface, Medium};

/// A link that is heard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Followed {
    /// Kernel index.
    pub index: u32,
    /// Kernel name.
    pub name: String,
}

/// Links that are heard at once; a machine with more has them for its containers.
pub const MOST: usize = 32;

/// Chooses them, ordered by index: hardware and tunnels that are up, and what rides on hardware. A link that is
/// virtual all through (containers, virtual machines) matters only where a default route leads out by it. Members
/// of a bridge or bond are left to it. A link that has lost its cable or radio is no longer heard: with another network, another
/// link begins. `only`, unless it is empty, names the ones that are asked for.
pub fn matter(interfaces: &[Interface], routed: &BTreeSet<u32>, only: &[String]) -> Vec<Followed> {
    let mut links: Vec<_> = interfaces
        .iter()
        .filter(|link| link.up && link.carrier != Some(false) && link.medium != Medium::Loopback)
        .filter(|link| if only.is_empty() { matters(link, interfaces, routed) } else { only.contains(&link.name) })
        .map(|link| Followed { index: link.index, name: link.name.clone() })
        .collect();
    links.sort();
    links.truncate(MOST);
    links
}

fn matters(link: &Interface, all: &[Interface], routed: &BTreeSet<u32>) -> bool {
    let master = link.master.and_then(|master| all.iter().find(|other| other.index == master));
    // A VRF is a routing table, not a link: its members are.
    let member = master.is_some_and(|master| master.kind.as_deref() != Some("vrf"));
    let tap = link.kind.as_deref() == Some("tun");
    !member && (link.medium != Medium::Virtual || link.kind.is_none() || tap || routed.contains(&link.index))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(index: u32, name: &str, kind: Option<&str>, medium: Medium) -> Interface {
        let kind = kind.map(str::to_owned);
        Interface { index, name: name.to_owned(), kind, medium, up: true, ..Interface::default() }
    }

    fn names(links: &[Interface], routed: &[u32], only: &[&str]) -> Vec<String> {
        let only: Vec<_> = only.iter().map(|name| (*name).to_owned()).collect();
        matter(links, &routed.iter().copied().collect(), &only).into_iter().map(|link| link.name).collect()
    }

    #[test]
    fn a_laptop_with_containers() {
        let links = [
            link(1, "lo", None, Medium::Loopback),
            link(2, "eth0", None, Medium::Ethernet),
            Interface { up: false, ..link(3, "wlan0", None, Medium::Wifi) },
            link(4, "docker0", Some("bridge"), Medium::Virtual),
            Interface { master: Some(4), ..link(5, "veth12", Some("veth"), Medium::Virtual) },
            link(6, "wg0", Some("wireguard"), Medium::Tunnel),
            link(7, "tap0", Some("tun"), Medium::Virtual),
            Interface { carrier: Some(false), ..link(8, "eth1", None, Medium::Ethernet) },
        ];
        assert_eq!(names(&links, &[2], &[]), ["eth0", "wg0", "tap0"]);
        assert_eq!(names(&links, &[2], &["docker0", "wlan0"]), ["docker0"]);
    }

    #[test]
    fn a_bridge_over_a_cable_speaks_for_it() {
        let links = [
            Interface { master: Some(3), ..link(2, "eth0", None, Medium::Ethernet) },
            Interface { lower: vec![2], ..link(3, "br0", Some("bridge"), Medium::Ethernet) },
            Interface { master: Some(5), ..link(4, "eth1", None, Medium::Ethernet) },
            link(5, "blue", Some("vrf"), Medium::Virtual),
        ];
        assert_eq!(names(&links, &[], &[]), ["br0", "eth1"]);
    }

    #[test]
    fn within_a_container_the_way_out_is_virtual() {
        let links = [link(1, "lo", None, Medium::Loopback), link(2, "eth0", Some("veth"), Medium::Virtual)];
        assert_eq!(names(&links, &[2], &[]), ["eth0"]);
        assert_eq!(names(&links, &[], &[]), [""; 0]);
    }
}
