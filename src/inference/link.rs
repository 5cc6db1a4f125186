//! Which interface carries, or carries beneath the VPN, this machine's traffic.

use crate::facts::link::Interface;
use crate::facts::{Facts, Missing};

/// The outward interface: see [`Facts::outward`], which the sources need too.
///
/// # Errors
/// [`Missing`] when links or routes could not be read.
pub fn outward(facts: &Facts) -> Result<Option<&Interface>, Missing> {
    facts.outward()
}
