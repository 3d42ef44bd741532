//! - `/encoded/CODING/SIZE`: [`page`]`(SIZE)` in gzip, br, zstd, deflate (zlib), `deflate-raw` (said to be deflate),
//!   identity; `gzip-members` (two members), `gzip-padded` (zeros after it), `gzip-gzip` (twice), `compress` (unknown).

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compress, Compression, FlushCompress};
use http::{Response, header};

use super::{Answer, Asked, page, status, whole};

pub(super) fn answer(asked: &Asked) -> Answer {
    static MADE: Mutex<BTreeMap<String, Bytes>> = Mutex::new(BTreeMap::new());
    let path = asked.path();
    let (Some(coding), Some(size)) = (path.get(1), path.get(2).and_then(|size| size.parse().ok())) else {
        return status(404);
    };
    // Made once: whoever measures a client on this server doesn't want to wait for its compressor.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = made.get(asked.parts.uri.path()).cloned();
    let Some(body) = known.or_else(|| encoded(coding, &page(size)).map(Bytes::from)) else { return status(404) };
    made.insert(asked.parts.uri.path().to_owned(), body.clone());
    match *coding {
        "identity" => super::html(body),
        "gzip-gzip" => coded("gzip, gzip", body),
        other => coded(other.split('-').next().unwrap_or(other), body),
    }
}

fn encoded(coding: &str, page: &[u8]) -> Option<Vec<u8>> {
    Some(match coding {
        "identity" | "compress" => page.to_vec(),
        "gzip" => gzip(page),
        "br" => brotli(page),
        "zstd" => zstd::encode_all(page, 3).ok()?,
        "deflate" => zlib(page),
        "deflate-raw" => raw(page),
        "gzip-members" => {
            let (one, other) = page.split_at(page.len() / 2);
            [gzip(one), gzip(other)].concat()
        }
        "gzip-padded" => [gzip(page), vec![0; 100]].concat(),
        "gzip-gzip" => gzip(&gzip(page)),
        _ => return None,
    })
}

pub(super) fn coded(coding: &str, body: impl Into<Bytes>) -> Answer {
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_ENCODING, coding)
        .body(whole(body))
}

/// RFC 1952.
#[must_use]
pub fn gzip(data: &[u8]) -> Vec<u8> {
    let mut to = GzEncoder::new(Vec::new(), Compression::default());
    to.write_all(data).and_then(|()| to.finish()).unwrap_or_default()
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut to = ZlibEncoder::new(Vec::new(), Compression::default());
    to.write_all(data).and_then(|()| to.finish()).unwrap_or_default()
}

fn raw(data: &[u8]) -> Vec<u8> {
    let mut to = DeflateEncoder::new(Vec::new(), Compression::default());
    to.write_all(data).and_then(|()| to.finish()).unwrap_or_default()
}

/// As a server would: quality 5, the usual window of 4 MiB.
#[must_use]
pub fn brotli(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 5, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &data[..], &mut out, &params).map_or_else(|_| Vec::new(), |_| out)
}

const PART: usize = 16 << 20;
const PARTS: usize = (1 << 30) / PART;

/// 1 GiB of zeros (brotli: a quarter, for it can't be repeated and takes a second to make); made once, from 16 MiB that are compressed so that they can be repeated. Sums at the end are wrong:
/// whoever gets there has lost already.
pub(super) fn bomb(coding: &str) -> Option<Bytes> {
    static BOMBS: [OnceLock<Bytes>; 4] = [const { OnceLock::new() }; 4];
    let (at, make): (usize, fn() -> Vec<u8>) = match coding {
        "gzip" => (0, || [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &blocks()].concat()),
        "deflate" => (1, || [&[0x78, 0x9c][..], &blocks()].concat()),
        "zstd" => (2, || zstd::encode_all(vec![0; PART].as_slice(), 3).unwrap_or_default().repeat(PARTS)),
        "br" => (3, || {
            let mut out = Vec::new();
            let params = brotli::enc::BrotliEncoderParams { quality: 1, lgwin: 22, ..Default::default() };
            drop(brotli::BrotliCompress(&mut Zeros(PART * PARTS / 4), &mut out, &params));
            out
        }),
        _ => return None,
    };
    Some(BOMBS[at].get_or_init(|| Bytes::from(make())).clone())
}

fn blocks() -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut part = Vec::with_capacity(1 << 20);
    drop(deflate.compress_vec(&vec![0; PART], &mut part, FlushCompress::Full));
    part.repeat(PARTS)
}

struct Zeros(usize);

impl std::io::Read for Zeros {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(self.0);
        buffer[..count].fill(0);
        self.0 -= count;
        Ok(count)
    }
}
