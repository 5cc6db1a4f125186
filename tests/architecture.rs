//! Values go one way: sources → facts → inference → checks → verdict → outputs.
//!
//! Reads what each source file names (`crate::…` paths and foreign crates) and refuses what the stage
//! may not know, with the reason. ARCHITECTURE.md tells the same in words.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What one stage may name.
struct Stage {
    /// The module under `src/`.
    name: &'static str,
    /// Modules of this crate it may name besides itself.
    may_know: &'static [&'static str],
    /// Why no others.
    because: &'static str,
}

const STAGES: &[Stage] = &[
    Stage {
        name: "facts",
        may_know: &[],
        because: "facts are plain data: a moment is a file that any version can read",
    },
    Stage {
        name: "signatures",
        may_know: &["facts"],
        because: "signatures are data; what they are matched on is facts",
    },
    Stage {
        name: "guidance",
        may_know: &["facts", "checks", "verdict", "signatures"],
        because: "guidance is a file: it names checks and severities, and never looks at the machine",
    },
    Stage {
        name: "wire",
        may_know: &["facts", "signatures"],
        because: "packets become facts by their bytes and the signatures alone; nobody looks at the machine here",
    },
    Stage {
        name: "sources",
        may_know: &["facts", "guidance", "signatures", "wire"],
        because: "sources look and never judge; of the guidance they take the questions it wants asked",
    },
    Stage {
        name: "sensor",
        may_know: &["facts", "signatures", "sources", "wire"],
        because: "the privileged program sees and tells; it neither judges nor words, and knows no more than it must",
    },
    Stage {
        name: "inference",
        may_know: &["facts", "guidance", "checks", "signatures"],
        because: "inference is pure: what follows from facts and guidance (of the checks it borrows only the form of a message)",
    },
    Stage {
        name: "checks",
        may_know: &["facts", "guidance", "inference", "signatures", "words"],
        because: "a rule sees facts and guidance and nothing else, so that a recorded moment is judged alike anywhere",
    },
    Stage {
        name: "verdict",
        may_know: &["facts", "guidance", "inference", "checks"],
        because: "the verdict sums up outcomes; it neither looks nor words",
    },
    Stage {
        name: "memory",
        may_know: &["facts", "inference"],
        because: "memory is pure: what it was given and what it is given now; who keeps it is a command",
    },
    Stage {
        name: "alerts",
        may_know: &["facts", "checks", "verdict"],
        because: "alerts are pure: verdicts and time in, actions out; who words and shows them comes after",
    },
    Stage {
        name: "history",
        may_know: &["facts", "checks", "verdict"],
        because: "history keeps what verdicts said; it neither looks nor judges",
    },
    Stage {
        name: "redact",
        may_know: &["facts", "guidance", "inference", "signatures"],
        because: "redaction is pure: facts and guidance in, facts and guidance out, before anything is told of them",
    },
    Stage {
        name: "words",
        may_know: &["facts", "checks", "guidance"],
        because: "the catalogue words messages; it does not decide what is said",
    },
    Stage {
        name: "outputs",
        may_know: &["facts", "guidance", "inference", "checks", "verdict", "memory", "alerts", "history", "words"],
        because: "outputs tell a verdict; they neither look nor judge",
    },
    Stage {
        name: "commands",
        may_know: &[
            "facts",
            "guidance",
            "signatures",
            "wire",
            "sources",
            "inference",
            "checks",
            "verdict",
            "memory",
            "alerts",
            "history",
            "redact",
            "words",
            "outputs",
        ],
        because: "commands put the stages together",
    },
];

/// Foreign crates and the only places that may name them.
const EDGES: &[(&[&str], &[&str])] = &[
    (&["genetlink", "wl_nl80211", "netlink_sys", "netlink_packet_generic"], &["sources/"]),
    (&["zbus"], &["sources/", "outputs/desktop"]),
    (&["notify_rust"], &["outputs/desktop"]),
    (&["ksni"], &["outputs/tray"]),
    (&["askama"], &["outputs/html"]),
    (&["zip"], &["commands/bundle"]),
    (&["ureq", "rustls"], &["commands/watch/post"]),
    (&["rusqlite"], &["history/store"]),
    (&["rustix"], &["sources/", "sensor/", "wire/live/"]),
    (&["pnet_datalink", "socket2"], &["wire/live/"]),
    (&["libc"], &["wire/live/", "sensor/cage/"]),
    (&["landlock", "seccompiler", "sd_notify"], &["sensor/"]),
    (&["hickory_resolver"], &["sources/dns", "sources/portal"]),
    (&["httparse"], &["sources/portal"]),
    (&["clap", "clap_complete", "clap_mangen"], &["main.rs", "commands/"]),
    (&["fluent_bundle", "unic_langid"], &["words/"]),
    (&["annotate_snippets"], &["guidance/", "commands/"]),
    (&["anstream", "anstyle"], &["outputs/", "commands/", "main.rs"]),
    (&["terminal_size"], &["commands/"]),
    (&["etcetera"], &["sources/", "guidance/layers", "commands/"]),
    (&["toml"], &["guidance/", "signatures"]),
    (&["regex_automata"], &["signatures", "wire/matcher"]),
    (&["pcap_parser", "flate2", "ruzstd", "foldhash"], &["wire/"]),
    (&["tokio", "futures_util"], &["sources/", "commands/", "sensor/", "wire/live/", "outputs/desktop"]),
];

