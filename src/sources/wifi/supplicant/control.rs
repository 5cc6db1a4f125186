//! wpa_supplicant's control socket: one datagram `STATUS`, one datagram back. Root and, on Debian,
//! the group `netdev` may ask.

use std::io::ErrorKind;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram as StdDatagram};

use tokio::net::UnixDatagram;

use crate::facts::wifi::{Bss, Negotiated};
use crate::sources::machine::Machine;

use super::{PATIENCE, Silence, words};

/// Where wpa_supplicant puts a socket for each interface.
const FOLDER: &str = "/run/wpa_supplicant";
/// Longest reply wpa_supplicant gives.
const REPLY: usize = 4096;

pub(super) async fn ask(
    machine: &Machine,
    interface: &str,
    bss: &Bss,
    authorized: bool,
) -> Result<Negotiated, Silence> {
    let path = machine.path(FOLDER).join(interface);
    let socket = own_socket(interface).map_err(|_| Silence::Mute)?;
    // Once connected, only that peer's datagrams arrive.
    socket.connect(&path).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => Silence::Forbidden,
        _ => Silence::Absent,
    })?;
    let socket =
        socket.set_nonblocking(true).and_then(|()| UnixDatagram::from_std(socket)).map_err(|_| Silence::Mute)?;
    let exchange = async {
        socket.send(b"STATUS").await?;
        let mut reply = vec![0; REPLY];
        let length = socket.recv(&mut reply).await?;
        reply.truncate(length);
        std::io::Result::Ok(reply)
    };
    let reply = match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) if error.kind() == ErrorKind::PermissionDenied => return Err(Silence::Forbidden),
        Ok(Err(_)) | Err(_) => return Err(Silence::Mute),
    };
    words::status(&String::from_utf8_lossy(&reply), bss, authorized)
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
