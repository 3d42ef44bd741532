//! HTTPS, in a process of its own: certificates and proxies come from the environment.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use linker_marketplace::{Answer, Config, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig, pki_types::PrivateKeyDer};

use crate::{KEY, client, config, lookup, unknown};

const BASE: &str = "MARKETPLACE_TEST_BASE";

/// What the other process does.
#[tokio::test]
#[ignore = "run by the test below"]
async fn asked_by_another_process() {
    let base = std::env::var(BASE).expect("set by the test below");
    let found = lookup(&client(config(&base)), &["a.com"]).await;
    assert!(matches!(found.answers[0].answer, Answer::Listed(_)), "{found:?}");
}

/// Serves one listing over TLS; counts the requests that came with the key.
async fn serve(served: Arc<AtomicUsize>) -> (u16, Vec<u8>) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = certified.cert.der().clone();
    let private = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let tls = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let (mut head, mut part) = (Vec::new(), [0; 4096]);
            while !String::from_utf8_lossy(&head).contains("{\"search\":\"a.com\"}") {
                match stream.read(&mut part).await {
                    Ok(count @ 1..) => head.extend_from_slice(&part[..count]),
                    _ => break,
                }
            }
            served.fetch_add(usize::from(String::from_utf8_lossy(&head).contains(KEY)), Ordering::SeqCst);
            let body = "{\"items\":[{\"url\":\"a.com\"}]}";
            let answer =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, certificate.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn https_takes_the_systems_certificates_and_not_the_environments_proxies() {
    let served = Arc::new(AtomicUsize::new(0));
    let (port, certificate) = serve(Arc::clone(&served)).await;
    let base = format!("https://localhost:{port}/api");

    let stranger = client(Config { retries: 0, ..config(&base) });
    assert!(matches!(unknown(&stranger).await, Error::Unreachable(why) if why.contains("certificate")));
    assert_eq!(served.load(Ordering::SeqCst), 0, "the key is not shown to whoever can't prove its name");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roots.pem");
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    std::fs::write(&path, format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")).unwrap();
    let mut other = std::process::Command::new(std::env::current_exe().unwrap());
    other.args(["--exact", "tls::asked_by_another_process", "--ignored"]).env("SSL_CERT_FILE", &path).env(BASE, &base);
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"] {
        other.env(proxy, "http://127.0.0.1:1");
    }
    let output = tokio::task::spawn_blocking(move || other.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(served.load(Ordering::SeqCst), 1);
}
