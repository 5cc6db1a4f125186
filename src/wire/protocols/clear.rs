//! Conversations in text that anyone on the way can read.

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[];
