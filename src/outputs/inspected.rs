//! What reading captures came to, for whoever tells it.

use crate::facts::traffic::Traffic;
use crate::guidance::Guidance;
use crate::verdict::Verdict;

/// What was read, and what it came to.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// The files, as they were named.
    pub files: &'a [String],
    /// What they showed.
    pub traffic: &'a Traffic,
    /// Those that could not be read, or not to their end.
    pub broken: &'a [Broken],
    /// The first packet's time and the last's; `None` where there was none.
    pub span: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// How it was judged.
    pub verdict: &'a Verdict,
    /// By what.
    pub guidance: &'a Guidance,
}

/// A file that could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// As it was named.
    pub file: String,
    /// What is wrong with it.
    pub says: String,
}
