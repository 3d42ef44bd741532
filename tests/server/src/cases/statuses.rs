//! - `/status/CODE`: that, 999 included.
//! - `/retry/CODE/...`: that at the first request for the path, then a page.
//! - `/retry-after/CODE/seconds/N`, `/retry-after/CODE/date/N`: that with `Retry-After` in both forms, N seconds ahead.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, header};

use super::{Answer, Asked, html, page, status};

pub(super) fn answer(asked: &Asked) -> Answer {
    let code = |text: &str| text.parse().unwrap_or(500);
    match asked.path().as_slice() {
        ["retry", _, ..] if asked.hit > 1 => html(page(0)),
        ["status" | "retry", number, ..] => status(code(number)),
        ["retry-after", number, form, seconds] => {
            let seconds = seconds.parse().unwrap_or(0);
            let text = match *form {
                "date" => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds)),
                _ => seconds.to_string(),
            };
            let mut answer = status(code(number))?;
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_str(&text)?);
            Ok(answer)
        }
        _ => status(404),
    }
}
