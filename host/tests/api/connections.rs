//! Clients that open connections and do nothing with them.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::home::{Home, On};
use crate::program::Program;

/// Far less than an idle connection may stay for.
const SOON: Duration = Duration::from_secs(25);

fn open(program: &Program, says: &str) -> TcpStream {
    let mut stream = TcpStream::connect(program.socket()).expect("the system takes it");
    stream.write_all(says.as_bytes()).ok();
    stream
}

/// More of them than the service may have open files: whoever comes next is answered all the same.
#[tokio::test]
async fn idle_ones_are_closed_for_those_who_ask() {
    let home = Home::new(On::Sqlite);
    let program = Program::start_with_files(256, &home.url, home.folder(), "--rate 0");
    let mut idle = Vec::new();
    for at in 0..600 {
        idle.push(open(&program, ["", "GET /healthz HTTP/1.1\r\nhost: "][at % 2]));
        if at % 100 == 0 {
            let answered = tokio::time::timeout(SOON, program.client().get("/healthz")).await;
            answered.expect("nobody waits for who says nothing").is(200);
        }
    }
    for _ in 0..20 {
        let answered = tokio::time::timeout(SOON, program.client().get("/readyz")).await;
        answered.expect("nobody waits for who says nothing").is(200);
    }
    assert!(!program.log().contains("can't take a connection"), "{}", program.log());
}

/// Who asks and doesn't read is cut off, and what was kept for it is let go.
#[tokio::test]
async fn answers_that_nobody_reads_are_cut() {
    let home = Home::new(On::Sqlite);
    let program = home.serve();
    let mut stream = open(&program, &"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200));
    stream.set_nonblocking(true).expect("a socket");
    let begun = Instant::now();
    let cut = loop {
        match stream.write(b"G") {
            Err(error) if error.kind() != ErrorKind::WouldBlock => break error,
            _ => assert!(begun.elapsed() < Duration::from_secs(120), "it is kept"),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert!(matches!(cut.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{cut}");
    program.client().get("/healthz").await.is(200);
}
