//! - `/head/many/N`: N header fields more.
//! - `/head/large/N`: a header field of N bytes more.
//! - `/head/late/MILLIS`: silent for that long before the status line.
//! - `/head/closing`: a page, and the connection is closed after it.
//! - `/head/none`: no answer: the connection is closed, or over HTTP/2 the stream reset.

use std::time::Duration;

use http::{HeaderValue, header};

use super::{Answer, Asked, html, none, page, status};

pub(super) async fn answer(asked: &Asked) -> Answer {
    let path = asked.path();
    if path.get(1) == Some(&"none") {
        return none();
    }
    let number = path.get(2).and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut answer = html(page(0))?;
    let headers = answer.headers_mut();
    match path.get(1) {
        Some(&"many") => {
            for _ in 0..number {
                headers.append("x-many", HeaderValue::from_static("1"));
            }
        }
        Some(&"large") => drop(headers.insert("x-large", HeaderValue::from_str(&"x".repeat(number))?)),
        Some(&"late") => tokio::time::sleep(Duration::from_millis(number as u64)).await,
        Some(&"closing") => drop(headers.insert(header::CONNECTION, HeaderValue::from_static("close"))),
        _ => return status(404),
    }
    Ok(answer)
}
