//! The answers a person has given, kept in the state folder by `homeward attest`.

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::machine::Machine;
use crate::facts::attest::Attestations;
use crate::facts::{Observed, Reason, Thing};

/// The file's name in the state folder.
pub const FILE: &str = "attestations.json";
/// The format it starts with.
pub const FORMAT: &str = "homeward.attestations/1";
/// Longest file read, in bytes: four answers take three hundred.
const LONGEST: u64 = 64 * 1024;

/// The file as it is written.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    format: String,
    #[serde(flatten)]
    attestations: Attestations,
}

/// Reads them. Where there is no file, nothing was answered yet.
pub async fn look(machine: &Machine) -> Observed<Attestations> {
    let Some(folder) = machine.state() else {
        return Observed::Unknown(Reason::NotAvailable { what: Thing::StateFolder });
    };
    let path = folder.join(FILE);
    // A home folder may lie on a server that does not answer.
    match tokio::task::spawn_blocking(move || read(&path)).await {
        Ok(Ok(answers)) => Observed::Known(answers.unwrap_or_default()),
        Ok(Err(reason)) => Observed::Unknown(reason),
        Err(error) => Observed::Unknown(Reason::failed(Thing::StateFolder, error)),
    }
}

/// The answers in a file; `None` where there is none.
///
/// # Errors
/// A [`Reason`] when the file is there and cannot be read as one.
pub fn read(path: &Path) -> Result<Option<Attestations>, Reason> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::PermissionDenied => Reason::NotPermitted { what: Thing::StateFolder },
        _ => Reason::failed(Thing::StateFolder, format_args!("{FILE}: {error}")),
    };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(metadata) if !metadata.is_file() => {
            return Err(Reason::failed(Thing::StateFolder, format_args!("{FILE} is not a file")));
        }
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    parse(&bytes).map(Some).map_err(|why| Reason::failed(Thing::StateFolder, format_args!("{FILE}: {why}")))
}

/// The answers in the bytes of a file.
///
/// # Errors
/// What is wrong with them.
pub fn parse(bytes: &[u8]) -> Result<Attestations, String> {
    if bytes.len() as u64 > LONGEST {
        return Err(format!("longer than {} KiB", LONGEST / 1024));
    }
    let kept: Kept = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if kept.format == FORMAT {
        Ok(kept.attestations)
    } else {
        Err(format!("the format is \"{}\", not {FORMAT}", crate::facts::text::harmless(&kept.format, 60)))
    }
}

/// The bytes of a file that holds these answers.
///
/// # Errors
/// None in practice: the types always serialise.
pub fn bytes(attestations: &Attestations) -> Result<Vec<u8>, serde_json::Error> {
    let kept = Kept { format: FORMAT.to_owned(), attestations: attestations.clone() };
    let mut bytes = serde_json::to_vec_pretty(&kept)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::attest::{Answer, Attestation};

    fn one() -> Attestations {
        let at = "2026-11-23T08:00:00Z".parse().expect("a time");
        let answer = Attestation { answer: Answer::DontKnow, at };
        Attestations { answers: [("router-password-attested".to_owned(), answer)].into() }
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(parse(&bytes(&one()).expect("bytes")), Ok(one()));
    }

    #[test]
    fn no_file_is_no_answer_and_a_broken_one_is_not_known() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        assert_eq!(read(&path), Ok(None));
        for broken in ["", "{", "[]", r#"{"format":"homeward.attestations/2","answers":{}}"#, r#"{"answers":{}}"#] {
            std::fs::write(&path, broken).expect("written");
            assert!(matches!(read(&path), Err(Reason::Failed { .. })), "{broken}");
        }
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("made");
        assert!(matches!(read(&path), Err(Reason::Failed { .. })));
    }

    proptest::proptest! {
        #[test]
        fn noise_is_refused_quietly(noise in proptest::collection::vec(proptest::num::u8::ANY, 0..200), at in 0_usize..160) {
            drop(parse(&noise));
            let mut text = bytes(&one()).expect("bytes");
            let at = at.min(text.len());
            text.splice(at..at, noise);
            drop(parse(&text));
        }
    }
}
