//! Against encoding_rs, which browsers use.

use encoding_rs::Encoding;
use proptest::prelude::*;

use super::*;

fn text(decoded: &Decoded<'_>) -> String {
    String::from_utf8_lossy(&decoded.source).into_owned()
}

#[test]
fn single_bytes_as_the_standard_has_them() {
    let bytes: Vec<u8> = (0..=255).collect();
    for label in [
        "866",
        "latin2",
        "latin3",
        "latin4",
        "cyrillic",
        "arabic",
        "greek",
        "hebrew",
        "logical",
        "latin6",
        "iso-8859-13",
        "iso-8859-14",
        "iso-8859-15",
        "iso-8859-16",
        "koi8-r",
        "koi8-u",
        "mac",
        "windows-874",
        "cp1250",
        "cp1251",
        "latin1",
        "cp1253",
        "latin5",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "x-mac-cyrillic",
        "x-user-defined",
        "utf8",
        "us-ascii",
    ] {
        let expected = Encoding::for_label(label.as_bytes()).unwrap().decode_without_bom_handling(&bytes).0;
        assert_eq!(text(&decode(&bytes, Some(label))), expected, "{label}");
    }
}

#[test]
fn where_the_set_is_said() {
    let of = |body: &[u8], declared| decode(body, declared).charset;
    assert_eq!(of(b"\xef\xbb\xbf<p>", Some("latin1")), Charset::Utf8);
    assert_eq!(of(b"\xff\xfe<\0", Some("utf-8")), Charset::Utf16Le);
    assert_eq!(of(b"\xfe\xff\0<", None), Charset::Utf16Be);
    assert_eq!(of(b"<meta charset=koi8-r>", Some("windows-1251")), Charset::Single(&tables::WINDOWS_1251));
    assert_eq!(of(b"<meta charset=koi8-r>", Some("no such set")), Charset::Single(&tables::KOI8_R));
    assert_eq!(of(b"<!-- <meta charset=koi8-r> --><META CharSet = ' GBK '>", None), Charset::Gb);
    let http_equiv = b"<meta content='text/html; charset = \"shift_jis\"' http-equiv=Content-Type>";
    assert_eq!(of(http_equiv, None), Charset::ShiftJis);
    assert_eq!(of(b"<meta charset=utf-16>", None), Charset::Utf8);
    assert_eq!(of(&[b" ".repeat(1024).as_slice(), b"<meta charset=gbk>"].concat(), None), Charset::Utf8);
    assert_eq!(of("é".as_bytes(), None), Charset::Utf8);
    assert_eq!(of(b"caf\xe9 <p>", None), Charset::Single(&tables::WINDOWS_1252));
    assert_eq!(of(b"cut off \xc3", None), Charset::Utf8);
    assert_eq!(of(b"x", Some("iso-2022-kr")), Charset::Unknown);
}

#[test]
fn utf_16_with_surrogates() {
    let units: Vec<u8> = "a é 😀".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&decode(&[&[0xFF, 0xFE], units.as_slice()].concat(), None)), "a é 😀");
    assert_eq!(text(&decode(&[0xFE, 0xFF, 0xD8, 0x00, 0x00, b'a', 1], None)), "\u{fffd}a\u{fffd}");
}

#[test]
fn queries_in_the_set_of_the_page() {
    let encode = |label: &str, text: &str| decode(b"", Some(label)).charset.encode_query(text).into_owned();
    assert_eq!(encode("latin1", "q=é"), b"q=\xe9");
    assert_eq!(encode("utf-8", "é"), "é".as_bytes());
    assert_eq!(encode("latin1", "ж"), b"%26%231078%3B");
}

proptest! {
    /// Where a character is ASCII, ours and encoding_rs's agree: on text that the sets can write.
    #[test]
    fn ascii_survives_east_asian_sets(text in "[ -~]{0,8}([一-鿋]{0,3}[ -~]{0,4}[ァ-ヶ]{0,3}[<>\"'&=/a-z]{0,4}){0,6}") {
        for label in ["gbk", "gb18030", "big5", "euc-kr", "shift_jis", "euc-jp", "iso-2022-jp"] {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let (bytes, _, _) = encoding.encode(&text);
            let expected = encoding.decode_without_bom_handling(&bytes).0;
            let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
            let decoded = decode(&bytes, Some(label));
            prop_assert_eq!(ascii(std::str::from_utf8(&decoded.source).unwrap()), ascii(&expected), "{}", label);
            prop_assert_eq!(std::str::from_utf8(&decoded.source).unwrap().chars().count(), expected.chars().count(), "{}", label);
        }
    }
}
