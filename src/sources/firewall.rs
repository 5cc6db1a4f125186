//! nftables by nfnetlink, as far as it bears on a kill switch. Needs the right to administer the network.
//!
//! Rules of `iptables-nft` are nftables rules and are read alike. Those of the older xtables backend
//! cannot be read this way: where they are in use, what this reading would miss makes it unknown.
//! Numbers: Linux `include/uapi/linux/netfilter/nf_tables.h`.

mod chains;
mod rules;

use rustix::io::Errno;

use crate::facts::firewall::{Firewall, OutputChain, Table};
use crate::facts::{Observed, Reason, Thing};

use super::machine::Machine;
use super::netlink::{Answer, DUMP, Door, NETLINK_NETFILTER, NETLINK_ROUTE, Refusal, put};
use chains::{World, walk};
use rules::{BaseChain, parse_chain, parse_elements, parse_rule, parse_table};

/// `NFNL_SUBSYS_NFTABLES` in the upper octet of the message type.
const NFTABLES: u16 = 10 << 8;
const GETTABLE: u16 = NFTABLES | 1;
const GETCHAIN: u16 = NFTABLES | 4;
const GETRULE: u16 = NFTABLES | 7;
const GETSETELEM: u16 = NFTABLES | 0xd;
/// `nfgenmsg`: any family, version 0.
const ANY: [u8; 4] = [0; 4];
/// At most so many tables and sets are looked at.
const MOST: usize = 64;

/// Reads the tables and the chains that see outgoing packets.
pub async fn look(machine: &Machine) -> Observed<Firewall> {
    look_beside(|| xtables_in_use(machine)).await
}

/// The same, where another tells whether filter rules of the older backend are loaded.
pub async fn look_beside(xtables_in_use: impl FnOnce() -> bool) -> Observed<Firewall> {
    let firewall = match read().await {
        Ok(firewall) => firewall,
        // nfnetlink without nf_tables says EINVAL.
        Err(Refusal(Errno::INVAL)) => return Observed::Unknown(Reason::NotAvailable { what: Thing::Nftables }),
        Err(refusal) => return Observed::Unknown(refusal.reason(Thing::Nftables)),
    };
    let blocks = firewall.output.iter().any(|chain| chain.drops_by_default);
    if !blocks && xtables_in_use() {
        return Observed::Unknown(Reason::Undecided { what: Thing::Nftables });
    }
    Observed::Known(firewall)
}

/// Whether filter rules of the older backend are loaded in this network namespace.
fn xtables_in_use(machine: &Machine) -> bool {
    XTABLES.iter().any(|file| std::fs::read_to_string(machine.path(file)).is_ok_and(|names| filters(&names)))
}

/// Where the kernel names the tables of the older backend. Only root may read these files.
pub const XTABLES: [&str; 2] = ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"];

/// Whether the table of filters is among these names, one a line.
pub fn filters(names: &str) -> bool {
    names.lines().any(|name| name == "filter")
}

async fn read() -> Result<Firewall, Refusal> {
    let mut door = Door::open(NETLINK_NETFILTER)?;
    let bodies = |answer: Answer| answer.messages.into_iter().map(|message| message.body);
    let tables = bodies(door.ask(GETTABLE, DUMP, &ANY).await?).filter_map(|body| parse_table(&body));
    let mut tables: Vec<Table> = tables.collect();
    tables.sort();
    tables.truncate(MOST);
    let bases: Vec<BaseChain> =
        bodies(door.ask(GETCHAIN, DUMP, &ANY).await?).filter_map(|body| parse_chain(&body)).collect();
    if bases.is_empty() {
        return Ok(Firewall { tables, ..Firewall::default() });
    }

    let mut world = World::default();
    for rule in bodies(door.ask(GETRULE, DUMP, &ANY).await?).filter_map(|body| parse_rule(&body)) {
        world.rules.entry((rule.table.clone(), rule.chain.clone())).or_default().push(rule);
    }
    let mut links = Door::open(NETLINK_ROUTE)?;
    let links = super::link::links(&mut links).await?;
    world.links = links.into_iter().map(|link| (link.interface.index, link.interface.name)).collect();
    for (table, set) in world.sets_of_interfaces().into_iter().take(MOST) {
        let mut question = vec![rules::family_number(&table.family), 0, 0, 0];
        put(&mut question, 1, &[table.name.as_bytes(), &[0]].concat());
        put(&mut question, 2, &[set.as_bytes(), &[0]].concat());
        if let Ok(answer) = door.ask(GETSETELEM, DUMP, &question).await {
            let elements = bodies(answer).flat_map(|body| parse_elements(&body)).collect();
            world.sets.insert((table, set), elements);
        }
    }
    Ok(judge(tables, bases, &world))
}

