//! The program as a person or a script meets it: arguments in; text, JSON and exit code out.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the program itself is what is tested")]

mod captures;
mod picture;
mod reports;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use homeward::checks;
use homeward::facts::text::is_plain;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// The program in a clean environment, UTF-8, without a home.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homeward"));
    command.args(arguments).env_clear().env("LANG", "C.UTF-8").env("HOME", "/nonexistent").stdin(Stdio::null());
    command
}

fn finish(mut command: Command) -> Ran {
    let output = command.output().expect("the program starts");
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

fn run(arguments: &[&str]) -> Ran {
    finish(program(arguments))
}

fn base(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/base/{name}.json"))
}

/// Judges a base moment.
fn judge(name: &str, more: &[&str]) -> Ran {
    let path = base(name);
    let mut arguments = vec!["check", "--facts", path.to_str().expect("UTF-8")];
    arguments.extend(more);
    run(&arguments)
}

/// A changed base moment, in a file.
fn moment(folder: &Path, name: &str, change: impl FnOnce(&mut Value)) -> String {
    let text = std::fs::read_to_string(base(name)).expect("a base");
    let mut facts: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut facts);
    let path = folder.join("moment.json");
    std::fs::write(&path, facts.to_string()).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

const BASES: &[(&str, i32, &str)] = &[
    ("ethernet", 0, "ok"),
    ("home-wifi", 0, "ok"),
    ("vpn-full", 0, "ok"),
    ("cafe", 2, "not-ok"),
    ("offline", 3, "cannot-tell"),
    ("blind", 3, "cannot-tell"),
];

#[test]
fn the_exit_code_is_the_verdict() {
    for (name, code, word) in BASES {
        let ran = judge(name, &["--json"]);
        assert_eq!(ran.code, Some(*code), "{name}: {}{}", ran.out, ran.err);
        let document: Value = serde_json::from_str(&ran.out).expect("one JSON document");
        assert_eq!(document["verdict"], *word, "{name}");
        assert_eq!(judge(name, &[]).code, Some(*code), "{name} as text");
    }
    let folder = folder();
    let no = moment(folder.path(), "ethernet", |facts| {
        let answers = json!({"router-password-attested": {"answer": "no", "at": "2026-11-20T08:00:00Z"}});
        facts["attestations"] = json!({"known": {"answers": answers}});
    });
    assert_eq!(run(&["check", "--facts", &no]).code, Some(1), "a low failure is attention");
}

#[test]
fn wrong_use_is_64_and_says_what_would_be_right() {
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["check", "--no-such-flag"],
        &["check", "--timeout", "0"],
        &["check", "--timeout", "-1"],
        &["check", "--timeout", "inf"],
        &["check", "--timeout", "soon"],
        &["check", "extra"],
        &["explain"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(64), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{arguments:?}");
        assert!(arguments.is_empty() || ran.err.starts_with("homeward: "), "{}", ran.err);
        if arguments.contains(&"--timeout") {
            assert!(ran.err.contains("from 0.1 to 3600"), "{}", ran.err);
        }
    }
    let typed = run(&["check", "\u{1b}[2J\u{202e}"]);
    assert!(typed.err.chars().all(|c| c == '\n' || is_plain(c)), "{:?}", typed.err);
    for arguments in [&["check", "--only", "wifi-unencripted"][..], &["explain", "wifi_unencrypted"]] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(64));
        assert!(ran.err.contains("wifi-unencrypted"), "{}", ran.err);
    }
    let hostile = run(&["explain", "\u{1b}[2J\u{202e}"]);
    assert!(hostile.err.chars().all(|c| c == '\n' || is_plain(c)), "{:?}", hostile.err);
    let nothing = run(&["check", "--only", "vpn-down", "--skip", "vpn-down"]);
    assert_eq!(nothing.code, Some(64), "{}", nothing.err);
}

