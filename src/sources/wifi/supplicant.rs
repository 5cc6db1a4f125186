//! What an association agreed on, by the word of the program that made it: wpa_supplicant's control
//! socket or D-Bus service, or iwd's. The kernel tells the agreed suites only at the moment they are
//! agreed on, to those who listen.
//!
//! A program that is not running is never started by asking.

mod control;
mod words;

use std::collections::HashMap;
use std::time::Duration;

use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use crate::facts::wifi::{Bss, Negotiated};
use crate::facts::{Observed, Reason, Thing};
use crate::sources::machine::Machine;

/// How long one program may take to answer.
const PATIENCE: Duration = Duration::from_millis(400);

const SUPPLICANT: &str = "fi.w1.wpa_supplicant1";
const IWD: &str = "net.connman.iwd";

/// Why one of the sources did not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Silence {
    /// It is not here, or does not drive this interface.
    Absent,
    /// It did not answer in time, or with something not understood.
    Mute,
    /// It is amid an association, or tells of another one than the kernel does.
    Unsettled,
    /// This user may not ask.
    Forbidden,
}

/// Asks each program that may have made the association; the most telling answer wins.
pub(super) async fn look(machine: &Machine, interface: &str, bss: &Bss) -> Observed<Negotiated> {
    let mut silence = match control::ask(machine, interface, bss).await {
        Ok(negotiated) => return Observed::Known(negotiated),
        Err(silence) => silence,
    };
    if let Ok(bus) = machine.system_bus().await {
        for answer in [patient(supplicant(bus, interface, bss)).await, patient(iwd(bus, interface, bss)).await] {
            match answer {
                Ok(negotiated) => return Observed::Known(negotiated),
                Err(other) => silence = silence.max(other),
            }
        }
    }
    let what = Thing::WifiNegotiation;
    Observed::Unknown(match silence {
        Silence::Absent => Reason::NotAvailable { what },
        Silence::Mute => Reason::TimedOut { what },
        Silence::Unsettled => Reason::Undecided { what },
        Silence::Forbidden => Reason::NotPermitted { what },
    })
}

async fn patient(answer: impl Future<Output = Result<Negotiated, Silence>>) -> Result<Negotiated, Silence> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(Silence::Mute))
}

/// wpa_supplicant's D-Bus service: state, key management and BSS; it does not tell ciphers.
async fn supplicant(bus: &zbus::Connection, interface: &str, bss: &Bss) -> Result<Negotiated, Silence> {
    present(bus, SUPPLICANT).await?;
    let reply = bus
        .call_method(Some(SUPPLICANT), "/fi/w1/wpa_supplicant1", Some(SUPPLICANT), "GetInterface", &(interface,))
        .await
        .map_err(|error| refusal(&error))?;
    let path: OwnedObjectPath = reply.body().deserialize().map_err(|_| Silence::Mute)?;
    let properties = properties(bus, SUPPLICANT, &path, "fi.w1.wpa_supplicant1.Interface").await?;
    let text = |name: &str| properties.get(name).and_then(|value| <&str>::try_from(value).ok());
    if text("State") != Some("completed") {
        return Err(Silence::Unsettled);
    }
    let mode = text("CurrentAuthMode").ok_or(Silence::Mute)?.to_owned();
    let current: OwnedObjectPath =
        properties.get("CurrentBSS").and_then(|value| value.try_clone().ok()?.try_into().ok()).ok_or(Silence::Mute)?;
    let heard = self::properties(bus, SUPPLICANT, &current, "fi.w1.wpa_supplicant1.BSS").await?;
    let bssid: Vec<u8> =
        heard.get("BSSID").and_then(|value| value.try_clone().ok()?.try_into().ok()).ok_or(Silence::Mute)?;
    let bssid: [u8; 6] = bssid.try_into().map_err(|_| Silence::Mute)?;
    if super::mac(&bssid) != bss.bssid {
        return Err(Silence::Unsettled);
    }
    words::auth_mode(&mode, bss).ok_or(Silence::Mute)
}

/// iwd's diagnostics of the station.
async fn iwd(bus: &zbus::Connection, interface: &str, bss: &Bss) -> Result<Negotiated, Silence> {
    type Objects = HashMap<OwnedObjectPath, HashMap<String, HashMap<String, OwnedValue>>>;
    present(bus, IWD).await?;
    let reply = bus
        .call_method(Some(IWD), "/", Some("org.freedesktop.DBus.ObjectManager"), "GetManagedObjects", &())
        .await
        .map_err(|error| refusal(&error))?;
    let objects: Objects = reply.body().deserialize().map_err(|_| Silence::Mute)?;
    let named = |interfaces: &HashMap<String, HashMap<String, OwnedValue>>| {
        let name = interfaces.get("net.connman.iwd.Device")?.get("Name")?;
        (<&str>::try_from(name).ok()? == interface).then_some(())
    };
    let path = objects.iter().find_map(|(path, interfaces)| named(interfaces).map(|()| path)).ok_or(Silence::Absent)?;
    let reply = bus
        .call_method(Some(IWD), path.as_str(), Some("net.connman.iwd.StationDiagnostic"), "GetDiagnostics", &())
        .await
        .map_err(|error| refusal(&error))?;
    let told: HashMap<String, OwnedValue> = reply.body().deserialize().map_err(|_| Silence::Mute)?;
    let text = |name: &str| told.get(name).and_then(|value| <&str>::try_from(value).ok());
    if !text("ConnectedBss").is_some_and(|address| address.eq_ignore_ascii_case(&bss.bssid)) {
        return Err(Silence::Unsettled);
    }
    words::iwd(text("Security").ok_or(Silence::Mute)?, text("PairwiseCipher"), bss).ok_or(Silence::Mute)
}

/// Whether a service is running now. Asking it directly could start it.
async fn present(bus: &zbus::Connection, name: &str) -> Result<(), Silence> {
    let reply = bus
        .call_method(
            Some("org.freedesktop.DBus"),
            "/org/freedesktop/DBus",
            Some("org.freedesktop.DBus"),
            "NameHasOwner",
            &(name,),
        )
        .await
        .map_err(|error| refusal(&error))?;
    match reply.body().deserialize::<bool>() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Silence::Absent),
        Err(_) => Err(Silence::Mute),
    }
}

async fn properties(
    bus: &zbus::Connection,
    service: &str,
    path: &OwnedObjectPath,
    interface: &str,
) -> Result<HashMap<String, OwnedValue>, Silence> {
    let reply = bus
        .call_method(Some(service), path.as_str(), Some("org.freedesktop.DBus.Properties"), "GetAll", &(interface,))
        .await
        .map_err(|error| refusal(&error))?;
    reply.body().deserialize().map_err(|_| Silence::Mute)
}

fn refusal(error: &zbus::Error) -> Silence {
    let zbus::Error::MethodError(name, ..) = error else { return Silence::Mute };
    match name.as_str() {
        "org.freedesktop.DBus.Error.AccessDenied" => Silence::Forbidden,
        "fi.w1.wpa_supplicant1.InterfaceUnknown" | "org.freedesktop.DBus.Error.UnknownMethod" => Silence::Absent,
        "net.connman.iwd.NotConnected" => Silence::Unsettled,
        _ => Silence::Mute,
    }
}

#[cfg(test)]
mod tests;
