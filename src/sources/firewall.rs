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
const GETSETELEM: u16 = NFTABLES | 13;
/// `nfgenmsg`: any family, version 0.
const ANY: [u8; 4] = [0; 4];
/// At most so many tables and sets are looked at.
const MOST: usize = 64;

/// Reads the tables and the chains that see outgoing packets.
pub async fn look(machine: &Machine) -> Observed<Firewall> {
    let firewall = match read().await {
        Ok(firewall) => firewall,
        // nfnetlink without nf_tables says EINVAL.
        Err(Refusal(Errno::INVAL)) => return Observed::Unknown(Reason::NotAvailable { what: Thing::Nftables }),
        Err(refusal) => return Observed::Unknown(refusal.reason(Thing::Nftables)),
    };
    let blocks = firewall.output.iter().any(|chain| chain.drops_by_default);
    if !blocks && xtables_in_use(machine) {
        return Observed::Unknown(Reason::Undecided { what: Thing::Nftables });
    }
    Observed::Known(firewall)
}

/// Whether filter rules of the older backend are loaded in this network namespace.
fn xtables_in_use(machine: &Machine) -> bool {
    ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"].iter().any(|file| {
        std::fs::read_to_string(machine.path(file)).is_ok_and(|names| names.lines().any(|name| name == "filter"))
    })
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
