//! The answers only a person can give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Answers by check id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attestations {
    /// The last answer to each question.
    pub answers: BTreeMap<String, Attestation>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attestation {
    /// What was said.
    pub answer: Answer,
    /// When.
    pub at: jiff::Timestamp,
}

/// Yes, no, or the honest third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is done.
    Yes,
    /// It is not.
    No,
    /// The person does not know.
    DontKnow,
}
