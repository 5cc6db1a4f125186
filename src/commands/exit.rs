//! How a command ends when it does not end with a verdict: the contract's exit codes.

use std::io;

use crate::facts::text::harmless;

/// Wrong use: arguments that make no sense.
pub const WRONG_USE: u8 = 64;
/// A facts file or guidance that cannot be read as one.
pub const BAD_INPUT: u8 = 65;
/// A fault of ours.
pub const OUR_FAULT: u8 = 70;
/// Not permitted.
pub const NOT_PERMITTED: u8 = 77;

/// Why a command stopped: what to say on standard error, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// For a person; harmless text.
    pub says: String,
    /// The exit code.
    pub code: u8,
}

impl Stop {
    /// A file that could not be written.
    pub fn unwritable(path: &std::path::Path, error: &io::Error) -> Self {
        let name = harmless(&path.to_string_lossy(), 4096);
        Self { says: format!("{name}: could not be written: {error}"), code: NOT_PERMITTED }
    }

    /// Wrong use.
    pub fn wrong_use(says: impl Into<String>) -> Self {
        Self { says: says.into(), code: WRONG_USE }
    }

    /// A bad input file; `says` begins with file, line and column where they are known.
    pub fn bad_input(says: impl Into<String>) -> Self {
        Self { says: says.into(), code: BAD_INPUT }
    }

    /// A fault of ours.
    pub fn our_fault(says: impl std::fmt::Display) -> Self {
        Self { says: says.to_string(), code: OUR_FAULT }
    }

    /// A file that could not be opened or read: not permitted where that is the reason, else bad input.
    pub fn unreadable(file: &str, error: &io::Error) -> Self {
        let code = if error.kind() == io::ErrorKind::PermissionDenied { NOT_PERMITTED } else { BAD_INPUT };
        Self { says: format!("{file}: {error}"), code }
    }
}

/// What is said of a panic: a fault of ours, with its place.
pub fn fault(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let says = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map_or_else(String::new, |place| format!("{}:{}: ", place.file(), place.line()));
    format!("a fault of Homeward itself, please report it: {place}{}", harmless(says.unwrap_or("panic"), 400))
}
