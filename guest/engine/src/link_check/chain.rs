//! One fetch's redirects and cookies, without the fetching: a driver asks for the URL to get, hands in the answer's
//! status and headers, and is told what to do (engine spec section 8, "Fetch").

use linker_types::{FetchFailure, Header, Hop};
use url::Url;

use super::cookies::Jar;
use super::headers::values;
use crate::urls::canonical;

/// Redirects that are followed.
pub const MOST_REDIRECTS: usize = 5;

/// A fetch under way.
#[derive(Debug)]
pub struct Chain {
    current: Url,
    hops: Vec<Hop>,
    jar: Jar,
    /// What was asked for: a URL with the cookies sent. A page that sets a cookie and redirects to itself is no loop.
    asked: Vec<(String, Option<String>)>,
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Read the body: this is the last answer.
    Read,
    /// Get [`Chain::url`], which is another now.
    Follow,
    /// The chain ends without a page.
    Fail(FetchFailure),
}

impl Chain {
    /// Begins a fetch. Errors: in a message's words, what is wrong with the URL.
    pub fn start(url: &str) -> Result<Self, String> {
        let mut current = crate::urls::parse(url)?;
        current.set_fragment(None);
        let asked = vec![(canonical(current.clone()), None)];
        Ok(Self { current, hops: Vec::new(), jar: Jar::default(), asked })
    }

    /// The URL to get.
    pub fn url(&self) -> &str {
        self.current.as_str()
    }

    /// The same in the parts of a request: whether it is https, the host with its port, path and query.
    pub fn parts(&self) -> (bool, &str, &str) {
        use url::Position::{AfterPort, AfterQuery, BeforeHost, BeforePath};
        let url = &self.current;
        (url.scheme() == "https", &url[BeforeHost..AfterPort], &url[BeforePath..AfterQuery])
    }

    /// The `Cookie` header to send with it.
    pub fn cookie(&self) -> Option<String> {
        self.jar.header(&self.current)
    }

    /// The redirects followed.
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }

    /// Takes an answer in.
    pub fn answer(&mut self, status: u16, headers: &[Header]) -> Next {
        self.jar.take(&self.current, values(headers, "set-cookie"));
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return Next::Read;
        }
        let Some(next) = self.location(headers) else { return Next::Fail(FetchFailure::BadRedirect) };
        if self.hops.len() >= MOST_REDIRECTS {
            return Next::Fail(FetchFailure::TooManyRedirects);
        }
        let asks = (canonical(next.clone()), self.jar.header(&next));
        if self.asked.contains(&asks) {
            return Next::Fail(FetchFailure::RedirectLoop);
        }
        self.asked.push(asks);
        self.hops.push(Hop { url: self.current.to_string(), status });
        self.current = next;
        Next::Follow
    }

    /// Where the answer sends us, if that is a place we go to.
    fn location(&self, headers: &[Header]) -> Option<Url> {
        let location = values(headers, "location").next()?.trim();
        let mut next = crate::urls::join(&self.current, location).filter(|_| !location.is_empty())?;
        let open = next.username().is_empty() && next.password().is_none();
        next.set_fragment(None);
        (open && matches!(next.scheme(), "http" | "https") && next.has_host()).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<Header> {
        pairs.iter().map(|(name, value)| Header { name: (*name).to_owned(), value: (*value).to_owned() }).collect()
    }

    fn redirect(chain: &mut Chain, status: u16, location: &str) -> Next {
        chain.answer(status, &headers(&[("Location", location)]))
    }

    #[test]
    fn follows_what_is_a_redirect() {
        for status in [301, 302, 303, 307, 308] {
            let mut chain = Chain::start("https://a.example/x#top").unwrap();
            assert_eq!(redirect(&mut chain, status, "../y?z#w"), Next::Follow);
            assert_eq!(chain.url(), "https://a.example/y?z");
            assert_eq!(chain.hops(), [Hop { url: "https://a.example/x".into(), status }]);
        }
        for status in [200, 204, 300, 304, 305, 306, 404, 500] {
            let mut chain = Chain::start("https://a.example/").unwrap();
            assert_eq!(redirect(&mut chain, status, "/y"), Next::Read, "{status}");
        }
    }

    #[test]
    fn refuses_what_leads_nowhere() {
        for location in ["", "ftp://a.example/", "javascript:alert(1)", "http://", "https://u:p@a.example/", "data:,x"]
        {
            let mut chain = Chain::start("https://a.example/").unwrap();
            assert_eq!(redirect(&mut chain, 301, location), Next::Fail(FetchFailure::BadRedirect), "{location}");
        }
        let mut chain = Chain::start("https://a.example/").unwrap();
        assert_eq!(chain.answer(301, &[]), Next::Fail(FetchFailure::BadRedirect));
    }

    #[test]
    fn five_redirects_and_no_more() {
        let mut chain = Chain::start("https://a.example/0").unwrap();
        for hop in 1..=5 {
            assert_eq!(redirect(&mut chain, 302, &format!("/{hop}")), Next::Follow);
        }
        assert_eq!(redirect(&mut chain, 302, "/6"), Next::Fail(FetchFailure::TooManyRedirects));
        assert_eq!(chain.hops().len(), MOST_REDIRECTS);
    }

    #[test]
    fn loops() {
        let mut chain = Chain::start("https://a.example/1").unwrap();
        assert_eq!(redirect(&mut chain, 302, "http://b.example/"), Next::Follow);
        assert_eq!(redirect(&mut chain, 302, "HTTPS://A.example/%31#x"), Next::Fail(FetchFailure::RedirectLoop));
        let mut chain = Chain::start("https://a.example/1").unwrap();
        assert_eq!(redirect(&mut chain, 301, "/1"), Next::Fail(FetchFailure::RedirectLoop));
    }

    #[test]
    fn a_cookie_and_a_redirect_to_itself_is_no_loop() {
        let mut chain = Chain::start("https://a.example/1").unwrap();
        let answer = headers(&[("location", "/1"), ("set-cookie", "seen=1; Path=/; Secure; HttpOnly")]);
        assert_eq!(chain.answer(302, &answer), Next::Follow);
        assert_eq!(chain.cookie().as_deref(), Some("seen=1"));
        assert_eq!(chain.answer(302, &answer), Next::Fail(FetchFailure::RedirectLoop));
    }

    #[test]
    fn cookies_stay_on_their_host() {
        let mut chain = Chain::start("https://a.example/1").unwrap();
        chain.answer(302, &headers(&[("location", "https://b.example/"), ("set-cookie", "k=v; Domain=example")]));
        assert_eq!(chain.cookie(), None);
        redirect(&mut chain, 302, "https://sub.a.example/");
        assert_eq!(chain.cookie(), None);
        redirect(&mut chain, 302, "https://a.example/2");
        assert_eq!(chain.cookie().as_deref(), Some("k=v"));
    }
}
