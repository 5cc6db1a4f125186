//! wpa_supplicant's control socket: one datagram `STATUS`, one datagram back, and of an 802.1X network a few more for
//! how its profile verifies the server. Root and, on Debian, the group `netdev` may ask. No secret is asked for.

use std::io::ErrorKind;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram as StdDatagram};

use tokio::net::UnixDatagram;

use crate::facts::profiles::Enterprise;
use crate::facts::wifi::Bss;
use crate::sources::machine::Machine;

use super::{PATIENCE, Silence, Told, words};

/// Where wpa_supplicant puts a socket for each interface.
const FOLDER: &str = "/run/wpa_supplicant";
/// Longest reply wpa_supplicant gives.
const REPLY: usize = 4096;

pub(super) async fn ask(machine: &Machine, interface: &str, bss: &Bss, authorized: bool) -> Result<Told, Silence> {
    let line = Line::open(machine, interface)?;
    let status = line.ask("STATUS").await?;
    let negotiated = words::status(&status, bss, authorized)?;
    let enterprise = words::is_enterprise(negotiated.akm);
    let verification = if enterprise { line.verification(words::id(&status)).await } else { Err(Silence::Absent) };
    Ok(Told { negotiated, verification })
}

/// A socket that only wpa_supplicant answers.
struct Line(UnixDatagram);

impl Line {
    fn open(machine: &Machine, interface: &str) -> Result<Self, Silence> {
        let path = machine.path(FOLDER).join(interface);
        let socket = own_socket(interface).map_err(|_| Silence::Mute)?;
        // Once connected, only that peer's datagrams arrive.
        socket.connect(&path).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => Silence::Forbidden,
            _ => Silence::Absent,
        })?;
        let socket = socket.set_nonblocking(true).and_then(|()| UnixDatagram::from_std(socket));
        socket.map(Self).map_err(|_| Silence::Mute)
    }

    async fn ask(&self, question: &str) -> Result<String, Silence> {
        let exchange = async {
            self.0.send(question.as_bytes()).await?;
            let mut reply = vec![0; REPLY];
            let length = self.0.recv(&mut reply).await?;
            reply.truncate(length);
            std::io::Result::Ok(reply)
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(Ok(reply)) => Ok(String::from_utf8_lossy(&reply).into_owned()),
            Ok(Err(error)) if error.kind() == ErrorKind::PermissionDenied => Err(Silence::Forbidden),
            Ok(Err(_)) | Err(_) => Err(Silence::Mute),
        }
    }

    /// How the profile in use verifies the server.
    async fn verification(&self, id: Option<u32>) -> Result<Enterprise, Silence> {
        let id = id.ok_or(Silence::Mute)?;
        let mut replies = Vec::with_capacity(words::VERIFICATION.len());
        for variable in words::VERIFICATION {
            replies.push(self.ask(&format!("GET_NETWORK {id} {variable}")).await?);
        }
        Ok(words::verification(|variable| {
            let at = words::VERIFICATION.iter().position(|named| *named == variable)?;
            replies.get(at).map(String::as_str)
        }))
    }
}

/// A socket with a name of its own to be answered at, in the abstract namespace: it leaves no file.
fn own_socket(interface: &str) -> std::io::Result<StdDatagram> {
    let mut last = std::io::Error::from(ErrorKind::AddrInUse);
    for attempt in 0..4_u8 {
        let name = format!("homeward-{}-{interface}-{attempt}", std::process::id());
        match StdDatagram::bind_addr(&SocketAddr::from_abstract_name(name)?) {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    Err(last)
}
