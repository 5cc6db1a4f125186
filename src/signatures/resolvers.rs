//! Public resolvers that answer encrypted look-ups: `signatures/resolvers.toml`.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::LazyLock;

use serde::Deserialize;

/// The built-in file.
pub const SOURCE: &str = include_str!("../../signatures/resolvers.toml");

/// The format name the file starts with.
pub const FORMAT: &str = "homeward.signatures.resolvers/1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    #[serde(default)]
    resolver: Vec<Resolver>,
}

/// One operator's resolvers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolver {
    /// Kebab-case, unique.
    pub id: String,
    /// Who runs them.
    pub name: String,
    /// Where names and addresses are published.
    pub source: String,
    /// Names of servers; `*.` before one means any name below it.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// A label that makes a name one, wherever it stands but last.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Addresses that answer encrypted look-ups, too.
    #[serde(default)]
    pub addresses: Vec<IpAddr>,
    /// What must and must not match.
    pub example: Vec<Example>,
}

/// A name, and whether it is one of these resolvers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The server's name, as a client gives it.
    pub host: String,
    /// Whether it must match.
    pub matches: bool,
}

impl Resolver {
    /// Whether this is the name of one of them.
    pub fn is_named(&self, host: &str) -> bool {
        let all = Names::of(std::slice::from_ref(self));
        all.has(host.as_bytes())
    }
}

/// Reads the file.
///
/// # Errors
/// What is wrong, with its place.
pub fn parse(text: &str) -> Result<Vec<Resolver>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    if file.format != FORMAT {
        return Err(format!("format is {:?}; this version reads {FORMAT:?}", file.format));
    }
    match file.resolver.iter().find(|resolver| resolver.hosts.is_empty() && resolver.labels.is_empty()) {
        Some(resolver) => Err(format!("{:?} has neither hosts nor labels", resolver.id)),
        None => Ok(file.resolver),
    }
}

/// The built-in ones.
pub fn built_in() -> &'static [Resolver] {
    static ALL: LazyLock<Vec<Resolver>> = LazyLock::new(|| {
        // The file is part of the program, and a test reads it.
        parse(SOURCE).unwrap_or_default()
    });
    &ALL
}

/// Whether a public resolver has this name, as a client gives it in a greeting.
pub fn is_named(host: &[u8]) -> bool {
    static ALL: LazyLock<Names> = LazyLock::new(|| Names::of(built_in()));
    ALL.has(host)
}

/// Whether a public resolver has this address.
pub fn is_at(address: IpAddr) -> bool {
    static ALL: LazyLock<HashSet<IpAddr>> =
        LazyLock::new(|| built_in().iter().flat_map(|resolver| &resolver.addresses).copied().collect());
    ALL.contains(&address.to_canonical())
}

/// Names, ready to be looked up.
#[derive(Default)]
struct Names {
    exactly: HashSet<Vec<u8>>,
    below: HashSet<Vec<u8>>,
    labels: Vec<Vec<u8>>,
}

impl Names {
    fn of(resolvers: &[Resolver]) -> Self {
        let mut names = Self::default();
        for resolver in resolvers {
            for host in &resolver.hosts {
                match host.strip_prefix("*.") {
                    Some(parent) => names.below.insert(parent.as_bytes().to_ascii_lowercase()),
                    None => names.exactly.insert(host.as_bytes().to_ascii_lowercase()),
                };
            }
            names.labels.extend(resolver.labels.iter().map(|label| label.as_bytes().to_ascii_lowercase()));
        }
        names
    }

    fn has(&self, host: &[u8]) -> bool {
        // No name is longer (RFC 1035, section 2.3.4).
        if host.len() > 253 {
            return false;
        }
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix(b".").unwrap_or(&host);
        if self.exactly.contains(host) {
            return true;
        }
        let mut rest = host;
        while let Some(dot) = rest.iter().position(|byte| *byte == b'.') {
            let (label, parent) = rest.split_at(dot);
            rest = parent.get(1..).unwrap_or_default();
            if self.below.contains(rest) || self.labels.iter().any(|known| known == label) {
                return true;
            }
        }
        false
    }
}