#[test]
fn help_teaches_and_is_no_mistake() {
    for arguments in [&["--help"][..], &["check", "--help"]] {
        let ran = run(arguments);
        assert_eq!(ran.code, Some(0));
        assert!(
            ran.out.contains("Examples:") && ran.out.contains("cannot tell") && ran.out.contains("77"),
            "{}",
            ran.out
        );
    }
    let version = run(&["--version"]);
    assert_eq!((version.code, version.out.trim()), (Some(0), concat!("homeward ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_bad_facts_file_is_65_with_its_place() {
    let folder = folder();
    let path = folder.path().join("facts.json");
    let name = path.to_str().expect("UTF-8");
    let good = std::fs::read_to_string(base("ethernet")).expect("a base");
    let nested = format!("{{\"format\": \"homeward.facts/1\", \"link\": {{\"known\": {}", "[".repeat(200_000));
    let refused: &[(&str, String, &str)] = &[
        ("nothing", String::new(), ":1:1: this is no facts file of Homeward (homeward.facts/1): "),
        ("not JSON", "hello".to_owned(), ":1:1: this is no facts file of Homeward (homeward.facts/1): "),
        ("no facts", "{}".to_owned(), ":1:2: this is no facts file of Homeward (homeward.facts/1): "),
        ("cut off", good.get(..good.len() / 2).expect("ASCII").to_owned(), "EOF"),
        ("another format", good.replace("homeward.facts/1", "homeward.facts/9"), "homeward.facts/9"),
        ("an unknown field", good.replacen("\"taken-at\"", "\"weather\": 1, \"taken-at\"", 1), ":3:"),
        ("a wrong type", good.replacen("\"index\": 1", "\"index\": \"one\"", 1), "expected u32"),
        ("deep nesting", nested, ":1:"),
        ("a hostile word", good.replacen("homeward.facts/1", "\\u001b[2J\\u202e", 1), "\\u{1b}[2J\\u{202e}"),
    ];
    for (what, text, says) in refused {
        std::fs::write(&path, text).expect("written");
        let ran = run(&["check", "--facts", name]);
        assert_eq!(ran.code, Some(65), "{what}: {}", ran.err);
        assert!(ran.err.contains(says) && ran.err.contains(&format!("{name}:")), "{what}: {}", ran.err);
        assert!(ran.out.is_empty() && ran.err.chars().all(|c| c == '\n' || is_plain(c)), "{what}");
    }
    std::fs::write(&path, [b"{\"format\": \"".as_slice(), &[0xff, 0xfe]].concat()).expect("written");
    assert_eq!(run(&["check", "--facts", name]).code, Some(65), "not UTF-8");
    std::fs::File::create(&path).and_then(|file| file.set_len(9 * 1024 * 1024)).expect("a big file");
    let big = run(&["check", "--facts", name]);
    assert_eq!(big.code, Some(65));
    assert!(big.err.contains("8 MiB"), "{}", big.err);
    assert_eq!(run(&["check", "--facts", "/nonexistent/facts.json"]).code, Some(65));
    assert_eq!(run(&["check", "--facts", "/"]).code, Some(65));
}

#[test]
fn bad_guidance_is_65_with_its_place() {
    let folder = folder();
    let path = folder.path().join("guidance.toml");
    let name = path.to_str().expect("UTF-8");
    std::fs::write(&path, "name = \"x\"\n\n[vpn]\nrequired = \"sometimes\"\n").expect("written");
    let ran = judge("ethernet", &["--guidance", name]);
    assert_eq!(ran.code, Some(65), "{}", ran.err);
    assert!(ran.err.contains(&format!("{name}:4:")), "{}", ran.err);
    assert_eq!(judge("ethernet", &["--guidance", "/nonexistent.toml"]).code, Some(65));
}

/// The contract, field by field: what type each may have.
fn check_shape(document: &Value) {
    fn fields<'a>(value: &'a Value, at: &str, names: &[&str]) -> &'a serde_json::Map<String, Value> {
        let object = value.as_object().unwrap_or_else(|| panic!("{at} is an object"));
        for name in names {
            assert!(object.contains_key(*name), "{at}.{name} is missing");
        }
        object
    }
    let one_of = |value: &Value, at: &str, words: &[&str]| {
        assert!(value.as_str().is_some_and(|word| words.contains(&word)), "{at}: {value}");
    };
    let text = |value: &Value, at: &str| assert!(value.is_string(), "{at}: {value}");
    let text_or_null = |value: &Value, at: &str| assert!(value.is_string() || value.is_null(), "{at}: {value}");
    let truth_or_null = |value: &Value, at: &str| assert!(value.is_boolean() || value.is_null(), "{at}: {value}");

    let names = ["format", "taken_at", "verdict", "summary", "guidance", "connection", "findings"];
    fields(document, "document", &names);
    assert_eq!(document["format"], "homeward.check/1");
    document["taken_at"].as_str().expect("text").parse::<jiff::Timestamp>().expect("RFC 3339");
    one_of(&document["verdict"], "verdict", &["ok", "attention", "not-ok", "cannot-tell"]);
    let summary = document["summary"].as_str().expect("text");
    assert!(!summary.is_empty() && !summary.contains('\n'), "{summary}");
    for name in ["name", "version", "source"] {
        text(&fields(&document["guidance"], "guidance", &[name])[name], name);
    }

    let connection = &document["connection"];
    fields(connection, "connection", &["medium", "interface", "wifi", "vpn", "dns", "hotspot"]);
    if !connection["medium"].is_null() {
        let media = ["ethernet", "wifi", "cellular", "bluetooth", "usb-phone", "virtual", "none"];
        one_of(&connection["medium"], "medium", &media);
    }
    text_or_null(&connection["interface"], "interface");
    let wifi = &connection["wifi"];
    if !wifi.is_null() {
        let names = ["ssid", "bssid", "security", "basis", "akm", "pairwise", "group", "pmf", "wps"];
        fields(wifi, "wifi", &names);
        text(&wifi["ssid"], "ssid");
        text(&wifi["bssid"], "bssid");
        text(&wifi["security"], "security");
        one_of(&wifi["basis"], "basis", &["negotiated", "advertised", "configured"]);
        for name in ["akm", "pairwise", "group"] {
            text_or_null(&wifi[name], name);
        }
        truth_or_null(&wifi["pmf"], "pmf");
        assert!(wifi["wps"].is_boolean());
    }
    let vpn = &connection["vpn"];
    if !vpn.is_null() {
        fields(vpn, "vpn", &["level", "tunnels", "ipv4", "ipv6"]);
        let levels = ["none", "configured", "present", "alive", "used", "exclusive", "enforced"];
        one_of(&vpn["level"], "level", &levels);
        for tunnel in vpn["tunnels"].as_array().expect("a list") {
            fields(tunnel, "tunnel", &["interface", "kind", "recognised"]);
            text_or_null(&tunnel["interface"], "tunnel.interface");
            text(&tunnel["kind"], "tunnel.kind");
            truth_or_null(&tunnel["recognised"], "recognised");
        }
        for family in ["ipv4", "ipv6"] {
            if !vpn[family].is_null() {
                one_of(&vpn[family], family, &["tunnel", "direct", "mixed", "none"]);
            }
        }
    }
    let dns = &connection["dns"];
    if !dns.is_null() {
        fields(dns, "dns", &["resolvers", "leak"]);
        for resolver in dns["resolvers"].as_array().expect("a list") {
            fields(resolver, "resolver", &["address", "interface", "encrypted"]);
            text(&resolver["address"], "address");
            text_or_null(&resolver["interface"], "resolver.interface");
            assert!(resolver["encrypted"].is_boolean());
        }
        truth_or_null(&dns["leak"], "leak");
    }
    let hotspot = &connection["hotspot"];
    fields(hotspot, "hotspot", &["public", "portal", "signs"]);
    truth_or_null(&hotspot["public"], "public");
    one_of(&hotspot["portal"], "portal", &["absent", "present", "passed", "unknown"]);
    assert!(hotspot["signs"].as_array().expect("a list").iter().all(Value::is_string));

    for finding in document["findings"].as_array().expect("a list") {
        let names = [
            "check",
            "outcome",
            "severity",
            "title",
            "advice",
            "evidence",
            "guidance",
            "caused_by",
            "why_unknown",
            "remedy",
        ];
        fields(finding, "finding", &names);
        let id = finding["check"].as_str().expect("text");
        assert!(checks::find(id).is_some(), "{id}");
        one_of(&finding["outcome"], id, &["pass", "fail", "not-applicable", "unknown"]);
        one_of(&finding["severity"], id, &["critical", "high", "medium", "low", "info"]);
        text(&finding["title"], id);
        text(&finding["advice"], id);
        let evidence = finding["evidence"].as_array().expect("a list");
        for piece in evidence {
            fields(piece, "evidence", &["says", "basis", "source"]);
            text(&piece["says"], id);
            one_of(&piece["basis"], id, &["measured", "advertised", "configured", "inferred", "attested"]);
            text(&piece["source"], id);
        }
        for clause in finding["guidance"].as_array().expect("a list") {
            fields(clause, "clause", &["source", "clause"]);
            text(&clause["source"], id);
            text(&clause["clause"], id);
        }
        text_or_null(&finding["caused_by"], id);
        text_or_null(&finding["remedy"], id);
        text_or_null(&finding["why_unknown"], id);
        let unknown = finding["outcome"] == "unknown";
        assert_eq!(finding["why_unknown"].is_string(), unknown, "{id}: an unknown says why, others do not");
        assert_eq!(finding["remedy"].is_string(), unknown, "{id}: and what would help");
        if finding["outcome"] == "fail" {
            assert!(!evidence.is_empty(), "{id}: a failure rests on something");
            assert_ne!(finding["advice"], "", "{id}: a failure says what to do");
        }
        // A key that is not in the catalogue, or an argument that is not given, would show.
        let says = finding.to_string();
        assert!(!says.contains("{$") && !says.contains("{ $"), "{says}");
    }
}

#[test]
fn json_is_the_contract_field_by_field() {
    for (name, ..) in BASES {
        let ran = judge(name, &["--json"]);
        assert!(ran.err.is_empty(), "{}", ran.err);
        assert!(ran.out.starts_with("{\n  \"format\": \"homeward.check/1\",\n"), "`format` comes first");
        let document: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{name}: {error}"));
        check_shape(&document);
        assert_eq!(
            document["findings"].as_array().map(Vec::len),
            Some(checks::ALL.len()),
            "{name}: each check has a finding"
        );
    }
}

#[test]
fn what_the_network_says_never_acts_on_the_screen() {
    let folder = folder();
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}\u{9b}1m\u{2066}\u{e0041}\r\n<b>x";
    let path = moment(folder.path(), "cafe", |facts| {
        let known = &mut facts["wifi"]["known"];
        known["association"]["bss"]["ssid"] = json!(evil);
        known["association"]["bss"]["bssid"] = json!(evil);
        known["association"]["bss"]["wps"] =
            json!({"configured": true, "locked": false, "manufacturer": evil, "model": evil});
        facts["dhcp"] = json!({"known": {"leases": [{"interface": "wlp2s0", "source": evil, "domain": evil,
            "search": [evil], "portal-api": evil, "wpad": evil}]}});
        facts["portal"] = json!({"known": {"interface": evil, "probe": {"known": {"url": evil,
            "outcome": {"redirected": {"status": 302, "location-host": evil}}}}}});
        facts["firewall"] = json!({"unknown": {"why": "failed", "what": "nftables", "error": evil}});
    });
    for flags in [&[][..], &["-v"], &["--json"]] {
        let mut arguments = vec!["check", "--facts", path.as_str()];
        arguments.extend(flags);
        let ran = run(&arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        let raw: Vec<char> = ran.out.chars().filter(|c| *c != '\n' && !is_plain(*c)).collect();
        assert!(raw.is_empty(), "{flags:?}: {raw:?}");
        assert!(!ran.out.contains("\n<b>x"), "a line of its own must not be forged");
        if flags == ["--json"] {
            let document: Value = serde_json::from_str(&ran.out).expect("JSON");
            check_shape(&document);
            let decoded = document["connection"]["wifi"]["ssid"].as_str().expect("a name").to_owned();
            assert!(decoded.chars().all(is_plain), "{decoded:?}");
            assert!(decoded.contains("\\u{202e}"), "and nothing is hidden: {decoded}");
        }
    }
}

#[test]
fn colour_only_where_it_is_wanted_and_never_alone() {
    let plain = judge("cafe", &[]).out;
    assert!(!plain.contains('\u{1b}'), "a pipe gets no colour");
    let with = |variables: &[(&str, &str)]| {
        let mut command = program(&["check", "--facts", base("cafe").to_str().expect("UTF-8")]);
        command.envs(variables.iter().copied());
        finish(command).out
    };
    let forced = with(&[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains('\u{1b}'), "CLICOLOR_FORCE asks for it");
    assert_eq!(anstream::adapter::strip_str(&forced).to_string(), plain, "the words are the same");
    assert_eq!(with(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), plain, "NO_COLOR outranks");
    assert_eq!(with(&[("CLICOLOR", "0")]), plain);
}

#[test]
fn lines_fit_80_columns_and_plain_terminals_get_ascii() {
    let mut pages: Vec<Vec<&str>> = vec![vec!["checks"], vec!["privacy"], vec!["--help"], vec!["check", "--help"]];
    pages.extend(checks::ALL.iter().map(|check| vec!["explain", check.id]));
    let paths: Vec<String> = BASES.iter().map(|(name, ..)| base(name).to_string_lossy().into_owned()).collect();
    pages.extend(paths.iter().map(|path| vec!["check", "-v", "--facts", path]));
    for page in pages {
        let ran = run(&page);
        for line in ran.out.lines() {
            assert!(line.width() <= 80, "{page:?}: {} columns: {line}", line.width());
            assert_eq!(line, line.trim_end(), "{page:?}");
        }
        let mut command = program(&page);
        command.env("LC_ALL", "C");
        let ascii = finish(command).out;
        // clap's own help knows no locale.
        assert!(page.contains(&"--help") || ascii.is_ascii(), "{page:?}: {ascii}");
    }
}

#[test]
fn the_page_says_verdict_reason_rule_step_and_remedy() {
    let page = judge("cafe", &[]).out;
    assert!(page.starts_with("✗ Not OK for work: "), "{page}");
    let second = page.lines().nth(1).expect("a second line");
    assert!(second.contains("Harbour Cafe Free") && second.contains("wlp2s0"), "{page}");
    for part in ["wifi-unencrypted", "(measured", "PCPD", "Do: ", "Judged by pcpd-2020", "(-v shows them)"] {
        assert!(page.contains(part), "no `{part}`: {page}");
    }
    let blind = judge("blind", &[]).out;
    assert!(blind.contains("Why: "), "{blind}");
    let verbose = judge("cafe", &["-v"]).out;
    for check in checks::ALL {
        assert!(verbose.contains(&format!("[{}]", check.id)), "-v shows every check: {}", check.id);
    }
}

#[test]
fn the_contact_of_the_guidance_stands_with_the_advice() {
    let folder = folder();
    let path = folder.path().join("guidance.toml");
    let text = "name = \"acme\"\nversion = \"7\"\n[contact]\nname = \"ACME desk\"\nphone = \"2345 6789\"\n";
    std::fs::write(&path, text).expect("written");
    let guidance = ["--guidance", path.to_str().expect("UTF-8")];
    let page = judge("cafe", &guidance).out;
    assert!(
        page.contains("ACME desk") && page.contains("2345") && page.contains("Judged by acme, version 7"),
        "{page}"
    );
    let document: Value =
        serde_json::from_str(&judge("cafe", &[&guidance[..], &["--json"]].concat()).out).expect("JSON");
    assert_eq!(page.matches("ACME desk").count(), 1, "once, not beneath each advice: {page}");
    assert_eq!(document["guidance"]["source"], guidance[1]);
    let failing = document["findings"].as_array().expect("a list").iter().find(|finding| finding["outcome"] == "fail");
    assert!(failing.expect("the café fails")["advice"].as_str().expect("text").contains("2345 6789"));
}

#[test]
fn a_moment_judged_again_gives_the_same_bytes() {
    let folder = folder();
    let path = folder.path().join("moment.json");
    let name = path.to_str().expect("UTF-8");
    let live = run(&["check", "--json", "--passive", "--save-facts", name]);
    assert!(live.err.is_empty(), "{}", live.err);
    let again = run(&["check", "--json", "--facts", name]);
    assert_eq!(live.out, again.out);
    assert_eq!(live.code, again.code);
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "for the owner alone");
    check_shape(&serde_json::from_str(&live.out).expect("JSON"));

    let copy = folder.path().join("copy.json");
    assert!(run(&["check", "--facts", name, "--save-facts", copy.to_str().expect("UTF-8")]).err.is_empty());
    assert_eq!(std::fs::read(&path).expect("there"), std::fs::read(&copy).expect("there"), "facts survive their file");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("readable").collect();
    assert_eq!(left.len(), 2, "no half-written file is left");

    let text = std::fs::read_to_string(&path).expect("text");
    let mut piped = program(&["check", "--json", "--facts", "-"]);
    let mut child = piped.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("piped"), text.as_bytes()).expect("written");
    assert_eq!(String::from_utf8(child.wait_with_output().expect("ends").stdout).expect("UTF-8"), live.out);
}

