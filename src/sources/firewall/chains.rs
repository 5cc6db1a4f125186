//! What chains of rules let out without condition. Pure.
//!
//! The question is asked of each interface that exists or is named, and of "any other": which
//! unconditional verdict meets a packet that leaves by it first? What cannot be worked out counts as
//! let out, so that a kill switch is never claimed that is not there.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::{BaseChain, On, Pattern, Rule, Verdict};
use crate::facts::firewall::Table;

/// Stands for any interface that neither exists nor is named; no interface has an empty name.
const ANY_OTHER: &str = "";
/// Chains nest sixteen deep in the kernel (`NFT_JUMP_STACK_SIZE`).
const DEEPEST: u32 = 16;
/// At most so many rules are followed, jumps counted each time.
const MOST_STEPS: u32 = 20_000;

/// A set's elements, with verdicts for a map.
type Elements = Vec<(Pattern, Option<Verdict>)>;

/// Everything chains can refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) rules: BTreeMap<(Table, String), Vec<Rule>>,
    pub(super) sets: BTreeMap<(Table, String), Elements>,
    /// Index and name of each interface.
    pub(super) links: Vec<(u32, String)>,
}

/// What a base chain does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) drops_by_default: bool,
    pub(super) accepts: Vec<String>,
}

type Names = BTreeSet<String>;

impl World {
    /// The sets and maps that rules look outgoing interfaces up in.
    pub(super) fn sets_of_interfaces(&self) -> BTreeSet<(Table, String)> {
        let named = self.rules.values().flatten().filter_map(|rule| match &rule.on {
            On::Set { name, .. } | On::Map { name } => Some((rule.table.clone(), name.clone())),
            On::Any | On::One { .. } => None,
        });
        named.collect()
    }

    /// Every interface a packet could leave by, and [`ANY_OTHER`].
    fn everyone(&self) -> Names {
        let mut names: Names = self.links.iter().map(|(_, name)| name.clone()).collect();
        let in_rules = self.rules.values().flatten().filter_map(|rule| match &rule.on {
            On::One { interface: Pattern::Name(name), .. } => Some(name.clone()),
            _ => None,
        });
        let in_sets = self.sets.values().flatten().filter_map(|(pattern, _)| match pattern {
            Pattern::Name(name) => Some(name.clone()),
            Pattern::Prefix(_) | Pattern::Index(_) => None,
        });
        names.extend(in_rules.chain(in_sets));
        names.insert(ANY_OTHER.to_owned());
        names
    }

    fn is(&self, name: &str, pattern: &Pattern) -> bool {
        match pattern {
            Pattern::Name(wanted) => name == wanted,
            Pattern::Prefix(prefix) => name.starts_with(prefix.as_str()),
            Pattern::Index(index) => self.links.iter().any(|link| link.0 == *index && link.1 == name),
        }
    }

    /// The verdicts a rule has, each with those of `open` it falls on.
    fn verdicts(&self, rule: &Rule, open: &Names) -> Vec<(Names, Verdict)> {
        let those = |wanted: &dyn Fn(&str) -> bool| open.iter().filter(|name| wanted(name)).cloned().collect::<Names>();
        let elements = |name: &String| self.sets.get(&(rule.table.clone(), name.clone()));
        if let On::Map { name } = &rule.on {
            // A map that could not be read counts as letting all out.
            let Some(elements) = elements(name) else { return vec![(open.clone(), Verdict::Accept)] };
            let each = elements
                .iter()
                .filter_map(|(pattern, verdict)| Some((those(&|name: &str| self.is(name, pattern)), verdict.clone()?)));
            return each.collect();
        }
        let Some(verdict) = rule.verdict.clone() else { return Vec::new() };
        let met = match &rule.on {
            On::Any | On::Map { .. } => open.clone(),
            On::One { interface, except } => those(&|name: &str| self.is(name, interface) != *except),
            On::Set { name, except } => match elements(name) {
                Some(elements) => {
                    those(&|name: &str| elements.iter().any(|(pattern, _)| self.is(name, pattern)) != *except)
                }
                // A set that could not be read: an accept counts for all, a drop for none.
                None if verdict == Verdict::Drop => return Vec::new(),
                None => open.clone(),
            },
        };
        vec![(met, verdict)]
    }
}

/// Follows a base chain for every interface.
pub(super) fn walk(world: &World, base: &BaseChain) -> Outcome {
    let mut walker = Walker { world, table: &base.table, accepted: Names::new(), steps: MOST_STEPS };
    let left = walker.follow(&base.name, world.everyone(), DEEPEST);
    if !base.policy_drops {
        walker.accepted.extend(left);
    }
    Outcome {
        drops_by_default: !walker.accepted.contains(ANY_OTHER),
        accepts: walker.accepted.into_iter().filter(|name| name != ANY_OTHER).collect(),
    }
}

struct Walker<'a> {
    world: &'a World,
    table: &'a Table,
    accepted: Names,
    steps: u32,
}

impl Walker<'_> {
    /// Follows a chain for the interfaces in `open`; gives back those no verdict has met.
    fn follow(&mut self, chain: &str, mut open: Names, depth: u32) -> Names {
        let mut back = Names::new();
        if depth == 0 {
            self.accepted.append(&mut open);
            return open;
        }
        let rules = self.world.rules.get(&(self.table.clone(), chain.to_owned()));
        for rule in rules.into_iter().flatten().filter(|rule| !rule.conditional) {
            let Some(steps) = self.steps.checked_sub(1) else {
                // Too long to follow: what is still open counts as let out.
                self.accepted.append(&mut open);
                break;
            };
            self.steps = steps;
            for (met, verdict) in self.world.verdicts(rule, &open) {
                if met.is_empty() {
                    continue;
                }
                open.retain(|name| !met.contains(name));
                match verdict {
                    Verdict::Accept => self.accepted.extend(met),
                    Verdict::Drop => {}
                    Verdict::Jump(to) => open.extend(self.follow(&to, met, depth - 1)),
                    Verdict::Goto(to) => back.extend(self.follow(&to, met, depth - 1)),
                    Verdict::Return => back.extend(met),
                }
            }
        }
        back.extend(open);
        back
    }
}
