//! Every example of every file in `signatures/`.

use std::collections::BTreeSet;
use std::path::Path;

use homeward::signatures::{resolvers, vpn};

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

/// A new file needs its test here; those of packets/ are played by `wire::trial`.
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
