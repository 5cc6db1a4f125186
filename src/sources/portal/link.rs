//! Sockets that leave by one interface, whatever the routes say.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpSocket, UdpSocket};

use crate::facts::link::{Interface, Scope};

/// The outward interface as a door.
#[derive(Clone, Debug)]
pub(super) struct Door {
    interface: String,
    addresses: Vec<IpAddr>,
}

impl Door {
    pub(super) fn of(interface: &Interface) -> Self {
        let usable = interface.addresses.iter().filter(|address| address.scope == Scope::Global);
        Self { interface: interface.name.clone(), addresses: usable.map(|address| address.net.addr()).collect() }
    }

    /// Whether the interface has an IPv4 address: names are then looked up for IPv4.
    pub(super) fn has_ipv4(&self) -> bool {
        self.addresses.iter().any(IpAddr::is_ipv4)
    }

    /// A TCP socket for this destination.
    pub(super) fn tcp(&self, to: IpAddr) -> io::Result<TcpSocket> {
        let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if !to.is_loopback()
            && let Err(error) = socket.bind_device(Some(self.interface.as_bytes()))
        {
            socket.bind(self.source(to, error)?)?;
        }
        Ok(socket)
    }

    /// A UDP socket for this destination.
    pub(super) async fn udp(&self, to: IpAddr) -> io::Result<UdpSocket> {
        let any = if to.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
        let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
        if to.is_loopback() {
            return Ok(socket);
        }
        match socket.bind_device(Some(self.interface.as_bytes())) {
            Ok(()) => Ok(socket),
            Err(error) => UdpSocket::bind(self.source(to, error)?).await,
        }
    }

    /// The interface's own address, for kernels that do not let an ordinary user choose the device (before 5.7).
    /// It keeps to the interface where the routes do; the error stands where there is no such address.
    fn source(&self, to: IpAddr, error: io::Error) -> io::Result<SocketAddr> {
        let source = self.addresses.iter().find(|address| address.is_ipv4() == to.is_ipv4());
        source.map(|&address| SocketAddr::new(address, 0)).ok_or(error)
    }
}
