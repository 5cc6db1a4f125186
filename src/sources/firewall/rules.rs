//! Tables, chains and rules as nfnetlink tells them. Netfilter's numbers are in network byte order.

use crate::facts::firewall::Table;
use crate::sources::netlink::{attribute, attributes, text, u32_be, u32_of};

/// A base chain on the input or output hook of IP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BaseChain {
    pub(super) table: Table,
    pub(super) name: String,
    /// On the output hook; else on the input hook.
    pub(super) is_output: bool,
    pub(super) policy_drops: bool,
}

/// A rule, as far as it can be unconditional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) table: Table,
    pub(super) chain: String,
    /// What it asks of the outgoing interface.
    pub(super) on: On,
    /// It also asks that a packet *be* something particular. That a packet *not be* something (`mark
    /// != x`) leaves it near enough to unconditional.
    pub(super) conditional: bool,
    pub(super) verdict: Option<Verdict>,
}

/// What a rule asks of the outgoing interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// Nothing.
    Any,
    /// To be this one, or with `except` not to be.
    One { interface: Pattern, except: bool },
    /// To be in a set, or not.
    Set { name: String, except: bool },
    /// A map from interface to verdict.
    Map { name: String },
}

/// An interface as a rule names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Name(String),
    Prefix(String),
    Index(u32),
}

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accept,
    Drop,
    Jump(String),
    Goto(String),
    Return,
}

/// The word for a family, for those that carry IP.
fn family(number: u8) -> &'static str {
    match number {
        1 => "inet",
        2 => "ip",
        3 => "arp",
        5 => "netdev",
        7 => "bridge",
        10 => "ip6",
        _ => "other",
    }
}

/// The number of a family's word.
pub(super) fn family_number(word: &str) -> u8 {
    (0..=10).find(|number| family(*number) == word).unwrap_or_default()
}

/// Splits `nfgenmsg` from the attributes.
fn split(body: &[u8]) -> Option<(&'static str, &[u8])> {
    Some((family(*body.first()?), body.get(4..)?))
}

/// Reads an `NFT_MSG_NEWTABLE`.
pub(super) fn parse_table(body: &[u8]) -> Option<Table> {
    let (family, rest) = split(body)?;
    Some(Table { family: family.to_owned(), name: text(attribute(rest, 1)?) })
}

/// Reads an `NFT_MSG_NEWCHAIN`; `None` for what is no base chain on IP's input or output.
pub(super) fn parse_chain(body: &[u8]) -> Option<BaseChain> {
    const NFTA_CHAIN_TABLE: u16 = 1;
    const NFTA_CHAIN_NAME: u16 = 3;
    const NFTA_CHAIN_HOOK: u16 = 4;
    const NFTA_CHAIN_POLICY: u16 = 5;
    const NF_INET_LOCAL_IN: u32 = 1;
    const NF_INET_LOCAL_OUT: u32 = 3;
    let (family, rest) = split(body)?;
    if !matches!(family, "ip" | "ip6" | "inet") {
        return None;
    }
    let hook = attribute(attribute(rest, NFTA_CHAIN_HOOK)?, 1).and_then(u32_be)?;
    if hook != NF_INET_LOCAL_IN && hook != NF_INET_LOCAL_OUT {
        return None;
    }
    Some(BaseChain {
        table: Table { family: family.to_owned(), name: text(attribute(rest, NFTA_CHAIN_TABLE)?) },
        name: text(attribute(rest, NFTA_CHAIN_NAME)?),
        is_output: hook == NF_INET_LOCAL_OUT,
        policy_drops: attribute(rest, NFTA_CHAIN_POLICY).and_then(u32_be) == Some(0),
    })
}

/// Reads an `NFT_MSG_NEWRULE`.
pub(super) fn parse_rule(body: &[u8]) -> Option<Rule> {
    const NFTA_RULE_TABLE: u16 = 1;
    const NFTA_RULE_CHAIN: u16 = 2;
    const NFTA_RULE_EXPRESSIONS: u16 = 4;
    let (family, rest) = split(body)?;
    let mut rule = Rule {
        table: Table { family: family.to_owned(), name: text(attribute(rest, NFTA_RULE_TABLE)?) },
        chain: text(attribute(rest, NFTA_RULE_CHAIN)?),
        on: On::Any,
        conditional: false,
        verdict: None,
    };
    let mut loaded = Loaded::default();
    for (_, expression) in attributes(attribute(rest, NFTA_RULE_EXPRESSIONS).unwrap_or_default()) {
        let Some(name) = attribute(expression, 1).map(text) else { continue };
        loaded.apply(&mut rule, &name, attribute(expression, 2).unwrap_or_default());
    }
    Some(rule)
}

/// The register that holds the outgoing interface, and whether by name.
#[derive(Default)]
struct Loaded {
    interface: Option<(u32, bool)>,
}

