//! Starting the employer's VPN, as it is saved in `NetworkManager`.

use std::time::Duration;

use crate::facts::{Facts, Reason, Thing};
use crate::guidance::Guidance;
use crate::sources::machine::Machine;
use crate::sources::networkmanager;

/// `NetworkManager` may ask the person for a password before it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// The profile to start: the one the guidance names; where it names none, the only one there is.
pub(super) fn of_work(facts: &Facts, guidance: &Guidance) -> Option<String> {
    let profiles = &facts.profiles.known()?.vpn;
    let named: Vec<&String> = guidance.vpn.identities.iter().flat_map(|known| &known.networkmanager_uuids).collect();
    if let Some(profile) = profiles.iter().find(|profile| named.contains(&&profile.uuid)) {
        return Some(profile.uuid.clone());
    }
    match profiles.as_slice() {
        [only] if named.is_empty() => Some(only.uuid.clone()),
        _ => None,
    }
}

/// Asks for it.
pub(super) async fn connect(uuid: &str) -> Result<(), Reason> {
    let machine = Machine::this();
    let late = Err(Reason::TimedOut { what: Thing::NetworkManager });
    tokio::time::timeout(PATIENCE, networkmanager::connect(&machine, uuid)).await.unwrap_or(late)
}