/// Puts what was read together.
fn judge(tables: Vec<Table>, bases: Vec<BaseChain>, world: &World) -> Firewall {
    let mut firewall = Firewall { tables, ..Firewall::default() };
    for base in bases {
        let outcome = walk(world, &base);
        if base.is_output {
            firewall.output.push(OutputChain {
                table: base.table,
                name: base.name,
                drops_by_default: outcome.drops_by_default,
                accepts_interfaces: outcome.accepts,
            });
        } else {
            firewall.input_drops |= outcome.drops_by_default;
        }
    }
    firewall.output.sort_by(|a, b| (&a.table, &a.name).cmp(&(&b.table, &b.name)));
    firewall
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;
    use crate::sources::netlink::recorded;
    use proptest::prelude::*;

    const NFTABLES: &str = include_str!("../../tests/machine/netlink/nftables.txt");

    #[test]
    fn a_recorded_ruleset_is_understood() {
        let tables: Vec<_> = recorded(NFTABLES, "table").iter().filter_map(|body| parse_table(body)).collect();
        let bases: Vec<_> = recorded(NFTABLES, "chain").iter().filter_map(|body| parse_chain(body)).collect();
        let mut world = World { links: vec![(1, "lo".to_owned()), (2, "eth0".to_owned())], ..World::default() };
        for rule in recorded(NFTABLES, "rule").iter().filter_map(|body| parse_rule(body)) {
            world.rules.entry((rule.table.clone(), rule.chain.clone())).or_default().push(rule);
        }
        let sets: Vec<_> = world.sets_of_interfaces().into_iter().collect();
        assert_eq!(sets, [(tables[0].clone(), "__set0".to_owned())]);
        let elements = recorded(NFTABLES, "elements").iter().flat_map(|body| parse_elements(body)).collect();
        world.sets.insert(sets[0].clone(), elements);

        // `oifname != "eth0" accept` at its end lets any other interface out, whatever the policy.
        let firewall = judge(tables.clone(), bases.clone(), &world);
        assert!(firewall.input_drops);
        let outputs: Vec<_> =
            firewall.output.iter().map(|chain| (chain.name.as_str(), chain.drops_by_default)).collect();
        assert_eq!(outputs, [("out", false), ("OUTPUT", true)]);
        assert!(!firewall.output[0].accepts_interfaces.contains(&"eth0".to_owned()));

        // Without that rule it is a kill switch.
        let (table, name) = (bases[0].table.clone(), bases[0].name.clone());
        world.rules.get_mut(&(table, name)).unwrap().pop();
        let firewall = judge(tables, bases, &world);
        assert!(firewall.output[0].drops_by_default);
        assert_eq!(firewall.output[0].accepts_interfaces, ["lo", "tun9", "wg0", "wg1"]);

        // A set that cannot be read counts as letting all out.
        world.sets.clear();
        let bases = recorded(NFTABLES, "chain").iter().filter_map(|body| parse_chain(body)).collect();
        assert!(!judge(Vec::new(), bases, &world).output[0].drops_by_default);
    }

    proptest! {
        #[test]
        fn noise_is_no_rule(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = (parse_table(&bytes), parse_chain(&bytes), parse_rule(&bytes), parse_elements(&bytes));
            for mut rule in recorded(NFTABLES, "rule") {
                let at = bytes.first().map_or(0, |at| usize::from(*at));
                for (place, noise) in rule.iter_mut().skip(at).zip(&bytes) {
                    *place = *noise;
                }
                let _ = parse_rule(&rule);
            }
        }
    }
}
