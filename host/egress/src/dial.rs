//! From a vetted address to a connection.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Opens connections. Gets addresses only, and only ones that passed the gate.
pub trait Dialer: Send + Sync + 'static {
    /// The connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Connects to exactly this address. No deadline of its own.
    fn dial(&self, address: SocketAddr) -> impl Future<Output = io::Result<Self::Io>> + Send;
}

/// TCP.
#[derive(Debug, Clone, Copy, Default)]
pub struct TcpDialer;

impl Dialer for TcpDialer {
    type Io = TcpStream;

    async fn dial(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(address).await?;
        // A request is one small write: waiting for more to send with it would only cost time.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// RFC 8305's delay before the next address is tried beside the first.
const HEAD_START: Duration = Duration::from_millis(250);
/// More addresses than this are not tried: whoever lists a hundred dead ones would have us knock at all of them.
const ATTEMPTS: usize = 4;

/// The first of the addresses that answers, tried one after the other with a head start each.
pub(crate) async fn race<D: Dialer>(dialer: &Arc<D>, addresses: &[SocketAddr]) -> io::Result<(SocketAddr, D::Io)> {
    let nowhere = || io::Error::new(io::ErrorKind::AddrNotAvailable, "no address to connect to");
    if let [only] = addresses {
        return dialer.dial(*only).await.map(|io| (*only, io));
    }
    let mut waiting = addresses.iter().copied().take(ATTEMPTS);
    let mut running = JoinSet::new();
    let mut failure = None;
    loop {
        if let Some(address) = waiting.next() {
            let dialer = Arc::clone(dialer);
            running.spawn(async move { dialer.dial(address).await.map(|io| (address, io)) });
        }
        let next = if waiting.len() == 0 {
            running.join_next().await
        } else {
            match tokio::time::timeout(HEAD_START, running.join_next()).await {
                Ok(next) => next,
                Err(_) => continue,
            }
        };
        match next {
            // Dropping the set ends the others.
            Some(Ok(Ok(connected))) => return Ok(connected),
            // The first address's failure is the one to tell: the later ones are often of a family that isn't there.
            Some(Ok(Err(error))) => drop(failure.get_or_insert(error)),
            Some(Err(_)) => {}
            None => return Err(failure.unwrap_or_else(nowhere)),
        }
    }
}

/// The order to try in: the families in turn, IPv4 first, for many a container has an IPv6 route that ends nowhere.
pub(crate) fn in_turn(addresses: Vec<std::net::IpAddr>, port: u16) -> Vec<SocketAddr> {
    let (mut v4, mut v6): (Vec<_>, Vec<_>) =
        addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).partition(SocketAddr::is_ipv4);
    v4.truncate(ATTEMPTS);
    v6.truncate(ATTEMPTS);
    let (mut v4, mut v6) = (v4.into_iter(), v6.into_iter());
    let mut order = Vec::new();
    loop {
        match (v4.next(), v6.next()) {
            (None, None) => return order,
            pair => order.extend([pair.0, pair.1].into_iter().flatten()),
        }
    }
}
