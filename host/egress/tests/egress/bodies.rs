//! Decoding, caps, and bodies that break.

use linker_egress::sender::Limits;
use linker_egress::{Config, Error};
use linker_test_server::Server;
use linker_test_server::cases::page;

use crate::support::{config, get, sender};

#[tokio::test]
async fn every_coding_is_undone() {
    let (plain, secure) = (Server::start().await.unwrap(), Server::start_tls().await.unwrap());
    for server in [plain, secure] {
        let sender = sender(config(&server));
        for coding in
            ["identity", "gzip", "br", "zstd", "deflate", "deflate-raw", "gzip-members", "gzip-padded", "gzip-gzip"]
        {
            for size in [0, 5_000, 200_000, 1_500_000] {
                let got = get(&sender, &server.url("example.com", &format!("/encoded/{coding}/{size}"))).await.unwrap();
                assert_eq!(got.end, Ok(()), "{coding} {size}");
                assert!(got.body == page(size), "{coding} {size}");
                assert!(!got.headers.contains_key("content-encoding"), "{coding}");
                assert_eq!(got.headers.contains_key("content-length"), coding == "identity", "{coding}");
                assert_eq!(got.headers["content-type"], "text/html; charset=utf-8");
            }
        }
    }
}

#[tokio::test]
async fn what_cannot_be_decoded_says_so() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for (path, coding) in [("/body/bad-gzip", "gzip"), ("/body/cut-gzip", "gzip"), ("/encoded/compress/10", "compress")]
    {
        let got = get(&sender, &server.url("example.com", path)).await.unwrap();
        let Err(error @ Error::Undecodable { .. }) = got.end else { panic!("{path}: {:?}", got.end) };
        assert!(error.to_string().starts_with(&format!("the page can't be decoded from `{coding}`: ")), "{error}");
    }
}

#[tokio::test]
async fn a_cut_body_is_not_whole() {
    let (plain, secure) = (Server::start().await.unwrap(), Server::start_tls().await.unwrap());
    for server in [plain, secure] {
        let sender = sender(config(&server));
        for path in ["/body/cut", "/body/cut-chunked"] {
            let got = get(&sender, &server.url("example.com", path)).await.unwrap();
            assert!(matches!(got.end, Err(Error::Incomplete { .. })), "{path}: {:?}", got.end);
            assert!(got.body == page(20_000)[..10_000], "{path}");
        }
        assert!(
            !get(&sender, &server.url("example.com", "/page")).await.unwrap().met.reused
                || server.certificate().is_some()
        );
    }
}

#[tokio::test]
async fn the_cap_is_exact_and_told() {
    let server = Server::start().await.unwrap();
    for coding in ["identity", "gzip", "br", "zstd", "deflate"] {
        let whole = page(200_000);
        for (limit, end) in
            [(whole.len() - 1, false), (whole.len(), true), (whole.len() + 1, true), (1, false), (0, false)]
        {
            let limit = limit as u64;
            let limits = Limits { body: limit, ..Limits::default() };
            let sender = sender(Config { limits, ..config(&server) });
            let url = server.url("example.com", &format!("/encoded/{coding}/200000"));
            let got = get(&sender, &url).await.unwrap();
            let expected = if end { Ok(()) } else { Err(Error::TooLarge { limit }) };
            assert_eq!(got.end, expected, "{coding} {limit}");
            let delivered = whole.len().min(usize::try_from(limit).unwrap());
            // A body far beyond the cap while compressed is not even decoded.
            if got.body.len() != delivered {
                assert!(got.body.is_empty() && limit <= 1, "{coding} {limit}: {}", got.body.len());
            }
            assert!(whole.starts_with(&got.body));
        }
    }
}

#[tokio::test]
async fn a_link_behind_four_megabytes_is_not_seen() {
    let server = Server::start().await.unwrap();
    let got = get(&sender(config(&server)), &server.url("example.com", "/body/late-link")).await.unwrap();
    assert_eq!((got.body.len(), got.end), (2_000_000, Err(Error::TooLarge { limit: 2_000_000 })));
}

#[tokio::test]
async fn bombs_end_at_the_cap() {
    let server = Server::start().await.unwrap();
    let sender = sender(config(&server));
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let got = get(&sender, &server.url("example.com", &format!("/body/bomb/{coding}"))).await.unwrap();
        assert_eq!((got.body.len(), got.end), (2_000_000, Err(Error::TooLarge { limit: 2_000_000 })), "{coding}");
    }
    assert_eq!(sender.idle(), 0);
}