#[test]
fn facts_that_cannot_be_kept_are_told() {
    let ran = judge("ethernet", &["--save-facts", "/proc/no/such/place.json"]);
    assert_eq!(ran.code, Some(77), "{}", ran.err);
    assert_eq!(judge("ethernet", &["--save-facts", "/dev/null"]).code, Some(64), "a device is not replaced");
    assert_eq!(judge("ethernet", &["--save-facts", "/tmp"]).code, Some(64));
}

#[test]
fn with_only_every_chosen_check_matters() {
    assert_eq!(judge("blind", &["--only", "wifi-wps"]).code, Some(3), "an unknown that was asked for by name is no ok");
    let ran = judge("cafe", &["--json", "--only", "wifi-unencrypted,vpn-down", "dns-leak"]);
    let document: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(document["findings"].as_array().map(Vec::len), Some(3));
    let skipped = judge("cafe", &["--skip", "wifi-unencrypted"]);
    assert!(skipped.out.contains("Not asked: wifi-unencrypted"), "{}", skipped.out);
}

#[test]
fn ok_is_said_of_no_more_than_was_asked() {
    let document = |more: &[&str]| -> Value {
        serde_json::from_str(&judge("cafe", &[more, &["--json"]].concat()).out).expect("JSON")
    };
    // The café has no WEP: the question does not arise, and nothing was learned.
    let none = judge("cafe", &["--only", "wifi-wep"]);
    assert_eq!(none.code, Some(3));
    assert!(none.out.starts_with("? Cannot tell: none of the chosen checks applies here\n"), "{}", none.out);
    let none = document(&["--only", "wifi-wep"]);
    assert!(none["summary"].as_str().expect("text").contains("none of the chosen checks applies here"));
    assert_eq!(none["not_asked"].as_array().map(Vec::len), Some(checks::ALL.len() - 1));

    let passing = document(&[])["findings"]
        .as_array()
        .and_then(|findings| findings.iter().find(|finding| finding["outcome"] == "pass"))
        .and_then(|finding| finding["check"].as_str().map(str::to_owned))
        .expect("something is fine in the café");
    let one = judge("cafe", &["--only", &passing]);
    let said = format!("OK as far as asked: 1 of {} checks", checks::ALL.len());
    assert_eq!(one.code, Some(0));
    assert!(one.out.starts_with(&format!("✓ {said}\n")), "{}", one.out);
    assert!(!one.out.contains("OK for work"), "{}", one.out);
    assert!(document(&["--only", &passing])["summary"].as_str().expect("text").starts_with(&said));

    let rest: Vec<&str> = checks::ALL.iter().map(|check| check.id).filter(|id| *id != passing).collect();
    let skipped = judge("cafe", &["--skip", &rest.join(",")]);
    assert!(skipped.code == Some(0) && skipped.out.contains(&said), "{}", skipped.out);
}

