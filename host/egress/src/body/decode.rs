//! Undoes an answer's content codings, under a cap on what comes out.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, header};

use super::coding::Coder;
use crate::Error;

/// Compressed bytes are gathered up to this before they are decoded: most pages are then decoded in one go, with a decoder
/// and its window alive for microseconds instead of for as long as the server takes.
const GATHER: usize = 64 * 1024;
/// Decoded bytes are handed on in pieces of at most this.
const PIECE: usize = 64 * 1024;
/// What may come off the wire beyond the cap on what comes out: a stream that is larger compressed is an attack.
const SLACK: u64 = 64 * 1024;
/// Codings one over the other. Twice happens by misconfiguration, more never.
const MOST: usize = 2;

/// A body being decoded.
pub(super) struct Decoding {
    /// The outermost coding, which is undone first, comes first.
    stages: Vec<Stage>,
    /// The header, for messages.
    name: String,
    closed: bool,
    /// Compressed bytes so far.
    taken: u64,
    left: u64,
    limit: u64,
    broken: Option<&'static str>,
}

struct Stage {
    token: String,
    /// Made when there is something to decode.
    coder: Option<Coder>,
    input: VecDeque<Bytes>,
    /// At an end that may be the stream's.
    ended: bool,
    begun: bool,
}

/// What there is to hand on.
pub(super) enum Made {
    Bytes(Bytes),
    /// Nothing without more from the wire.
    Hungry,
    End,
}

impl Decoding {
    /// `None` where the body isn't encoded.
    pub(super) fn of(headers: &HeaderMap, limit: u64) -> Option<Self> {
        let values = headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?"));
        let name = values.collect::<Vec<_>>().join(", ");
        let tokens = name.split(',').map(str::trim);
        // Not a coding by any registry, but sent; they mean that nothing was done.
        let plain =
            |token: &&str| !["", "identity", "none", "utf-8"].iter().any(|name| token.eq_ignore_ascii_case(name));
        let mut stages: Vec<_> = tokens.filter(plain).map(Stage::new).collect();
        if stages.is_empty() {
            return None;
        }
        stages.reverse();
        let broken = (stages.len() > MOST).then_some("too many codings");
        Some(Self { stages, name, closed: false, taken: 0, left: limit, limit, broken })
    }

    /// Takes bytes off the wire.
    pub(super) fn feed(&mut self, data: Bytes) {
        self.taken += data.len() as u64;
        if let Some(stage) = self.stages.first_mut() {
            stage.input.push_back(data);
        }
    }

    /// The wire has no more.
    pub(super) const fn close(&mut self) {
        self.closed = true;
    }

    /// The next piece. [`Made::End`] only after [`Decoding::close`], for only then is the connection free.
    pub(super) fn produce(&mut self) -> Result<Made, Error> {
        if let Some(broken) = self.broken {
            return Err(self.undecodable(broken));
        }
        if self.taken > self.limit.saturating_add(SLACK) {
            return Err(Error::TooLarge { limit: self.limit });
        }
        let held: usize = self.stages.first().map_or(0, |stage| stage.input.iter().map(Bytes::len).sum());
        if !self.closed && held < GATHER {
            return Ok(Made::Hungry);
        }
        // At the cap, one byte more tells whether that was all.
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let mut piece = BytesMut::zeroed(PIECE.min(held.saturating_mul(6).max(4096)).min(left).max(1));
        let (wrote, ended) =
            pull(&mut self.stages, self.closed, &mut piece).map_err(|message| self.undecodable(&message))?;
        if wrote > left {
            return Err(Error::TooLarge { limit: self.limit });
        }
        self.left -= wrote as u64;
        match (wrote, ended) {
            (0, true) if self.closed => Ok(Made::End),
            (0, _) => Ok(Made::Hungry),
            _ => {
                piece.truncate(wrote);
                Ok(Made::Bytes(piece.freeze()))
            }
        }
    }

    fn undecodable(&self, message: &str) -> Error {
        Error::Undecodable { coding: self.name.clone(), message: message.to_owned() }
    }
}

impl Stage {
    fn new(token: &str) -> Self {
        Self { token: token.to_owned(), coder: None, input: VecDeque::new(), ended: false, begun: false }
    }

    fn drop_read(&mut self, mut read: usize) {
        while let Some(front) = self.input.front_mut() {
            if read < front.len() {
                front.advance(read);
                return;
            }
            read -= front.len();
            self.input.pop_front();
        }
    }
}

/// Fills `out` from the last stage, which draws on those before it. Says how much it wrote and whether all is done.
fn pull(stages: &mut [Stage], closed: bool, out: &mut [u8]) -> Result<(usize, bool), String> {
    let Some((stage, before)) = stages.split_last_mut() else { return Ok((0, true)) };
    let mut wrote = 0;
    while wrote < out.len() {
        let mut dry = closed;
        if stage.input.is_empty() && !before.is_empty() {
            let mut buffer = BytesMut::zeroed(16 * 1024);
            let (made, ended) = pull(before, closed, &mut buffer)?;
            buffer.truncate(made);
            if made > 0 {
                stage.input.push_back(buffer.freeze());
            }
            dry = ended;
        }
        let input = stage.input.front().cloned().unwrap_or_default();
        if stage.ended {
            if input.is_empty() {
                return Ok((wrote, dry));
            }
            if !stage.coder.as_mut().is_some_and(|coder| coder.again(&input)) {
                stage.input.clear();
                continue;
            }
            stage.ended = false;
        }
        stage.begun |= !input.is_empty();
        // An empty body under a coding is an empty page.
        if !stage.begun {
            return Ok((wrote, dry));
        }
        if stage.coder.is_none() {
            stage.coder = Some(Coder::of(&stage.token).ok_or("unknown coding")?);
        }
        let Some(coder) = &mut stage.coder else { return Ok((wrote, false)) };
        let step = coder.step(&input, &mut out[wrote..])?;
        drop(input);
        stage.drop_read(step.read);
        wrote += step.wrote;
        stage.ended = step.ended;
        if step.read == 0 && step.wrote == 0 && !step.ended {
            if !stage.input.is_empty() {
                return Err("the decoder is stuck".to_owned());
            }
            if dry {
                return Err("it ends too early".to_owned());
            }
            return Ok((wrote, false));
        }
    }
    Ok((wrote, false))
}