/// Doors to the world outside, and who may open them.
const DOORS: &[(&str, &[&str], &str)] = &[
    (
        "std::fs",
        &["sources/", "sensor/", "commands/", "guidance/layers", "history/store"],
        "only what looks, and the commands, touch files",
    ),
    (
        "std::env",
        &["sources/", "sensor/", "commands/", "main.rs", "bin/"],
        "the environment is an input like any other: it is read at the edge and handed in",
    ),
    (
        "std::process::Command",
        &["sensor/gather", "commands/watch/open"],
        "Homeward asks the kernel and D-Bus; it never reads the output of other programs (the sensor starts itself a second time, and the person's browser is opened)",
    ),
    (
        "Timestamp::now",
        &["commands/", "sensor/mod"],
        "time comes in as an argument, so that the same moment is judged alike again",
    ),
    ("SystemTime::now", &["commands/"], "time comes in as an argument, so that the same moment is judged alike again"),
    ("thread::sleep", &[], "nothing here waits for the clock"),
];

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("src is readable") {
            let path = entry.expect("src is readable").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
            (name, code_of(&std::fs::read_to_string(path).expect("UTF-8")))
        })
        .collect()
}

/// The code without comments and without its unit tests, which may do what they like.
fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules of this crate that the code names: `crate::x` and `use crate::{x::…, y::…}`.
fn named_modules(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices("crate::").chain(code.match_indices("homeward::")) {
        let rest = &code[at..];
        let rest = &rest[rest.find("::").expect("just matched") + 2..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut start = true;
            for (index, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => start = true,
                    c if start && depth == 1 && c.is_alphabetic() => {
                        named.insert(word(&group[index..]));
                        start = false;
                    }
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            named.insert(word(rest));
        }
    }
    named
}

fn stage_of(file: &str) -> Option<&'static Stage> {
    STAGES.iter().find(|stage| file == format!("{}.rs", stage.name) || file.starts_with(&format!("{}/", stage.name)))
}

fn names_crate(code: &str, krate: &str) -> bool {
    code.match_indices(&format!("{krate}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn values_go_one_way() {
    let all: BTreeSet<&str> = STAGES.iter().map(|stage| stage.name).collect();
    let mut wrong = String::new();
    for (file, code) in sources() {
        let Some(stage) = stage_of(&file) else {
            assert!(
                file == "lib.rs" || file == "main.rs" || file.starts_with("bin/"),
                "src/{file} belongs to no stage: name it in tests/architecture.rs"
            );
            continue;
        };
        for module in named_modules(&code) {
            if all.contains(module.as_str()) && module != stage.name && !stage.may_know.contains(&module.as_str()) {
                let _ = writeln!(wrong, "src/{file} names crate::{module}: {}", stage.because);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn foreign_types_stop_at_the_edge() {
    let mut wrong = String::new();
    for (file, code) in sources() {
        for (crates, places) in EDGES {
            for krate in *crates {
                if names_crate(&code, krate) && !places.iter().any(|place| file.starts_with(place)) {
                    let _ = writeln!(
                        wrong,
                        "src/{file} names {krate}, which only {places:?} may: wrap it there in a type of our own"
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_world_outside_is_met_at_its_doors_only() {
    let mut wrong = String::new();
    for (file, code) in sources() {
        for (door, places, because) in DOORS {
            let compile_time = code.replace("std::env::consts", "");
            if compile_time.contains(door) && !places.iter().any(|place| file.starts_with(place)) {
                let _ = writeln!(wrong, "src/{file} names {door}: {because}");
            }
        }
        if code.contains("unsafe ") && file != "wire/live/ring.rs" {
            let _ = writeln!(wrong, "src/{file} has `unsafe`, which only src/wire/live/ring.rs may");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn one_check_one_place() {
    use homeward::checks::ALL;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let mut files: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("src/checks is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "md"))
        .collect();
    for check in ALL {
        let stem = check.id.replace('-', "_");
        assert!(files.remove(&format!("{stem}.md")), "{} has no src/checks/{stem}.md", check.id);
        assert!(folder.join(format!("{stem}.rs")).exists(), "{} has no src/checks/{stem}.rs", check.id);
        assert!(!check.citations.is_empty(), "{} serves nobody's rule: every requirement names its author", check.id);
        for cause in check.masked_by.iter().chain(check.told_with) {
            assert!(ALL.iter().any(|other| other.id == *cause), "{} is masked by {cause}, which is no check", check.id);
            assert_ne!(*cause, check.id, "{cause} masks itself");
        }
    }
    assert!(files.is_empty(), "words without a check in ALL: {files:?}");
    let ids: BTreeSet<&str> = ALL.iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), ALL.len(), "two checks bear one id");
}

#[test]
fn the_reader_of_paths_reads_them() {
    let code = "use crate::{facts::Facts, checks::{self, Message}};\nfn f() { crate::verdict::judge() }";
    assert_eq!(named_modules(code), ["checks", "facts", "verdict"].map(String::from).into());
    assert!(names_crate("use zbus::Connection;", "zbus") && !names_crate("use my_zbus::x;", "zbus"));
}