#[test]
fn without_a_connection_the_step_is_to_connect() {
    let ran = judge("offline", &[]);
    assert_eq!(ran.code, Some(3));
    let lines: Vec<&str> = ran.out.lines().take(2).collect();
    assert_eq!(
        lines,
        ["? No connection: nothing to judge yet", "Do: Connect to a network, then check again."],
        "{}",
        ran.out
    );
    let document: Value = serde_json::from_str(&judge("offline", &["--json"]).out).expect("JSON");
    assert_eq!(document["summary"], "No connection: nothing to judge yet. Connect to a network, then check again.");
}

#[test]
fn open_questions_are_one_line_beside_a_failure_and_told_where_they_decide() {
    let folder = folder();
    let path = moment(folder.path(), "cafe", |facts| {
        facts["proxy"] = json!({"unknown": {"why": "not-available", "what": "proxy-settings"}});
        facts["profiles"] = json!({"unknown": {"why": "not-running", "what": "networkmanager"}});
    });
    let page = run(&["check", "--facts", &path]).out;
    assert!(page.contains("\n? 14 could not be told (-v shows them)\n") && !page.contains("Cannot tell: "), "{page}");
    let verbose = run(&["check", "-v", "--facts", &path]).out;
    assert!(verbose.contains("Cannot tell: ") && !verbose.contains("could not be told"), "{verbose}");
    assert!(verbose.contains("To find out: "), "{verbose}");
}

