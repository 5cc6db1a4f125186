//! Name look-ups by the resolvers of one link, leaving by that link.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hickory_resolver::Resolver;
use hickory_resolver::config::{LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::iocompat::AsyncIoTokioAsStd;
use hickory_resolver::net::runtime::{DnsUdpSocket, RuntimeProvider, TokioHandle, TokioTime};
use tokio::net::{TcpStream, UdpSocket};

use super::link::Door;

/// More addresses of one name are not tried.
const MAX_ADDRESSES: usize = 4;

/// Looks up the addresses of a host. The error is in words: `no such name`, `timed out`, `not permitted`, ….
pub(super) async fn look_up(
    door: &Door,
    servers: &[IpAddr],
    host: &str,
    limit: Duration,
) -> Result<Vec<IpAddr>, Trouble> {
    let servers = servers.iter().map(|&server| NameServerConfig::udp_and_tcp(server)).collect();
    let provider = Provider { door: door.clone(), handle: TokioHandle::default(), refused: Arc::default() };
    let refused = Arc::clone(&provider.refused);
    let mut builder = Resolver::builder_with_config(ResolverConfig::from_parts(None, Vec::new(), servers), provider);
    let options = builder.options_mut();
    options.timeout = limit;
    options.attempts = 1;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    options.ip_strategy = if door.has_ipv4() { LookupIpStrategy::Ipv4Only } else { LookupIpStrategy::Ipv6Only };
    let resolver = builder.build().map_err(|error| Trouble::Other(error.to_string()))?;
    let answer = match tokio::time::timeout(limit, resolver.lookup_ip(format!("{host}."))).await {
        Ok(answer) => answer,
        Err(_) if refused.load(Ordering::Relaxed) => return Err(Trouble::NotPermitted),
        Err(_) => return Err(Trouble::Other("timed out".to_owned())),
    };
    match answer {
        Ok(found) => Ok(found.iter().take(MAX_ADDRESSES).collect()),
        Err(_) if refused.load(Ordering::Relaxed) => Err(Trouble::NotPermitted),
        Err(error) if error.is_nx_domain() => Err(Trouble::Other("no such name".to_owned())),
        Err(error) => Err(Trouble::Other(error.to_string())),
    }
}

/// Why a look-up brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// This machine's own firewall let no packet out.
    NotPermitted,
    /// Anything else, in words.
    Other(String),
}

/// Gives the resolver sockets that leave by the door, and remembers whether the firewall refused one.
#[derive(Clone)]
struct Provider {
    door: Door,
    handle: TokioHandle,
    refused: Arc<AtomicBool>,
}

impl RuntimeProvider for Provider {
    type Handle = TokioHandle;
    type Timer = TokioTime;
    type Udp = Watched;
    type Tcp = AsyncIoTokioAsStd<TcpStream>;

    fn create_handle(&self) -> Self::Handle {
        self.handle.clone()
    }

    fn connect_tcp(
        &self,
        server: SocketAddr,
        _bind: Option<SocketAddr>,
        limit: Option<Duration>,
    ) -> Pin<Box<dyn Send + Future<Output = io::Result<Self::Tcp>>>> {
        let socket = self.door.tcp(server.ip());
        Box::pin(async move {
            let connecting = socket?.connect(server);
            let stream = match limit {
                Some(limit) => tokio::time::timeout(limit, connecting).await.map_err(|_| io::ErrorKind::TimedOut)??,
                None => connecting.await?,
            };
            Ok(AsyncIoTokioAsStd(stream))
        })
    }

    fn bind_udp(
        &self,
        _local: SocketAddr,
        server: SocketAddr,
    ) -> Pin<Box<dyn Send + Future<Output = io::Result<Self::Udp>>>> {
        let (door, refused) = (self.door.clone(), Arc::clone(&self.refused));
        Box::pin(async move { Ok(Watched { socket: door.udp(server.ip()).await?, refused }) })
    }
}

/// A UDP socket that remembers a "not permitted": the resolver's own errors do not say so much.
struct Watched {
    socket: UdpSocket,
    refused: Arc<AtomicBool>,
}

impl DnsUdpSocket for Watched {
    type Time = TokioTime;

    fn poll_recv_from(&self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<(usize, SocketAddr)>> {
        DnsUdpSocket::poll_recv_from(&self.socket, cx, buf)
    }

    fn poll_send_to(&self, cx: &mut Context<'_>, buf: &[u8], target: SocketAddr) -> Poll<io::Result<usize>> {
        let sent = DnsUdpSocket::poll_send_to(&self.socket, cx, buf, target);
        if let Poll::Ready(Err(error)) = &sent
            && error.kind() == io::ErrorKind::PermissionDenied
        {
            self.refused.store(true, Ordering::Relaxed);
        }
        sent
    }
}
