//! The catalogue is whole: every sentence that is asked for exists in every language with the same
//! arguments, none lies about unused, and every check has all its words.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use homeward::checks;
use homeward::facts::{Reason, Thing};
use homeward::words::{CheckWords, Lang, Words};

/// Keys of a catalogue with the arguments each names.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// Reads the keys of Fluent text: a key begins a line, what belongs to it is indented.
fn keys(text: &str) -> Result<Keys, String> {
    let mut found = Keys::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let body = if line.starts_with([' ', '\t', '}']) {
            line
        } else {
            let (key, body) = line.split_once('=').ok_or_else(|| format!("`{line}` is neither key nor text"))?;
            let key = key.trim().to_owned();
            if found.insert(key.clone(), BTreeSet::new()).is_some() {
                return Err(format!("`{key}` is there twice"));
            }
            current = Some(key);
            body
        };
        let Some(arguments) = current.as_ref().and_then(|key| found.get_mut(key)) else {
            return Err(format!("`{line}` belongs to no key"));
        };
        for rest in body.split('$').skip(1) {
            arguments
                .insert(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect());
        }
    }
    Ok(found)
}

/// All keys of a language.
fn catalogue(lang: Lang) -> Keys {
    let mut all = Keys::new();
    for (file, text) in lang.catalogue() {
        for (key, arguments) in keys(text).unwrap_or_else(|trouble| panic!("{}/{file}: {trouble}", lang.tag())) {
            assert!(
                all.insert(key.clone(), arguments).is_none(),
                "{}/{file}: `{key}` is in another file, too",
                lang.tag()
            );
        }
    }
    all
}

/// How a language differs from English.
fn differences(english: &Keys, other: &Keys) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, arguments) in english {
        match other.get(key) {
            None => wrong.push(format!("`{key}` is missing")),
            // A language may leave a plural out, but never name an argument that is not given.
            Some(theirs) => wrong.extend(theirs.difference(arguments).map(|name| format!("`{key}` has no ${name}"))),
        }
    }
    wrong.extend(other.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("`{key}` is not English")));
    wrong
}

fn source_files() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("source is text");
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

/// A message asked for in the code: its key and the arguments chained to it.
fn asked(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let literal = |text: &str| -> Option<(String, usize)> {
        let rest = text.trim_start();
        let body = rest.strip_prefix('"')?;
        let end = body.find('"')?;
        Some((body.get(..end)?.to_owned(), text.len() - rest.len() + end + 2))
    };
    let mut found = Vec::new();
    for (at, opening) in ["say(", "words.get(", "Arg::Key("].iter().flat_map(|opening| text.match_indices(opening)) {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') && opening != "words.get(" {
            continue;
        }
        let after = &text[at + opening.len()..];
        let Some((key, length)) = literal(after) else { continue };
        if key.contains('{') {
            continue;
        }
        let mut arguments = BTreeSet::new();
        let mut rest = after[length..].trim_start();
        while let Some(tail) = rest.trim_start_matches([')', '\n', ' ', ',']).strip_prefix(".with(") {
            let Some((name, length)) = literal(tail) else { break };
            arguments.insert(name);
            // To the parenthesis that closes this `with`.
            let mut depth = 1;
            let end = tail[length..].char_indices().find(|(_, c)| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let Some((end, _)) = end else { break };
            rest = &tail[length + end + 1..];
        }
        found.push((key, arguments));
    }
    found
}

#[test]
fn every_catalogue_is_sound_fluent() {
    for lang in Lang::ALL {
        for (file, text) in lang.catalogue() {
            let read = fluent_bundle::FluentResource::try_new((*text).to_owned());
            assert!(read.is_ok(), "{}/{file}: {:?}", lang.tag(), read.err().map(|(_, trouble)| trouble));
        }
    }
}

#[test]
fn every_sentence_exists_in_every_language() {
    let english = catalogue(Lang::En);
    for lang in Lang::ALL {
        let wrong = differences(&english, &catalogue(*lang));
        assert!(wrong.is_empty(), "{}: {wrong:#?}", lang.tag());
    }
}

#[test]
fn a_language_with_missing_keys_is_refused() {
    let english = keys("a = A { $x }\nb = B\n").expect("sound");
    assert_eq!(differences(&english, &keys("a = A\n").expect("sound")), ["`b` is missing"]);
    assert_eq!(differences(&english, &keys("a = { $y }\nb = B\n").expect("sound")), ["`a` has no $y"]);
    assert_eq!(differences(&english, &keys("a = A\nb = B\nc = C\n").expect("sound")), ["`c` is not English"]);
    assert!(differences(&english, &english).is_empty());
}

