//! `homeward.history/1`.

use serde::Serialize;

use crate::history::Past;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    since: String,
    #[serde(flatten)]
    past: &'a Past,
}

/// The document.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn document(past: &Past, since: jiff::Timestamp) -> serde_json::Result<Vec<u8>> {
    super::safe::to_vec(&Document { format: "homeward.history/1", since: since.to_string(), past })
}
