//! Which resolvers a look-up goes to, by the rules of whoever decides, and whether that leaks.

use crate::facts::Facts;
use crate::guidance::Guidance;
use crate::inference::connection::DnsSummary;

/// Name look-ups for the contract's `connection.dns`; `None` when nothing could be read.
pub fn summary(_facts: &Facts, _guidance: &Guidance) -> Option<DnsSummary> {
    None
}
