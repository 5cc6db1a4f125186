//! HTTP in the clear.

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[];
