//! Addresses that systems and browsers ask to find out whether a sign-in page is in the way.
//!
//! Sources: AOSP `NetworkStack` `config_captive_portal_http_url*` and Chromium `captive_portal_detector` (generate_204,
//! gen_204); Apple HT204497 (captive.apple.com, hotspot-detect.html, library/test/success.html); Microsoft "NCSI"
//! (connecttest.txt, ncsi.txt); Firefox `network.captive-portal-service.endpoint`; NetworkManager's `connectivity.uri`
//! as GNOME, Debian, Ubuntu, Fedora, Arch, openSUSE and KDE set it.

use super::form::contains;

/// Parts of a path.
const PATHS: &[&[u8]] = &[
    b"generate_204",
    b"gen_204",
    b"hotspot-detect.html",
    b"library/test/success.html",
    b"connecttest.txt",
    b"ncsi.txt",
    b"/check_network_status.txt",
];

/// Names of hosts, whole or as the end of a longer one.
const HOSTS: &[&[u8]] = &[
    b"detectportal.firefox.com",
    b"nmcheck.gnome.org",
    b"network-test.debian.org",
    b"connectivity-check.ubuntu.com",
    b"captive.apple.com",
    b"networkcheck.kde.org",
    b"conncheck.opensuse.org",
    b"ping.archlinux.org",
    b"msftconnecttest.com",
    b"msftncsi.com",
];

/// Whether a request's target is of that kind, by its path or, in absolute form, by its host.
pub(super) fn is_probe_target(target: &[u8]) -> bool {
    let authority = target.strip_prefix(b"http://").and_then(|rest| rest.split(|byte| *byte == b'/').next());
    PATHS.iter().any(|path| contains(target, path)) || authority.is_some_and(is_probe_host)
}

/// Whether a Host header's value is.
pub(super) fn is_probe_host(value: &[u8]) -> bool {
    let name = value.split(|byte| *byte == b':').next().unwrap_or_default();
    let name = name.strip_suffix(b".").unwrap_or(name);
    HOSTS.iter().any(|host| {
        name.len().checked_sub(host.len()).is_some_and(|before| {
            let (start, end) = name.split_at(before);
            end.eq_ignore_ascii_case(host) && (start.is_empty() || start.ends_with(b"."))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_by_path_or_host() {
        for probe in
            ["/generate_204", "/hotspot-detect.html", "http://detectportal.firefox.com/canonical.html", "/ncsi.txt"]
        {
            assert!(is_probe_target(probe.as_bytes()), "{probe}");
        }
        for other in ["/", "/index.html", "http://example.com/", "/success.html", "http://apple.com/"] {
            assert!(!is_probe_target(other.as_bytes()), "{other}");
        }
        for host in
            ["captive.apple.com", "www.msftconnecttest.com:80", "ipv6.msftconnecttest.com.", "NMCHECK.gnome.org"]
        {
            assert!(is_probe_host(host.as_bytes()), "{host}");
        }
        for host in ["apple.com", "notcaptive.apple.com", "captive.apple.com.example.org", ""] {
            assert!(!is_probe_host(host.as_bytes()), "{host}");
        }
    }
}