#[test]
fn each_open_question_stands_above_its_own_reason() {
    for (name, ..) in BASES {
        let document: Value = serde_json::from_str(&judge(name, &["--json"]).out).expect("JSON");
        let page = judge(name, &["-v"]).out;
        for finding in document["findings"].as_array().expect("a list") {
            let Some(why) = finding["why_unknown"].as_str() else { continue };
            let id = format!("[{}]", finding["check"].as_str().expect("text"));
            let group = page.split("\n\n").find(|group| group.contains(&id)).expect("a group");
            let words = group.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(&format!("Why: {why}")), "{name}: {id}: {why}: {group}");
        }
    }
}

#[test]
fn the_page_ends_with_the_moment() {
    let page = judge("cafe", &[]).out;
    let facts: Value = serde_json::from_slice(&std::fs::read(base("cafe")).expect("there")).expect("JSON");
    let at = facts["taken-at"].as_str().expect("text");
    let said = format!("Looked at {} {} UTC.", &at[..10], &at[11..16]);
    assert_eq!(page.lines().last(), Some(said.as_str()));
}

#[test]
fn the_whole_run_is_bounded() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let name = pipe.to_str().expect("UTF-8");
    let started = Instant::now();
    let ran = run(&["check", "--facts", name, "--timeout", "0.5"]);
    assert_eq!(ran.code, Some(65), "{}", ran.err);
    assert_eq!(run(&["check", "--guidance", name, "--timeout", "0.5"]).code, Some(65));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[test]
