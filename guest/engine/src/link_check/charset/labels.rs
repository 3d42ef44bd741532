//! The names of character sets (Encoding Standard, section 4.2).

use super::{Charset, tables::*};

/// The set that a name stands for, ignoring case and white space around it.
pub(super) fn by_label(label: &[u8]) -> Option<Charset> {
    let label = label.trim_ascii();
    LABELS
        .iter()
        .find(|(labels, _)| labels.split(' ').any(|known| known.as_bytes().eq_ignore_ascii_case(label)))
        .map(|(_, charset)| *charset)
}

/// Written by a program from the standard's list.
static LABELS: &[(&str, Charset)] = &[
    ("unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8", Charset::Utf8),
    ("866 cp866 csibm866 ibm866", Charset::Single(&IBM866)),
    (
        "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
        Charset::Single(&ISO_8859_2),
    ),
    (
        "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
        Charset::Single(&ISO_8859_3),
    ),
    (
        "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
        Charset::Single(&ISO_8859_4),
    ),
    (
        "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
        Charset::Single(&ISO_8859_5),
    ),
    (
        "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
        Charset::Single(&ISO_8859_6),
    ),
    (
        "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek",
        Charset::Single(&ISO_8859_7),
    ),
    (
        "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual",
        Charset::Single(&ISO_8859_8),
    ),
    ("csiso88598i iso-8859-8-i logical", Charset::Single(&ISO_8859_8)),
    ("csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6", Charset::Single(&ISO_8859_10)),
    ("iso-8859-13 iso8859-13 iso885913", Charset::Single(&ISO_8859_13)),
    ("iso-8859-14 iso8859-14 iso885914", Charset::Single(&ISO_8859_14)),
    ("csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9", Charset::Single(&ISO_8859_15)),
    ("iso-8859-16", Charset::Single(&ISO_8859_16)),
    ("cskoi8r koi koi8 koi8-r koi8_r", Charset::Single(&KOI8_R)),
    ("koi8-ru koi8-u", Charset::Single(&KOI8_U)),
    ("csmacintosh mac macintosh x-mac-roman", Charset::Single(&MACINTOSH)),
    ("dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874", Charset::Single(&WINDOWS_874)),
    ("cp1250 windows-1250 x-cp1250", Charset::Single(&WINDOWS_1250)),
    ("cp1251 windows-1251 x-cp1251", Charset::Single(&WINDOWS_1251)),
    (
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
        Charset::Single(&WINDOWS_1252),
    ),
    ("cp1253 windows-1253 x-cp1253", Charset::Single(&WINDOWS_1253)),
    (
        "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254",
        Charset::Single(&WINDOWS_1254),
    ),
    ("cp1255 windows-1255 x-cp1255", Charset::Single(&WINDOWS_1255)),
    ("cp1256 windows-1256 x-cp1256", Charset::Single(&WINDOWS_1256)),
    ("cp1257 windows-1257 x-cp1257", Charset::Single(&WINDOWS_1257)),
    ("cp1258 windows-1258 x-cp1258", Charset::Single(&WINDOWS_1258)),
    ("x-mac-cyrillic x-mac-ukrainian", Charset::Single(&X_MAC_CYRILLIC)),
    ("chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk", Charset::Gb),
    ("gb18030", Charset::Gb),
    ("big5 big5-hkscs cn-big5 csbig5 x-x-big5", Charset::TwoBytes),
    ("cseucpkdfmtjapanese euc-jp x-euc-jp", Charset::EucJp),
    ("csiso2022jp iso-2022-jp", Charset::Iso2022Jp),
    ("csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis", Charset::ShiftJis),
    (
        "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
        Charset::TwoBytes,
    ),
    ("csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement", Charset::Unknown),
    ("unicodefffe utf-16be", Charset::Utf16Be),
    ("csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le", Charset::Utf16Le),
    ("x-user-defined", Charset::Single(&X_USER_DEFINED)),
];
