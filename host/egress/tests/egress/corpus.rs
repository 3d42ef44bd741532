//! The corpus of addresses that must not be reached, through the front door, with a dialer that dials nobody.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use http::{Request, Uri};
use linker_egress::address::Target;
use linker_egress::robots::{Robots, Settings};
use linker_egress::sender::Roots;
use linker_egress::{Config, Dialer, Error, LookupError, Resolver, Sender};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio_rustls::TlsAcceptor;

const CORPUS: &str = include_str!("../../../../fixtures/ssrf/corpus.txt");
const REDIRECTOR: &str = "https://example.com/a/";

struct Case {
    allowed: bool,
    url: String,
    location: Option<String>,
    /// One answer for each look-up; the last stays.
    answers: Vec<Vec<IpAddr>>,
    line: usize,
}

fn cases() -> Vec<Case> {
    let lines = CORPUS.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    let raw =
        |text: &str| text.replace("{TAB}", "\t").replace("{LF}", "\n").replace("{SP}", " ").replace("{NUL}", "\0");
    let answer = |text: &str| -> Vec<IpAddr> {
        let records = text.split(',').filter(|record| !matches!(*record, "" | "NXDOMAIN"));
        records.map(|record| record.parse().unwrap()).collect()
    };
    let case = |(line, text): (usize, &str)| {
        let fields: Vec<_> = text.split('\t').collect();
        let location = fields[1].strip_prefix("REDIRECT ").map(raw);
        Case {
            allowed: match fields[0] {
                "allow" => true,
                "block" => false,
                other => panic!("line {}: `{other}`", line + 1),
            },
            url: if location.is_some() { REDIRECTOR.to_owned() } else { raw(fields[1]) },
            location,
            answers: fields[2].split('>').map(answer).collect(),
            line: line + 1,
        }
    };
    lines.map(case).collect()
}

/// Answers from the corpus, and counts.
#[derive(Clone)]
struct Mock {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl Resolver for Mock {
    async fn lookup(&self, host: &str) -> Result<Vec<IpAddr>, LookupError> {
        let mut asked = self.asked.lock().unwrap();
        let turn = asked.entry(host.to_owned()).or_default();
        let answer = self.answers.get(*turn).or(self.answers.last()).cloned().unwrap_or_default();
        *turn += 1;
        if answer.is_empty() { Err(LookupError::NotFound) } else { Ok(answer) }
    }
}

/// Writes down whom it should dial, and plays that server itself.
#[derive(Clone)]
struct Recorder {
    dialled: Arc<Mutex<Vec<SocketAddr>>>,
    tls: Option<TlsAcceptor>,
    location: Option<String>,
}

impl Dialer for Recorder {
    type Io = DuplexStream;

    async fn dial(&self, address: SocketAddr) -> io::Result<DuplexStream> {
        self.dialled.lock().unwrap().push(address);
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let (tls, location) = (self.tls.clone(), self.location.clone());
        let secure = matches!(address.port(), 443 | 8443);
        tokio::spawn(async move {
            match tls.filter(|_| secure) {
                Some(tls) => play(tls.accept(theirs).await.unwrap(), location).await,
                None => play(theirs, location).await,
            }
        });
        Ok(ours)
    }
}

async fn play<T: AsyncReadExt + AsyncWriteExt + Unpin>(mut io: T, location: Option<String>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = io.read_u8().await else { return };
        head.push(byte);
    }
    let answer = match location.filter(|_| head.starts_with(b"GET /a/ HTTP/1.1\r\n")) {
        Some(location) => {
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        }
        None => "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok".to_owned(),
    };
    drop(io.write_all(answer.as_bytes()).await);
    drop(io.shutdown().await);
}

struct Stage {
    sender: Sender<Mock, Recorder>,
    dialled: Arc<Mutex<Vec<SocketAddr>>>,
    lookups: Mock,
}