fn a_bus_that_never_answers_costs_no_more_than_the_timeout() {
    let folder = folder();
    let path = folder.path().join("bus");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    let mut command = program(&["check", "--json", "--passive", "--timeout", "1"]);
    command.env("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", path.display()));
    let started = Instant::now();
    let ran = finish(command);
    let took = started.elapsed();
    drop(listener);
    assert!(took < Duration::from_millis(1500), "{took:?}");
    assert!(ran.code == Some(2) || ran.code == Some(3), "what could not be asked is no ok: {:?}{}", ran.code, ran.err);
    check_shape(&serde_json::from_str(&ran.out).expect("JSON"));
}

#[test]
fn a_reader_who_leaves_is_no_trouble_and_a_full_disk_is() {
    let mut command = program(&["check", "-v", "--facts", base("cafe").to_str().expect("UTF-8")]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2));

    let full = std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let mut command = program(&["check", "--facts", base("ethernet").to_str().expect("UTF-8")]);
    let output = command.stdout(full).output().expect("starts");
    assert_eq!(output.status.code(), Some(70), "an answer that did not arrive is not exit 0");
}

#[test]
fn a_language_that_is_not_there_yet_is_told_and_english_spoken() {
    let asked = judge("cafe", &["--lang", "fr"]);
    assert!(asked.err.contains("fr") && asked.out.contains("Not OK for work"), "{}", asked.err);
    let mut command = program(&["check", "--facts", base("cafe").to_str().expect("UTF-8")]);
    command.env("LC_ALL", "fr_FR.UTF-8");
    let by_locale = finish(command);
    assert!(by_locale.err.is_empty() && by_locale.out.contains("Not OK for work"));
}

