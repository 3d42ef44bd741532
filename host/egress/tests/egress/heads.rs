//! Heads beyond the limits, and hosts that aren't there.

use linker_egress::{Error, Reason};
use linker_test_server::Server;
use tokio::io::AsyncWriteExt;

use crate::support::{asked, config, get, sender};

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
            let expected = if server.certificate().is_some() { Reason::Connect } else { Reason::TooLarge };
            assert_eq!(error.reason(), expected, "{path}: {error}");
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
    for (text, reason) in
        [("SSH-2.0-OpenSSH_9.9\r\n", Reason::Connect), ("", Reason::Connect), ("HTTP/1.1 20", Reason::Connect)]
    {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked(&mut stream).await;
            stream.write_all(text.as_bytes()).await.unwrap();
        });
        let server = Server::start().await.unwrap();
        let error = get(&sender(config(&server)), &format!("http://example.com:{port}/")).await.unwrap_err();
        assert_eq!(error.reason(), reason, "{text:?}: {error}");
    }
}
