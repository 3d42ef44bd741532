//! Connections, versions, TLS, and what is asked.

use std::time::Duration;

use http::{Method, Request, StatusCode, Version};
use linker_egress::address::Refusal;
use linker_egress::sender::{Pool, Roots, UserAgent};
use linker_egress::{Config, Error};
use linker_test_server::Server;
use tokio::io::AsyncWriteExt;

use crate::support::{asked, config, get, sender};

#[tokio::test]
async fn statuses_come_as_they_are() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for status in [200, 204, 301, 304, 401, 403, 404, 410, 429, 500, 503, 999] {
        let got = get(&sender, &server.url("example.com", &format!("/status/{status}"))).await.unwrap();
        assert_eq!((got.status.as_u16(), got.end), (status, Ok(())));
    }
    let again = server.url("example.com", "/retry/503/once");
    assert_eq!(get(&sender, &again).await.unwrap().status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(get(&sender, &again).await.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server = Server::start().await.unwrap();
    let got = get(&sender(config(&server)), &server.url("example.com", "/redirect/loop")).await.unwrap();
    assert_eq!((got.status.as_u16(), got.headers["location"].to_str().unwrap()), (302, "/redirect/loop"));
    assert_eq!(server.hits("/redirect/loop"), 1);
}

#[tokio::test]
async fn connections_are_kept_by_origin() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for (at, path) in
        ["/page/100000", "/encoded/gzip/200000", "/encoded/br/10", "/status/404", "/status/204"].iter().enumerate()
    {
        let got = get(&sender, &server.url("example.com", path)).await.unwrap();
        assert_eq!(got.met.reused, at > 0, "{path}");
    }
    assert_eq!((server.connections(), sender.idle()), (1, 1));
    assert!(!get(&sender, &server.url("www.example.com", "/page")).await.unwrap().met.reused);
    get(&sender, &server.url("www.example.com", "/head/closing")).await.unwrap();
    assert!(!get(&sender, &server.url("www.example.com", "/page")).await.unwrap().met.reused);
}

#[tokio::test]
async fn idle_connections_are_bounded() {
    let server = Server::start().await.unwrap();
    let pool = Pool { total: 3, ..Pool::default() };
    let sender = sender(Config { pool, ..config(&server) });
    for host in 0..10 {
        get(&sender, &server.url(&format!("h{host}.example.com"), "/page")).await.unwrap();
        assert!(sender.idle() <= 3);
    }
    assert!(get(&sender, &server.url("h9.example.com", "/page")).await.unwrap().met.reused);
    assert!(!get(&sender, &server.url("h0.example.com", "/page")).await.unwrap().met.reused);
}

/// Nobody needs to send anything for idle connections to be let go, the first ones and those that come later.
#[tokio::test]
async fn idle_connections_end_in_their_time() {
    let server = Server::start().await.unwrap();
    let pool = Pool { idle: Duration::from_millis(200), ..Pool::default() };
    let sender = sender(Config { pool, ..config(&server) });
    for _ in 0..2 {
        get(&sender, &server.url("a.example.com", "/page")).await.unwrap();
        get(&sender, &server.url("b.example.com", "/page")).await.unwrap();
        assert_eq!(sender.idle(), 2);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(sender.idle(), 0);
    }
}

/// Servers close idle connections without a word: the next request must not fail for it.
#[tokio::test]
async fn a_connection_closed_meanwhile_is_replaced() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        for answer in 0..3 {
            let (mut stream, _) = listener.accept().await.unwrap();
            asked(&mut stream).await;
            let text = format!("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{answer}");
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    });
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for answer in ["0", "1", "2"] {
        let got = get(&sender, &format!("http://example.com:{port}/")).await.unwrap();
        assert_eq!(got.body, answer.as_bytes());
    }
    serving.await.unwrap();
}

#[tokio::test]
async fn http2_by_alpn_and_shared() {
    let server = Server::start_tls().await.unwrap();
    let two = sender(config(&server));
    let url = server.url("www.example.com", "/encoded/gzip/300000");
    let got = get(&two, &url).await.unwrap();
    assert_eq!((got.version, got.end, got.body.len() > 300_000), (Version::HTTP_2, Ok(()), true));
    let late = server.url("www.example.com", "/head/late/50");
    let (one, other) = tokio::join!(get(&two, &late), get(&two, &url));
    assert!(one.unwrap().met.reused && other.unwrap().met.reused);
    assert_eq!(server.connections(), 1);
    let one = sender(Config { http2: false, ..config(&server) });
    assert_eq!(get(&one, &url).await.unwrap().version, Version::HTTP_11);
}

