//! The pages in a real browser: they ask nothing of anybody, read well on a phone, on a laptop, in the dark and on paper, and for
//! those who do not see (axe-core).
//!
//! Needs Chromium and axe-core: `.ci/browser` fetches both and runs this. The screenshots are kept in `target/browser/`.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the browser is what the pages are tried in")]

use std::path::{Path, PathBuf};
use std::process::Command;

use homeward::checks::Severity;
use homeward::facts::Facts;
use homeward::guidance::Guidance;
use homeward::history::store::Store;
use homeward::history::{Entry, Past, State};
use homeward::outputs::html;
use homeward::outputs::report::Material;
use homeward::verdict::{Selection, judge};
use homeward::words::{Lang, Words};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where pages and screenshots are kept.
fn kept() -> PathBuf {
    let folder = here().join("target/browser");
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn moment(name: &str) -> Facts {
    let path = here().join("tests/cases/base").join(name).with_extension("json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("there")).expect("facts")
}

/// Two working weeks with every kind of hour in them.
fn past(now: Timestamp) -> Past {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.db");
    let state = |verdict: &str, network: &str| {
        Entry::State(State {
            verdict: verdict.to_owned(),
            medium: Some("wifi".to_owned()),
            vpn: Some("used".to_owned()),
            network: Some(network.to_owned()),
        })
    };
    for day in (1..=14).rev() {
        let mut store = Store::open(&path).expect("a store");
        let mut at = now - SignedDuration::from_hours(day * 24);
        let mut keep = |entries: &[Entry], minutes| {
            store.keep(entries, at).expect("kept");
            at += SignedDuration::from_mins(minutes);
        };
        keep(&[state("ok", "network-home")], 90);
        keep(
            &[
                state("not-ok", "network-cafe"),
                Entry::Began { check: "wifi-unencrypted", severity: Severity::Critical },
            ],
            25,
        );
        keep(&[state("ok", "network-home"), Entry::Ended { check: "wifi-unencrypted" }], 60);
        keep(&[state("attention", "network-home"), Entry::Began { check: "wifi-wps", severity: Severity::Medium }], 40);
        keep(&[state("cannot-tell", "network-home"), Entry::Ended { check: "wifi-wps" }], 20);
        keep(&[], 0);
    }
    Store::open(&path).and_then(|store| store.past(now - SignedDuration::from_hours(24 * 15))).expect("a past")
}

/// All pages, by name.
fn pages() -> Vec<(String, String)> {
    let words = Words::new(Lang::En);
    let mut pages = Vec::new();
    for name in ["cafe", "vpn-full", "blind", "offline"] {
        let (facts, guidance) = (moment(name), Guidance::built_in().clone());
        let verdict = judge(&facts, &guidance, &Selection::default());
        let page = html::explanation(&words, &verdict, &guidance).expect("a page");
        pages.push((format!("explanation-{name}"), page));
        let now = facts.taken_at;
        let past = if name == "blind" { Past::default() } else { past(now) };
        let mut material = Material::new(facts, guidance, verdict, past, now - SignedDuration::from_hours(24 * 15));
        material.about.note =
            Some("\"></p><script>document.title='x'</script><img src=http://192.0.2.9/x> 通話斷線 مرحبا".to_owned());
        material.errors = vec!["traffic: the packet sensor does not run".to_owned()];
        let files = material.files(&words).expect("files");
        let page = files.into_iter().find(|file| file.name == "report.html").expect("the page");
        pages.push((format!("report-{name}"), String::from_utf8(page.bytes).expect("text")));
    }
    pages
}

/// Runs Chromium on a page; gives what it wrote.
fn chromium(page: &Path, arguments: &[String]) -> Vec<u8> {
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new("chromium")
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-extensions",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium is installed (.ci/browser)");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = kept().join(name);
    std::fs::write(&path, text).expect("written");
    path
}

/// The same page with a script in it that says something in the end, which the page itself would not run.
fn with_script(page: &str, script: &str) -> String {
    let policy = page.find("<meta http-equiv=\"Content-Security-Policy\"").expect("a policy");
    let end = policy + page[policy..].find('>').expect("its end") + 1;
    let open = format!("{}{}", &page[..policy], &page[end..]);
    assert!(open.contains("</body>"));
    open.replace("</body>", &format!("{script}</body>"))
}

/// What the script of a page left in it as JSON.
fn said(name: &str, page: &str, script: &str, arguments: &[&str]) -> Value {
    let path = written(name, &with_script(page, script));
    let said = heard(&path, name, arguments);
    std::fs::remove_file(path).expect("removed");
    said
}

/// What a page left in it as JSON.
fn heard(path: &Path, name: &str, arguments: &[&str]) -> Value {
    let mut all: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    all.extend(["--dump-dom".to_owned(), "--virtual-time-budget=20000".to_owned()]);
    let dom = String::from_utf8(chromium(path, &all)).expect("text");
    let begin = dom.find("<pre id=\"said\">").unwrap_or_else(|| panic!("{name}: the script said nothing")) + 15;
    let text = &dom[begin..begin + dom[begin..].find("</pre>").expect("its end")];
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
}

const SAY: &str = "const say = what => { const pre = document.createElement('pre'); pre.id = 'said'; pre.textContent = JSON.stringify(what); document.body.append(pre); };";

#[test]
fn no_request_leaves_a_page() {
    for (name, page) in pages() {
        let path = written(&format!("{name}.html"), &page);
        let log = kept().join(format!("{name}.netlog"));
        let png = kept().join(format!("{name}-laptop.png"));
        chromium(
            &path,
            &[
                format!("--log-net-log={}", log.display()),
                format!("--screenshot={}", png.display()),
                "--window-size=1280,1600".to_owned(),
            ],
        );
        let text = std::fs::read_to_string(&log).expect("a log");
        // The log ends with a comma where the browser was quick to go.
        let log: Value = serde_json::from_str(&text)
            .or_else(|_| serde_json::from_str(&format!("{}]}}", text.trim_end().trim_end_matches(','))))
            .expect("JSON");
        let mut asked: Vec<&str> = log["events"]
            .as_array()
            .expect("events")
            .iter()
            .filter_map(|event| event["params"]["url"].as_str())
            .filter(|url| !url.starts_with("file:") && !url.starts_with("data:") && !url.starts_with("chrome"))
            .collect();
        // The browser's own, which it asks whatever page it shows.
        asked.retain(|url| !["google", "gstatic", "gvt1"].iter().any(|own| url.contains(own)));
        assert!(asked.is_empty(), "{name} asks for {asked:?}");
        assert!(!text.contains("192.0.2.9"), "{name}: the note's picture is no picture");
        assert!(std::fs::metadata(&png).is_ok_and(|png| png.len() > 10_000), "{name}: a screenshot");
        std::fs::remove_file(kept().join(format!("{name}.netlog"))).expect("removed");
    }
}

#[test]
fn a_page_fits_a_phone_a_laptop_and_paper_by_day_and_by_night() {
    let script = format!(
        "<script>{SAY} say({{ wide: document.documentElement.scrollWidth, window: innerWidth, scripts: document.title, \
         ground: getComputedStyle(document.body).backgroundColor, drawings: document.querySelectorAll('svg.timeline rect.run').length }});</script>"
    );
    for (name, page) in pages() {
        let path = written(&format!("{name}.html"), &page);
        let mut grounds = Vec::new();
        for (place, size, dark) in
            [("phone", "500,900", false), ("laptop", "1280,1600", false), ("dark", "1280,1600", true)]
        {
            let mut arguments = vec![format!("--window-size={size}")];
            if dark {
                arguments.push("--force-dark-mode".to_owned());
            }
            let png = kept().join(format!("{name}-{place}.png"));
            chromium(&path, &[arguments.clone(), vec![format!("--screenshot={}", png.display())]].concat());
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let said = said(&format!("{name}-{place}.html"), &page, &script, &arguments);
            assert!(said["wide"].as_u64() <= said["window"].as_u64(), "{name} on a {place}: {said}");
            assert_ne!(said["scripts"], "x", "{name}: a script of the note ran");
            if name == "report-cafe" {
                assert!(said["drawings"].as_u64() > Some(50), "{said}");
            }
            grounds.push(said["ground"].clone());
        }
        assert_eq!(grounds[0], grounds[1]);
        assert_ne!(grounds[1], grounds[2], "{name}: the night is dark");
        // The browser's window is never narrower than 500: a small phone is a frame in it.
        let frame = format!(
            "<!doctype html><body><iframe id=phone style='width:360px;height:800px;border:0'></iframe><script>{SAY} \
             phone.onload = () => say(phone.contentDocument.documentElement.scrollWidth); phone.srcdoc = {};</script></body>",
            serde_json::to_string(&page).expect("JSON").replace("</", "<\\/")
        );
        let path_of_frame = written(&format!("{name}-frame.html"), &frame);
        let wide = heard(&path_of_frame, &name, &[]);
        std::fs::remove_file(path_of_frame).expect("removed");
        assert!(wide.as_u64() <= Some(360), "{name} on a small phone: {wide}");
        let pdf = kept().join(format!("{name}.pdf"));
        chromium(&path, &[format!("--print-to-pdf={}", pdf.display()), "--no-pdf-header-footer".to_owned()]);
        let pdf = std::fs::read(pdf).expect("a PDF");
        assert!(pdf.starts_with(b"%PDF") && pdf.len() > 10_000, "{name}: paper");
    }
}

#[test]
fn a_page_is_for_everybody() {
    let axe = std::env::var("AXE").expect("AXE names axe.min.js (.ci/browser)");
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    let script = format!(
        "<script>{}</script><script>{SAY} axe.run(document, {{ resultTypes: ['violations'] }}).then(found => say({{ checked: found.passes.length, \
         violations: found.violations.map(one => ({{ id: one.id, impact: one.impact, nodes: one.nodes.map(node => node.html.slice(0, 200)) }})) }}), \
         error => say({{ error: String(error) }}));</script>",
        axe.replace("</script", "<\\/script")
    );
    for (name, page) in pages() {
        for (time, arguments) in [("day", &[][..]), ("night", &["--force-dark-mode"][..])] {
            let said = said(&format!("{name}-axe-{time}.html"), &page, &script, arguments);
            assert!(said["checked"].as_u64() > Some(10), "{name} by {time}: axe-core ran: {said}");
            assert_eq!(said["violations"], Value::Array(Vec::new()), "{name} by {time}");
        }
    }
}
