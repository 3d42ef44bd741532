//! The content codings (RFC 9110 §8.4.1), one step at a time.

use std::sync::{Mutex, PoisonError};

use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder as Zstd, InBuffer, Operation, OutBuffer};

use super::brotli::Brotli;

/// A decoder for one coding.
pub(super) enum Coder {
    /// RFC 1952, several members in a row.
    Gzip(Decompress),
    /// RFC 1950; but half the servers that say so send RFC 1951 without its wrapper, so the first bytes decide.
    Deflate(Option<Decompress>),
    /// RFC 7932: windows up to 16 MiB, not the later format's 1 GiB.
    Brotli(Box<Brotli>),
    /// RFC 8878, several frames in a row.
    Zstd(Context),
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) read: usize,
    pub(super) wrote: usize,
    /// The stream is over, or this member of it.
    pub(super) ended: bool,
}

impl Coder {
    /// A decoder for a token of `Content-Encoding`; `None` for one that we don't know.
    pub(super) fn of(token: &str) -> Option<Self> {
        let is = |name: &str| token.eq_ignore_ascii_case(name);
        if is("gzip") || is("x-gzip") {
            Some(Self::Gzip(Decompress::new_gzip(15)))
        } else if is("br") {
            Some(Self::Brotli(Box::default()))
        } else if is("zstd") {
            Context::new().map(Self::Zstd)
        } else if is("deflate") {
            Some(Self::Deflate(None))
        } else {
            None
        }
    }

    /// Decodes as much as fits.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, String> {
        match self {
            Self::Gzip(inflate) => inflated(inflate, input, output),
            Self::Deflate(inflate) => {
                if input.is_empty() {
                    return Ok(Step { read: 0, wrote: 0, ended: false });
                }
                let inflate = inflate.get_or_insert_with(|| Decompress::new(wrapped(input)));
                inflated(inflate, input, output)
            }
            Self::Brotli(brotli) => brotli.step(input, output),
            Self::Zstd(context) => context.step(input, output),
        }
    }

    /// Whether these bytes, found after an end, begin another member. If so, the decoder is ready for it; all else that
    /// follows an end is padding that browsers ignore, and so do we.
    pub(super) fn again(&mut self, input: &[u8]) -> bool {
        match self {
            Self::Gzip(inflate) if input.first() == Some(&0x1f) => {
                *inflate = Decompress::new_gzip(15);
                true
            }
            // A frame, or a skippable one.
            Self::Zstd(_) => matches!(input, [0x28, 0xb5, ..] | [0x50..=0x5f, 0x2a, ..]),
            _ => false,
        }
    }
}

/// Whether this is zlib's header: method 8, and a check sum over both bytes.
fn wrapped(input: &[u8]) -> bool {
    match *input {
        [first, second, ..] => first & 0x0f == 8 && u16::from_be_bytes([first, second]) % 31 == 0,
        // One byte alone tells less; its method is still telling.
        [first] => first & 0x8f == 8,
        [] => true,
    }
}

fn inflated(inflate: &mut Decompress, input: &[u8], output: &mut [u8]) -> Result<Step, String> {
    let (read, wrote) = (inflate.total_in(), inflate.total_out());
    let status = inflate.decompress(input, output, FlushDecompress::None).map_err(|error| error.to_string())?;
    Ok(Step {
        read: usize::try_from(inflate.total_in() - read).unwrap_or(input.len()),
        wrote: usize::try_from(inflate.total_out() - wrote).unwrap_or(output.len()),
        ended: status == Status::StreamEnd,
    })
}

/// A zstd decoder, lent from a few that are kept: one takes 100 KB to make.
pub(super) struct Context(Option<Zstd<'static>>);

static CONTEXTS: Mutex<Vec<Zstd<'static>>> = Mutex::new(Vec::new());
/// Kept when idle: as many as threads decode at once, more or less.
const KEPT: usize = 4;
/// 8 MiB: what RFC 9659 allows for web pages.
const WINDOW_LOG: u32 = 23;

impl Context {
    fn new() -> Option<Self> {
        let kept = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut kept) = kept
            && kept.reinit().is_ok()
        {
            return Some(Self(Some(kept)));
        }
        let mut fresh = Zstd::new().ok()?;
        fresh.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).ok()?;
        Some(Self(Some(fresh)))
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, String> {
        let decoder = self.0.as_mut().ok_or("no decoder")?;
        let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(output));
        let hint = decoder.run(&mut from, &mut to).map_err(|error| error.to_string())?;
        let (read, wrote) = (from.pos(), to.pos());
        // Zero is also what a decoder says that hasn't begun.
        Ok(Step { read, wrote, ended: hint == 0 && (read > 0 || wrote > 0) })
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(decoder) = self.0.take() {
            let mut kept = CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() < KEPT {
                kept.push(decoder);
            }
        }
    }
}
