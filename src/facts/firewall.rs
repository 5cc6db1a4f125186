//! What the firewall would let through if the tunnel fell.

use serde::{Deserialize, Serialize};

/// nftables as far as it bears on a kill switch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Firewall {
    /// Tables, by family and name.
    pub tables: Vec<Table>,
    /// Base chains on the output hook.
    pub output: Vec<OutputChain>,
    /// Base chains on the input hook whose policy is to drop: this machine has a host firewall.
    #[serde(default)]
    pub input_drops: bool,
}

/// An nftables table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Table {
    /// `ip`, `ip6`, `inet`, …
    pub family: String,
    /// Its name.
    pub name: String,
}

/// A base chain that sees what this machine sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OutputChain {
    /// Its table.
    pub table: Table,
    /// Its name.
    pub name: String,
    /// Whether what no rule accepts is dropped, by policy or by a last rule that drops or rejects all.
    pub drops_by_default: bool,
    /// Output interfaces its rules accept without condition.
    #[serde(default)]
    pub accepts_interfaces: Vec<String>,
}
