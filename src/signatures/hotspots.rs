//! `signatures/hotspots.toml`: names and makers that speak for a public place.

use std::sync::LazyLock;

use regex_automata::meta::Regex;
use serde::Deserialize;

use crate::facts::text::Ssid;

const FILE: &str = include_str!("../../signatures/hotspots.toml");

/// The compiled file.
#[derive(Debug, Default)]
pub struct Hotspots {
    names: Vec<Name>,
    examples: Vec<String>,
    makers: Vec<Maker>,
}

/// A name of the list.
#[derive(Debug)]
struct Name {
    test: Test,
    about: String,
}

#[derive(Debug)]
enum Test {
    Whole(Vec<u8>),
    Pattern(Regex),
}

#[derive(Debug)]
struct Maker {
    name: String,
    prefixes: Vec<[u8; 3]>,
}

/// How a Wi-Fi name speaks for a public place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch<'a> {
    /// The whole name is that of a known hotspot operator: what is known of it.
    Known(&'a str),
    /// The name is like those of hotspots.
    Alike(&'a str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    ssid: Vec<RawName>,
    maker: Vec<RawMaker>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawName {
    name: Option<String>,
    pattern: Option<String>,
    about: String,
    source: String,
    matches: Vec<String>,
    spares: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMaker {
    name: String,
    prefixes: Vec<String>,
    source: String,
    matches: Vec<String>,
    spares: Vec<String>,
}

impl Hotspots {
    /// The list compiled in. Its tests show that it can be read; were it not so, it would hold nothing.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Hotspots> = LazyLock::new(|| Hotspots::parse(FILE).unwrap_or_default());
        &BUILT_IN
    }

    /// Reads a file of this form and runs its examples.
    ///
    /// # Errors
    /// What is wrong, in words: the form, an entry without a source, an example that does not hold.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: RawFile = toml::from_str(text).map_err(|error| error.to_string())?;
        let examples =
            raw.ssid.iter().filter(|name| name.pattern.is_some()).flat_map(|name| name.matches.clone()).collect();
        let names = raw.ssid.into_iter().map(name).collect::<Result<_, _>>()?;
        let makers = raw.maker.into_iter().map(maker).collect::<Result<_, _>>()?;
        Ok(Self { names, examples, makers })
    }

    /// What a Wi-Fi name says; a whole name outweighs a pattern.
    pub fn name(&self, ssid: &Ssid) -> Option<NameMatch<'_>> {
        let hit = |whole: bool| {
            self.names.iter().find(|name| matches!(name.test, Test::Whole(_)) == whole && name.test.takes(&ssid.0))
        };
        match hit(true) {
            Some(name) => Some(NameMatch::Known(&name.about)),
            None => hit(false).map(|name| NameMatch::Alike(&name.about)),
        }
    }

    /// Names that are like those of hotspots, as the file has them for its examples.
    pub fn examples(&self) -> impl Iterator<Item = &str> {
        self.examples.iter().map(String::as_str)
    }

    /// Who makes this access point, if it is a maker of equipment for venues and offices.
    pub fn maker(&self, bssid: &str) -> Option<&str> {
        let prefix = prefix(bssid)?;
        self.makers.iter().find(|maker| maker.prefixes.contains(&prefix)).map(|maker| maker.name.as_str())
    }
}

impl Test {
    fn takes(&self, name: &[u8]) -> bool {
        match self {
            Self::Whole(whole) => whole == name,
            Self::Pattern(pattern) => pattern.is_match(name),
        }
    }
}

fn name(raw: RawName) -> Result<Name, String> {
    let test = match (&raw.name, &raw.pattern) {
        (Some(name), None) => Test::Whole(name.as_bytes().to_vec()),
        (None, Some(pattern)) => Test::Pattern(Regex::new(pattern).map_err(|error| format!("{}: {error}", raw.about))?),
        _ => return Err(format!("{}: one of `name` and `pattern`", raw.about)),
    };
    examples(&raw.about, &raw.source, &raw.matches, &raw.spares, |text| test.takes(text.as_bytes()))?;
    Ok(Name { test, about: raw.about })
}

fn maker(raw: RawMaker) -> Result<Maker, String> {
    let prefixes: Vec<[u8; 3]> = raw
        .prefixes
        .iter()
        .map(|text| prefix(text).ok_or_else(|| format!("{}: {text} is no prefix", raw.name)))
        .collect::<Result<_, _>>()?;
    examples(&raw.name, &raw.source, &raw.matches, &raw.spares, |text| {
        prefix(text).is_some_and(|found| prefixes.contains(&found))
    })?;
    Ok(Maker { name: raw.name, prefixes })
}

fn examples(
    entry: &str,
    source: &str,
    matches: &[String],
    spares: &[String],
    takes: impl Fn(&str) -> bool,
) -> Result<(), String> {
    if source.is_empty() || matches.is_empty() || spares.is_empty() {
        return Err(format!("{entry}: a source, an example that matches and one that does not"));
    }
    if let Some(text) = matches.iter().find(|text| !takes(text)) {
        return Err(format!("{entry}: must match {text}"));
    }
    if let Some(text) = spares.iter().find(|text| takes(text)) {
        return Err(format!("{entry}: must not match {text}"));
    }
    Ok(())
}

/// The first three octets of a hardware address, with the locally-administered bit cleared: access points
/// derive further BSSIDs from their own address by setting it.
fn prefix(address: &str) -> Option<[u8; 3]> {
    let mut octets = address.split(':').map(|octet| u8::from_str_radix(octet, 16).ok());
    let (first, second, third) = (octets.next()??, octets.next()??, octets.next()??);
    Some([first & !0x02, second, third])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_reads_and_its_examples_hold() {
        let hotspots = Hotspots::parse(FILE).unwrap();
        assert!(hotspots.names.len() > 20 && hotspots.makers.len() > 8);
    }

    #[test]
    fn a_whole_name_outweighs_a_pattern_and_bytes_are_bytes() {
        let hotspots = Hotspots::built_in();
        let name = |text: &str| hotspots.name(&Ssid(text.as_bytes().to_vec()));
        assert!(matches!(name("MTR Free Wi-Fi"), Some(NameMatch::Known(_))));
        assert!(matches!(name("Corner Coffee"), Some(NameMatch::Alike(_))));
        assert_eq!(name("Chan family"), None);
        assert_eq!(hotspots.name(&Ssid(vec![0xff, 0xfe, 0x00])), None);
    }

    #[test]
    fn an_address_that_is_none_has_no_maker() {
        for text in ["", "zz:00:00", "00:13", "001392aa0001"] {
            assert_eq!(Hotspots::built_in().maker(text), None);
        }
    }
}
