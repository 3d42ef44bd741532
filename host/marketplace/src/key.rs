//! A secret that pays.

use std::fmt;

use linker_types::ErrorCode;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

const LENGTHS: std::ops::RangeInclusive<usize> = 8..=512;
/// Written over a key found in a text.
const HIDDEN: &str = "[hidden]";

/// An API key (R-5.2): printed as nothing, serialised never, and wiped when dropped (the copy in a request's header is
/// the HTTP library's, which marks it as not to be shown, but doesn't wipe it).
///
/// ```compile_fail
/// fn printed(key: linker_marketplace::ApiKey) -> String { key.to_string() }
/// ```
/// ```compile_fail
/// fn serialised(key: linker_marketplace::ApiKey) -> String { serde_json::to_string(&key).unwrap() }
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Takes a key as it was given; blanks around it are a slip of the clipboard and go.
    ///
    /// # Errors
    /// On field `key`: shorter than 8 or longer than 512 characters, or anything but visible ASCII without quotes and
    /// backslashes (so that no escaping can change its looks). The message never repeats it.
    pub fn new(text: &SecretString) -> Result<Self, linker_types::Error> {
        let fault = |code, message: &str| Err(linker_types::Error::new(code, "key", message));
        let key = text.expose_secret().trim();
        if !LENGTHS.contains(&key.len()) {
            return fault(ErrorCode::OutOfRange, "an API key has 8 to 512 characters: copy it again, whole");
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'`\\".contains(&byte)) {
            return fault(ErrorCode::InvalidValue, "an API key has letters, digits and signs only: copy it again");
        }
        Ok(Self(key.into()))
    }

    /// For the one place that sends it; the HTTP libraries' logs leave it out.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut value = HeaderValue::from_str(self.0.expose_secret()).expect("visible ASCII, which `new` saw to");
        value.set_sensitive(true);
        value
    }

    /// For the one place that seals it.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }

    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        let key = self.bytes();
        text.windows(key.len()).any(|part| part.eq_ignore_ascii_case(key))
    }

    /// The text without the key, however its letters are cased.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        let (key, lower) = (self.0.expose_secret().to_ascii_lowercase(), text.to_ascii_lowercase());
        let mut shown = String::with_capacity(text.len());
        let mut from = 0;
        // Lower case in ASCII keeps every byte's place.
        for (at, _) in lower.match_indices(&key) {
            shown.push_str(text.get(from..at).unwrap_or_default());
            shown.push_str(HIDDEN);
            from = at + key.len();
        }
        shown.push_str(text.get(from..).unwrap_or_default());
        shown
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({HIDDEN})")
    }
}

impl<'de> Deserialize<'de> for ApiKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // serde's own message would repeat a value of the wrong type.
        let text = String::deserialize(from).map_err(|_| serde::de::Error::custom("an API key is a text"))?;
        Self::new(&text.into()).map_err(|fault| serde::de::Error::custom(fault.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_as_it_is_or_refused_without_being_repeated() {
        for good in ["12345678", "  fg_live-0123.ABC=+/~\n", &"k".repeat(512)] {
            let key = ApiKey::new(&good.into()).unwrap();
            assert_eq!(key.bytes(), good.trim().as_bytes());
            assert!(key.header().is_sensitive());
        }
        let number: Result<ApiKey, _> = serde_json::from_str("1234567890");
        assert!(!number.unwrap_err().to_string().contains("1234"));
        let many = "k".repeat(513);
        for bad in
            ["", "   ", "short-7", "two words-of-it", "line\nbreak-in-it", "umlaut-schlüssel", "quote\"d-key", &many]
        {
            let fault = ApiKey::new(&bad.into()).unwrap_err();
            assert_eq!(fault.field, "key");
            assert!(bad.trim().is_empty() || !fault.message.contains(bad), "{fault}");
            let read: Result<ApiKey, _> = serde_json::from_value(bad.into());
            assert!(bad.trim().is_empty() || !read.unwrap_err().to_string().contains(bad));
        }
    }

    #[test]
    fn a_text_is_shown_without_the_key() {
        let key = ApiKey::new(&"Secret-Key-1".into()).unwrap();
        let hidden = key.hide_in("ä secret-key-1secret-KEY-1, and `Secret-Key-1` ü");
        assert_eq!(hidden, "ä [hidden][hidden], and `[hidden]` ü");
        assert!(key.is_in(b"x=SECRET-key-1&") && !key.is_in(b"Secret-Key-"));
    }
}
