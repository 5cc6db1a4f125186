//! `homeward.bundle/1`: what a bundle says of itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The format's name.
pub const FORMAT: &str = "homeward.bundle/1";

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Always [`FORMAT`].
    pub format: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The version of Homeward that made it.
    pub homeward: String,
    /// How much was replaced: `none`, `support` or `public`.
    pub redaction: String,
    /// Bundles with the same mark have the same pseudonyms for the same things; empty where nothing was replaced.
    pub pseudonyms: String,
    /// The code to read out over the phone.
    pub code: String,
    /// What the person wrote.
    pub note: Option<String>,
}
