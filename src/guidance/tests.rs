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
fn a_place_by_cable_needs_no_security() {
    let text = "name = \"t\"\nversion = \"1\"\n[[trusted]]\nname = \"x\"\ngateway-mac = \"00:11:22:aa:bb:cc\"\n\
        subnet = \"10.8.4.0/22\"\ndomain = \"a.b\"\n";
    assert_eq!(parse(text, "g.toml").map(|guidance| guidance.trusted.len()).ok(), Some(1));
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

#[test]
fn a_lock_below_a_section_is_told_where_it_belongs() {
    let problem = parse("[vpn]\nlocked = [\"vpn\"]\n", "g.toml").expect_err("refused");
    assert!(problem.to_string().ends_with("(it belongs above the first [section] of the file)"), "{problem}");
    let both = ["locked = [\"vpn\"]\n[dns]\n", "[dns]\n[locked]\nkeys = [\"vpn\"]\n"];
    for text in both {
        assert_eq!(validate::layer(text, "g.toml").map(|layer| layer.locked).ok(), Some(vec!["vpn".to_owned()]));
    }
}

#[test]
fn the_files_that_are_shipped_are_good_and_so_is_every_example_in_their_comments() {
    let strict = include_str!("../../service/guidance/strict.toml");
    let guidance = parse(strict, "strict.toml").unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((guidance.vpn.required, guidance.vpn.enforced), (Required::Always, true));

    assert_eq!(validate::layer(strict, "strict.toml").expect("good").locked.len(), 5);

    // A comment that is an example of a key or a table, uncommented where it stands.
    let example = |line: &str| {
        let (key, _) = line.split_once('=').unwrap_or((line, ""));
        line.starts_with('[')
            || (line.contains(" = ") && key.trim().chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    };
    let text: String = include_str!("../../service/guidance/pcpd-2020.toml")
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|line| example(line)).unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect();
    let guidance = parse(&text, "examples").unwrap_or_else(|problem| panic!("{text}\n{problem}"));
    assert_eq!(guidance.trusted.len() + guidance.vpn.identities.len() + guidance.destinations.len(), 3);
    assert_eq!(guidance.clauses.len(), 1);
    assert_eq!(validate::layer(&text, "examples").expect("good").locked, ["vpn", "severity", "trusted"]);
    assert_eq!(guidance.contact.name.as_deref(), Some("IT helpdesk"));
}

mod values {
    use super::*;

    /// What is refused, and the fault's text.
    #[test]
    fn what_cannot_be_meant_is_refused_where_it_stands() {
        let mut wrong = Vec::new();
        for (text, says) in [
            (
                "[[trusted]]\nname = \"x\"\nssid = \"cafe\"\n",
                "1:1 trusted: a place is known by three elements or more, 1 given",
            ),
            (
                "[[trusted]]\nname = \"x\"\nssid = \"cafe\"\nsubnet = \"10.8.4.0/22\"\ndomain = \"a.b\"\n",
                "1:1 trusted: a Wi-Fi place is known by its security, too",
            ),
            (
                "[[trusted]]\nname = \"x\"\nssid = \"c\"\nsubnet = \"0.0.0.0/0\"\ndomain = \"a.b\"\nsecurity = \"wpa2-personal\"\n",
                "4:10 trusted.subnet: `0.0.0.0/0` is too wide",
            ),
            (
                "[[trusted]]\nname = \"x\"\nssid = \"c\"\nsecurity = \"open\"\ndomain = \"a.b\"\n",
                "4:12 trusted.security: `open` is not",
            ),
            (
                "[[destination]]\nname = \"a\"\naddress = \"10.0.0.1/8\"\n",
                "3:11 destination.address: `10.0.0.1/8` has bits beyond its prefix; write 10.0.0.0/8",
            ),
            (
                "[[destination]]\nname = \"a\"\naddress = \"corp.example\"\n",
                "3:11 destination.address: `corp.example` is not an address",
            ),
            (
                "destination = [{name=\"a\",address=\"10.0.0.1\"},{name=\"b\",address=\"10.0.0.1\"}]",
                "1:64 destination.address: `10.0.0.1` is already given in line 1",
            ),
            ("[portal.first]\nurl = \"https://x.example/\"\n", "2:7 portal.first.url: `https://x.example/` is https"),
            ("[portal.first]\nurl = \"http://u:p@x.example/\"\n", "names a user"),
            ("[portal.first]\nurl = \"http://x.example:99999/\"\n", "has a port that is none"),
            ("[portal.first]\nurl = \"http://x y/\"\n", "is not a web address"),
            (
                "[portal]\nfirst = {url = \"http://a.example/1\"}\nsecond = {url = \"http://a.example/2\"}\n",
                "portal.second.url: `a.example` answers for portal.first already",
            ),
            ("[portal.first]\nurl = \"http://x.example/\"\nstatus = 302\n", "3:10 portal.first.status: `302` is not"),
            ("[attestations]\nvalid-for = \"180\"\n", "2:13 attestations.valid-for: `180` is not a length of time"),
            ("[attestations]\nvalid-for = \"0d\"\n", "is no time at all"),
            ("[attestations]\nvalid-for = \"99999999999999999999d\"\n", "is not a length of time"),
            ("[attestations]\nvalid-for = \"9999999999999999w\"\n", "is longer than ten years"),
            ("locked = [\"vpn.requierd\"]\n", "1:11 locked: there is no key `vpn.requierd` to lock"),
            ("[locked]\nkeys = [\"severity.wifi\"]\n", "there is no key `severity.wifi` to lock"),
            (
                "[[clause]]\nid = \"1\"\nsource = \"s\"\ntext = \"t\"\nlocked = [\"vpn\"]\n",
                "5:1 clause.locked: `locked` stands within the section clause",
            ),
            ("[vpn]\nlocked = \"*\"\n", "2:1 vpn.locked: `locked` stands within the section vpn"),
            ("[severity]\nlocked = [\"vpn\"]\n", "severity.locked: `locked` stands within the section severity"),
            ("[locked]\nkeyz = []\n", "2:1 locked.keyz: there is no key `keyz` here; there are keys"),
            (
                "[[clause]]\nid = \"1\"\nsource = \"s\"\ntext = \"t\"\nchecks = [\"vpn-downn\"]\n",
                "5:11 clause.checks: there is no check `vpn-downn`",
            ),
            ("[[vpn.identity]]\nname = \"x\"\n", "1:1 vpn.identity: says nothing to know the VPN by"),
            (
                "[[vpn.identity]]\nname = \"x\"\npeer-keys = [\"nKdcUS0Yzh1Zuc31LZ1BoCvNj2aPJHzaaBA5rrIZs2t=\"]\n",
                "3:14 vpn.identity.peer-keys: `nKdc",
            ),
            ("[[vpn.identity]]\nname = \"x\"\nendpoints = [\"vpn.corp.example:443\"]\n", "names are not looked up"),
            ("[[vpn.identity]]\nname = \"x\"\nnetworkmanager-uuids = [\"corp\"]\n", "is not a UUID"),
            (
                "[[vpn.identity]]\nname = \"x\"\nclients = [\"openvpn\", \"opnvpn\"]\n",
                "3:23 vpn.identity.clients: there is no VPN program `opnvpn`",
            ),
            ("[dns]\ndomains = [\".\"]\n", "is not a domain"),
            ("[dns]\ndomains = [\"b\\u00fccher.example\"]\n", "xn--"),
            ("name = \"\\u001b[31mred\"\n", "1:8 name: `\\u{1b}[31mred` holds characters that cannot be shown"),
            ("name = \"\"\n", "1:8 name: `` is empty"),
            ("[contact]\nemail = \"help\"\n", "is not an e-mail address"),
            ("[contact]\nurl = \"javascript:alert(1)\"\n", "is not a web address"),
            ("[severity]\nwifi-wps = \"fatal\"\n", "2:12 severity.wifi-wps: `fatal` is none of off, info"),
            ("vpn = 3\n", "1:7 vpn: is integer `3`; a table of keys belongs here"),
            ("name = \"a\"\nname = \"b\"\n", "2:1 duplicate key"),
            ("", "no fault"),
        ] {
            let told = parse(text, "g.toml").err().map_or_else(|| vec!["no fault".to_owned()], |_| faults(text));
            if told.len() != 1 || !told[0].contains(says) {
                wrong.push(format!("{text}\nwanted {says}\ntold   {}", told.join("\n       ")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }

    #[test]
    fn a_picture_never_holds_what_could_act_on_a_terminal() {
        let text = format!("[severity]\n\"\u{1b}[2J\u{202e}{}\" = \"low\"\n", "x".repeat(5000));
        let Err(problem) = parse(&text, "g.toml") else { panic!("refused") };
        for picture in [problem.picture(true, false), problem.picture(false, false), problem.to_string()] {
            assert!(picture.chars().all(|c| c == '\n' || crate::facts::text::is_plain(c)), "{picture:?}");
            assert!(picture.len() < 4000, "{picture}");
        }
    }

    #[test]
    fn endless_mistakes_are_cut_short_and_quickly() {
        let many = (0..60_000).map(|n| format!("k{n} = 1\n")).collect::<Vec<_>>().concat();
        assert_eq!(faults(&many).len(), problem::MOST);
        let deep = format!("x = {}", "[".repeat(200_000));
        assert!(!faults(&deep).is_empty());
        let deep = (0..5000).map(|n| format!("a{n}.")).collect::<Vec<_>>().concat() + "z = 1\n";
        assert!(!faults(&deep).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn noise_never_panics(text in "\\PC{0,200}") {
            if let Err(problem) = parse(&text, "g.toml") {
                proptest::prop_assert!(!problem.faults.is_empty());
                drop((problem.picture(true, true), problem.to_string()));
            }
        }

        #[test]
        fn a_good_file_with_a_bite_taken_out_never_panics(from in 0_usize..7000, length in 0_usize..60, noise in "\\PC{0,20}") {
            let mut text = include_str!("../../service/guidance/pcpd-2020.toml").replace("\n# ", "\n");
            let boundary = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
            let (start, end) = (boundary(from.min(text.len())), boundary((from + length).min(text.len())));
            text.replace_range(start..end, &noise);
            if let Err(problem) = parse(&text, "g.toml") {
                drop((problem.picture(true, true), problem.to_string()));
            }
        }

        #[test]
        fn noise_as_a_value_never_panics(noise in "\\PC{0,60}") {
            let value = toml::Value::String(noise);
            let text = format!(
                "locked=[{value}]\n[contact]\nemail={value}\nurl={value}\n[dns]\nresolvers=[{value}]\ndomains=[{value}]\n[[trusted]]\nname={value}\nssid={value}\ngateway-mac={value}\nbssid-prefix={value}\ndhcp-server={value}\n[portal.first]\nurl={value}\n[attestations]\nvalid-for={value}\n[[vpn.identity]]\nname={value}\npeer-keys=[{value}]\nendpoints=[{value}]\nnetworkmanager-uuids=[{value}]\n"
            );
            if let Err(problem) = parse(&text, "g.toml") {
                drop((problem.picture(true, true), problem.to_string()));
            }
        }
    }
}
