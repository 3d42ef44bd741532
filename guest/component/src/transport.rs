//! GET over wasi:http 0.2, without waiting: an exchange says what it has, and gives a pollable for when it has nothing.
//! The only file that knows wasi:http, so that another version of it can be put in its place.

use linker_engine::link_check::Body;
use linker_engine::link_check::chain::Chain;
use linker_types::{FetchFailure, Header};

use crate::wasi::http::outgoing_handler;
use crate::wasi::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingRequest, Scheme,
};
use crate::wasi::io::poll::{self, Pollable};
use crate::wasi::io::streams::{InputStream, StreamError};

/// How much is taken from a body at once, bytes: all that is judged, where the host has it.
const CHUNK: u64 = linker_engine::link_check::BODY_LIMIT as u64;

/// A request under way. The fields are dropped in this order, children before their parents.
pub(crate) struct Exchange {
    ready: Pollable,
    stage: Stage,
}

enum Stage {
    Head(FutureIncomingResponse),
    Body(InputStream, #[expect(dead_code, reason = "the stream's parents")] (IncomingBody, IncomingResponse)),
}

/// A head without its body, which is opened only where it is wanted.
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) headers: Vec<Header>,
    response: IncomingResponse,
}

/// How far a body has come.
pub(crate) enum Progress {
    Waiting,
    Whole,
    /// The rest is not wanted.
    Enough,
    Failed(FetchFailure),
}

/// Positions of the exchanges that have something; waits until one does.
pub(crate) fn ready(exchanges: &[&Exchange]) -> Vec<usize> {
    let pollables: Vec<&Pollable> = exchanges.iter().map(|exchange| &exchange.ready).collect();
    poll::poll(&pollables).into_iter().map(|position| position as usize).collect()
}

impl Exchange {
    /// Asks for the page that a chain stands at.
    pub(crate) fn get(chain: &Chain) -> Result<Self, FetchFailure> {
        let headers = Fields::new();
        let mut given = headers.append("accept", b"text/html,application/xhtml+xml,*/*;q=0.8").is_ok();
        if let Some(cookie) = chain.cookie() {
            given &= headers.append("cookie", cookie.as_bytes()).is_ok();
        }
        let request = OutgoingRequest::new(headers);
        let (secure, authority, path) = chain.parts();
        given &= request.set_scheme(Some(if secure { &Scheme::Https } else { &Scheme::Http })).is_ok();
        given &= request.set_authority(Some(authority)).is_ok();
        given &= request.set_path_with_query(Some(path)).is_ok();
        if !given {
            return Err(FetchFailure::AddressRefused);
        }
        let future = outgoing_handler::handle(request, None).map_err(|code| failure(&code))?;
        Ok(Self { ready: future.subscribe(), stage: Stage::Head(future) })
    }

    /// The head, once it is there.
    pub(crate) fn head(&self) -> Option<Result<Head, FetchFailure>> {
        let Stage::Head(future) = &self.stage else { return None };
        Some(match future.get()? {
            Ok(Ok(response)) => Ok(Head {
                status: response.status(),
                headers: response.headers().entries().into_iter().map(header).collect(),
                response,
            }),
            Ok(Err(code)) => Err(failure(&code)),
            Err(()) => Err(FetchFailure::BrokenResponse),
        })
    }

    /// The same exchange at its body.
    pub(crate) fn body(head: Head) -> Result<Self, FetchFailure> {
        let body = head.response.consume().map_err(|()| FetchFailure::BrokenResponse)?;
        let stream = body.stream().map_err(|()| FetchFailure::BrokenResponse)?;
        Ok(Self { ready: stream.subscribe(), stage: Stage::Body(stream, (body, head.response)) })
    }

    /// Takes what is there.
    pub(crate) fn read(&self, into: &mut Body) -> Progress {
        let Stage::Body(stream, _) = &self.stage else { return Progress::Waiting };
        loop {
            match stream.read(CHUNK) {
                Ok(chunk) if chunk.is_empty() => return Progress::Waiting,
                Ok(chunk) => {
                    if !into.push(chunk) {
                        return Progress::Enough;
                    }
                }
                Err(StreamError::Closed) => return Progress::Whole,
                Err(StreamError::LastOperationFailed(error)) => {
                    return Progress::Failed(named(&error.to_debug_string()).unwrap_or(FetchFailure::BrokenResponse));
                }
            }
        }
    }
}

/// Text is UTF-8 where it can be, else Latin-1.
fn header((name, value): (String, Vec<u8>)) -> Header {
    let value =
        String::from_utf8(value).unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Header { name, value }
}

fn failure(code: &ErrorCode) -> FetchFailure {
    use ErrorCode as E;
    match code {
        E::InternalError(Some(message)) => named(message).unwrap_or(FetchFailure::Connect),
        E::DnsTimeout | E::DnsError(_) => FetchFailure::Dns,
        E::ConnectionTimeout | E::ConnectionReadTimeout | E::ConnectionWriteTimeout | E::HttpResponseTimeout => {
            FetchFailure::Timeout
        }
        E::TlsProtocolError | E::TlsCertificateError | E::TlsAlertReceived(_) => FetchFailure::Tls,
        E::DestinationIpProhibited | E::HttpRequestDenied | E::HttpRequestUriInvalid => FetchFailure::AddressRefused,
        E::HttpResponseContentCoding(_) => FetchFailure::Undecodable,
        E::HttpResponseBodySize(_) => FetchFailure::TooLarge,
        E::HttpResponseIncomplete | E::HttpProtocolError | E::HttpResponseTransferCoding(_) => {
            FetchFailure::BrokenResponse
        }
        _ => FetchFailure::Connect,
    }
}

/// Our host says it in the contract's own word, `dns: ...`: wasi:http has no code for some, and bodies lose theirs.
fn named(message: &str) -> Option<FetchFailure> {
    let word = |failure: &&FetchFailure| message.split([' ', ':', '"', '(']).any(|part| part == failure.as_str());
    FetchFailure::ALL.iter().find(word).copied()
}
