//! The documents checks cite, and their clauses: `service/guidance/clauses.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Document {
    /// The key checks cite it with.
    pub key: String,
    /// Its name for people, short.
    pub title: String,
    /// Its whole name.
    pub full: String,
    /// Who wrote it.
    pub author: String,
    /// When, where that is known.
    #[serde(default)]
    pub year: Option<u16>,
    /// Whether anybody asks it.
    #[serde(default)]
    pub standing: Standing,
    /// What it asks.
    #[serde(rename = "clause")]
    pub clauses: Vec<Clause>,
}

/// Whether a document is somebody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its author publishes it as guidance.
    #[default]
    Published,
    /// The judgement of Homeward's authors.
    #[serde(rename = "nobody's rule")]
    NobodysRule,
}

/// One thing a document asks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Clause {
    /// Its id: Homeward's own numbering where the document's is not established.
    pub id: String,
    /// What it asks.
    pub text: String,
    /// Whose words `text` has.
    #[serde(default)]
    pub words: Words,
    /// The source it was read in.
    #[serde(default)]
    pub read: Option<String>,
    /// How Homeward serves it.
    pub served: Served,
    /// Why no check looks at it, where none does.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Whose words a clause's text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Words {
    /// The source's, word for word.
    Quoted,
    /// Ours, for what the source tells.
    Told,
    /// Ours, for what no source read tells.
    Recalled,
    /// Ours, of Homeward's own good practice.
    #[default]
    Own,
}

/// How a clause is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Served {
    /// Checks look at it.
    Checked,
    /// The person is asked.
    Asked,
    /// Not for a program, or not for this one.
    No,
}

/// Every document, in the order of the file.
pub fn documents() -> &'static [Document] {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        document: Vec<Document>,
    }
    static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
        match toml::from_str::<File>(include_str!("../../service/guidance/clauses.toml")) {
            Ok(file) => file.document,
            // A test reads the same text: this cannot reach a person.
            Err(error) => unreachable!("clauses.toml: {error}"),
        }
    });
    &DOCUMENTS
}

/// The document of this key.
pub fn document(key: &str) -> Option<&'static Document> {
    documents().iter().find(|document| document.key == key)
}

/// A document's name for people, by the key that checks cite it with. What is no key (the employer's own
/// guidance names its documents itself) is its own name.
pub fn title(key: &str) -> &str {
    document(key).map_or(key, |document| &document.title)
}
