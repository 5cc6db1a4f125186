//! `homeward.history-lines/1`: the past, a line each. The first says which format it is, and from when.

use jiff::Timestamp;
use serde::Serialize;

use crate::history::{Past, Since, Trouble, Watched};
use crate::outputs::json::safe;

#[derive(Serialize)]
struct Head {
    format: &'static str,
    since: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Line<'a> {
    Watched(&'a Watched),
    State(&'a Since),
    Trouble(&'a Trouble),
}

pub(super) fn of(past: &Past, since: Timestamp) -> serde_json::Result<Vec<u8>> {
    let mut bytes = safe::to_line(&Head { format: "homeward.history-lines/1", since })?;
    let watched = past.watched.iter().map(Line::Watched);
    let states = past.states.iter().map(Line::State);
    let troubles = past.troubles.iter().map(Line::Trouble);
    for line in watched.chain(states).chain(troubles) {
        bytes.extend(safe::to_line(&line)?);
    }
    Ok(bytes)
}
