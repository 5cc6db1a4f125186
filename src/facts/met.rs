//! What is remembered of the network one is in: only how it compares, nothing of what it was compared with.

use serde::{Deserialize, Serialize};

/// A network met before, by the name of its Wi-Fi, or by its router where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Met {
    /// On so many days.
    pub days: u32,
    /// The person said that it is theirs, or one they know.
    pub trusted: bool,
    /// The weakest protection it ever had: the contract's word. `None` for a cable, and where it was never known.
    pub weakest: Option<String>,
    /// Its router's hardware address.
    pub router: Likeness,
    /// Who makes its access points, by the first half of their addresses.
    pub maker: Likeness,
    /// Who lends the addresses.
    pub server: Likeness,
    /// The addresses it lends.
    pub subnet: Likeness,
    /// What it calls itself (DHCP option 15).
    pub domain: Likeness,
}

/// How an element of a network compares with those remembered of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// One of those it had before.
    Same,
    /// None of those.
    Other,
    /// There is nothing to compare: it is not known now, or never was.
    Unknown,
}
