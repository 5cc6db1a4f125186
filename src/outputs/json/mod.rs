//! Documents for programs, by format and number.

pub mod history;
pub mod inspect_v1;
pub mod networks;
pub mod safe;
pub mod v1;
pub mod watch;
