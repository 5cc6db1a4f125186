//! Tunnels and VPN connections, routes, the firewall, the sensor.

use super::Redactor;
use crate::facts::firewall::{Firewall, OutputChain, Table};
use crate::facts::routes::{Answer, Barrier, Lookup, Purpose, Route, Routes, Way};
use crate::facts::sensor::{Leaks, Sensor, Trace};
use crate::facts::vpn::{Client, Connection, IpsecPolicy, Tunnel, Vpn, Wireguard, WireguardPeer};
use crate::signatures::vpn;

impl Redactor {
    pub(super) fn vpn(&self, vpn: &Vpn) -> Vpn {
        let Vpn { tunnels, ipsec, connections, clients } = vpn;
        Vpn {
            tunnels: tunnels.iter().map(|tunnel| self.tunnel(tunnel)).collect(),
            ipsec: self.observed(ipsec, |me, policies| policies.iter().map(|policy| me.policy(policy)).collect()),
            connections: self.observed(connections, |me, all| all.iter().map(|one| me.connection(one)).collect()),
            clients: clients.iter().map(|client| self.client(client)).collect(),
        }
    }

    fn tunnel(&self, tunnel: &Tunnel) -> Tunnel {
        let Tunnel { interface, kind, up, rx_bytes, tx_bytes, rx_during_look, wireguard, remote } = tunnel;
        Tunnel {
            interface: self.interface(interface),
            kind: *kind,
            up: *up,
            rx_bytes: *rx_bytes,
            tx_bytes: *tx_bytes,
            rx_during_look: *rx_during_look,
            wireguard: wireguard.as_ref().map(|device| self.observed(device, Self::wireguard)),
            remote: remote.map(|remote| self.address(remote)),
        }
    }

    fn wireguard(&self, device: &Wireguard) -> Wireguard {
        let Wireguard { fwmark, listen_port, peers } = device;
        let peers = peers.iter().map(|peer| {
            let WireguardPeer { public_key, endpoint, handshake_age, keepalive, rx_bytes, tx_bytes, allowed_ips } =
                peer;
            WireguardPeer {
                public_key: self.key(public_key),
                endpoint: endpoint.map(|endpoint| self.socket(endpoint)),
                handshake_age: *handshake_age,
                keepalive: *keepalive,
                rx_bytes: *rx_bytes,
                tx_bytes: *tx_bytes,
                allowed_ips: allowed_ips.iter().map(|net| self.net(*net)).collect(),
            }
        });
        Wireguard { fwmark: *fwmark, listen_port: *listen_port, peers: peers.collect() }
    }

    fn policy(&self, policy: &IpsecPolicy) -> IpsecPolicy {
        let IpsecPolicy { source, destination, tunnel, block, selective, endpoint, interface_id } = policy;
        IpsecPolicy {
            source: self.net(*source),
            destination: self.net(*destination),
            tunnel: *tunnel,
            block: *block,
            selective: *selective,
            endpoint: endpoint.map(|endpoint| self.address(endpoint)),
            interface_id: *interface_id,
        }
    }

    fn connection(&self, connection: &Connection) -> Connection {
        let Connection { name, uuid, kind, service, active, interfaces, gateway } = connection;
        Connection {
            name: self.name("connection", name),
            uuid: self.uuid(uuid),
            kind: self.word(kind),
            service: service.as_ref().map(|service| self.service(service)),
            active: *active,
            interfaces: self.interfaces(interfaces),
            gateway: gateway.as_ref().map(|gateway| self.host(gateway)),
        }
    }

    /// Programs have their ids and names from the signatures.
    fn client(&self, client: &Client) -> Client {
        let Client { id, name, tunnel, personal } = client;
        let known = vpn::built_in().iter().any(|signature| signature.id == *id && signature.name == *name);
        Client {
            id: if known { id.clone() } else { self.word(id) },
            name: if known { name.clone() } else { self.name("program", name) },
            tunnel: self.interface_option(tunnel.as_ref()),
            personal: *personal,
        }
    }

