//! The terminal a command talks to: its width, colour, characters and language; and how output
//! reaches it. The environment is read here and nowhere else.

use std::io::{self, IsTerminal as _, Write as _};

use crate::commands::exit::{NOT_PERMITTED, Stop};
use crate::guidance::{Places, Problem};
use crate::outputs::page::Look;
use crate::words::lang::{self, Picked};

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What standard output can show. Colour follows `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`.
pub fn look() -> Look {
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    Look { width: width(), colour, unicode: is_utf8(environment) }
}

/// The window's width if standard output is a terminal (at most 100: longer lines are hard to read),
/// else 80.
fn width() -> usize {
    let columns = io::stdout().is_terminal().then(|| terminal_size::terminal_size_of(io::stdout())).flatten();
    columns.map_or(80, |(columns, _)| usize::from(columns.0).clamp(40, 100))
}

/// Whether the locale's characters are UTF-8: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set.
fn is_utf8(environment: impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()))
        .is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// The language to speak.
pub fn language(asked: Option<&str>) -> Picked {
    lang::pick(asked, environment)
}

/// This moment, in whole seconds.
#[expect(clippy::disallowed_methods, reason = "commands read the clock, once, and hand it on")]
pub fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Writes a result to standard output. A reader who has gone away is no trouble.
///
/// # Errors
/// When it could not be written for another reason: then the result did not arrive, and the exit code
/// must not say that it did.
pub fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Stop::our_fault(format_args!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// What is wrong with a guidance file: one line a fault for a program, a picture for a person. Not
/// permitted, where all that is wrong is that this user may not read it.
pub fn problem(problem: &Problem) -> Stop {
    let mut says = if io::stderr().is_terminal() {
        let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
        format!("{}\n{}", problem.file, problem.picture(is_utf8(environment), colour))
    } else {
        problem.to_string().replace('\n', PREFIXED)
    };
    if let Some(step) = employers(problem, &Places::this()) {
        says.push_str(PREFIXED);
        says.push_str(&step);
    }
    if problem.denied { Stop { says, code: NOT_PERMITTED } } else { Stop::bad_input(says) }
}

/// What a worker can do about the employer's own file: nothing but tell of it.
fn employers(problem: &Problem, places: &Places) -> Option<String> {
    let file = places.employer.to_string_lossy();
    (problem.file == file)
        .then(|| format!("Tell your helpdesk: the employer's guidance, {file}, cannot be used as it is (see above)."))
}

/// How each further line begins.
const PREFIXED: &str = "\nhomeward: ";

/// Says something beside the result, on standard error.
pub fn note(says: &str) {
    drop(writeln!(io::stderr().lock(), "homeward: {says}"));
}

/// Says something on standard error that the next such line replaces; nothing takes it away.
pub fn transient(says: &str) {
    let mut err = io::stderr().lock();
    drop(write!(err, "\r\u{1b}[K{says}").and_then(|()| err.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guidance_that_may_not_be_read_is_not_permitted_and_bad_guidance_is_bad_input() {
        use crate::commands::exit::{BAD_INPUT, NOT_PERMITTED};
        let denied = problem(&Problem::denied("/etc/homeward/guidance.toml"));
        assert_eq!(denied.code, NOT_PERMITTED);
        assert!(denied.says.contains("ask your administrator to make it readable (chmod 644)"), "{}", denied.says);
        assert_eq!(problem(&Problem::whole("guidance.toml", "is a folder, not a file")).code, BAD_INPUT);
    }

    #[test]
    fn a_broken_file_of_the_employer_is_for_the_helpdesk() {
        let places = Places { employer: "/etc/homeward/guidance.toml".into(), user: None };
        let theirs = employers(&Problem::whole("/etc/homeward/guidance.toml", "x"), &places);
        assert!(theirs.is_some_and(|says| says.starts_with("Tell your helpdesk: ")));
        assert_eq!(employers(&Problem::whole("/home/a/guidance.toml", "x"), &places), None);
    }

    #[test]
    fn only_a_utf8_locale_gets_more_than_ascii() {
        let with = |value: &'static str| is_utf8(move |name| (name == "LANG").then(|| value.to_owned()));
        assert!(with("en_GB.UTF-8") && with("C.utf8"));
        assert!(!with("C") && !with("") && !with("zh_TW.Big5"));
        assert!(!is_utf8(|name| match name {
            "LC_ALL" => Some("C".to_owned()),
            _ => Some("en_GB.UTF-8".to_owned()),
        }));
    }
}
