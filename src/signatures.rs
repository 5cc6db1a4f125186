//! `signatures/*.toml` to matchers. Data, each entry with its source and its own examples.

pub mod hotspots;
pub mod labels;
pub mod packets;
pub mod resolvers;
pub mod routers;
pub mod vpn;
