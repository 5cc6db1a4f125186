//! The desktop's proxy settings.

use serde::{Deserialize, Serialize};

/// How programs of the desktop reach the web.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Proxy {
    /// GNOME's or KDE's mode, or the environment's.
    pub mode: ProxyMode,
    /// Who said so: `gsettings`, `kioslaverc`, `environment`.
    pub source: String,
}

/// Where the proxy comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyMode {
    /// No proxy.
    None,
    /// A proxy someone set (untrusted text: host and port).
    Manual(String),
    /// A script at a set address.
    Script(String),
    /// Whatever the network announces (WPAD).
    FromNetwork,
}
