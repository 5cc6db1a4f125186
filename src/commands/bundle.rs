//! The helpdesk's bundle as a zip file: one folder, a few files. Written here, and read with every size bounded: what comes by mail
//! is not trusted.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::commands::exit::Stop;
use crate::commands::facts_file;
use crate::facts::Facts;
use crate::facts::text::harmless;
use crate::guidance::{self, Guidance};
use crate::outputs::report::{ABOUT, About, FACTS, File, GUIDANCE, MANIFEST, about, sum};

/// More files are in no bundle.
const FILES: usize = 64;

/// What is read of a bundle.
#[derive(Debug)]
pub struct Bundle {
    /// The moment.
    pub facts: Facts,
    /// What it was judged by.
    pub guidance: Guidance,
    /// What it says of itself.
    pub about: About,
}

/// Whether these are the first bytes of a zip file.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Packs the files into one folder. The same files at the same time give the same bytes.
///
/// # Errors
/// A fault of ours.
pub fn write(folder: &str, files: &[File], at: jiff::civil::DateTime) -> Result<Vec<u8>, Stop> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let part = |number: i8| u8::try_from(number).unwrap_or(0);
    let year = u16::try_from(at.year()).unwrap_or(0);
    let time = DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    );
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(time.unwrap_or_default())
        .unix_permissions(0o600);
    for file in files {
        out.start_file(format!("{folder}/{}", file.name), options).map_err(Stop::our_fault)?;
        out.write_all(&file.bytes).map_err(Stop::our_fault)?;
    }
    Ok(out.finish().map_err(Stop::our_fault)?.into_inner())
}

/// Reads a bundle.
///
/// # Errors
/// A [`Stop`] that names the file, the file within, and its place.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Bundle, Stop> {
    let bad = |why: &dyn std::fmt::Display| Stop::bad_input(format!("{name}: {}", harmless(&why.to_string(), 300)));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(&error))?;
    if archive.len() > FILES {
        return Err(bad(&format_args!("holds more than {FILES} files: this is no bundle of Homeward")));
    }
    let mut top: Option<String> = None;
    let (mut facts, mut asked, mut told, mut sums) = (None, None, None, None);
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).map_err(|error| bad(&error))?;
        let inside = file.name().map_err(|error| bad(&error))?.into_owned();
        let Some((folder, inner)) = inside.split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned())) else {
            continue;
        };
        if top.get_or_insert_with(|| folder.clone()) != &folder {
            return Err(bad(&"has more than one folder: this is no bundle of Homeward"));
        }
        let (wanted, longest) = match inner.as_str() {
            FACTS => (&mut facts, facts_file::LARGEST),
            GUIDANCE => (&mut asked, guidance::layers::LONGEST),
            ABOUT => (&mut told, 1 << 20),
            MANIFEST => (&mut sums, 64 << 10),
            _ => continue,
        };
        let mut content = Vec::new();
        file.by_ref()
            .take(longest + 1)
            .read_to_end(&mut content)
            .map_err(|error| bad(&format_args!("{inner}: {error}")))?;
        if content.len() as u64 > longest {
            return Err(bad(&format_args!("{inner}: larger than {} KiB", longest / 1024)));
        }
        if wanted.replace(content).is_some() {
            return Err(bad(&format_args!("{inner}: is there twice")));
        }
    }
    let (Some(facts), Some(told), Some(sums)) = (facts, told, sums) else {
        return Err(bad(&format_args!("has no {FACTS}, {ABOUT} or {MANIFEST}: this is no bundle of Homeward")));
    };
    let sums = String::from_utf8_lossy(&sums).into_owned();
    for (inner, content) in [(FACTS, Some(&facts)), (ABOUT, Some(&told)), (GUIDANCE, asked.as_ref())] {
        let listed =
            sums.lines().find_map(|line| line.split_once("  ").filter(|(_, file)| *file == inner).map(|(sum, _)| sum));
        if listed != content.map(|content| sum(content)).as_deref() {
            return Err(bad(&format_args!("{inner}: is not what {MANIFEST} says; the bundle was damaged or changed")));
        }
    }
    let about: About = serde_json::from_slice(&told).map_err(|error| bad(&format_args!("{ABOUT}: {error}")))?;
    if about.format != about::FORMAT {
        let says = format!(
            "{ABOUT}: the format is \"{}\"; this version of Homeward reads {}",
            harmless(&about.format, 60),
            about::FORMAT
        );
        return Err(bad(&says));
    }
    let facts = facts_file::parse(&facts).map_err(|trouble| bad(&format_args!("{FACTS}:{trouble}")))?;
    let guidance = match asked {
        None => Guidance::built_in().clone(),
        Some(text) => {
            let text = String::from_utf8(text).map_err(|_| bad(&format_args!("{GUIDANCE}: is not text")))?;
            guidance::parse(&text, GUIDANCE).map_err(|problem| {
                Stop::bad_input(format!("{name}/{}", crate::commands::console::problem(&problem).says))
            })?
        }
    };
    Ok(Bundle { facts, guidance, about })
}
