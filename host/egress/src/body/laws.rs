//! What decoding keeps to, whatever comes off the wire.

use std::io::Write;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use proptest::prelude::*;

use super::decode::{Decoding, Made};
use crate::Error;

const CODINGS: [&str; 6] = ["gzip", "deflate", "br", "zstd", "gzip, br", "zstd, deflate"];

/// Feeds the pieces as a body does and takes what comes.
fn run(coding: &'static str, pieces: &[Bytes], limit: u64) -> (Vec<u8>, Result<(), Error>) {
    let headers = HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(coding))]);
    let mut decoding = Decoding::of(&headers, limit).unwrap();
    let (mut pieces, mut out) = (pieces.iter(), Vec::new());
    loop {
        match decoding.produce() {
            Err(error) => return (out, Err(error)),
            Ok(Made::Bytes(data)) => {
                assert!(!data.is_empty());
                out.extend_from_slice(&data);
            }
            Ok(Made::End) => return (out, Ok(())),
            Ok(Made::Hungry) => match pieces.next() {
                Some(piece) => decoding.feed(piece.clone()),
                None => decoding.close(),
            },
        }
        assert!(out.len() as u64 <= limit);
    }
}

fn encode(token: &str, data: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::fast();
    let mut out = Vec::new();
    match token {
        "gzip" => flate2::write::GzEncoder::new(&mut out, level).write_all(data).unwrap(),
        "deflate" => flate2::write::ZlibEncoder::new(&mut out, level).write_all(data).unwrap(),
        "zstd" => out = zstd::encode_all(data, 1).unwrap(),
        _ => {
            let params = brotli::enc::BrotliEncoderParams { quality: 2, ..Default::default() };
            brotli::BrotliCompress(&mut &data[..], &mut out, &params).unwrap();
        }
    }
    out
}

fn cut(data: &[u8], size: usize) -> Vec<Bytes> {
    data.chunks(size).map(Bytes::copy_from_slice).collect()
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        which in 0..CODINGS.len(),
        words in prop::collection::vec("[a-z]{1,8} ", 0..2000),
        repeat in 1..20_usize,
        size in 1..90_000_usize,
        missing in -1..2_i64,
    ) {
        let data = words.concat().repeat(repeat).into_bytes();
        let encoded = CODINGS[which].split(", ").fold(data.clone(), |data, token| encode(token, &data));
        // Beyond a hundred pieces a case takes too long.
        let pieces = cut(&encoded, size.max(encoded.len() / 100 + 1));
        let limit = (data.len() as i64 + missing).max(0) as u64;
        let (out, end) = run(CODINGS[which], &pieces, limit);
        if limit < data.len() as u64 {
            prop_assert_eq!(end, Err(Error::TooLarge { limit }));
            prop_assert_eq!(&out[..], &data[..data.len() - 1]);
        } else {
            prop_assert_eq!(end, Ok(()));
            prop_assert!(out == data);
        }
    }

    #[test]
    fn a_cut_stream_is_never_whole(
        which in 0..CODINGS.len(),
        words in prop::collection::vec("[a-z]{1,8} ", 1..500),
        at in any::<prop::sample::Index>(),
    ) {
        let data = words.concat().into_bytes();
        let encoded = CODINGS[which].split(", ").fold(data.clone(), |data, token| encode(token, &data));
        let kept = 1 + at.index(encoded.len() - 1);
        if kept < encoded.len() {
            let (out, end) = run(CODINGS[which], &cut(&encoded[..kept], 1000), 1 << 20);
            prop_assert!(data.starts_with(&out));
            prop_assert!(end.is_err(), "{} of {} bytes", kept, encoded.len());
        }
    }

    #[test]
    fn any_bytes_end(
        which in 0..CODINGS.len(),
        mut data in prop::collection::vec(any::<u8>(), 0..3000),
        valid in any::<bool>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        if valid {
            data = CODINGS[which].split(", ").fold(data, |data, token| encode(token, &data));
        }
        for (at, byte) in flips {
            if !data.is_empty() {
                let at = at.index(data.len());
                data[at] = byte;
            }
        }
        let (out, _) = run(CODINGS[which], &cut(&data, 777), 5000);
        prop_assert!(out.len() <= 5000);
    }
}
