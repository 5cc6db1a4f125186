//! The desktop's proxy settings: GNOME's dconf databases, KDE's `kioslaverc`, the environment.
//!
//! GNOME's settings are read from the files dconf keeps, because asking the desktop portal to resolve a proxy would
//! make it fetch the network's script.

mod dconf;

use crate::facts::proxy::{Proxy, ProxyMode};
use crate::facts::{Observed, Reason, Thing};

use super::machine::Machine;

const WHAT: Thing = Thing::ProxySettings;

/// Reads them.
///
/// The desktop in use decides whose settings count; where none is named, both count. A proxy that comes
/// from the network is told before any other, one that is set before none.
#[expect(clippy::unused_async, reason = "the sources are looked at alike, and this one may come to wait")]
pub async fn look(machine: &Machine) -> Observed<Proxy> {
    let desktop = machine.variable("XDG_CURRENT_DESKTOP").map(str::to_ascii_uppercase);
    let kde = desktop.as_deref().map(|name| name.contains("KDE"));
    let mut refused = None;
    let mut found = Vec::new();
    if kde != Some(true) {
        collect(gnome(machine, kde == Some(false)), "gsettings", &mut found, &mut refused);
    }
    if kde != Some(false) {
        collect(kioslaverc(machine, kde == Some(true)), "kioslaverc", &mut found, &mut refused);
    }
    collect(Ok(environment(machine)), "environment", &mut found, &mut refused);
    found.sort_by_key(|proxy| match proxy.mode {
        ProxyMode::FromNetwork => 0,
        ProxyMode::Manual(_) | ProxyMode::Script(_) => 1,
        ProxyMode::None => 2,
    });
    match found.into_iter().next() {
        // "None" by one of two, while the other could not be read, is no answer.
        Some(Proxy { mode: ProxyMode::None, .. }) if refused.is_some() => {
            Observed::Unknown(refused.unwrap_or(Reason::NotAvailable { what: WHAT }))
        }
        Some(proxy) => Observed::Known(proxy),
        None => Observed::Unknown(refused.unwrap_or(Reason::NotAvailable { what: WHAT })),
    }
}

fn collect(
    mode: Result<Option<ProxyMode>, Reason>,
    source: &str,
    found: &mut Vec<Proxy>,
    refused: &mut Option<Reason>,
) {
    match mode {
        Ok(mode) => found.extend(mode.map(|mode| Proxy { mode, source: source.to_owned() })),
        Err(reason) => *refused = Some(reason),
    }
}

/// The person's folder for settings.
fn config(machine: &Machine) -> Option<String> {
    let set = machine.variable("XDG_CONFIG_HOME").filter(|path| path.starts_with('/')).map(str::to_owned);
    set.or_else(|| Some(format!("{}/.config", machine.variable("HOME")?)))
}

/// GNOME: schema `org.gnome.system.proxy` at `/system/proxy/`. The databases of dconf's profile in turn: the
/// first that has a key decides it. `in_use`: this desktop is the one in use, so that a database without the key means the default.
fn gnome(machine: &Machine, in_use: bool) -> Result<Option<ProxyMode>, Reason> {
    let profile = machine.read_text("/etc/dconf/profile/user", WHAT).unwrap_or_else(|_| "user-db:user".to_owned());
    let mut databases = Vec::new();
    for line in profile.lines().take(32) {
        let path = match line.trim().split_once(':') {
            Some(("user-db", name)) => config(machine).map(|config| format!("{config}/dconf/{name}")),
            Some(("system-db", name)) => Some(format!("/etc/dconf/db/{name}")),
            _ => None,
        };
        match path.map(|path| machine.read(&path, WHAT)) {
            Some(Ok(bytes)) => {
                databases.push(dconf::read(&bytes).ok_or_else(|| Reason::failed(WHAT, "not a dconf database"))?);
            }
            Some(Err(Reason::NotAvailable { .. })) | None => {}
            Some(Err(reason)) => return Err(reason),
        }
    }
    let value = |key: &str| databases.iter().find_map(|database| database.get(&format!("/system/proxy/{key}")));
    let text = |key: &str| match value(key) {
        Some(dconf::Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    Ok(match text("mode").as_deref() {
        Some("auto") => {
            Some(text("autoconfig-url").map_or(ProxyMode::FromNetwork, |url| ProxyMode::Script(without_password(&url))))
        }
        Some("manual") => {
            let set = ["https", "http", "socks"].into_iter().find_map(|kind| {
                let host = text(&format!("{kind}/host"))?;
                Some(match value(&format!("{kind}/port")) {
                    Some(dconf::Value::Number(port)) if *port > 0 => format!("{host}:{port}"),
                    _ => host,
                })
            });
            Some(set.map_or(ProxyMode::None, ProxyMode::Manual))
        }
        Some(_) => Some(ProxyMode::None),
        None => (in_use || !databases.is_empty()).then_some(ProxyMode::None),
    })
}

/// KDE: `ProxyType` 0 none, 1 set, 2 script, 3 found by the network, 4 the environment's
/// (`KProtocolManager::ProxyType`).
fn kioslaverc(machine: &Machine, in_use: bool) -> Result<Option<ProxyMode>, Reason> {
    let text = match config(machine).map(|config| machine.read_text(&format!("{config}/kioslaverc"), WHAT)) {
        Some(Ok(text)) => text,
        Some(Err(Reason::NotAvailable { .. })) | None => return Ok(in_use.then_some(ProxyMode::None)),
        Some(Err(reason)) => return Err(reason),
    };
    let section = text
        .lines()
        .skip_while(|line| line.trim() != "[Proxy Settings]")
        .skip(1)
        .take_while(|line| !line.trim_start().starts_with('['));
    let mut kind = "0";
    let mut script = None;
    let mut set = None;
    for line in section {
        match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some(("ProxyType", value)) => kind = value,
            Some(("Proxy Config Script", value)) if !value.is_empty() => script = Some(value.to_owned()),
            Some(("httpsProxy" | "httpProxy" | "socksProxy", value)) if !value.is_empty() => {
                // KDE writes the port after a space.
                set = set.or_else(|| Some(without_password(&value.replace(' ', ":"))));
            }
            _ => {}
        }
    }
    Ok(Some(match kind {
        "1" => set.map_or(ProxyMode::None, ProxyMode::Manual),
        "2" => script.map_or(ProxyMode::None, |url| ProxyMode::Script(without_password(&url))),
        "3" => ProxyMode::FromNetwork,
        "4" => return Ok(None),
        _ => ProxyMode::None,
    }))
}

/// The variables that curl, Python, Go and others read.
fn environment(machine: &Machine) -> Option<ProxyMode> {
    let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    let set = names.into_iter().find_map(|name| machine.variable(name))?;
    Some(ProxyMode::Manual(without_password(set)))
}

/// A URL without the user and password before the host.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    // A password may hold a `/` that nobody escaped: what comes after the last `@` is the host. A path with an `@`
    // then loses its beginning, which harms nobody.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if scheme.is_empty() { rest.to_owned() } else { format!("{scheme}://{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_left_out() {
        for (url, expected) in [
            ("http://user:secret@proxy.example:3128/", "http://proxy.example:3128/"),
            ("http://user:sec@ret@proxy.example:3128", "http://proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://user:sec/ret@proxy.example:3128", "http://proxy.example:3128"),
            ("http://user:secret@proxy.example/wpad.dat", "http://proxy.example/wpad.dat"),
        ] {
            assert_eq!(without_password(url), expected);
        }
    }
}