#[tokio::test]
async fn tls_sessions_resume() {
    let server = Server::start_tls().await.unwrap();
    let pool = Pool { per_origin: 0, ..Pool::default() };
    let sender = sender(Config { pool, ..config(&server) });
    for _ in 0..3 {
        get(&sender, &server.url("www.example.com", "/page")).await.unwrap();
    }
    assert_eq!((server.connections(), server.resumed()), (3, 2));
}

#[tokio::test]
async fn bad_certificates_are_told_from_bad_handshakes() {
    let server = Server::start_tls().await.unwrap();
    let other_name = get(&sender(config(&server)), &server.url("example.org", "/page")).await.unwrap_err();
    assert!(matches!(&other_name, Error::Tls { certificate: true, .. }), "{other_name}");
    assert_eq!(other_name.to_string(), "no secure connection to `example.org`: its certificate is for another name");
    let stranger = sender(Config { roots: Roots::Bundled, ..config(&server) });
    let unknown = get(&stranger, &server.url("example.com", "/page")).await.unwrap_err();
    assert_eq!(unknown.to_string(), "no secure connection to `example.com`: its certificate's issuer is unknown");
    let plain = Server::start().await.unwrap();
    let no_tls = get(&sender(config(&server)), &format!("https://example.com:{}/", plain.port())).await.unwrap_err();
    assert!(matches!(&no_tls, Error::Tls { certificate: false, .. }), "{no_tls}");
}

#[tokio::test]
async fn asks_as_an_honest_reader() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for path in ["/trap/head", "/trap/agent", "/trap/accept"] {
        assert_eq!(get(&sender, &server.url("example.com", path)).await.unwrap().status, StatusCode::OK, "{path}");
    }
    let request = Request::get(server.url("EXAMPLE.com.", "/trap/echo?q=a%20b"))
        .header("cookie", "seen=1")
        .header("user-agent", "Mozilla/5.0 (Windows NT 10.0) Chrome/130")
        .header("authorization", "Basic eA==")
        .header("range", "bytes=0-")
        .header("host", "inside.example.com")
        .body(())
        .unwrap();
    let answer = sender.send(request).await.unwrap();
    let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
    let text = std::str::from_utf8(&body).unwrap();
    let expected = format!(
        "GET /trap/echo?q=a%20b HTTP/1.1\nhost: example.com:{}\nuser-agent: Mozilla/5.0 (compatible; Igny8Check/0.1)\n\
         accept: text/html,application/xhtml+xml,*/*;q=0.8\ncookie: seen=1\naccept-encoding: gzip, br, zstd, deflate\n",
        server.port()
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn only_get() {
    let server = Server::start().await.unwrap();
    let request = Request::builder().method(Method::HEAD).uri(server.url("example.com", "/page")).body(()).unwrap();
    let error = sender(config(&server)).send(request).await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "only GET requests are sent, not `HEAD`");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn this_machine_needs_the_switch() {
    let server = Server::start().await.unwrap();
    let closed = sender(Config { policy: linker_egress::address::Policy::default(), ..config(&server) });
    for url in
        [server.url("example.com", "/"), "http://127.0.0.1:8080/".to_owned(), "http://example.com:8080/".to_owned()]
    {
        let error = get(&closed, &url).await.unwrap_err();
        assert!(matches!(error, Error::Refused(Refusal::Port(_) | Refusal::Address { .. })), "{url}: {error}");
    }
    let opened = sender(config(&server)).policy().target(&server.url("127.0.0.1", "/page")).unwrap();
    let refused = closed.fetch(&opened, &http::HeaderMap::new()).await.map(drop).unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused}");
    assert_eq!(server.connections(), 0);
}

/// The switch opens this machine, not its neighbours.
#[tokio::test]
async fn the_switch_opens_nothing_else() {
    let server = Server::start().await.unwrap();
    let policy = config(&server).policy;
    for address in ["10.0.0.1", "0.0.0.0", "169.254.169.254", "::", "::127.0.0.1", "fe80::1"] {
        assert!(policy.vet("example.com", &[address.parse().unwrap()]).is_err(), "{address}");
    }
    // The machine's own name servers and network, as far as that goes without asking them anything.
    if let Ok(sender) = linker_egress::Sender::system(Config::default()) {
        let request = Request::get("http://localhost/").body(()).unwrap();
        let error = sender.send(request).await.map(drop).unwrap_err();
        assert_eq!(error.to_string(), "`localhost` is not a public host name");
    }
}

#[test]
fn the_agent_never_says_link() {
    assert!(UserAgent::new("Igny8-Linker/1.0").is_err());
    assert!(UserAgent::new("a\r\nb").is_err());
    assert!(UserAgent::new(" ").is_err());
    assert!(UserAgent::new("Acme-Check/1.0 (+https://acme.example/bot)").is_ok());
    assert!(!format!("{:?}", UserAgent::default()).to_lowercase().contains("link"));
}
