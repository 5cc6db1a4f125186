//! A moment as a file: read strictly, written for the owner alone.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::Deserialize;

use crate::commands::exit::Stop;
use crate::facts::text::harmless;
use crate::facts::{FORMAT, Facts};

/// Largest facts file read, in bytes.
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// How the refusal of another format begins.
const OTHER: &str = "the format is";

/// The format's name, refused where it is another.
struct Format;

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = String::deserialize(deserializer)?;
        if found == FORMAT {
            return Ok(Self);
        }
        let says = format!("{OTHER} \"{}\"; this version of Homeward reads {FORMAT}", harmless(&found, 60));
        Err(serde::de::Error::custom(says))
    }
}

/// Facts from the bytes of a facts file.
///
/// # Errors
/// `LINE:COLUMN: what is wrong`.
pub fn parse(bytes: &[u8]) -> Result<Facts, String> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "format")]
        _format: Format,
    }
    // The format first: of a file of another format nothing else is worth saying.
    serde_json::from_slice::<Head>(bytes).map_err(|error| {
        let none = if error.is_eof() && bytes.starts_with(b"{") {
            "this facts file is cut off: ".to_owned()
        } else if error.to_string().starts_with(OTHER) {
            String::new()
        } else {
            format!("this is no facts file of Homeward ({FORMAT}): ")
        };
        located(&error, &none)
    })?;
    serde_json::from_slice(bytes).map_err(|error| located(&error, ""))
}

fn located(error: &serde_json::Error, what: &str) -> String {
    let full = error.to_string();
    let (line, column) = (error.line().max(1), error.column().max(1));
    let says = full.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())).unwrap_or(&full);
    format!("{line}:{column}: {what}{}", harmless(says, 400))
}

/// Writes facts for the owner alone (mode 0600): beside its place first, then moved there whole.
///
/// # Errors
/// A [`Stop`] that says why it could not be written.
pub fn write(path: &Path, facts: &Facts) -> Result<(), Stop> {
    put(path, &crate::outputs::json::safe::to_vec(facts).map_err(Stop::our_fault)?, "--save-facts")
}

/// Writes what `option` asked for, as [`replace`] does.
///
/// # Errors
/// A [`Stop`] that says why it could not be written.
pub fn put(path: &Path, bytes: &[u8], option: &str) -> Result<(), Stop> {
    let name = harmless(&path.to_string_lossy(), 4096);
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) || path.file_name().is_none() {
        return Err(Stop::wrong_use(format!("{name}: not a file; {option} wants the name of one")));
    }
    replace(path, bytes).map_err(|error| Stop::unwritable(path, &error))
}

/// Puts a file in its place whole, for the owner alone (mode 0600): it is written beside its place and moved there, so
/// that whoever reads finds the old one or the new one.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put_whole(path, bytes, 0o600)
}

/// The same for whoever wants to read it (mode 0644): what is in it names nobody.
///
/// # Errors
/// When it cannot be written.
pub fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put_whole(path, bytes, 0o644)
}

fn put_whole(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let beside = path.with_file_name(format!(
        ".{}.{}.new",
        path.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    let mut options = File::options();
    let made = options.write(true).create_new(true).mode(mode).open(&beside);
    let written = made
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.inspect_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            drop(std::fs::remove_file(&beside));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"format":"homeward.facts/1","taken-at":"2026-11-23T08:00:00Z",
        "taken-by":{"homeward":"0.1.0","root":false,"passive":true}}"#;

    #[test]
    fn a_bad_file_says_where_and_what() {
        assert!(parse(GOOD.as_bytes()).is_ok());
        let wrong = |from: &str, to: &str| parse(GOOD.replace(from, to).as_bytes()).expect_err("refused");
        assert!(wrong("facts/1", "facts/2").starts_with("1:"), "{}", wrong("facts/1", "facts/2"));
        assert!(wrong("facts/1", "facts/2").contains("homeward.facts/2"));
        assert!(wrong("\"root\":false", "\"root\":maybe").starts_with("2:"));
        assert!(wrong("\"taken-by\"", "\"taken_by\"").contains("unknown field `taken_by`"));
        let none = "1:1: this is no facts file of Homeward (homeward.facts/1): EOF while parsing a value";
        assert_eq!(parse(b"").expect_err("empty"), none);
        let none = "1:2: this is no facts file of Homeward (homeward.facts/1): missing field `format`";
        assert_eq!(parse(b"{}").expect_err("none"), none);
        let toml = parse(b"name = \"acme\"").expect_err("guidance, perhaps");
        assert!(toml.starts_with("1:2: this is no facts file of Homeward"), "{toml}");
        let cut = parse(GOOD.get(..40).expect("ASCII").as_bytes()).expect_err("cut");
        assert!(cut.contains("is cut off"), "{cut}");
        assert!(parse("[".repeat(100_000).as_bytes()).is_err(), "deep nesting is an error, not a crash");
        assert!(parse(&[0xff, 0xfe]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn noise_is_refused_quietly(noise in proptest::collection::vec(proptest::num::u8::ANY, 0..400), at in 0_usize..140) {
            drop(parse(&noise));
            let mut text = GOOD.as_bytes().to_vec();
            text.splice(at.min(text.len())..at.min(text.len()), noise);
            drop(parse(&text));
        }
    }
}
