//! One file a subcommand; each reads as the pipeline it is.

pub mod attest;
pub mod bundle;
pub mod captures;
pub mod check;
pub mod checks;
pub mod console;
pub mod exit;
pub mod facts_file;
pub mod generate;
pub mod guidance;
pub mod history;
pub mod inspect;
pub mod networks;
pub mod privacy;
pub mod recorded;
pub mod remembered;
pub mod report;
pub mod signature_files;
pub mod signatures;
pub mod watch;
