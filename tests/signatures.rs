//! Every example of every file in `signatures/`.

use std::collections::BTreeSet;
use std::path::Path;

use homeward::signatures::resolvers;
use homeward::signatures::{labels, packets, vpn};
use homeward::wire::labels::BUILT_IN;
use homeward::wire::matcher::Matcher;
use homeward::wire::trial;
use homeward::words::{Lang, Words};

#[test]
fn every_vpn_example_is_told_as_it_says() {
    let signatures = vpn::parse(vpn::SOURCE).expect("signatures/vpn.toml is valid");
    assert_eq!(signatures.len(), vpn::built_in().len());
    let mut ids = BTreeSet::new();
    for signature in &signatures {
        let id = &signature.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!signature.source.is_empty() && !signature.name.is_empty(), "{id} does not say where it is from");
        for wanted in [true, false] {
            assert!(
                signature.example.iter().any(|e| e.matches == wanted),
                "{id} has no example with matches = {wanted}"
            );
        }
        for example in &signature.example {
            let found = signature.recognise(&example.traces);
            assert_eq!(found.is_some(), example.matches, "{id}: {}", example.says);
        }
    }
}

/// What is one program's own must not be taken for another's.
#[test]
fn a_vpn_example_is_recognised_as_one_program() {
    for signature in vpn::built_in() {
        for example in signature.example.iter().filter(|example| example.matches) {
            let found = vpn::recognise(vpn::built_in(), &example.traces);
            let ids: Vec<_> = found.iter().map(|client| client.id.as_str()).collect();
            // Proton VPN is driven through NetworkManager, which is recognised too.
            let others = ids.iter().filter(|id| **id != signature.id && !ids.contains(&"protonvpn")).count();
            assert_eq!(others, 0, "{}: {} is taken for {ids:?}", signature.id, example.says);
        }
    }
}

#[test]
fn an_interface_name_alone_recognises_nobody() {
    let text = "format = \"homeward.signatures.vpn/1\"\n[[client]]\nid = \"x\"\nname = \"X\"\nsource = \"s\"\n\
                when = [{ link = \"x0\" }]\nexample = []\n";
    assert!(vpn::parse(text).unwrap_err().contains("name alone"));
}

/// Each label is worded twice: in a sentence where it is told alone, in a few words for a table.
#[test]
fn every_label_is_worded_and_nothing_else() {
    let sentences = labels::parse(labels::SOURCE).expect("signatures/labels.toml is valid");
    let words = Words::new(Lang::En);
    for label in BUILT_IN {
        let sentence = sentences.get(*label).unwrap_or_else(|| panic!("signatures/labels.toml lacks {label}"));
        assert!(sentence.ends_with('.'), "{label}: {sentence}");
        let key = format!("label-{}", label.replace('.', "-"));
        assert!(words.has(&key), "src/words/en/labels.ftl lacks {key}");
        let family = label.split('.').next().unwrap_or_default();
        assert!(words.has(&format!("family-{family}")), "src/words/en/labels.ftl lacks family-{family}");
    }
    assert_eq!(sentences.len(), BUILT_IN.len(), "signatures/labels.toml words what is no label");
}

/// Every example of every built-in signature of packets shows what it says, through the real classifier.
#[test]
fn every_packet_example_shows_what_it_says() {
    let matcher = Matcher::built_in().expect("the built-in signatures are sound");
    let mut count = 0;
    for (file, text) in packets::BUILT_IN {
        for signature in packets::parse(text).expect("sound").signature {
            let wrong = trial::troubles(&matcher, &signature).expect("well written");
            assert!(wrong.is_empty(), "signatures/packets/{file}: {}: {wrong:#?}", signature.id);
            count += signature.example.len();
        }
    }
    assert!(count > 40, "only {count} examples");
}

/// A new file needs its test here; those of packets/ are played by `wire::trial` above.
#[test]
fn every_file_has_a_test() {
    let tested = ["vpn.toml", "hotspots.toml", "routers.toml", "resolvers.toml", "labels.toml", "packets"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("signatures");
    for entry in std::fs::read_dir(folder).expect("signatures/ is there") {
        let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
        assert!(tested.contains(&name.as_str()), "signatures/{name}: run its examples in tests/signatures.rs");
    }
}

#[test]
fn every_resolver_example_is_told_as_it_says() {
    let resolvers = resolvers::parse(resolvers::SOURCE).expect("signatures/resolvers.toml is valid");
    let mut ids = BTreeSet::new();
    for resolver in &resolvers {
        let id = &resolver.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!resolver.source.is_empty() && !resolver.name.is_empty(), "{id} does not say where it is from");
        for wanted in [true, false] {
            assert!(
                resolver.example.iter().any(|e| e.matches == wanted),
                "{id} has no example with matches = {wanted}"
            );
        }
        for example in &resolver.example {
            assert_eq!(resolver.is_named(&example.host), example.matches, "{id}: {}", example.host);
        }
    }
}
