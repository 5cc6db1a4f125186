//! The documents checks cite, and their clauses: `service/guidance/clauses.toml`.

/// A document's name for people, by the key that checks cite it with; an unknown key is its own name.
pub fn title(key: &str) -> &str {
    key
}
