//! One reading of NetworkManager over D-Bus, shared by the topics that want its word.

use crate::facts::Observed;
use crate::facts::profiles::Profiles;

use super::machine::Machine;

/// What NetworkManager knows, in this project's own types.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {}

/// Reads it.
pub async fn look(_machine: &Machine) -> Observed<Snapshot> {
    Observed::default()
}

/// The saved profiles.
pub fn profiles(_snapshot: &Observed<Snapshot>) -> Observed<Profiles> {
    Observed::default()
}
