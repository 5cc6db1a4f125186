use super::*;

fn faults(text: &str) -> Vec<String> {
    let Err(problem) = parse(text, "g.toml") else { panic!("{text} should be refused") };
    problem
        .faults
        .iter()
        .map(|fault| {
            let place = fault.place.as_ref().expect("a fault in a text has a place");
            format!("{}:{} {}", place.line, place.column, fault.sentence())
        })
        .collect()
}

#[test]
fn the_built_in_guidance_is_what_the_project_decided() {
    let guidance = Guidance::built_in();
    assert_eq!(guidance.name, "pcpd-2020");
    assert_eq!(guidance.source, Source::BuiltIn);
    assert_eq!((guidance.vpn.required, guidance.vpn.extent), (Required::OnPublic, Extent::Full));
    assert!(guidance.portal.first.is_some() && guidance.portal.second.is_some());
    assert!(guidance.severity.is_empty(), "severities stay with the checks");
}

#[test]
fn every_key_can_be_set() {
    let guidance = parse(
        r#"
name = "acme"
version = "3"
title = "Acme's rule"
[contact]
name = "Helpdesk"
phone = "+852 1234"
email = "help@acme.example"
url = "https://acme.example/help"
[vpn]
required = "always"
extent = "split"
enforced = true
[[vpn.identity]]
name = "Acme"
peer-keys = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
endpoints = ["203.0.113.7", "203.0.113.7:51820", "[2001:db8::7]:51820"]
networkmanager-uuids = ["2FBC0E95-7C5B-4D0C-9E24-2D4B0D1F5E6A"]
dns-suffixes = ["Corp.Example."]
clients = ["openvpn"]
[dns]
resolvers = ["10.0.0.53", "10.1.0.0/16"]
domains = ["~corp.example"]
encrypted = true
[[destination]]
name = "intranet"
address = "10.20.0.10"
[[destination]]
name = "net"
address = "2001:db8::/32"
[[trusted]]
name = "office"
ssid = "Acme\\x20"
security = "wpa2-enterprise"
gateway-mac = "00-11-22-AA-BB-CC"
subnet = "10.9.0.0/16"
[portal]
probe = true
first = { url = "http://portal.acme.example/ok", status = 204 }
[attestations]
valid-for = "12w"
ask = false
[severity]
wifi-wps = "off"
[[clause]]
id = "4.2"
source = "Acme rule"
text = """Use
the VPN."""
checks = ["vpn-down"]
[locked]
keys = ["vpn.required", "severity.wifi-wps", "dns"]
"#,
        "g.toml",
    )
    .unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(guidance.vpn.required, Required::Always);
    assert_eq!(guidance.vpn.identities[0].networkmanager_uuids, ["2fbc0e95-7c5b-4d0c-9e24-2d4b0d1f5e6a"]);
    assert_eq!(guidance.vpn.identities[0].dns_suffixes, ["corp.example"]);
    assert_eq!(guidance.destinations[0].address.to_string(), "10.20.0.10/32");
    assert_eq!(guidance.trusted[0].gateway_mac.as_deref(), Some("00:11:22:aa:bb:cc"));
    assert_eq!(guidance.trusted[0].ssid.as_ref().map(|ssid| ssid.0.clone()), Some(b"Acme ".to_vec()));
    assert_eq!(guidance.portal.first.as_ref().map(|probe| probe.status), Some(204));
    assert!(guidance.portal.second.is_some(), "what is not set stays as the built-in has it");
    assert_eq!(guidance.attestations.valid_for, Duration::from_secs(84 * 86400));
    assert_eq!(guidance.severity_of("wifi-wps"), Some(SeverityRule::Off));
    assert_eq!(guidance.clauses[0].text, "Use the VPN.");
    assert_eq!(guidance.origins["vpn.required"], "g.toml");
}

#[test]
fn several_faults_are_told_at_once_each_with_its_place() {
    let told = faults(
        "name = 5\n[vpn]\nrequierd = \"always\"\nextent = \"most\"\nenforced = \"yes\"\n[severity]\nwifi-wpz = \"low\"\nwifi-wps = \"lowish\"\n[[destination]]\nname = \"x\"\n",
    );
    println!("{}", told.join("\n"));
    let places: Vec<&str> = told.iter().map(|told| told.split(' ').next().expect("place")).collect();
    assert_eq!(places, ["1:8", "3:1", "4:10", "5:12", "7:1", "8:12", "9:1"]);
}