impl Loaded {
    /// Takes one expression of a rule into account.
    fn apply(&mut self, rule: &mut Rule, name: &str, data: &[u8]) {
        const NFT_META_OIF: u32 = 5;
        const NFT_META_OIFNAME: u32 = 7;
        let number = |kind| attribute(data, kind).and_then(u32_be);
        match name {
            "meta" => {
                let by_name = match number(2) {
                    Some(NFT_META_OIF) => Some(false),
                    Some(NFT_META_OIFNAME) => Some(true),
                    _ => None,
                };
                self.interface = number(1).zip(by_name);
            }
            "cmp" => {
                let value = attribute(data, 3).and_then(|data| attribute(data, 1)).unwrap_or_default();
                // Negated, unless it asks that some bit of a mask be set (`ct state established`).
                let negated = number(2) == Some(1);
                let except = negated && value.iter().any(|octet| *octet != 0);
                match self.interface.filter(|(register, _)| Some(*register) == number(1)) {
                    Some((_, by_name)) if rule.on == On::Any && matches!(number(2), Some(0 | 1)) => {
                        match pattern(value, by_name) {
                            Some(interface) => rule.on = On::One { interface, except: negated },
                            None => rule.conditional = true,
                        }
                    }
                    _ => rule.conditional |= !except,
                }
            }
            "lookup" => {
                let inverted = number(5) == Some(1);
                let set = attribute(data, 1).map(text).unwrap_or_default();
                let of_interface = self.interface.is_some_and(|(register, _)| Some(register) == number(2));
                match number(3) {
                    _ if !of_interface || rule.on != On::Any => rule.conditional |= !inverted,
                    Some(0) => rule.on = On::Map { name: set },
                    Some(_) => rule.conditional = true,
                    None => rule.on = On::Set { name: set, except: inverted },
                }
            }
            "range" => rule.conditional |= number(2) != Some(1),
            "immediate" if number(1) == Some(0) => rule.verdict = attribute(data, 2).and_then(verdict),
            "reject" => rule.verdict = Some(Verdict::Drop),
            // What iptables-nft passes on to the older modules.
            "target" if matches!(attribute(data, 1).map(text).as_deref(), Some("REJECT" | "DROP")) => {
                rule.verdict = Some(Verdict::Drop);
            }
            "match" => rule.conditional |= !is_exception(data),
            // These load, count or change, and ask nothing.
            "immediate" | "counter" | "log" | "last" | "notrack" | "payload" | "ct" | "fib" | "bitwise"
            | "byteorder" | "exthdr" | "rt" | "socket" | "hash" | "numgen" | "osf" | "xfrm" | "tunnel" | "objref"
            | "target" => {}
            _ => rule.conditional = true,
        }
    }
}

/// Whether a match of the older modules asks that a packet *not* be something, or asks nothing:
/// `comment`, `mark ! --mark`, `addrtype ! --dst-type`.
fn is_exception(data: &[u8]) -> bool {
    let info = attribute(data, 3).unwrap_or_default();
    match attribute(data, 1).map(text).as_deref() {
        Some("comment") => true,
        // xt_mark_mtinfo1: mark, mask, invert.
        Some("mark") => info.get(8).is_some_and(|invert| *invert != 0),
        // xt_addrtype_info_v1: source, destination, flags with XT_ADDRTYPE_INVERT_DEST = 2.
        Some("addrtype") => info.get(4..).and_then(u32_of).is_some_and(|flags| flags & 2 != 0),
        _ => false,
    }
}

/// An interface name or index in a register. A name without its NUL is a beginning (`wg*`).
fn pattern(value: &[u8], by_name: bool) -> Option<Pattern> {
    if !by_name {
        return u32_of(value).map(Pattern::Index);
    }
    let name = text(value);
    match (name.is_empty(), value.contains(&0)) {
        (true, _) => None,
        (false, true) => Some(Pattern::Name(name)),
        (false, false) => Some(Pattern::Prefix(name)),
    }
}

/// Reads `NFTA_DATA_VERDICT`.
fn verdict(data: &[u8]) -> Option<Verdict> {
    const NFTA_DATA_VERDICT: u16 = 2;
    let verdict = attribute(data, NFTA_DATA_VERDICT)?;
    let chain = || attribute(verdict, 2).map(text);
    match attribute(verdict, 1).and_then(u32_be)?.cast_signed() {
        0 => Some(Verdict::Drop),
        1 => Some(Verdict::Accept),
        -3 => Some(Verdict::Jump(chain()?)),
        -4 => Some(Verdict::Goto(chain()?)),
        -5 => Some(Verdict::Return),
        _ => None,
    }
}

/// Reads an `NFT_MSG_NEWSETELEM`: interfaces of a set, or of a map with their verdicts.
pub(super) fn parse_elements(body: &[u8]) -> Vec<(Pattern, Option<Verdict>)> {
    const NFTA_SET_ELEM_LIST_ELEMENTS: u16 = 3;
    let Some(list) = body.get(4..).and_then(|rest| attribute(rest, NFTA_SET_ELEM_LIST_ELEMENTS)) else {
        return Vec::new();
    };
    let elements = attributes(list).filter_map(|(_, element)| {
        let key = attribute(attribute(element, 1)?, 1)?;
        let verdict = attribute(element, 2).and_then(verdict);
        // Indexes are four octets long, names sixteen.
        Some((pattern(key, key.len() != 4)?, verdict))
    });
    elements.collect()
}
