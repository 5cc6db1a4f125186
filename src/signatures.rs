//! `signatures/*.toml` to matchers. Data, each entry with its source and its own examples.

pub mod vpn;
