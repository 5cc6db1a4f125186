//! Wi-Fi: what the access point says of itself, and what the association really negotiated.
//!
//! Suite and element numbers: IEEE 802.11-2020 tables 9-149 and 9-151 as in hostap's
//! `wpa_common.h` and `ieee802_11_defs.h`.

use serde::{Deserialize, Serialize};

use super::Observed;
use super::profiles::Enterprise;
use super::text::Ssid;

/// The Wi-Fi interface of this machine that is in use, or the first one if none is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wifi {
    /// The interface.
    pub interface: String,
    /// How it takes part.
    pub mode: Mode,
    /// The network it is joined to; `None` when it is joined to none.
    #[serde(default)]
    pub association: Option<Association>,
    /// Other networks in sight with the same name as the joined one, by BSSID. Bounded.
    #[serde(default)]
    pub same_name: Vec<Bss>,
    /// Further Wi-Fi interfaces of this machine that are joined to a network, by name; each with
    /// none of its own here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Self>,
}

/// Interface type (`nl80211_iftype`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// 2: joins access points.
    #[default]
    Station,
    /// 1: ad hoc.
    AdHoc,
    /// 7: mesh point.
    Mesh,
    /// 8: P2P client.
    P2pClient,
    /// 3: is an access point itself.
    AccessPoint,
    /// Anything else.
    Other,
}

/// A joined network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Association {
    /// What the access point advertises. When nothing of it was heard, as where only NetworkManager
    /// told of the association, its `bssid` is empty and only its name means anything.
    pub bss: Bss,
    /// What was agreed.
    #[serde(default)]
    pub negotiated: Observed<Negotiated>,
    /// The saved profile's `key-mgmt`, where NetworkManager drives the interface.
    #[serde(default)]
    pub configured: Observed<String>,
    /// 802.1X: how the server is verified, by the word of the program that made the association.
    #[serde(default)]
    pub verification: Observed<Enterprise>,
    /// `NL80211_STA_FLAG_MFP`: management frames are protected.
    #[serde(default)]
    pub management_protected: Observed<bool>,
    /// `NL80211_STA_FLAG_AUTHORIZED`: the handshake is finished.
    #[serde(default)]
    pub authorized: Observed<bool>,
}

/// The suites an association agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Negotiated {
    /// Key management; `None` when there is none (open, WEP).
    #[serde(default)]
    pub akm: Option<Akm>,
    /// Pairwise cipher; `None` when there is none, or when only the key management was told.
    #[serde(default)]
    pub pairwise: Option<Cipher>,
    /// Group cipher; `None` as for the pairwise one.
    #[serde(default)]
    pub group: Option<Cipher>,
    /// Who said so: `wpa-supplicant`, `nl80211`, `iwd`, `eapol`.
    pub source: String,
}

/// What an access point says of itself in a beacon or probe response. All of it can be forged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Bss {
    /// Network name; empty when hidden.
    pub ssid: Ssid,
    /// The access point's address, lower-case with colons.
    pub bssid: String,
    /// Centre of the primary channel in MHz.
    #[serde(default)]
    pub frequency: u32,
    /// Privacy bit of the capability field.
    #[serde(default)]
    pub privacy: bool,
    /// WPA1 element (221, 00:50:F2:01).
    #[serde(default)]
    pub wpa: Option<Suites>,
    /// RSN element (48).
    #[serde(default)]
    pub rsn: Option<Suites>,
    /// RSN override elements (221, 50:6F:9A:29 and 2A), in order.
    #[serde(default)]
    pub rsn_overrides: Vec<Suites>,
    /// More than one RSN element, or one that could not be parsed: the element is not to be trusted.
    #[serde(default)]
    pub rsn_malformed: bool,
    /// RSNX element (244).
    #[serde(default)]
    pub rsnx: Option<Rsnx>,
    /// WPS element (221, 00:50:F2:04).
    #[serde(default)]
    pub wps: Option<Wps>,
    /// OWE transition element (221, 50:6F:9A:1C): the other half of an open/OWE pair.
    #[serde(default)]
    pub owe_transition: Option<OweTransition>,
    /// Interworking element (107).
    #[serde(default)]
    pub interworking: Option<Interworking>,
    /// Hotspot 2.0 indication (221, 50:6F:9A:10).
    #[serde(default)]
    pub hotspot20: bool,
    /// OSEN (221, 50:6F:9A:12): online sign-up of Hotspot 2.0.
    #[serde(default)]
    pub osen: bool,
    /// Multi-AP / EasyMesh element (221, 50:6F:9A:1B).
    #[serde(default)]
    pub multi_ap: bool,
    /// Mobility domain (54): 802.11r.
    #[serde(default)]
    pub mobility_domain: bool,
    /// WAPI element (68).
    #[serde(default)]
    pub wapi: bool,
    /// Stations the access point says it serves (BSS Load, 11).
    #[serde(default)]
    pub stations: Option<u16>,
}

/// The body shared by RSN, RSN override and WPA elements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Suites {
    /// Group cipher.
    pub group: Cipher,
    /// Pairwise ciphers, in order.
    pub pairwise: Vec<Cipher>,
    /// Key managements, in order.
    pub akms: Vec<Akm>,
    /// Management frame protection possible (RSN capabilities bit 7).
    #[serde(default)]
    pub mfp_capable: bool,
    /// Management frame protection required (bit 6).
    #[serde(default)]
    pub mfp_required: bool,
    /// Group management cipher.
    #[serde(default)]
    pub group_management: Option<Cipher>,
}

