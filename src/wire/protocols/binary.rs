//! Protocols of directories, stores and files that send logins in the clear.

use super::Recogniser;

/// Recognisers by name.
pub(super) const ALL: &[(&str, Recogniser)] = &[];
