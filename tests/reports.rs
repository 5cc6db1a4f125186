//! The helpdesk's bundle: what is in it, that it is judged again alike, and what becomes of one that was damaged or made to do harm.

use std::io::{Cursor, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{base, finish, folder, program, run};

const GUIDANCE: &str = "name = \"acme\"\nversion = \"3\"\n[contact]\nname = \"ACME helpdesk\"\nphone = \"+852 5555 0100\"\n[vpn]\nrequired = \"always\"\n\
    [[trusted]]\nname = \"Home of Chan\"\nssid = \"Chan family\"\nsecurity = \"wpa2-personal\"\ngateway-mac = \"a0:b1:c2:00:00:01\"\nsubnet = \"192.168.1.0/24\"\n";

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// Makes a bundle of a base moment; gives its path.
fn report(folder: &Path, moment: &str, more: &[&str]) -> String {
    let path = folder.join(format!("{moment}.zip")).to_str().expect("UTF-8").to_owned();
    let facts = base(moment);
    let mut arguments = vec!["report", "--facts", facts.to_str().expect("UTF-8"), "-o", &path];
    arguments.extend(more);
    let ran = run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    path
}

/// The files of a bundle, by name.
fn files(path: &str) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(path).expect("there"))).expect("a zip file");
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn content(path: &str, wanted: &str) -> Vec<u8> {
    let found = files(path).into_iter().find(|(name, _)| name.ends_with(&format!("/{wanted}")));
    found.unwrap_or_else(|| panic!("{wanted} is in {path}")).1
}

/// A zip file of these files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, SimpleFileOptions::default()).expect("begun");
        out.write_all(bytes).expect("written");
    }
    out.finish().expect("whole").into_inner()
}

#[test]
fn a_bundle_is_judged_again_to_the_same_bytes() {
    let folder = folder();
    let guidance = folder.path().join("guidance.toml");
    std::fs::write(&guidance, GUIDANCE).expect("written");
    for moment in ["cafe", "home-wifi", "vpn-full", "offline", "blind"] {
        for level in ["none", "support", "public"] {
            for chosen in [&[][..], &["--guidance", guidance.to_str().expect("UTF-8")]] {
                let path = report(folder.path(), moment, &[&["--redact", level], chosen].concat());
                let again = run(&["check", "--facts", &path, "--json"]);
                assert_eq!(again.out.into_bytes(), content(&path, "verdict.json"), "{moment} {level}");
                let plain =
                    run(&[&["check", "--json", "--facts", base(moment).to_str().expect("UTF-8")], chosen].concat());
                assert_eq!(plain.code, again.code, "{moment} {level}: as the moment itself");
            }
        }
    }
}

#[test]
fn a_bundle_has_one_folder_with_the_sums_of_its_files_and_is_for_its_owner_alone() {
    let folder = folder();
    let path = report(folder.path(), "cafe", &["--note", "at <the> \"café\""]);
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let files = files(&path);
    let tops: std::collections::BTreeSet<&str> =
        files.iter().filter_map(|(name, _)| Some(name.split_once('/')?.0)).collect();
    assert_eq!(tops.len(), 1, "{tops:?}");
    let names: Vec<&str> = files.iter().filter_map(|(name, _)| Some(name.split_once('/')?.1)).collect();
    let wanted = [
        "summary.txt",
        "report.html",
        "verdict.json",
        "facts.json",
        "history.jsonl",
        "versions.txt",
        "collection-errors.txt",
        "bundle.json",
        "MANIFEST.sha256",
    ];
    assert_eq!(names, wanted);
    let sums = String::from_utf8(content(&path, "MANIFEST.sha256")).expect("text");
    for (name, bytes) in &files {
        let name = name.split_once('/').expect("in the folder").1;
        let line = format!("{}  {name}", homeward::outputs::report::sum(bytes));
        assert!(name == "MANIFEST.sha256" || sums.lines().any(|sum| sum == line), "{name}");
    }
    let about: Value = serde_json::from_slice(&content(&path, "bundle.json")).expect("JSON");
    assert_eq!((&about["redaction"], &about["note"]), (&Value::from("support"), &Value::from("at <the> \"café\"")));
    let page = String::from_utf8(content(&path, "report.html")).expect("text");
    assert!(page.contains("at &#60;the&#62; &#34;café&#34;") && !page.contains("<the>"), "the note is text");
    for (name, bytes) in &files {
        assert!(!String::from_utf8_lossy(bytes).contains("Harbour Cafe"), "{name} names the network");
    }
}

