//! Lists: which page, in which order.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Uri;
use axum::http::request::Parts;
use linker_store::{Order, Paging};
use serde::Deserialize;
use utoipa::IntoParams;

use super::fault::Fault;
use super::input::Params;
use super::memory;

/// Rows a page that nobody asked otherwise.
const SIZE: u64 = 100;

/// Bytes of the largest row of a list, with what it becomes in the answer: notes, addresses and names at their limits.
const ROW: usize = 48 << 10;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "named for the API's description; read by `Listed`")]
pub(super) struct PageParams {
    /// From 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Rows a page, 1 to 1,000.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    page_size: Option<u64>,
}

/// The page that was asked for, and the URL it was asked by.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) paging: Paging,
    uri: Uri,
}

#[derive(Deserialize)]
struct Asked {
    page: Option<u64>,
    page_size: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Listed {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let Params(asked) = Params::<Asked>::from_request_parts(parts, state).await?;
        let page = asked.page.unwrap_or(1);
        let size = asked.page_size.unwrap_or(SIZE);
        if page == 0 {
            return Err(Fault::field("page", "from 1"));
        }
        if !(1..=1000).contains(&size) {
            return Err(Fault::field("page_size", "from 1 to 1000"));
        }
        memory::take(usize::try_from(size).unwrap_or(usize::MAX).saturating_mul(ROW)).await?;
        // Not the router's own view of it, which has lost the root.
        let uri = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
        Ok(Self { paging: Paging { page, size }, uri })
    }
}

impl Listed {
    /// The URLs of the next page and of the one before.
    pub(super) fn neighbours(&self, count: u64) -> (Option<String>, Option<String>) {
        let Paging { page, size } = self.paging;
        let pages = count.div_ceil(size);
        let next = (page < pages).then(|| self.url(page.saturating_add(1)));
        let previous = (page > 1 && pages > 0).then(|| self.url((page - 1).min(pages)));
        (next, previous)
    }

    fn url(&self, page: u64) -> String {
        let pairs = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.filter(|(name, _)| name != "page"));
        format!("{}?{}", self.uri.path(), query.append_pair("page", &page.to_string()).finish())
    }
}

/// The field of `ordering`, `-` in front for the largest first.
pub(super) fn ordering<T: Copy + Default>(text: Option<&str>, known: &[(&str, T)]) -> Result<(T, Order), Fault> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok((T::default(), Order::Ascending)) };
    let (name, order) = match text.strip_prefix('-') {
        Some(name) => (name, Order::Descending),
        None => (text, Order::Ascending),
    };
    let found = known.iter().find(|(field, _)| *field == name);
    found.map(|&(_, sort)| (sort, order)).ok_or_else(|| {
        let fields: Vec<_> = known.iter().map(|(field, _)| *field).collect();
        Fault::field("ordering", format!("`{text}` is no field to sort by: use one of {}", fields.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_keep_the_filters() {
        let uri = Uri::from_static("/api/v1/linker/backlinks/?campaign_id=3&page=2&tier=T1");
        let listed = Listed { paging: Paging { page: 2, size: 100 }, uri };
        let (next, previous) = listed.neighbours(250);
        assert_eq!(next.as_deref(), Some("/api/v1/linker/backlinks/?campaign_id=3&tier=T1&page=3"));
        assert_eq!(previous.as_deref(), Some("/api/v1/linker/backlinks/?campaign_id=3&tier=T1&page=1"));
        assert_eq!(listed.neighbours(200).0, None);
        assert_eq!(listed.neighbours(0), (None, None));
    }
}
