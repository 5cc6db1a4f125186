//! `homeward attest`: the questions no program can answer, asked of the person.

use std::fs::File;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::checks::{self, Check, say};
use crate::commands::exit::{BAD_INPUT, NOT_PERMITTED, Stop};
use crate::commands::{checks as ids, console, guidance};
use crate::facts::attest::{Answer, Attestation, Attestations};
use crate::facts::text::harmless;
use crate::facts::{Basis, Reason};
use crate::outputs::attest as page;
use crate::sources::attest as kept;
use crate::sources::machine::Machine;
use crate::words::Words;

/// Lists the questions with the last answers, or takes one answer. Without arguments at a terminal it asks.
///
/// # Errors
/// Wrong use, when there is no such question; bad input, when the file of answers or the guidance is
/// broken; not permitted, when the answer cannot be kept.
pub fn run(words: &Words, id: Option<&str>, answer: Option<Answer>) -> Result<u8, Stop> {
    let path = file(words)?;
    let asked: Vec<&'static Check> = match id {
        Some(id) => vec![question(words, id)?],
        None => questions().collect(),
    };
    if let (Some(answer), [check]) = (answer, asked.as_slice()) {
        keep(words, &path, check, answer)?;
        console::print(format!("{}\n", words.say(&page::said(words, check, answer))).as_bytes())?;
        return Ok(0);
    }
    let rule = guidance::in_force(None, crate::guidance::Moment::Live)?.attestations;
    let answers = answers(words, &path)?;
    let now = console::now().to_zoned_datetime(jiff::tz::TimeZone::system());
    console::print(page::list(words, &asked, &answers, &rule, &now, console::look()).as_bytes())?;
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        for check in asked {
            match ask(words, check)? {
                Reply::Answer(answer) => keep(words, &path, check, answer)?,
                Reply::Leave => {}
                Reply::End => break,
            }
        }
    } else {
        console::print(format!("\n{}\n", words.get("attest-how")).as_bytes())?;
    }
    Ok(0)
}

fn questions() -> impl Iterator<Item = &'static Check> {
    checks::ALL.iter().copied().filter(|check| check.basis == Basis::Attested)
}

fn question(words: &Words, id: &str) -> Result<&'static Check, Stop> {
    // `router-password` will do for `router-password-attested`.
    let long = format!("{id}-attested");
    if let Some(check) = questions().find(|check| check.id == id || check.id == long) {
        return Ok(check);
    }
    let ids: Vec<&str> = questions().map(|check| check.id).collect();
    let known = say("attest-not-a-question").with("id", ids::find(words, id)?.id).with("ids", ids.join(", "));
    Err(Stop::wrong_use(words.say(&known)))
}

enum Reply {
    Answer(Answer),
    Leave,
    End,
}

/// Asks one question until the reply is one.
fn ask(words: &Words, check: &'static Check) -> Result<Reply, Stop> {
    let mut prompt = format!("\n{}\n{} ", words.check(check).asks, words.get("attest-prompt"));
    loop {
        console::print(prompt.as_bytes())?;
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let reply = match read {
            Ok(0) | Err(_) => {
                console::print(b"\n")?;
                return Ok(Reply::End);
            }
            Ok(_) => line.trim().to_lowercase(),
        };
        // The letters of the prompt, in the language it is in, and the English ones.
        let is = |key: &str, words_for: &[&str]| words_for.contains(&reply.as_str()) || words.get(key) == reply;
        if reply.is_empty() {
            return Ok(Reply::Leave);
        } else if is("attest-letter-yes", &["y", "yes"]) {
            return Ok(Reply::Answer(Answer::Yes));
        } else if is("attest-letter-no", &["n", "no"]) {
            return Ok(Reply::Answer(Answer::No));
        } else if is("attest-letter-dont-know", &["d", "dont-know", "don't know", "dont know"]) {
            return Ok(Reply::Answer(Answer::DontKnow));
        }
        prompt = format!("{} ", words.get("attest-again"));
    }
}

