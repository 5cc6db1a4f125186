//! Documents for programs, by format and number.

pub mod safe;
pub mod v1;
