//! What the checks on packets share: signs of something that could be read, and the evidence for each.

use super::{Arg, Evidence, say};
use crate::facts::{Basis, Facts, Missing};
use crate::inference::traffic::{self, Open};

/// Something that packets show, and what is said of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// The label.
    pub label: &'static str,
    /// What could be read: the key of a few words.
    pub what: &'static str,
    /// Whether it matters on the Internet alone: near home it is how devices find each other.
    pub outside_only: bool,
    /// Whether it is milder than a password: what was typed or shown, or what gives a password away to those who try.
    pub mild: bool,
}

impl Sign {
    /// A password, or what is as good as one.
    pub(super) const fn of(label: &'static str, what: &'static str) -> Self {
        Self { label, what, outside_only: false, mild: false }
    }

    /// Less than a password.
    pub(super) const fn mild(label: &'static str, what: &'static str) -> Self {
        Self { mild: true, ..Self::of(label, what) }
    }

    /// Less than a password, and of no matter near home.
    pub(super) const fn outside(label: &'static str, what: &'static str) -> Self {
        Self { outside_only: true, ..Self::mild(label, what) }
    }
}

/// A sign that was seen.
pub(super) struct Shown<'a> {
    /// Which.
    pub sign: Sign,
    /// How often and where.
    pub open: Open<'a>,
}

impl Shown<'_> {
    /// What is said of it.
    pub(super) fn evidence(&self) -> Evidence {
        let example = self.open.example;
        let name = |name: Option<&String>| name.map_or_else(|| Arg::Key("traffic-someone".to_owned()), Arg::from);
        say("traffic-readable")
            .with("what", Arg::Key(self.sign.what.to_owned()))
            .with("from", name(example.map(|example| &example.from).filter(|from| !from.is_empty())))
            .with("to", name(example.map(|example| &example.to).filter(|to| !to.is_empty())))
            .with("times", self.open.times)
            .with("packet", example.filter(|_| self.open.numbered).map_or(0, |example| example.packet))
            .known(Basis::Measured, "packets")
    }
}

/// Which of the signs were seen where others could see them, in the order given.
///
/// # Errors
/// [`Missing`] when nothing watched packets.
pub(super) fn shown<'a>(facts: &'a Facts, signs: &'static [Sign]) -> Result<Vec<Shown<'a>>, Missing> {
    let mut all = Vec::new();
    for sign in signs {
        if let Some(open) = traffic::open(facts, sign.label)?
            && (open.outside || !sign.outside_only)
        {
            all.push(Shown { sign: *sign, open });
        }
    }
    Ok(all)
}