#[test]
fn every_check_is_listed_and_explained() {
    let list = run(&["checks"]);
    assert_eq!(list.code, Some(0));
    for check in checks::ALL {
        assert!(list.out.contains(check.id), "{}", check.id);
        let page = run(&["explain", check.id]);
        assert_eq!(page.code, Some(0), "{}", check.id);
        assert!(page.out.contains(check.id) && page.out.contains("What to do") && page.out.contains("Whose rule"));
        assert_eq!(run(&["checks", "explain", check.id]).out, page.out);
    }
}

#[test]
fn explain_follows_the_guidance_in_force() {
    let folder = folder();
    let config = folder.path().join("homeward");
    std::fs::create_dir(&config).expect("made");
    let explain = |text: &str, id: &str| {
        std::fs::write(config.join("guidance.toml"), text).expect("written");
        let mut command = program(&["explain", id]);
        command.env("XDG_CONFIG_HOME", folder.path());
        finish(command)
    };
    let guidance = "name = \"acme\"\nversion = \"7\"\n[severity]\nwifi-wps = \"off\"\nwifi-tkip = \"critical\"\n\
        [[clause]]\nid = \"4.2\"\nsource = \"ACME Home Working\"\ntext = \"No WPS at home.\"\nchecks = [\"wifi-wps\"]\n";
    let off = explain(guidance, "wifi-wps");
    assert!(off.err.is_empty() && off.out.contains("switched off by your guidance (acme)"), "{}{}", off.err, off.out);
    assert!(off.out.contains("ACME Home Working, 4.2: No WPS at home."), "{}", off.out);
    assert!(explain(guidance, "wifi-tkip").out.contains("wifi-tkip, Critical by your guidance (acme)"));
    let broken = explain("name = 3\n", "wifi-wps");
    assert_eq!(broken.code, Some(0));
    assert!(broken.err.contains("guidance.toml:1:") && broken.out.contains("What to do"), "{}", broken.err);
}

