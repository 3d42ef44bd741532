//! A sender on the test server, and what it got.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use http::{HeaderMap, Request, StatusCode, Version};
use http_body_util::BodyExt;
use linker_egress::address::{Loopback, Policy, Ports};
use linker_egress::sender::{Deadlines, Roots};
use linker_egress::{Config, Error, LookupError, Met, Resolver, Sender, TcpDialer};
use linker_test_server::Server;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Leads every name to this machine, but those under `nowhere.example.com`.
pub(crate) struct Here;

impl Resolver for Here {
    async fn lookup(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        if host.ends_with("nowhere.example.com") {
            return Err(LookupError::NotFound);
        }
        Ok(vec![Ipv4Addr::LOCALHOST.into()])
    }
}

/// Everything that came of a request.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) met: Met,
    pub(crate) body: Vec<u8>,
    /// How the body ended.
    pub(crate) end: Result<(), Error>,
}

/// The defaults, but open for this machine, and not as patient.
pub(crate) fn config(server: &Server) -> Config {
    Config {
        policy: Policy { ports: Ports::AlsoAbove1023, loopback: Loopback::AllowedForTests },
        deadlines: Deadlines {
            connect: Duration::from_secs(2),
            idle: Duration::from_secs(3),
            total: Duration::from_secs(8),
        },
        roots: server.certificate().map_or(Roots::Bundled, |certificate| Roots::Only(vec![certificate.clone()])),
        ..Config::default()
    }
}

pub(crate) fn sender(config: Config) -> Sender<Here, TcpDialer> {
    Sender::new(config, Here, TcpDialer).unwrap()
}

pub(crate) async fn get<R: Resolver>(sender: &Sender<R, TcpDialer>, url: &str) -> Result<Got, Error> {
    let request = Request::get(url).body(()).unwrap();
    let answer = sender.send(request).await?;
    let met = *answer.extensions().get::<Met>().unwrap();
    let (head, mut incoming) = answer.into_parts();
    let mut body = Vec::new();
    let mut end = Ok(());
    while let Some(frame) = incoming.frame().await {
        match frame {
            Ok(frame) => body.extend_from_slice(frame.data_ref().unwrap()),
            Err(error) => end = Err(error),
        }
    }
    Ok(Got { status: head.status, version: head.version, headers: head.headers, met, body, end })
}

/// For servers made by hand: returns when a request has come.
pub(crate) async fn asked(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
}
