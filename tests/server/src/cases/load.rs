//! - `/load/MILLIS/N`: after that many milliseconds, a page of 5 to 200 KB with a link at its end, in gzip, br (gzip for
//!   those who don't take br) or identity; size and coding by N. Made of the real pages of fixtures/pages, so that a
//!   reader of links meets what it meets outside.

use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;

use super::encodings::{brotli, coded, gzip};
use super::{Answer, Asked, html, page, status};

const SMALLEST: usize = 5;
const SIZES: usize = 196;

pub(super) async fn answer(asked: &Asked) -> Answer {
    let ["load", millis, number] = asked.path()[..] else { return status(404) };
    let (Ok(millis), Ok(number)) = (millis.parse(), number.parse::<usize>()) else { return status(404) };
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    // 7919 is prime, so every size comes in every coding.
    let [gzip, br, identity] = &bodies()[number.wrapping_mul(7919) % SIZES];
    match number % 3 {
        0 => coded("gzip", gzip.clone()),
        1 if asked.header("accept-encoding").contains("br") => coded("br", br.clone()),
        1 => coded("gzip", gzip.clone()),
        _ => html(identity.clone()),
    }
}

/// By size, in the three codings; made at the first request.
fn bodies() -> &'static [[Bytes; 3]] {
    static BODIES: OnceLock<Vec<[Bytes; 3]>> = OnceLock::new();
    BODIES.get_or_init(|| {
        let real = real();
        let body = |at| {
            let page = of_size(&real, at);
            [gzip(&page).into(), brotli(&page).into(), page.into()]
        };
        (0..SIZES).map(body).collect()
    })
}

/// Whole documents one after the other, each size beginning with another, then lines of text.
fn of_size(real: &[Vec<u8>], at: usize) -> Vec<u8> {
    let size = (SMALLEST + at) * 1000;
    let mut whole = b"<!doctype html><h1 id=\"part\">A page</h1>\n".to_vec();
    for document in real.iter().cycle().skip(at).take(real.len()) {
        if whole.len() + document.len() + 200 < size {
            whole.extend_from_slice(document);
        }
    }
    let rest = page(size.saturating_sub(whole.len()));
    whole.extend_from_slice(&rest);
    whole
}

fn real() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/pages");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "html")).collect();
    files.sort();
    files.iter().filter_map(|file| fs::read(file).ok()).collect()
}
