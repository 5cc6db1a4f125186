//! `homeward privacy`: what can be sent, what is kept, who can read it.

use crate::commands::console;
use crate::commands::exit::Stop;
use crate::words::Words;

/// Tells it.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(_words: &Words) -> Result<u8, Stop> {
    console::print(b"")?;
    Ok(0)
}
