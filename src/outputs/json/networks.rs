//! `homeward.networks-list/1`.

use serde::Serialize;

use crate::memory::Network;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    networks: Vec<One<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    name: Option<&'a str>,
    medium: &'static str,
    trusted: bool,
    days: u32,
    first: String,
    last: String,
    security: Option<&'a str>,
}

/// The document.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn document(networks: &[Network]) -> serde_json::Result<Vec<u8>> {
    let networks = networks
        .iter()
        .map(|network| One {
            id: &network.id,
            name: network.name.as_deref(),
            medium: if network.wifi { "wifi" } else { "ethernet" },
            trusted: network.trusted,
            days: network.days,
            first: network.first.to_string(),
            last: network.last.to_string(),
            security: network.weakest.as_deref(),
        })
        .collect();
    super::safe::to_vec(&Document { format: "homeward.networks-list/1", networks })
}
