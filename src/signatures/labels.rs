//! What the labels of packets mean: `signatures/labels.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The file.
pub const SOURCE: &str = include_str!("../../signatures/labels.toml");

/// The format name it starts with.
pub const FORMAT: &str = "homeward.signatures.labels/1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    label: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    means: String,
}

/// Reads such a file: each label with what it means, in one sentence.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    if file.format != FORMAT {
        return Err(format!("format is {:?}; this version reads {FORMAT:?}", file.format));
    }
    let mut labels = BTreeMap::new();
    for Entry { name, means } in file.label {
        if labels.insert(name.clone(), means).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(labels)
}

/// What the built-in labels mean; empty only if the built-in file is broken, which a test forbids.
pub fn built_in() -> &'static BTreeMap<String, String> {
    static BUILT_IN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| parse(SOURCE).unwrap_or_default());
    &BUILT_IN
}