fn file(words: &Words) -> Result<PathBuf, Stop> {
    Machine::this()
        .state()
        .map(|folder| folder.join(kept::FILE))
        .ok_or_else(|| Stop { says: words.get("attest-no-home"), code: NOT_PERMITTED })
}

fn answers(words: &Words, path: &Path) -> Result<Attestations, Stop> {
    kept::read(path).map(Option::unwrap_or_default).map_err(|reason| {
        let name = harmless(&path.to_string_lossy(), 500);
        let why = match &reason {
            Reason::Failed { error, .. } => error.clone(),
            other => words.reason(other),
        };
        let code = if matches!(reason, Reason::NotPermitted { .. }) { NOT_PERMITTED } else { BAD_INPUT };
        Stop { says: words.say(&say("attest-broken").with("file", name).with("why", why)), code }
    })
}

/// Adds one answer to the file. Whoever else answers at the same time waits; a crash leaves the old file
/// or the new one, whole.
fn keep(words: &Words, path: &Path, check: &'static Check, answer: Answer) -> Result<(), Stop> {
    let cannot = |error: io::Error| {
        let name = harmless(&path.to_string_lossy(), 500);
        let says = words.say(&say("attest-not-kept").with("file", name).with("why", error.to_string()));
        Stop { says, code: NOT_PERMITTED }
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)?;
    let lock = File::open(folder).map_err(cannot)?;
    lock.lock().map_err(cannot)?;
    let mut answers = answers(words, path)?;
    answers.answers.insert(check.id.to_owned(), Attestation { answer, at: console::now() });
    let bytes = kept::bytes(&answers).map_err(Stop::our_fault)?;
    replace(path, &bytes).and_then(|()| lock.sync_all()).map_err(cannot)
}

/// Writes a file beside its place, for the owner alone, and moves it there whole.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("json.new");
    // Left by a crash; nobody else writes here while the folder is locked.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        drop(std::fs::remove_file(&beside));
    }
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::words::Lang;

    fn words() -> Words {
        Words::new(Lang::En)
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn an_answer_is_kept_for_its_owner_alone_and_joins_the_others() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("state/homeward").join(kept::FILE);
        let (first, second) = (questions().next().expect("one"), questions().nth(1).expect("two"));
        keep(&words(), &path, first, Answer::Yes).expect("kept");
        keep(&words(), &path, second, Answer::DontKnow).expect("kept");
        keep(&words(), &path, first, Answer::No).expect("kept");
        let answers = answers(&words(), &path).expect("read");
        assert_eq!(answers.answers.len(), 2);
        assert_eq!(answers.answers[first.id].answer, Answer::No);
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(
            std::fs::read_dir(path.parent().expect("a folder")).expect("read").count(),
            1,
            "nothing left behind"
        );
    }

    #[test]
    fn what_a_crash_left_is_cleared_and_a_broken_file_is_never_overwritten() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join(kept::FILE);
        std::fs::write(home.path().join("attestations.json.new"), "half").expect("written");
        let check = questions().next().expect("one");
        keep(&words(), &path, check, Answer::Yes).expect("kept");
        std::fs::write(&path, "{").expect("written");
        let stop = keep(&words(), &path, check, Answer::Yes).expect_err("refused");
        assert_eq!(stop.code, BAD_INPUT);
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "{");
    }

    #[test]
    fn many_at_once_lose_no_answer() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join(kept::FILE);
        std::thread::scope(|scope| {
            for check in questions() {
                let path = &path;
                scope.spawn(move || keep(&words(), path, check, Answer::Yes).expect("kept"));
            }
        });
        assert_eq!(answers(&words(), &path).expect("read").answers.len(), questions().count());
    }

    #[test]
    fn a_question_is_found_by_its_short_name_and_other_checks_are_none() {
        assert_eq!(question(&words(), "router-password").expect("found").id, "router-password-attested");
        assert_eq!(question(&words(), "vpn-down").expect_err("no question").code, crate::commands::exit::WRONG_USE);
        assert_eq!(question(&words(), "router-pasword-attested").expect_err("no question").code, 64);
    }
}
