//! Where the kernel would send packets, by `RTM_GETROUTE` look-ups. No packet is sent.

use crate::facts::routes::Routes;
use crate::facts::{Facts, Observed};

use super::Questions;
use super::machine::Machine;

/// Asks the kernel about public addresses, the guidance's destinations, the resolvers, the tunnels'
/// far ends, and every more specific route on an outward link.
pub async fn look(_machine: &Machine, _facts: &Facts, _questions: &Questions) -> Observed<Routes> {
    Observed::default()
}