    pub(super) fn routes(&self, routes: &Routes) -> Routes {
        let Routes { lookups, defaults, specifics, barriers, rules, cut_short } = routes;
        let barrier = |Barrier { prefix, ipv6, table, metric }: &Barrier| Barrier {
            prefix: prefix.map(|prefix| self.net(prefix)),
            ipv6: *ipv6,
            table: *table,
            metric: *metric,
        };
        Routes {
            lookups: lookups.iter().map(|lookup| self.lookup(lookup)).collect(),
            defaults: defaults.iter().map(|route| self.route(route)).collect(),
            specifics: specifics.iter().map(|route| self.route(route)).collect(),
            barriers: barriers.iter().map(barrier).collect(),
            // Numbers and marks, nothing else.
            rules: rules.clone(),
            cut_short: *cut_short,
        }
    }

    fn lookup(&self, lookup: &Lookup) -> Lookup {
        let Lookup { to, purpose, mark, bound, ipsec, answer } = lookup;
        Lookup {
            to: self.address(*to),
            purpose: match purpose {
                Purpose::Destination { name } => Purpose::Destination { name: self.name("work", name) },
                Purpose::Endpoint { tunnel } => Purpose::Endpoint { tunnel: self.interface(tunnel) },
                Purpose::Specific { prefix } => Purpose::Specific { prefix: self.net(*prefix) },
                Purpose::Public | Purpose::Resolver | Purpose::Beneath => purpose.clone(),
            },
            mark: *mark,
            bound: self.interface_option(bound.as_ref()),
            ipsec: *ipsec,
            answer: self.answer(answer),
        }
    }

    pub(super) fn answer(&self, answer: &Answer) -> Answer {
        match answer {
            Answer::Via(way) => Answer::Via(self.way(way)),
            Answer::Error(error) => Answer::Error(self.error(error)),
            Answer::Blocked | Answer::NoRoute => answer.clone(),
        }
    }

    fn way(&self, way: &Way) -> Way {
        let Way { interface, gateway, source, prefix, protocol, table } = way;
        Way {
            interface: self.interface(interface),
            gateway: gateway.map(|gateway| self.address(gateway)),
            source: source.map(|source| self.address(source)),
            prefix: prefix.map(|prefix| self.net(prefix)),
            protocol: *protocol,
            table: *table,
        }
    }

    fn route(&self, route: &Route) -> Route {
        let Route { prefix, interface, gateway, protocol, table, metric } = route;
        Route {
            prefix: self.net(*prefix),
            interface: self.interface(interface),
            gateway: gateway.map(|gateway| self.address(gateway)),
            protocol: *protocol,
            table: *table,
            metric: *metric,
        }
    }

    pub(super) fn firewall(&self, firewall: &Firewall) -> Firewall {
        let Firewall { tables, output, input_drops } = firewall;
        let chain = |chain: &OutputChain| {
            let OutputChain { table, name, drops_by_default, accepts_interfaces } = chain;
            OutputChain {
                table: self.table(table),
                name: if name.eq_ignore_ascii_case("output") { name.clone() } else { self.name("chain", name) },
                drops_by_default: *drops_by_default,
                accepts_interfaces: self.interfaces(accepts_interfaces),
            }
        };
        Firewall {
            tables: tables.iter().map(|table| self.table(table)).collect(),
            output: output.iter().map(chain).collect(),
            input_drops: *input_drops,
        }
    }

    /// Tables that a signature knows say which VPN program is there; `wg-quick-NAME` names an interface.
    fn table(&self, table: &Table) -> Table {
        let Table { family, name } = table;
        let name = match name.strip_prefix("wg-quick-") {
            Some(interface) => format!("wg-quick-{}", self.interface(interface)),
            None if vpn::knows_table(name) || matches!(name.as_str(), "filter" | "nat" | "mangle" | "raw") => {
                name.clone()
            }
            None => self.name("table", name),
        };
        Table { family: self.word(family), name }
    }

    pub(super) fn sensor(&self, sensor: &Sensor) -> Sensor {
        let Sensor { version, heard, lost, witnessed } = sensor;
        Sensor {
            version: self.word(version),
            heard: heard.iter().map(|(interface, seconds)| (self.interface(interface), *seconds)).collect(),
            lost: *lost,
            witnessed: self.observed(witnessed, |me, Leaks { name, ipv4, ipv6 }| {
                let trace = |Trace { sent, seen }: &Trace| Trace { sent: *sent, seen: me.interfaces(seen) };
                Leaks { name: trace(name), ipv4: trace(ipv4), ipv6: trace(ipv6) }
            }),
        }
    }
}