/// Cipher suites. `00-0F-AC` numbers unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cipher {
    /// 0: the group cipher serves.
    UseGroup,
    /// 1.
    #[serde(rename = "wep-40")]
    Wep40,
    /// 2 (also 00-50-F2:2).
    Tkip,
    /// 4 (also 00-50-F2:4).
    #[default]
    #[serde(rename = "ccmp-128")]
    Ccmp128,
    /// 5.
    #[serde(rename = "wep-104")]
    Wep104,
    /// 6.
    #[serde(rename = "bip-cmac-128")]
    BipCmac128,
    /// 7.
    GroupNotAllowed,
    /// 8.
    #[serde(rename = "gcmp-128")]
    Gcmp128,
    /// 9.
    #[serde(rename = "gcmp-256")]
    Gcmp256,
    /// 10.
    #[serde(rename = "ccmp-256")]
    Ccmp256,
    /// 11.
    #[serde(rename = "bip-gmac-128")]
    BipGmac128,
    /// 12.
    #[serde(rename = "bip-gmac-256")]
    BipGmac256,
    /// 13.
    #[serde(rename = "bip-cmac-256")]
    BipCmac256,
    /// 00-14-72:1, WAPI.
    Sms4,
    /// 00-40-96: Cisco CKIP and kin.
    Ckip,
    /// 00-50-F2:0.
    None,
    /// Anything else: OUI in the upper 24 bits, type in the lower 8.
    Other(u32),
}

/// Authentication and key management suites. `00-0F-AC` numbers unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Akm {
    /// 1: 802.1X.
    Ieee8021x,
    /// 2: PSK.
    Psk,
    /// 3.
    FtIeee8021x,
    /// 4.
    FtPsk,
    /// 5.
    #[serde(rename = "ieee8021x-sha256")]
    Ieee8021xSha256,
    /// 6.
    #[serde(rename = "psk-sha256")]
    PskSha256,
    /// 8.
    Sae,
    /// 9.
    FtSae,
    /// 11.
    SuiteB,
    /// 12.
    #[serde(rename = "suite-b-192")]
    SuiteB192,
    /// 13.
    #[serde(rename = "ft-ieee8021x-sha384")]
    FtIeee8021xSha384,
    /// 14.
    #[serde(rename = "fils-sha256")]
    FilsSha256,
    /// 15.
    #[serde(rename = "fils-sha384")]
    FilsSha384,
    /// 16.
    #[serde(rename = "ft-fils-sha256")]
    FtFilsSha256,
    /// 17.
    #[serde(rename = "ft-fils-sha384")]
    FtFilsSha384,
    /// 18.
    Owe,
    /// 19.
    #[serde(rename = "ft-psk-sha384")]
    FtPskSha384,
    /// 20.
    #[serde(rename = "psk-sha384")]
    PskSha384,
    /// 22.
    #[serde(rename = "ft-ieee8021x-sha384-unrestricted")]
    FtIeee8021xSha384Unrestricted,
    /// 23.
    #[serde(rename = "ieee8021x-sha384")]
    Ieee8021xSha384,
    /// 24.
    SaeExtKey,
    /// 25.
    FtSaeExtKey,
    /// 00-50-F2:1: WPA 802.1X.
    #[serde(rename = "wpa-ieee8021x")]
    WpaIeee8021x,
    /// 00-50-F2:2: WPA PSK.
    WpaPsk,
    /// 00-50-F2:0: WPA-None (ad hoc).
    WpaNone,
    /// 00-40-96:0.
    Cckm,
    /// 50-6F-9A:2.
    Dpp,
    /// 50-6F-9A:1: OSEN.
    Osen,
    /// Anything else: OUI in the upper 24 bits, type in the lower 8.
    Other(u32),
}

/// Bits of the RSNX element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rsnx {
    /// Bit 5: SAE hash-to-element.
    pub sae_h2e: bool,
    /// Bit 6: SAE-PK.
    pub sae_pk: bool,
    /// Bit 21: SSID protection.
    pub ssid_protection: bool,
}

/// The WPS element. Strings are untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wps {
    /// WPS state is "configured" (attribute 0x1044 = 2).
    pub configured: bool,
    /// Attribute 0x1057: the PIN is locked after too many tries.
    pub locked: bool,
    /// Config methods (0x1008, or 0x1053 while a registrar is selected); `None` when not said.
    #[serde(default)]
    pub methods: Option<u16>,
    /// Attribute 0x1041: someone is joining right now.
    #[serde(default)]
    pub registrar_selected: bool,
    /// Device password id (0x1012): 0 PIN, 4 push button.
    #[serde(default)]
    pub password_id: Option<u16>,
    /// Manufacturer (0x1021).
    #[serde(default)]
    pub manufacturer: Option<String>,
    /// Model name (0x1023).
    #[serde(default)]
    pub model: Option<String>,
}

/// The other half of an OWE transition pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OweTransition {
    /// Its BSSID.
    pub bssid: String,
    /// Its name.
    pub ssid: Ssid,
}

/// The Interworking element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Interworking {
    /// Access network type: 0 private, 1 private with guests, 2 chargeable public, 3 free public,
    /// 4 personal device, 5 emergency, 14 test, 15 wildcard.
    pub network_type: u8,
    /// The network says it leads to the Internet.
    #[serde(default)]
    pub internet: bool,
    /// Additional step required for access.
    #[serde(default)]
    pub additional_step: bool,
}
