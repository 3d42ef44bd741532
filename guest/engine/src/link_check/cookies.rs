//! Cookies of one chain, for the host that set them and no other (RFC 6265 as far as that goes): some sites send
//! every visitor around once to see whether cookies stick.

use url::Url;

/// A hostile answer may set as many as it likes.
const MOST: usize = 50;
const MOST_BYTES: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Jar(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
    secure: bool,
}

impl Jar {
    /// Takes the `Set-Cookie` values of an answer.
    pub(super) fn take<'a>(&mut self, url: &Url, values: impl Iterator<Item = &'a str>) {
        for (cookie, dies) in values.take(MOST).filter_map(|value| read(url, value)) {
            self.0.retain(|kept| (&kept.host, &kept.path, &kept.name) != (&cookie.host, &cookie.path, &cookie.name));
            if !dies && self.0.len() < MOST {
                self.0.push(cookie);
            }
        }
    }

    /// The `Cookie` header for a URL.
    pub(super) fn header(&self, url: &Url) -> Option<String> {
        let fits = |cookie: &&Cookie| {
            url.host_str() == Some(cookie.host.as_str())
                && (!cookie.secure || url.scheme() == "https")
                && covers(&cookie.path, url.path())
        };
        let pairs: Vec<String> =
            self.0.iter().filter(fits).map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// A cookie, and whether this takes it away.
fn read(url: &Url, value: &str) -> Option<(Cookie, bool)> {
    let mut parts = value.split(';');
    let (name, text) = parts.next()?.split_once('=')?;
    let (name, text) = (name.trim(), text.trim());
    let clean = |text: &str| !text.contains(|char: char| char.is_control());
    if name.is_empty() || name.len() + text.len() > MOST_BYTES || !clean(name) || !clean(text) {
        return None;
    }
    let directory = url.path().rsplit_once('/').map_or("", |(directory, _)| directory);
    let mut cookie = Cookie {
        host: url.host_str()?.to_owned(),
        path: if directory.is_empty() { "/".to_owned() } else { directory.to_owned() },
        name: name.to_owned(),
        value: text.to_owned(),
        secure: false,
    };
    let mut dies = false;
    for part in parts {
        let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
        let (attribute, value) = (attribute.trim().to_ascii_lowercase(), value.trim());
        match attribute.as_str() {
            "path" if value.starts_with('/') => cookie.path = value.to_owned(),
            "secure" => cookie.secure = true,
            "max-age" => dies = value == "0" || value.starts_with('-'),
            _ => {}
        }
    }
    Some((cookie, dies))
}

fn covers(path: &str, of: &str) -> bool {
    of.strip_prefix(path).is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_schemes_and_ends() {
        let url = |text: &str| Url::parse(text).unwrap();
        let mut jar = Jar::default();
        let set = ["a=1; path=/", "b=2", "c=3; Path=/x/y; Secure", "=4", "d", "e=\u{1}"];
        jar.take(&url("https://h.example/x/page"), set.into_iter());
        assert_eq!(jar.header(&url("https://h.example/x/y/z")).as_deref(), Some("a=1; b=2; c=3"));
        assert_eq!(jar.header(&url("http://h.example/x/y")).as_deref(), Some("a=1; b=2"));
        assert_eq!(jar.header(&url("https://h.example/xy")).as_deref(), Some("a=1"));
        assert_eq!(jar.header(&url("https://other.example/")), None);
        jar.take(&url("https://h.example/"), ["a=; Max-Age=0; path=/"].into_iter());
        assert_eq!(jar.header(&url("https://h.example/")), None);
        jar.take(&url("https://h.example/"), (0..200).map(|_| "n=1").chain(["n=2"]));
        assert_eq!(jar.header(&url("https://h.example/")).as_deref(), Some("n=1"));
    }
}