#[test]
fn the_preview_is_the_bundle_and_nothing_is_written() {
    let folder = folder();
    let facts = base("cafe");
    let mut command = program(&["report", "--facts", facts.to_str().expect("UTF-8"), "--preview", "--redact", "none"]);
    command.current_dir(folder.path());
    let ran = finish(command);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let path = report(folder.path(), "cafe", &["--redact", "none"]);
    for (name, bytes) in files(&path) {
        assert!(ran.out.contains(&String::from_utf8(bytes).expect("text")), "{name}");
    }
}

#[test]
fn nothing_that_is_there_is_overwritten_unasked() {
    let folder = folder();
    let facts = base("cafe");
    let again = || {
        let mut command = program(&["report", "--facts", facts.to_str().expect("UTF-8")]);
        command.current_dir(folder.path());
        finish(command)
    };
    assert_eq!(again().code, Some(0));
    let second = again();
    assert_eq!(second.code, Some(64), "{}", second.out);
    assert!(second.err.contains("-o"), "{}", second.err);
    let out = finish(program(&["report", "--facts", facts.to_str().expect("UTF-8"), "-o", "/proc/none/report.zip"]));
    assert_eq!(out.code, Some(77), "{}", out.err);
}

#[test]
fn what_is_no_bundle_is_refused_with_its_name_and_place() {
    let folder = folder();
    let good = report(folder.path(), "home-wifi", &[]);
    let whole: Files = files(&good);
    let with = |change: &dyn Fn(&mut Files)| {
        let mut files = whole.clone();
        change(&mut files);
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zip(&files)
    };
    let sums = |files: &mut Files| {
        let text = files.iter().filter(|(name, _)| !name.ends_with("MANIFEST.sha256")).fold(
            String::new(),
            |text, (name, bytes)| {
                let name = name.split_once('/').map_or("", |(_, name)| name);
                text + &homeward::outputs::report::sum(bytes) + "  " + name + "\n"
            },
        );
        for (_, bytes) in files.iter_mut().filter(|(name, _)| name.ends_with("MANIFEST.sha256")) {
            *bytes = text.clone().into_bytes();
        }
    };
    let set = |name: &'static str, content: Vec<u8>| {
        move |files: &mut Files| {
            for (_, bytes) in files.iter_mut().filter(|(inner, _)| inner.ends_with(name)) {
                bytes.clone_from(&content);
            }
        }
    };
    let mut cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", zip(&[]), "zip"),
        ("other", zip(&[("a/b.txt", b"hello")]), "no bundle of Homeward"),
        ("two folders", with(&|files| files.push(("other/facts.json".to_owned(), Vec::new()))), "more than one folder"),
        (
            "climbing",
            with(&|files| files.push(("../../etc/facts.json".to_owned(), Vec::new()))),
            "more than one folder",
        ),
        ("changed", with(&|files| set("facts.json", b"{}".to_vec())(files)), "damaged or changed"),
        (
            "no sums",
            with(&|files| files.retain(|(name, _)| !name.ends_with("MANIFEST.sha256"))),
            "no bundle of Homeward",
        ),
        (
            "a mistake",
            with(&|files| {
                set("facts.json", b"{\n \"format\": 7 }".to_vec())(files);
                sums(files);
            }),
            "facts.json:2:",
        ),
        (
            "later",
            with(&|files| {
                set("bundle.json", br#"{"format":"homeward.bundle/9","made_at":"2026-11-26T00:00:00Z","homeward":"9","redaction":"none","pseudonyms":"","code":"","note":null}"#.to_vec())(files);
                sums(files);
            }),
            "homeward.bundle/9",
        ),
        (
            "bad guidance",
            with(&|files| {
                let top = files[0].0.split_once('/').map_or("", |(top, _)| top).to_owned();
                files.push((format!("{top}/guidance.toml"), b"nonsense = 1\n".to_vec()));
                sums(files);
            }),
            "nonsense",
        ),
        (
            "a bomb",
            with(&|files| {
                set("facts.json", vec![b' '; 100 << 20])(files);
            }),
            "larger than",
        ),
        (
            "many",
            with(&|files| {
                let top = files[0].0.split_once('/').map_or("", |(top, _)| top).to_owned();
                files.extend((0..100).map(|number| (format!("{top}/{number}"), Vec::new())));
            }),
            "more than 64",
        ),
    ];
    let bytes = std::fs::read(&good).expect("there");
    cases.push(("cut off", bytes[..bytes.len() / 2].to_vec(), "zip"));
    for (name, bytes, says) in cases {
        let path = folder.path().join(format!("{name}.zip"));
        std::fs::write(&path, bytes).expect("written");
        let ran = run(&["check", "--facts", path.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, Some(65), "{name}: {}{}", ran.out, ran.err);
        assert!(ran.err.to_lowercase().contains(says) || ran.err.contains(says), "{name}: {}", ran.err);
        assert!(ran.err.contains(&format!("{name}.zip")), "{name} is named: {}", ran.err);
    }
}

