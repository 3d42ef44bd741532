//! Heads beyond the limits, and hosts that aren't there.

use linker_egress::Error;
use linker_test_server::Server;
use tokio::io::AsyncWriteExt;

use crate::support::{asked, config, get, sender};

/// Whether an error is the one that is meant.
type Right = fn(&Error) -> bool;

#[tokio::test]
async fn heads_are_bounded() {
    let (plain, secure) = (Server::start().await.unwrap(), Server::start_tls().await.unwrap());
    for server in [&plain, &secure] {
        let sender = sender(config(server));
        for path in ["/head/many/90", "/head/large/25000"] {
            assert!(get(&sender, &server.url("example.com", path)).await.is_ok(), "{path}");
        }
        let too_large = Error::HeadTooLarge { bytes: 32_768, count: 100 };
        assert_eq!(get(&sender, &server.url("example.com", "/head/many/150")).await.unwrap_err(), too_large);
        for path in ["/head/many/3000", "/head/large/100000"] {
            let error = get(&sender, &server.url("example.com", path)).await.unwrap_err();
            // HTTP/2 resets the stream as soon as it is too much, and doesn't say for what.
            let unsaid = server.certificate().is_some() && matches!(error, Error::Incomplete { .. });
            assert!(unsaid || error == too_large, "{path}: {error}");
        }
    }
}

#[tokio::test]
async fn hosts_that_are_not_there() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    let dns = get(&sender, "http://nowhere.example.com/").await.unwrap_err();
    assert_eq!(dns.to_string(), "the name `nowhere.example.com` can't be found: no such name, or no address");
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let refused = get(&sender, &format!("http://example.com:{port}/")).await.unwrap_err();
    assert_eq!(refused.to_string(), "`example.com` can't be reached: the connection was refused");
}

#[tokio::test]
async fn answers_that_are_not_http() {
    let protocol = |error: &Error| matches!(error, Error::Protocol { .. });
    let cut = |error: &Error| matches!(error, Error::Incomplete { .. });
    let cases: [(&str, Right); 3] = [("SSH-2.0-OpenSSH_9.9\r\n", protocol), ("", cut), ("HTTP/1.1 20", cut)];
    for (text, right) in cases {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked(&mut stream).await;
            stream.write_all(text.as_bytes()).await.unwrap();
        });
        let server = Server::start().await.unwrap();
        let error = get(&sender(config(&server)), &format!("http://example.com:{port}/")).await.unwrap_err();
        assert!(right(&error), "{text:?}: {error}");
    }
}

/// Heads that browsers look over.
#[tokio::test]
async fn sloppy_heads_are_read() {
    for head in ["X Bad Name: 1\r\n", "No colon at all\r\n", "X-Folded: one\r\n two\r\n", "X-Latin: caf\u{e9}\r\n"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked(&mut stream).await;
            let answer = format!("HTTP/1.1 200 OK\r\n{head}Content-Length: 4\r\n\r\npage");
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        let server = Server::start().await.unwrap();
        let got = get(&sender(config(&server)), &format!("http://example.com:{port}/")).await.unwrap();
        assert_eq!((got.body.as_slice(), got.end), (&b"page"[..], Ok(())), "{head:?}");
    }
}

/// A server that resets every stream but the first is asked twice for a page, not for as long as the deadline allows.
#[tokio::test]
async fn reset_streams_are_no_loop() {
    let server = Server::start_tls().await.unwrap();
    let sender = sender(config(&server));
    assert!(get(&sender, &server.url("example.com", "/page")).await.is_ok());
    let error = get(&sender, &server.url("example.com", "/head/none")).await.unwrap_err();
    assert!(matches!(error, Error::Incomplete { .. }), "{error}");
    assert_eq!(server.hits("/head/none"), 2);
}
