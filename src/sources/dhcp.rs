//! DHCP leases as NetworkManager, systemd-networkd, dhclient and dhcpcd leave them.
//!
//! A lease counts when the interface it was given to has its address now: files outlive their leases.

mod dhclient;
mod networkd;
mod networkmanager;
mod options;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use crate::facts::dhcp::{Dhcp, Lease};
use crate::facts::link::{Interface, Links};
use crate::facts::{Observed, Reason, Thing};

use super::machine::Machine;
use super::networkmanager::Snapshot;

/// A lease in a file, with the address it gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filed {
    address: Option<Ipv4Addr>,
    lease: Lease,
}

/// Reads the leases. One for each interface, by whoever knows most: NetworkManager, systemd-networkd,
/// dhclient, dhcpcd.
#[expect(clippy::unused_async, reason = "the sources are looked at alike, and this one may come to wait")]
pub async fn look(machine: &Machine, links: &Observed<Links>, networkmanager: &Observed<Snapshot>) -> Observed<Dhcp> {
    let links = match links {
        Observed::Known(links) => links,
        Observed::Unknown(reason) => return Observed::Unknown(reason.clone()),
    };
    let mut found = Vec::new();
    if let Observed::Known(snapshot) = networkmanager {
        found.extend(networkmanager::leases(snapshot));
    }
    let mut refused = None;
    for link in &links.interfaces {
        let filed = [networkd::read(machine, link), dhcpcd(machine, link)];
        for filed in filed {
            match filed {
                Ok(filed) => found.extend(filed),
                Err(Reason::NotPermitted { what }) => refused = Some(Reason::NotPermitted { what }),
                Err(_) => {}
            }
        }
    }
    match dhclient::read(machine) {
        Ok(filed) => found.extend(filed),
        Err(reason) => refused = refused.or(Some(reason)),
    }

    let mut done = BTreeSet::new();
    let mut leases: Vec<_> = found
        .into_iter()
        .filter(|filed| links.named(&filed.lease.interface).is_some_and(|link| holds(link, filed.address)))
        .filter(|filed| done.insert(filed.lease.interface.clone()))
        .map(|filed| filed.lease)
        .collect();
    leases.sort_by(|a, b| a.interface.cmp(&b.interface));
    match refused {
        Some(reason) if leases.is_empty() && !manages(networkmanager) => Observed::Unknown(reason),
        _ if leases.is_empty() && !manages(networkmanager) => {
            Observed::Unknown(Reason::NotAvailable { what: Thing::DhcpLease })
        }
        _ => Observed::Known(Dhcp { leases }),
    }
}

/// Whether NetworkManager drives an interface: then no lease means there is none (addresses set by hand).
fn manages(networkmanager: &Observed<Snapshot>) -> bool {
    let devices = networkmanager.known().map(|snapshot| snapshot.devices.as_slice()).unwrap_or_default();
    devices.iter().any(|device| device.active_uuid.is_some() && device.interface != "lo")
}

/// Whether the interface has the address now. A lease that does not say which address it gave is
/// taken for one of an interface that has any.
fn holds(link: &Interface, given: Option<Ipv4Addr>) -> bool {
    let mut addresses = link.addresses.iter().map(|address| address.net.addr());
    match given {
        Some(given) => addresses.any(|address| address == IpAddr::V4(given)),
        None => addresses.any(|address| address.is_ipv4()),
    }
}

/// dhcpcd keeps the server's last message as it came: `/var/lib/dhcpcd/INTERFACE.lease`, with
/// `-SSID` after the name on Wi-Fi; earlier `/var/lib/dhcpcd5/dhcpcd-INTERFACE.lease`.
fn dhcpcd(machine: &Machine, link: &Interface) -> Result<Vec<Filed>, Reason> {
    let mut found = Vec::new();
    for (folder, before) in [("/var/lib/dhcpcd", ""), ("/var/lib/dhcpcd5", "dhcpcd-")] {
        for name in machine.names_in(folder) {
            let name_of_link = name.strip_suffix(".lease").and_then(|name| name.strip_prefix(before));
            let rest = name_of_link.and_then(|name| name.strip_prefix(link.name.as_str()));
            if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) {
                continue;
            }
            let message = machine.read(&format!("{folder}/{name}"), Thing::DhcpLease)?;
            if let Some((address, given)) = options::message(&message) {
                let lease =
                    Lease { interface: link.name.clone(), source: "dhcpcd".to_owned(), ..options::lease(&given) };
                found.push(Filed { address: Some(address), lease });
            }
        }
    }
    Ok(found)
}
