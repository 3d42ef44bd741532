//! Settings in TOML, read so that no fault repeats what a line says: it may be a password, and faults go to logs. A
//! fault has its place, the setting's name and what is wrong, which neither TOML's nor serde's own messages keep apart.

use std::fmt::{self, Display};
use std::ops::Range;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, Expected, IntoDeserializer, Unexpected, Visitor};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file of settings, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    line: usize,
    column: usize,
    /// With dots; empty where it isn't known.
    name: String,
    message: String,
}

impl Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.name.is_empty() {
            write!(f, "`{}`: ", self.name)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigFault {}

/// A file's settings, not yet taken for anything.
#[derive(Debug)]
pub struct ConfigFile<'a> {
    text: &'a str,
    settings: DeTable<'a>,
}

impl<'a> ConfigFile<'a> {
    /// Reads TOML. What is written where a name belongs may be anything in a file that isn't TOML: only a name that is
    /// `known` is repeated.
    ///
    /// # Errors
    /// The first place that isn't TOML.
    pub fn parse(text: &'a str, known: &[String]) -> Result<Self, ConfigFault> {
        match DeTable::parse(text) {
            Ok(table) => Ok(Self { text, settings: table.into_inner() }),
            Err(error) => {
                let at = error.span().map_or(text.len(), |span| span.start).min(text.len());
                let (line, column) = place(text, at);
                let name = text.lines().take(line).filter_map(|line| Some(line.split_once('=')?.0.trim())).last();
                let name = name.filter(|name| known.iter().any(|known| known == name)).unwrap_or_default();
                // Of TOML's grammar, nothing of the file.
                Err(ConfigFault { line, column, name: name.to_owned(), message: error.message().to_owned() })
            }
        }
    }

    /// Those of some names, and the others.
    #[must_use]
    pub fn split(self, names: &[String]) -> (Self, Self) {
        let Self { text, settings } = self;
        let (of_names, others) =
            settings.into_iter().partition(|(name, _)| names.iter().any(|known| *known == **name.get_ref()));
        (Self { text, settings: of_names }, Self { text, settings: others })
    }

    /// What they say.
    ///
    /// # Errors
    /// The first setting whose value is none for it, or that isn't one.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ConfigFault> {
        let all = Node { name: String::new(), span: 0..0, value: DeValue::Table(self.settings) };
        T::deserialize(all).map_err(|Refusal { message, at }| {
            let (name, span) = at.unwrap_or_default();
            let (line, column) = place(self.text, span.start);
            ConfigFault { line, column, name, message }
        })
    }
}

/// Line and column from 1, in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// A name as people choose them, and nothing that only stands where one belongs.
fn plain(name: &str) -> &str {
    let plain =
        name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if plain { name } else { "…" }
}

/// A value with its place and its name.
struct Node<'a> {
    name: String,
    span: Range<usize>,
    value: DeValue<'a>,
}

impl<'a> Node<'a> {
    fn of(name: String, value: Spanned<DeValue<'a>>) -> Self {
        Self { name, span: value.span(), value: value.into_inner() }
    }

    /// The innermost value that a refusal is of says where it is.
    fn placed<T>(at: (String, Range<usize>), read: Result<T, Refusal>) -> Result<T, Refusal> {
        read.map_err(|refusal| Refusal { at: Some(refusal.at.unwrap_or(at)), ..refusal })
    }
}

impl<'de> IntoDeserializer<'de, Refusal> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let Self { name, span, value } = self;
        let read = match value {
            DeValue::String(text) => visitor.visit_str(&text),
            DeValue::Boolean(flag) => visitor.visit_bool(flag),
            DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(Refusal::new("too large a number")),
            },
            DeValue::Float(digits) => match digits.as_str().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(Refusal::new("too large a number")),
            },
            DeValue::Datetime(_) => Err(de::Error::invalid_type(Unexpected::Other("a date or time"), &visitor)),
            DeValue::Array(values) => {
                let values = values.into_iter().map(|value| Node::of(name.clone(), value));
                visitor.visit_seq(SeqDeserializer::new(values))
            }
            DeValue::Table(settings) => {
                let settings = settings.into_iter().map(|(key, value)| {
                    let below = if name.is_empty() { "" } else { "." };
                    let below = format!("{name}{below}{}", plain(key.get_ref()));
                    let key_node =
                        Node { name: name.clone(), span: key.span(), value: DeValue::String(key.into_inner()) };
                    (key_node, Node::of(below, value))
                });
                visitor.visit_map(MapDeserializer::new(settings))
            }
        };
        Self::placed((name, span), read)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let at = (self.name.clone(), self.span.clone());
        Self::placed(at, visitor.visit_some(self))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        let at = (self.name.clone(), self.span.clone());
        Self::placed(at, visitor.visit_newtype_struct(self))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let Self { name, span, value } = self;
        let read = match value {
            DeValue::String(text) => visitor.visit_enum(text.into_deserializer()),
            _ => Err(Refusal::new("expected a string")),
        };
        Self::placed((name, span), read)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// Why a value is none for its setting, without the value.
#[derive(Debug)]
struct Refusal {
    message: String,
    at: Option<(String, Range<usize>)>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), at: None }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    /// What a type says of a text may repeat it.
    fn custom<T: Display>(_: T) -> Self {
        Self::new("no value that this setting can have")
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "a boolean",
            Unexpected::Signed(_) | Unexpected::Unsigned(_) => "an integer",
            Unexpected::Float(_) => "a float",
            Unexpected::Str(_) => "a string",
            Unexpected::Seq => "an array",
            Unexpected::Map => "a table",
            Unexpected::Other(what) => what,
            _ => "something else",
        };
        Self::new(format!("expected {}, found {found}", plainly(expected)))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {}", plainly(expected)))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("expected one of {}", list(known)))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("there is no setting `{}`: did you mean one of {}?", plain(name), list(known)))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format!("`{name}` is missing"))
    }
}

/// What a type wants, without Rust's words for numbers.
fn plainly(expected: &dyn Expected) -> String {
    match expected.to_string().as_str() {
        "u16" | "u32" | "u64" | "usize" => "a whole number".to_owned(),
        "a nonzero u32" => "a whole number from 1".to_owned(),
        "f64" => "a number".to_owned(),
        other => other.to_owned(),
    }
}

fn list(known: &[&str]) -> String {
    known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
