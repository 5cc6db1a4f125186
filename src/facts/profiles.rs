//! Saved network profiles, without their secrets.

use serde::{Deserialize, Serialize};

use super::text::Ssid;

/// What NetworkManager has saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profiles {
    /// Wi-Fi profiles, by UUID.
    pub wifi: Vec<WifiProfile>,
    /// VPN profiles, by UUID.
    #[serde(default)]
    pub vpn: Vec<VpnProfile>,
}

/// A saved Wi-Fi network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WifiProfile {
    /// Its UUID.
    pub uuid: String,
    /// The person's name for it (untrusted text).
    pub name: String,
    /// The network.
    pub ssid: Ssid,
    /// `key-mgmt`: `none` (WEP), `wpa-psk`, `sae`, `owe`, `wpa-eap`, `wpa-eap-suite-b-192`, `ieee8021x`;
    /// `None` for an open network.
    #[serde(default)]
    pub key_management: Option<String>,
    /// Joined without asking.
    pub autoconnect: bool,
    /// In use now, on this interface.
    #[serde(default)]
    pub active_on: Option<String>,
    /// 802.1X: whether and how the server is verified.
    #[serde(default)]
    pub enterprise: Option<Enterprise>,
}

/// How an 802.1X profile verifies the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Enterprise {
    /// EAP methods.
    #[serde(default)]
    pub methods: Vec<String>,
    /// A CA certificate or path is set.
    #[serde(default)]
    pub ca_certificate: bool,
    /// The system's CAs are used.
    #[serde(default)]
    pub system_ca: bool,
    /// The server's name is pinned (`domain-suffix-match`, `domain-match`, `subject-match`, `altsubject-matches`).
    #[serde(default)]
    pub name_checked: bool,
}

/// A saved VPN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VpnProfile {
    /// Its UUID.
    pub uuid: String,
    /// The person's name for it (untrusted text).
    pub name: String,
    /// `wireguard`, or the plugin's service name.
    pub service: String,
    /// The far end (untrusted text).
    #[serde(default)]
    pub gateway: Option<String>,
    /// Connected without asking.
    #[serde(default)]
    pub autoconnect: bool,
}
