//! The catalogue every sentence comes from.
