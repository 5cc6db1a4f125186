//! The Debian package and the RPM hold the same files, and the files are there.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

fn manifest() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    toml::from_str(&std::fs::read_to_string(path).expect("there")).expect("TOML")
}

fn metadata<'t>(manifest: &'t Table, tool: &str) -> &'t Table {
    let package = manifest.get("package").and_then(|package| package.get("metadata")).and_then(|all| all.get(tool));
    package.and_then(Value::as_table).unwrap_or_else(|| panic!("[package.metadata.{tool}]"))
}

/// Where each source goes, and its mode. A folder that ends in `/` gets the file's own name.
fn goes(source: &str, to: &str) -> String {
    let to = to.trim_start_matches('/');
    // Debian's zsh looks elsewhere than Fedora's.
    let to = to.replace("zsh/vendor-completions", "zsh/site-functions");
    match source.rsplit('/').next().filter(|name| to.ends_with('/') && !name.contains('*')) {
        Some(name) => format!("{to}{name}"),
        None => to,
    }
}

#[test]
fn both_packages_hold_the_same_files() {
    let manifest = manifest();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let mut deb: BTreeMap<String, (String, String)> = BTreeMap::new();
    for asset in metadata(&manifest, "deb").get("assets").and_then(Value::as_array).expect("assets") {
        let [source, to, mode] = asset.as_array().expect("three").as_slice() else { panic!("three: {asset}") };
        deb.insert(text(source), (goes(&text(source), &text(to)), text(mode)));
    }
    let mut rpm: BTreeMap<String, (String, String)> = BTreeMap::new();
    for asset in metadata(&manifest, "generate-rpm").get("assets").and_then(Value::as_array).expect("assets") {
        let of = |key: &str| text(asset.get(key).expect("there"));
        rpm.insert(of("source"), (goes(&of("source"), &of("dest")), of("mode")));
    }
    // cargo-deb finds the units by itself.
    for unit in ["service/homeward-sensor.service", "service/homeward-sensor.socket"] {
        assert!(rpm.remove(unit).is_some_and(|(to, _)| to.starts_with("usr/lib/systemd/system/")), "{unit}");
    }
    assert_eq!(deb, rpm);
}

#[test]
fn everything_that_is_packaged_is_there() {
    let manifest = manifest();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rpm = metadata(&manifest, "generate-rpm");
    for asset in rpm.get("assets").and_then(Value::as_array).expect("assets") {
        let source = asset.get("source").and_then(Value::as_str).expect("text");
        if source.starts_with("target/") {
            continue;
        }
        let (folder, name) = source.rsplit_once('/').unwrap_or((".", source));
        let (begins, ends) = name.split_once('*').unwrap_or((name, ""));
        let found = std::fs::read_dir(here.join(folder)).expect("a folder").filter_map(Result::ok).any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with(begins) && name.ends_with(ends.trim_start_matches('*').trim_start_matches(".*"))
        });
        assert!(found, "{source}");
    }
    for script in ["post_install_script", "pre_uninstall_script", "post_uninstall_script"] {
        let script = rpm.get(script).and_then(Value::as_str).expect("a script");
        assert!(here.join(script).is_file(), "{script}");
    }
    let folder = metadata(&manifest, "deb").get("maintainer-scripts").and_then(Value::as_str).expect("a folder");
    for script in ["postinst", "prerm", "postrm"] {
        assert!(here.join(folder).join(script).is_file(), "{script}");
    }
}