impl Stage {
    fn of(case: &Case) -> Self {
        let host = url::Url::parse(&case.url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.as_deref().unwrap_or("example.com").trim_matches(['[', ']']).to_owned();
        // What no certificate can name is never fetched either.
        let tls = linker_test_server::acceptor(&[&host, "www.example.com"], false).ok();
        let dialled = Arc::<Mutex<Vec<_>>>::default();
        let (tls, root) = tls.unzip();
        let dialer = Recorder { dialled: Arc::clone(&dialled), tls, location: case.location.clone() };
        let config = Config { roots: Roots::Only(root.into_iter().collect()), ..Config::default() };
        let lookups = Mock { answers: case.answers.clone(), asked: Arc::default() };
        Self { sender: Sender::new(config, lookups.clone(), dialer).unwrap(), dialled, lookups }
    }

    fn dialled(&self) -> Vec<SocketAddr> {
        self.dialled.lock().unwrap().clone()
    }

    /// As the guest does it: the text is judged, sent, and every redirect is judged and sent again.
    async fn fetch(&self, url: &str) -> Result<(), Error> {
        let mut target = self.sender.policy().target(url)?;
        loop {
            let answer = self.sender.send(request(&target)).await?;
            match answer.headers().get("location") {
                None => return Ok(()),
                Some(location) => target = self.sender.policy().redirect(&target, location.to_str().unwrap())?,
            }
        }
    }
}

fn request(target: &Target) -> Request<()> {
    let mut url = target.url().clone();
    url.set_fragment(None);
    Request::get(url.as_str()).body(()).unwrap()
}

#[tokio::test]
async fn nothing_is_dialled_that_must_not_be() {
    let cases = cases();
    assert_eq!(cases.len(), 283);
    let mut wrong = Vec::new();
    for case in &cases {
        let stage = Stage::of(case);
        let first = stage.fetch(&case.url).await;
        let public: Vec<_> = case.answers.first().cloned().unwrap_or_default();
        let (outcome, may_dial) = if case.answers.len() > 1 {
            // Rebinding: the first look-up is public and its address is used, without another look-up; the second isn't.
            assert_eq!(first, Ok(()), "line {}", case.line);
            assert_eq!(stage.lookups.asked.lock().unwrap().values().sum::<usize>(), 1, "line {}", case.line);
            (stage.fetch(&case.url).await, public)
        } else if case.location.is_some() || case.allowed {
            (first, public)
        } else {
            (first, Vec::new())
        };
        let strays = stage.dialled().into_iter().filter(|address| {
            let literal = stage.sender.policy().target(&case.url).ok().and_then(|target| target.literal());
            !may_dial.contains(&address.ip()) && (literal != Some(address.ip()) || !case.allowed)
        });
        let strays: Vec<_> = strays.collect();
        // A redirect's first hop is dialled once; the address it leads to is not.
        let hops = usize::from(case.location.is_some() || case.answers.len() > 1);
        let dials = if case.allowed { stage.dialled().len() > hops } else { stage.dialled().len() == hops };
        let refused = matches!(&outcome, Err(Error::Refused(_) | Error::Dns { .. }));
        let right = if case.allowed { outcome == Ok(()) } else { refused };
        if !right || !dials || !strays.is_empty() {
            wrong.push(format!("line {}: {:?}: {outcome:?}, dialled {:?}", case.line, case.url, stage.dialled()));
        }
    }
    assert!(wrong.is_empty(), "{} of 283 wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same texts as the sandbox could hand them over, past the text's own check.
#[tokio::test]
async fn a_uri_made_elsewhere_passes_the_same_gate() {
    let mut sent = 0;
    for case in cases().iter().filter(|case| !case.allowed && case.location.is_none() && case.answers.len() == 1) {
        let Ok(uri) = case.url.parse::<Uri>() else { continue };
        let stage = Stage::of(case);
        let outcome = stage.sender.send(Request::get(uri).body(()).unwrap()).await;
        let error = outcome.map(drop).unwrap_err();
        assert!(matches!(error, Error::Refused(_) | Error::Dns { .. }), "line {}: {error}", case.line);
        assert_eq!(stage.dialled(), [], "line {}", case.line);
        sent += 1;
    }
    assert!(sent > 100, "only {sent} could be written as a URI");
}

#[tokio::test]
async fn robots_txt_passes_the_same_gate() {
    let mut asked = 0;
    for case in cases().iter().filter(|case| !case.allowed && case.answers.len() == 1) {
        let stage = Stage::of(case);
        let Ok(target) = stage.sender.policy().target(&case.url) else { continue };
        let rules = Robots::new(Settings::default()).rules(&stage.sender, &target).await;
        if case.location.is_none() {
            assert!(rules.unreachable().is_some(), "line {}", case.line);
            assert_eq!(stage.dialled(), [], "line {}", case.line);
            asked += 1;
        }
    }
    assert!(asked >= 10, "only {asked} got that far");
}
