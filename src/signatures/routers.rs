//! Factory names of Wi-Fi routers: `signatures/routers.toml`.

use std::sync::LazyLock;

use regex_automata::meta::Regex;
use serde::Deserialize;

/// The data.
pub const SOURCE: &str = include_str!("../../signatures/routers.toml");

/// Largest compiled form of one pattern, in bytes.
const PATTERN_LIMIT: usize = 256 * 1024;

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its entries, by id.
    pub router: Vec<Router>,
}

/// One maker's form of name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Router {
    /// Kebab-case, unique.
    pub id: String,
    /// The maker or provider, for people.
    pub maker: String,
    /// A regular expression for the whole name.
    pub pattern: String,
    /// Where the form of the name is documented.
    pub source: String,
    /// Names that must match.
    pub matches: Vec<String>,
    /// Names that must not.
    pub passes: Vec<String>,
}

/// Reads such a file.
///
/// # Errors
/// What is wrong with it, in words, with line and column.
pub fn parse(text: &str) -> Result<File, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

impl Router {
    /// Its pattern, anchored and compiled within a bounded size.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn compile(&self) -> Result<Regex, String> {
        Regex::builder()
            .configure(Regex::config().nfa_size_limit(Some(PATTERN_LIMIT)))
            .build(&format!("^(?:{})$", self.pattern))
            .map_err(|error| format!("{}: {error}", self.id))
    }
}

static BUILT_IN: LazyLock<Vec<(Router, Regex)>> = LazyLock::new(|| {
    // A test refuses a file or a pattern that does not compile; here such an entry is left out.
    parse(SOURCE)
        .map(|file| file.router)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|router| router.compile().ok().map(|pattern| (router, pattern)))
        .collect()
});

/// The maker whose factory name this is.
pub fn maker_of(ssid: &[u8]) -> Option<&'static str> {
    BUILT_IN.iter().find(|(_, pattern)| pattern.is_match(ssid)).map(|(router, _)| router.maker.as_str())
}

/// A factory name of each maker and form.
pub fn examples() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().flat_map(|(router, _)| router.matches.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_file_is_told_as_it_says() {
        let file = parse(SOURCE).expect("routers.toml is sound");
        assert!(file.router.is_sorted_by(|a, b| a.id < b.id), "by id, each once");
        for router in &file.router {
            let pattern = router.compile().expect("a pattern compiles");
            assert!(!router.matches.is_empty() && !router.passes.is_empty(), "{}: examples of both kinds", router.id);
            assert!(router.source.starts_with("https://"), "{}: a source", router.id);
            for name in &router.matches {
                assert!(pattern.is_match(name.as_bytes()), "{} must match {name}", router.id);
                assert!(name.len() <= 32, "{name} is longer than a name can be");
            }
            for name in &router.passes {
                assert_eq!(maker_of(name.as_bytes()), None, "{} must pass {name}", router.id);
            }
        }
    }

    #[test]
    fn ordinary_names_pass() {
        for name in ["Chan family", "Harbour Cafe Free", "eduroam", "", "\u{5bb6}", "iPhone", "AndroidAP"] {
            assert_eq!(maker_of(name.as_bytes()), None, "{name}");
        }
    }
}
