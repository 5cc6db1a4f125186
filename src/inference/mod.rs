//! INFER: what follows from the facts, alone or with the guidance. Pure: no I/O, no clock, no words.
//!
//! Several checks ask the same thing ("is this place public?", "does the tunnel carry everything?"),
//! and the verdict's `connection` tells it too. It is worked out here, once.

pub mod address;
pub mod connection;
pub mod dns;
pub mod link;
pub mod place;
pub mod reach;
pub mod traffic;
pub mod vpn;
pub mod wifi;
pub mod witness;
