//! Homeward: see the library.

fn main() {}
