//! Files of signatures a user or an employer adds: found, read within bounds, made ready.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::commands::exit::Stop;
use crate::facts::text::harmless;
use crate::guidance::Places;
use crate::signatures::packets::{self, File};
use crate::wire::matcher::Matcher;

/// Longest file, in bytes.
const LONGEST: u64 = 1 << 20;

/// Most files of one folder.
const MOST: usize = 256;

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is; of a built-in one its place in the project.
    pub name: String,
    /// Whether it came with the program.
    pub built_in: bool,
    /// Its text, by which faults are placed.
    pub text: String,
    /// What it says.
    pub file: File,
}

/// The built-in files, those of `/etc/homeward/signatures.d` and of `~/.config/homeward/signatures.d`, and those of a
/// folder that is named.
///
/// # Errors
/// Bad input, with file, line and column.
pub fn all(named: Option<&Path>) -> Result<Vec<Source>, Stop> {
    let mut sources = built_in()?;
    let places = Places::this();
    let beside = |file: &Path| file.parent().map(|folder| folder.join("signatures.d"));
    let installed = [Some(places.employer.as_path()), places.user.as_deref()];
    for folder in installed.into_iter().flatten().filter_map(beside).filter(|folder| folder.is_dir()) {
        sources.extend(folder_of(&folder)?);
    }
    if let Some(folder) = named {
        sources.extend(folder_of(folder)?);
    }
    Ok(sources)
}

/// The built-in files.
///
/// # Errors
/// A fault of ours.
pub fn built_in() -> Result<Vec<Source>, Stop> {
    packets::BUILT_IN
        .iter()
        .map(|(name, text)| {
            let name = format!("signatures/packets/{name}");
            let file = packets::parse(text).map_err(|says| Stop::our_fault(format_args!("{name}:{says}")))?;
            Ok(Source { name, built_in: true, text: (*text).to_owned(), file })
        })
        .collect()
}

/// The files of a folder, by name.
fn folder_of(folder: &Path) -> Result<Vec<Source>, Stop> {
    let shown = harmless(&folder.to_string_lossy(), 4096);
    let entries = std::fs::read_dir(folder).map_err(|error| Stop::unreadable(&shown, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    if files.len() > MOST {
        return Err(Stop::bad_input(format!("{shown}: more than {MOST} files of signatures")));
    }
    files.iter().map(|file| read(file)).collect()
}

/// One file, read and found sound.
///
/// # Errors
/// Bad input, with file, line and column; not permitted, when it may not be read.
pub fn read(path: &Path) -> Result<Source, Stop> {
    let name = harmless(&path.to_string_lossy(), 4096);
    // A folder, a device or a pipe is refused before it is opened.
    let metadata = std::fs::metadata(path).map_err(|error| Stop::unreadable(&name, &error))?;
    if !metadata.is_file() {
        return Err(Stop::bad_input(format!("{name}: not a file")));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| Stop::unreadable(&name, &error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Stop::bad_input(format!("{name}: larger than {} KiB", LONGEST / 1024)));
    }
    let text = String::from_utf8(bytes).map_err(|_| Stop::bad_input(format!("{name}: not text (UTF-8)")))?;
    let placed = |says: &str| Stop::bad_input(format!("{name}:{}", harmless(says, 1000)));
    let file = packets::parse(&text).map_err(|says| placed(&says))?;
    for signature in &file.signature {
        // What only the matcher can tell: a recogniser that is not there, a pattern that does not compile.
        let alone = File { format: file.format.clone(), signature: vec![signature.clone()] };
        Matcher::new([&alone]).map_err(|says| placed(&packets::place(&text, &signature.id, "is", &says)))?;
    }
    Ok(Source { name, built_in: false, text, file })
}

/// All of them, ready.
///
/// # Errors
/// Bad input, when they are too many together.
pub fn matcher(sources: &[Source]) -> Result<Matcher, Stop> {
    Matcher::new(sources.iter().map(|source| &source.file)).map_err(Stop::bad_input)
}