#[test]
fn every_sentence_asked_for_exists_with_its_arguments() {
    let english = catalogue(Lang::En);
    let mut wrong = String::new();
    let mut seen = 0;
    for (path, text) in source_files() {
        // Tests may ask for what does not exist.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = lines.join("\n");
        for (key, given) in asked(&code) {
            seen += 1;
            let shown = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display();
            match english.get(&key) {
                None => _ = writeln!(wrong, "{shown}: `{key}` is not in the catalogue"),
                Some(named) => {
                    // An argument may be added later in the same file.
                    let elsewhere = |name: &str| code.contains(&format!(".with(\"{name}\""));
                    for name in named.difference(&given).filter(|name| !elsewhere(name)) {
                        _ = writeln!(wrong, "{shown}: `{key}` is not given ${name}");
                    }
                    for name in given.difference(named) {
                        _ = writeln!(wrong, "{shown}: `{key}` says nothing of ${name}");
                    }
                }
            }
        }
    }
    assert!(seen > 30, "only {seen} found: the test no longer reads the code");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_sentence_lies_about_unused() {
    let code: String = source_files().into_iter().map(|(_, text)| text).collect();
    let catalogues: String = Lang::En.catalogue().iter().map(|(_, text)| *text).collect();
    // What stands between two quotation marks: the literals, and the code between them, which harms nothing.
    let literals: BTreeSet<&str> = code.split('"').collect();
    // `"security-{}"`: a family of keys, of which any may be asked for.
    let families: BTreeSet<&str> = literals.iter().filter_map(|text| Some(text.split_once("-{")?.0)).collect();
    let unused: Vec<String> = catalogue(Lang::En)
        .into_keys()
        .filter(|key| {
            let literal = literals.contains(key.as_str());
            let family = key.match_indices('-').any(|(at, _)| families.contains(&key[..at]));
            let within = catalogues.contains(&format!("{{ {key} }}"));
            !(literal || family || within || remedy_of_something(key))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

fn reasons(what: Thing) -> Vec<Reason> {
    vec![
        Reason::NotRecorded,
        Reason::NotPermitted { what },
        Reason::NotRunning { what },
        Reason::NotAvailable { what },
        Reason::NotSent { what },
        Reason::TimedOut { what },
        Reason::Failed { what, error: "error".to_owned() },
        Reason::Undecided { what },
        Reason::NotAsked { what },
        Reason::NoConnection,
        Reason::NotAnswered { what },
        Reason::HomeNotKnown,
        Reason::SaidDontKnow { question: "router-password-attested".to_owned() },
        Reason::AnswerOld { question: "router-password-attested".to_owned(), days: 200 },
    ]
}

/// Whether a key is `remedy-WHY`, `remedy-WHY-THING` or `reason-WHY-THING` of a reason and a thing that exist.
fn remedy_of_something(key: &str) -> bool {
    let whys = [
        "not-recorded",
        "not-permitted",
        "not-running",
        "not-available",
        "not-sent",
        "timed-out",
        "failed",
        "undecided",
        "not-asked",
        "no-connection",
        "not-answered",
        "home-not-known",
        "said-dont-know",
        "answer-old",
    ];
    let said = key.strip_prefix("remedy-").or_else(|| key.strip_prefix("reason-"));
    whys.iter().any(|why| match said.and_then(|rest| rest.strip_prefix(why)) {
        Some("") => true,
        Some(rest) if checks::find(rest.trim_start_matches('-')).is_some() => true,
        Some(rest) => Thing::ALL.iter().any(|thing| rest.strip_prefix('-') == Some(thing.key())),
        None => false,
    })
}

#[test]
fn every_thing_and_every_reason_is_worded() {
    for lang in Lang::ALL {
        let words = Words::new(*lang);
        for thing in Thing::ALL {
            assert!(words.has(&format!("thing-{}", thing.key())), "{}: thing-{}", lang.tag(), thing.key());
            for reason in reasons(*thing) {
                let said = words.reason(&reason);
                assert!(!said.contains('{') && !said.starts_with("reason-"), "{}: {said}", lang.tag());
                let remedy = words.remedy(&reason);
                assert!(!remedy.contains('{') && !remedy.starts_with("remedy-"), "{}: {remedy}", lang.tag());
            }
        }
    }
}

#[test]
fn every_check_has_all_its_words() {
    let mut wrong = String::new();
    let mut complain = |id: &str, lang: Lang, says: &str| _ = writeln!(wrong, "{id} ({}): {says}", lang.tag());
    for lang in Lang::ALL {
        for check in checks::ALL {
            let text = match lang.check_words(check.id) {
                Some(text) => text,
                None if *lang == Lang::En => check.words,
                None => {
                    complain(check.id, *lang, "is not translated");
                    continue;
                }
            };
            let words = match CheckWords::parse(text) {
                Ok(words) => words,
                Err(trouble) => {
                    complain(check.id, *lang, &trouble);
                    continue;
                }
            };
            if words.title == check.id || words.title.ends_with(['.', '。']) {
                complain(check.id, *lang, "the title is a sentence without a full stop");
            }
            if !words.well.ends_with(['.', '。']) {
                complain(check.id, *lang, "`Well` ends with a full stop");
            }
            if !words.asks.ends_with(['?', '？']) {
                complain(check.id, *lang, "`Asks` is a question");
            }
            let headings: Vec<&str> = words.sections.iter().map(|section| section.heading.as_str()).collect();
            if *lang == Lang::En && headings != ["What it checks", "Why it matters", "What to do", "Limits"] {
                complain(check.id, *lang, "the four headings");
            }
            for section in &words.sections {
                if section.paragraphs.is_empty() {
                    complain(check.id, *lang, &format!("`{}` is empty", section.heading));
                }
            }
            if words.advice().chars().count() > 320 {
                complain(check.id, *lang, "the advice is one clear step, in one or two sentences");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
