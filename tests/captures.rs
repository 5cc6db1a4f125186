//! Captures written byte by byte, and what `homeward inspect` and `homeward signatures` must say of them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use super::{finish, folder, program, run};

/// A pcap file of raw IPv4 packets, a second apart.
fn pcap(packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 101].map(u32::to_le_bytes).concat();
    for (second, packet) in (1_795_000_000_u32..).zip(packets) {
        let length = u32::try_from(packet.len()).expect("short");
        file.extend([second, 0, length, length].map(u32::to_le_bytes).concat());
        file.extend(packet);
    }
    file
}

/// An IPv4 packet over TCP.
fn tcp(from: ([u8; 4], u16), to: ([u8; 4], u16), sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(40 + payload.len()).expect("short").to_be_bytes();
    let mut packet = vec![0x45, 0, total[0], total[1], 0, 0, 0x40, 0, 64, 6, 0, 0];
    packet.extend(from.0);
    packet.extend(to.0);
    packet.extend(from.1.to_be_bytes());
    packet.extend(to.1.to_be_bytes());
    packet.extend(sequence.to_be_bytes());
    packet.extend([0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
    packet.extend(payload);
    packet
}

/// An IPv4 packet over UDP.
fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let total = u16::try_from(28 + payload.len()).expect("short").to_be_bytes();
    let length = u16::try_from(8 + payload.len()).expect("short").to_be_bytes();
    let mut packet = vec![0x45, 0, total[0], total[1], 0, 0, 0x40, 0, 64, 17, 0, 0];
    packet.extend(from.0);
    packet.extend(to.0);
    packet.extend(from.1.to_be_bytes());
    packet.extend(to.1.to_be_bytes());
    packet.extend(length);
    packet.extend([0, 0]);
    packet.extend(payload);
    packet
}

const LAPTOP: [u8; 4] = [192, 168, 1, 23];
const SERVER: [u8; 4] = [198, 51, 100, 7];

/// What was asked for by name, answered by nobody.
fn look_up() -> Vec<u8> {
    let query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01";
    udp((LAPTOP, 40_000), (SERVER, 53), query)
}

/// A conversation over TCP to this port, line by line: `>` the client, `<` the server.
fn conversation(port: u16, lines: &[&str]) -> Vec<Vec<u8>> {
    let (client, server) = ((LAPTOP, 50_000), (SERVER, port));
    let (mut sent, mut heard) = (2, 9);
    let mut packets = vec![tcp(client, server, 1, 0x02, b""), tcp(server, client, 8, 0x12, b"")];
    for line in lines {
        let (arrow, text) = line.split_at(2);
        let payload = format!("{text}\r\n").into_bytes();
        let length = u32::try_from(payload.len()).expect("short");
        if arrow == "> " {
            packets.push(tcp(client, server, sent, 0x18, &payload));
            sent += length;
        } else {
            packets.push(tcp(server, client, heard, 0x18, &payload));
            heard += length;
        }
    }
    packets
}

/// The outcome and severity of a check.
fn found(document: &Value, check: &str) -> (String, String) {
    let findings = document["findings"].as_array().expect("a list");
    let finding = findings.iter().find(|finding| finding["check"] == check).expect("asked");
    let text = |key: &str| finding[key].as_str().expect("text").to_owned();
    (text("outcome"), text("severity"))
}

#[test]
fn a_login_is_told_from_none_and_its_password_never_shown() {
    let folder = folder();
    let judged = |name: &str, port: u16, lines: &[&str]| -> Value {
        let file = written(folder.path(), name, &pcap(&conversation(port, lines)));
        let ran = run(&["inspect", "--json", text(&file)]);
        let page = run(&["inspect", "-v", text(&file)]);
        for secret in ["s3cret", "mallory"] {
            assert!(!ran.out.contains(secret) && !page.out.contains(secret), "{name}: {}", page.out);
        }
        serde_json::from_str(&ran.out).expect("one document")
    };
    let fails = ("fail".to_owned(), "high".to_owned());
    let ftp = judged("ftp.pcap", 21, &["< 220 ready", "> USER mallory", "< 331 go on", "> PASS s3cret", "< 230 in"]);
    assert_eq!((found(&ftp, "login-in-the-clear"), &ftp["verdict"]), (fails.clone(), &Value::from("not-ok")));
    let anonymous = ["< 220 ready", "> USER anonymous", "< 331 go on", "> PASS mallory@example.com", "< 230 in"];
    let anonymous = judged("anonymous.pcap", 21, &anonymous);
    assert_eq!(found(&anonymous, "login-in-the-clear").0, "pass");
    let lines = ["> USER anonymous", "> PASS mallory@example.com", "< 331 go on", "< 230 in"];
    assert_eq!(found(&judged("late.pcap", 2100, &lines), "login-in-the-clear").0, "pass");
    let mail = judged("mail.pcap", 143, &["< * OK ready", "> a LOGIN mallory s3cret", "< a OK in"]);
    assert_eq!(found(&mail, "mail-in-the-clear"), fails);
    assert_eq!(found(&mail, "login-in-the-clear").0, "pass", "told once");
    let secured = judged("tls.pcap", 143, &["< * OK ready", "> a STARTTLS", "< a OK go ahead"]);
    assert_eq!((found(&secured, "mail-in-the-clear").0, &secured["verdict"]), ("pass".to_owned(), &Value::from("ok")));
}

/// A signature of one's own, for a greeting that nobody else has.
const OWN: &str = r#"format = "homeward.signatures.packets/1"

[[signature]]
id = "till"
label = "cleartext.till"
means = "The till in the shop reported to its server."
source = "the till's handbook, page 12"
over = "tcp"
steps = [{ from = "client", text = ["TILL/1 HELLO"] }]
example = [
    { says = "its greeting", shows = ["cleartext.till"], packets = ['> "TILL/1 HELLO 7\r\n"'] },
    { says = "another version", packets = ['> "TILL/2 HELLO 7\r\n"'] },
]
"#;

fn greeting() -> [Vec<u8>; 2] {
    let (client, server) = ((LAPTOP, 50_000), (SERVER, 9000));
    [tcp(client, server, 1, 0x02, b""), tcp(client, server, 2, 0x18, b"TILL/1 HELLO 7\r\n")]
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_capture_is_told_and_judged() {
    let folder = folder();
    let file = written(folder.path(), "a.pcap", &pcap(&[look_up(), look_up()]));
    let page = run(&["inspect", text(&file)]);
    assert_eq!(page.code, Some(0), "{}{}", page.out, page.err);
    assert!(page.out.starts_with("✓ Nothing in these packets speaks against"), "{}", page.out);
    assert!(page.out.contains("2 packets in ") && page.out.contains("readable look-ups"), "{}", page.out);
    assert!(page.err.is_empty(), "{}", page.err);
    let ran = run(&["inspect", "--json", text(&file)]);
    let document: Value = serde_json::from_str(&ran.out).expect("one document");
    assert_eq!(document["format"], "homeward.inspect/1");
    assert_eq!((document["packets"].as_u64(), document["truncated"].as_bool()), (Some(2), Some(false)));
    assert_eq!((ran.code, document["verdict"].as_str()), (Some(0), Some("ok")));
    let seen = &document["sightings"][0];
    assert_eq!((seen["label"].as_str(), seen["packets"].as_u64()), (Some("dns.do53"), Some(2)), "{seen}");
    assert_eq!(seen["examples"][0]["packet"], 1);
    assert_eq!(seen["examples"][0]["from"], "192.168.1.23:40000");
    let findings = document["findings"].as_array().expect("a list");
    let asked: Vec<&str> = findings.iter().filter_map(|finding| finding["check"].as_str()).collect();
    assert!(asked.contains(&"mail-in-the-clear") && !asked.contains(&"wifi-unencrypted"), "{asked:?}");
}

#[test]
fn guidance_decides_how_a_capture_is_judged() {
    let folder = folder();
    let file = written(folder.path(), "a.pcap", &pcap(&[look_up()]));
    let strict =
        written(folder.path(), "g.toml", b"[dns]\nencrypted = true\n[severity]\ndns-in-the-clear = \"high\"\n");
    let ran = run(&["inspect", "--guidance", text(&strict), text(&file)]);
    assert_eq!(ran.code, Some(2), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("[dns-in-the-clear]") && ran.out.contains("Do: "), "{}", ran.out);
    assert!(ran.out.contains("packet 1 (measured)"), "{}", ran.out);
    let broken = written(folder.path(), "b.toml", b"[dns]\nencrypted = 3\n");
    let refused = run(&["inspect", "--guidance", text(&broken), text(&file)]);
    assert_eq!(refused.code, Some(65));
    assert!(refused.err.contains("b.toml:2:") && refused.out.is_empty(), "{}", refused.err);
}

#[test]
fn what_could_be_read_of_a_broken_capture_is_told_and_the_exit_is_65() {
    let folder = folder();
    let whole = pcap(&[look_up(), look_up(), look_up()]);
    let cut = written(folder.path(), "cut.pcap", &whole[..whole.len() - 7]);
    let ran = run(&["inspect", "--json", text(&cut)]);
    let document: Value = serde_json::from_str(&ran.out).expect("one document");
    assert_eq!((ran.code, document["truncated"].as_bool()), (Some(65), Some(true)), "{}", ran.err);
    assert_eq!(document["packets"], 2);
    assert_eq!(document["broken"][0]["file"], text(&cut));
    assert!(ran.err.contains("cut.pcap: it is cut off in the packet after number 2"), "{}", ran.err);
    let page = run(&["inspect", text(&cut)]);
    assert_eq!(page.code, Some(65));
    assert!(page.out.contains("Not all of ") && page.out.contains("readable look-ups"), "{}", page.out);

    let none = written(folder.path(), "none.pcap", b"not a capture at all, merely text");
    let empty = written(folder.path(), "empty.pcap", b"");
    for (file, says) in [
        (text(&none), "save it as pcap"),
        (text(&empty), "save it as pcap"),
        ("/nonexistent/x.pcap", "could not be opened"),
    ] {
        let ran = run(&["inspect", file]);
        assert_eq!(ran.code, Some(65), "{file}");
        assert!(ran.out.is_empty() && ran.err.starts_with(&format!("homeward: {file}: ")), "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    assert_eq!(run(&["inspect", text(folder.path())]).code, Some(65), "a folder");

    // One that is broken does not take the others with it.
    let good = written(folder.path(), "good.pcap", &whole);
    let both = run(&["inspect", "--json", text(&none), text(&good)]);
    let document: Value = serde_json::from_str(&both.out).expect("one document");
    assert_eq!((both.code, document["packets"].as_u64()), (Some(65), Some(3)));
    assert_eq!(document["sightings"][0]["examples"][0]["file"], 1);
}

#[test]
fn standard_input_and_lines_as_they_come() {
    let mut command = program(&["inspect", "--jsonl", "-"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(&pcap(&[look_up(), look_up()])).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON on each line")).collect();
    let (last, sightings) = lines.split_last().expect("lines");
    assert_eq!(last["format"], "homeward.inspect/1");
    assert_eq!(sightings.len(), last["sightings"].as_array().expect("a list").len(), "{out}");
    for line in sightings {
        assert_eq!(line["format"], "homeward.sighting/1");
        assert_eq!((line["packet"].as_u64(), line["file"].as_str()), (Some(1), Some("-")), "{line}");
    }
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_a_capture_says_never_acts_on_the_screen() {
    let folder = folder();
    let file = written(folder.path(), "a\u{1b}[2J.pcap", &pcap(&[look_up()]));
    for arguments in [&["inspect"][..], &["inspect", "-v"], &["inspect", "--json"], &["inspect", "--jsonl"]] {
        let mut all = arguments.to_vec();
        all.push(text(&file));
        let ran = run(&all);
        assert_eq!(ran.code, Some(0));
        assert!(ran.out.chars().all(|c| c == '\n' || super::is_plain(c)), "{:?}", ran.out);
    }
}

#[test]
fn a_signature_of_ones_own_is_listed_tested_and_found() {
    let folder = folder();
    let own = written(folder.path(), "till.toml", OWN.as_bytes());
    let capture = written(folder.path(), "a.pcap", &pcap(&greeting()));
    let with = ["--signatures", text(folder.path())];
    let list = run(&["signatures", "list", with[0], with[1]]);
    assert_eq!(list.code, Some(0), "{}", list.err);
    for part in ["cleartext.till", "The till in the shop", "till: the till's handbook", "till.toml", "dns.do53"] {
        assert!(list.out.contains(part), "no `{part}`: {}", list.out);
    }
    let json = run(&["signatures", "list", "--json", with[0], with[1]]);
    let document: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(document["format"], "homeward.signatures/1");
    let tested = run(&["signatures", "test", text(&own)]);
    assert_eq!(tested.code, Some(0), "{}{}", tested.out, tested.err);
    assert!(tested.out.contains("One signature, 2 examples"), "{}", tested.out);
    let matched = run(&["signatures", "match", text(&capture), with[0], with[1]]);
    assert_eq!(matched.code, Some(0));
    assert!(matched.out.starts_with("2: till, 192.168.1.23:50000 to 198.51.100.7:9000\n"), "{}", matched.out);
    let ran = run(&["inspect", text(&capture), with[0], with[1]]);
    assert!(ran.out.contains("cleartext.till"), "{}", ran.out);
    // The user's own folder is found without being named.
    let home = folder.path().join("config/homeward/signatures.d");
    std::fs::create_dir_all(&home).expect("made");
    std::fs::copy(&own, home.join("till.toml")).expect("copied");
    let mut command = program(&["inspect", text(&capture)]);
    command.env("XDG_CONFIG_HOME", folder.path().join("config"));
    assert!(finish(command).out.contains("cleartext.till"));
}

#[test]
fn a_bad_file_of_signatures_is_65_with_its_place_and_field() {
    let folder = folder();
    let capture = written(folder.path(), "a.pcap", &pcap(&[look_up()]));
    for (from, to, place, says) in [
        ("TILL/1 HELLO\"]", "TILL/1 HELLO\"], bytes = [\"0x1\"]", ":9:", "`bytes`"),
        ("cleartext.till\"\n", "till\"\n", ":5:", "`label`: family.name"),
        ("over = \"tcp\"", "over = \"sctp\"", ":8:", "unknown variant"),
        ("over = \"tcp\"", "over = \"tcp\"\nis = \"nobody\"", ":9:", "no recogniser"),
        ("id = \"till\"", "id = \"till\"\ncolour = 1", ":5:", "unknown field"),
        ("packets/1", "packets/2", ":1:", "this version reads"),
        ("shows = [\"cleartext.till\"], ", "", ":10:", "one that matches"),
    ] {
        assert!(OWN.contains(from), "{from}");
        let bad = written(folder.path(), "bad.toml", OWN.replacen(from, to, 1).as_bytes());
        for arguments in
            [&["signatures", "test", text(&bad)][..], &["inspect", "--signatures", text(folder.path()), text(&capture)]]
        {
            let ran = run(arguments);
            assert_eq!(ran.code, Some(65), "{to}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(&format!("bad.toml{place}")) && ran.err.contains(says), "{to}: {}", ran.err);
        }
    }
    // An example that does not hold.
    let bad = written(folder.path(), "bad.toml", OWN.replace("> \"TILL/1", "> \"SILL/1").as_bytes());
    let ran = run(&["signatures", "test", text(&bad)]);
    assert_eq!(ran.code, Some(65));
    assert!(ran.out.contains("bad.toml:10:") && ran.out.contains("does not show cleartext.till"), "{}", ran.out);
}

#[test]
fn the_built_in_signatures_hold() {
    let ran = run(&["signatures", "test"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("all show what they say"), "{}", ran.out);
}