#[test]
fn privacy_tells_what_is_sent_under_the_guidance_in_force() {
    let page = run(&["privacy"]);
    assert_eq!(page.code, Some(0));
    let words = page.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["http://", ".invalid", "RFC 8908", "--passive", "--save-facts"] {
        assert!(words.contains(part), "no `{part}`: {words}");
    }
}

#[test]
fn manuals_and_completions_are_those_of_this_command_line() {
    let made = folder();
    assert_eq!(run(&["generate", &made.path().to_string_lossy()]).code, Some(0));
    let service = Path::new(env!("CARGO_MANIFEST_DIR")).join("service");
    let mut wrong = Vec::new();
    for part in ["man", "completions"] {
        let names = |folder: &Path| -> std::collections::BTreeSet<std::ffi::OsString> {
            let entries =
                std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.file_name()).collect());
            entries.unwrap_or_default()
        };
        let (new, kept) = (made.path().join(part), service.join(part));
        if std::env::var_os("BLESS").is_some() {
            let _none = std::fs::remove_dir_all(&kept);
            std::fs::create_dir_all(&kept).expect("a folder");
            for name in names(&new) {
                std::fs::copy(new.join(&name), kept.join(&name)).expect("a copy");
            }
        }
        for name in names(&new).union(&names(&kept)) {
            if std::fs::read(new.join(name)).ok() != std::fs::read(kept.join(name)).ok() {
                wrong.push(format!("service/{part}/{}", name.to_string_lossy()));
            }
        }
        assert!(!names(&new).is_empty(), "nothing was made for {part}");
    }
    assert!(wrong.is_empty(), "not what the command line is; BLESS=1 writes them anew: {wrong:?}");
}
