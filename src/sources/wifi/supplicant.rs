//! What an association agreed on, by the word of the program that made it: wpa_supplicant's control
//! socket or D-Bus service, or iwd's. The kernel tells the agreed suites only at the moment they are
//! agreed on, to those who listen.
//!
//! A program that is not running is never started by asking.

mod control;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use zbus::zvariant::OwnedObjectPath;

use crate::facts::profiles::Enterprise;
use crate::facts::wifi::{Bss, Negotiated};
use crate::facts::{Observed, Reason, Thing};
use crate::sources::bus::{self, Properties, Service};
use crate::sources::machine::Machine;

/// How long one program may take to answer.
const PATIENCE: Duration = Duration::from_millis(400);
/// How long all of them together may take: what the kernel told must not wait for them.
const ALL: Duration = Duration::from_millis(900);

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

/// What a program told of its association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The suites.
    pub(super) negotiated: Negotiated,
    /// How an 802.1X profile verifies the server, where the program tells.
    verification: Result<Enterprise, Silence>,
}

/// Asks each program that may have made the association; the most telling answer wins. `authorized` is
/// the kernel's word that its handshake was finished.
pub(super) async fn look(
    machine: &Machine,
    interface: &str,
    bss: &Bss,
    authorized: bool,
) -> (Observed<Negotiated>, Observed<Enterprise>) {
    let asked = tokio::time::timeout(ALL, ask(machine, interface, bss, authorized)).await;
    match asked.unwrap_or(Err(Silence::Mute)) {
        Ok(told) => {
            let verification =
                told.verification.map_or_else(|silence| Observed::Unknown(silence.reason()), Observed::Known);
            (Observed::Known(told.negotiated), verification)
        }
        Err(silence) => (Observed::Unknown(silence.reason()), Observed::Unknown(silence.reason())),
    }
}

async fn ask(machine: &Machine, interface: &str, bss: &Bss, authorized: bool) -> Result<Told, Silence> {
    let mut silence = match control::ask(machine, interface, bss, authorized).await {
        Ok(told) => return Ok(told),
        Err(silence) => silence,
    };
    if let Ok(bus) = machine.system_bus().await {
        for answer in [patient(supplicant(bus, interface, bss)).await, patient(iwd(bus, interface, bss)).await] {
            match answer {
                Ok(negotiated) => return Ok(Told { negotiated, verification: Err(silence) }),
                Err(other) => silence = silence.max(other),
            }
        }
    }
    Err(silence)
}

impl Silence {
    /// The reason a fact is unknown for it.
    const fn reason(self) -> Reason {
        let what = Thing::WifiNegotiation;
        match self {
            Self::Absent => Reason::NotAvailable { what },
            Self::Mute => Reason::TimedOut { what },
            Self::Unsettled => Reason::Undecided { what },
            Self::Forbidden => Reason::NotPermitted { what },
        }
    }
}

async fn patient(answer: impl Future<Output = Result<Negotiated, Silence>>) -> Result<Negotiated, Silence> {
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(Silence::Mute))
}

/// wpa_supplicant's D-Bus service: state, key management and BSS; it does not tell ciphers.
async fn supplicant(bus: &zbus::Connection, interface: &str, bss: &Bss) -> Result<Negotiated, Silence> {
    let service = Service::new(bus, SUPPLICANT, Thing::WifiNegotiation);
    let path: OwnedObjectPath =
        service.call("/fi/w1/wpa_supplicant1", SUPPLICANT, "GetInterface", &(interface,)).await?;
    let told = service.properties(path.as_str(), "fi.w1.wpa_supplicant1.Interface").await?;
    if bus::text(&told, "State").as_deref() != Some("completed") {
        return Err(Silence::Unsettled);
    }
    let mode = bus::text(&told, "CurrentAuthMode").ok_or(Silence::Mute)?;
    let current = bus::text(&told, "CurrentBSS").ok_or(Silence::Mute)?;
    let heard = service.properties(&current, "fi.w1.wpa_supplicant1.BSS").await?;
    let bssid: [u8; 6] = heard
        .get("BSSID")
        .and_then(|value| bus::bytes_of(value))
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Silence::Mute)?;
    if super::mac(bssid) != bss.bssid {
        return Err(Silence::Unsettled);
    }
    words::auth_mode(&mode, bss)
}

/// iwd's diagnostics of the station.
async fn iwd(bus: &zbus::Connection, interface: &str, bss: &Bss) -> Result<Negotiated, Silence> {
    let service = Service::new(bus, IWD, Thing::WifiNegotiation);
    let objects = service.objects("/").await?;
    let named = |object: &BTreeMap<String, Properties>| {
        object.get("net.connman.iwd.Device").and_then(|device| bus::text(device, "Name")).as_deref() == Some(interface)
    };
    let (path, _) = objects.iter().find(|(_, object)| named(object)).ok_or(Silence::Absent)?;
    let told: Properties = service.call(path, "net.connman.iwd.StationDiagnostic", "GetDiagnostics", &()).await?;
    if !bus::text(&told, "ConnectedBss").is_some_and(|address| address.eq_ignore_ascii_case(&bss.bssid)) {
        return Err(Silence::Unsettled);
    }
    let security = bus::text(&told, "Security").ok_or(Silence::Mute)?;
    words::iwd(&security, bus::text(&told, "PairwiseCipher").as_deref(), bss)
}

impl From<Reason> for Silence {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NotRunning { .. } => Self::Absent,
            Reason::NotPermitted { .. } => Self::Forbidden,
            // It runs and does not drive this interface.
            Reason::Failed { error, .. } if error.contains("InterfaceUnknown") => Self::Absent,
            _ => Self::Mute,
        }
    }
}

#[cfg(test)]
mod tests;