#[test]
fn a_damaged_bundle_never_brings_the_program_down() {
    let folder = folder();
    let bytes = std::fs::read(report(folder.path(), "cafe", &[])).expect("there");
    let path = folder.path().join("damaged.zip");
    for step in 0..60_usize {
        let mut damaged = bytes.clone();
        let at = (step * 7919) % damaged.len();
        damaged[at] ^= 1 << (step % 8);
        damaged[(at * 31 + step) % bytes.len()] = u8::try_from(step).unwrap_or(0);
        std::fs::write(&path, damaged).expect("written");
        let ran = run(&["check", "--facts", path.to_str().expect("UTF-8")]);
        assert!(matches!(ran.code, Some(2 | 65)), "{step}: {:?} {}", ran.code, ran.err);
    }
}

#[test]
fn where_the_line_is_dead_the_next_step_is_about_the_line_unless_the_network_does_harm() {
    let folder = folder();
    let guidance = folder.path().join("guidance.toml");
    std::fs::write(&guidance, GUIDANCE).expect("written");
    // The VPN is missing in each: where nothing is reached it cannot be connected, and where all is reached that is what to do.
    for (moment, dead, next) in [
        ("ethernet", true, "What next: See whether another device on this network reaches the Internet."),
        ("ethernet", false, "What next: Connect the company VPN"),
        ("cafe", true, "What next: Leave this network"),
        ("cafe", false, "What next: Leave this network"),
    ] {
        let mut facts: Value = serde_json::from_slice(&std::fs::read(base(moment)).expect("there")).expect("facts");
        if dead {
            facts["dns"]["known"]["nonsense"] =
                serde_json::json!({"unknown": {"why": "timed-out", "what": "dns-probe"}});
            facts["portal"]["known"]["probe"]["known"]["outcome"] = serde_json::json!({"no-answer": "no route"});
            facts["firewall"] = serde_json::json!({"known": {"tables": [], "output": []}});
        }
        let (recorded, path) = (folder.path().join("facts.json"), folder.path().join(format!("{moment}-{dead}.zip")));
        std::fs::write(&recorded, facts.to_string()).expect("written");
        let paths = [&recorded, &guidance, &path].map(|path| path.to_str().expect("UTF-8"));
        let ran = run(&["report", "--facts", paths[0], "--guidance", paths[1], "-o", paths[2]]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let summary = String::from_utf8(content(paths[2], "summary.txt")).expect("UTF-8");
        let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(summary.contains(next), "{moment} {dead}: {summary}");
    }
}

#[test]
fn two_reports_say_what_is_different() {
    let folder = folder();
    let (good, bad) = (report(folder.path(), "home-wifi", &[]), report(folder.path(), "cafe", &[]));
    let page = run(&["report", "diff", &good, &bad]);
    assert_eq!(page.code, Some(0), "{}", page.err);
    for says in
        ["OK for work → Not OK for work", "[wifi-unencrypted]: pass → fail", "wifi.security: wpa2-personal → open"]
    {
        assert!(page.out.contains(says), "{says}: {}", page.out);
    }
    let json = run(&["report", "diff", "--json", &good, &bad]);
    let document: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(document["format"], "homeward.difference/1");
    assert_eq!(document["verdict"], serde_json::json!(["ok", "not-ok"]));
    let same = run(&["report", "diff", &good, &good]);
    assert!(same.out.contains("Nothing is different"), "{}", same.out);
    // Facts files will do, too; what was redacted otherwise is told.
    let mixed = run(&["report", "diff", base("home-wifi").to_str().expect("UTF-8"), &bad]);
    assert!(mixed.out.contains("different ways"), "{}", mixed.out);
}

#[test]
fn a_code_that_was_read_out_says_what_is_wrong() {
    let folder = folder();
    let path = report(folder.path(), "cafe", &[]);
    let about: Value = serde_json::from_slice(&content(&path, "bundle.json")).expect("JSON");
    let code = about["code"].as_str().expect("a code");
    let told = run(&["report", "decode", &code.to_lowercase().replace('-', " ")]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    for says in ["Not OK for work", "[wifi-unencrypted]", "[hotspot-public]", "Wi-Fi"] {
        assert!(told.out.contains(says), "{says}: {}", told.out);
    }
    let shown = run(&["check", "--facts", base("cafe").to_str().expect("UTF-8")]);
    assert!(shown.out.contains(code), "the same code is shown to the person: {}", shown.out);
    let wrong = run(&["report", "decode", &code.replace(&code[..1], if code.starts_with('7') { "8" } else { "7" })]);
    assert_eq!(wrong.code, Some(65));
    assert!(wrong.err.contains("misheard"), "{}", wrong.err);
    assert_eq!(run(&["report", "decode", "U"]).code, Some(65));
}
