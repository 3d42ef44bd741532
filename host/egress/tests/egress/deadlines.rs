//! Servers that take their time.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use linker_egress::sender::Deadlines;
use linker_egress::{Config, Dialer, Error, Phase, Sender};
use linker_test_server::Server;
use tokio::net::TcpStream;

use crate::support::{Here, asked, config, get, sender};

const fn deadlines(connect: u64, idle: u64, total: u64) -> Deadlines {
    Deadlines {
        connect: Duration::from_millis(connect),
        idle: Duration::from_millis(idle),
        total: Duration::from_millis(total),
    }
}

fn timeout(phase: Phase, millis: u64) -> Error {
    Error::Timeout { phase, limit: Duration::from_millis(millis) }
}

#[tokio::test]
async fn silence_and_dripping_end() {
    let server = Server::start().await.unwrap();
    let sender = sender(Config { deadlines: deadlines(1000, 300, 900), ..config(&server) });
    for (path, error) in [("/body/stall", timeout(Phase::Idle, 300)), ("/body/drip", timeout(Phase::Total, 900))] {
        let start = Instant::now();
        let got = get(&sender, &server.url("example.com", path)).await.unwrap();
        assert_eq!(got.end, Err(error), "{path}");
        assert!(start.elapsed() < Duration::from_millis(1500), "{path}: {:?}", start.elapsed());
        assert!(!got.body.is_empty(), "{path}");
    }
    let late = get(&sender, &server.url("example.com", "/head/late/5000")).await.unwrap_err();
    assert_eq!(late, timeout(Phase::Idle, 300));
    assert_eq!(late.to_string(), "waiting for the server's next bytes took longer than 0.3 s");
    assert_eq!(sender.idle(), 0);
}

/// Heads can be dripped as well, which no byte's deadline notices.
#[tokio::test]
async fn a_dripping_head_ends() {
    use tokio::io::AsyncWriteExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        asked(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await.unwrap();
        while stream.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let server = Server::start().await.unwrap();
    let sender = sender(Config { deadlines: deadlines(1000, 400, 900), ..config(&server) });
    let start = Instant::now();
    let error = get(&sender, &format!("http://example.com:{port}/")).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_millis(1500));
}

/// A reader who takes long is no fault of the server's.
#[tokio::test]
async fn a_slow_reader_is_not_the_servers_fault() {
    use http_body_util::BodyExt;
    let server = Server::start().await.unwrap();
    let sender = sender(Config { deadlines: deadlines(1000, 200, 400), ..config(&server) });
    let request = http::Request::get(server.url("example.com", "/page/1000000")).body(()).unwrap();
    let mut body = sender.send(request).await.unwrap().into_body();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let first = body.frame().await.unwrap();
    assert!(first.is_ok(), "{first:?}");
}

struct Nobody;

impl Dialer for Nobody {
    type Io = TcpStream;

    async fn dial(&self, _: SocketAddr) -> io::Result<TcpStream> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn connecting_ends() {
    let server = Server::start().await.unwrap();
    let config = Config { deadlines: deadlines(200, 1000, 2000), ..config(&server) };
    let sender = Sender::new(config, Here, Nobody).unwrap();
    let request = http::Request::get("http://example.com/").body(()).unwrap();
    let error = sender.send(request).await.map(drop).unwrap_err();
    assert_eq!(error, timeout(Phase::Connect, 200));
    assert_eq!(error.to_string(), "connecting took longer than 0.2 s");
}
