//! The two shapes that WIT and Rust share. The macros give a type its JSON form, with feature `host` its
//! component-model form, and the names that wit-bindgen's generated code expects of a remapped type.
//!
//! `ComposeSchema` is what utoipa's derive implements too, and hides: a bare `PartialSchema` can't be in an `Option`.
//!
//! Reading JSON is written here and not derived: serde's derive reads a record from a list as well, by position,
//! which no document of ours means, and its code for 40 records was a fifth of the component.

/// A WIT record: each field with its WIT name, and where it needs them its flags: `optional` (may be absent,
/// then its default), `skip` (and is not written then: serde's `skip_serializing_if`), `map` (pairs that are a JSON object), `tiers` (ids by tier that are one by id), `bytes` (base64 in JSON), `type` (a field named so in JSON).
/// An `[open]` record is read from a larger object, whose other fields are passed over.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident $([$open:ident])? {
        $($(#[$field_meta:meta])* $field:ident $wit:literal $([$($flag:tt)+])? : $ty:ty,)*
    }) => {
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(
            feature = "host",
            derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
            component(record)
        )]
        $(#[$meta])*
        pub struct $name {
            $($(#[$field_meta])* #[cfg_attr(feature = "host", component(name = $wit))] pub $field: $ty,)*
        }

        impl $crate::fields::Blank for $name {
            fn blank() -> Self {
                Self { $($field: $crate::fields::Blank::blank(),)* }
            }
        }

        impl $crate::write::Write for $name {
            #[inline(never)]
            fn write(&self, out: &mut $crate::out::Out) {
                // An object begins where a further field has its comma.
                let mut further = false;
                $(if is_written!(self.$field, $($($flag)+)?) {
                    out.text(match further {
                        true => concat!(",\"", json_name!($field $($($flag)+)?), "\":"),
                        false => concat!("{\"", json_name!($field $($($flag)+)?), "\":"),
                    });
                    further = true;
                    write_value!($($($flag)+)?)(&self.$field, out);
                })*
                out.text(if further { "}" } else { "{}" });
            }
        }

        impl $crate::quick::Quick for $name {
            #[inline(never)]
            fn quick(from: &mut $crate::quick::Text<'_>) -> Option<Self> {
                #[allow(non_camel_case_types)]
                enum At { $($field),* }

                const NEEDED: u32 = 0 $(| needed!(At::$field as u32, $($($flag)+)?))*;
                let mut record: $name = $crate::fields::Blank::blank();
                let mut seen = 0u32;
                if !from.take(b"{") {
                    return None;
                }
                // Fields mostly come in the order of the record: then one round finds them all.
                'round: while !(seen == 0 && from.take(b"}")) {
                    let before = seen;
                    $(if from.field(quoted!(json_name!($field $($($flag)+)?)), 1 << At::$field as u32, &mut seen)? {
                        record.$field = quick_value!($($($flag)+)?)(from)?;
                        if !from.more(b'}')? {
                            break 'round;
                        }
                    })*
                    if seen == before {
                        return None;
                    }
                }
                $crate::quick::has(seen, NEEDED).then_some(record)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[allow(non_camel_case_types)]
                enum At { $($field),* }

                const FIELDS: $crate::fields::Fields = $crate::fields::Fields {
                    names: &[$(json_name!($field $($($flag)+)?)),*],
                    open: false $(|| is!($open))?,
                    needed: 0 $(| needed!(At::$field as u32, $($($flag)+)?))*,
                };

                struct Record;
                impl<'de> serde::de::Visitor<'de> for Record {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut record: $name = $crate::fields::Blank::blank();
                        let mut read = $crate::fields::Read::new(&FIELDS);
                        while let Some(at) = read.next(&mut map)? {
                            $(if at == At::$field as usize {
                                put!($($($flag)+)?)(&mut map, &mut record.$field)?;
                                continue;
                            })*
                        }
                        Ok(record)
                    }
                }
                from.deserialize_map(Record)
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let object = utoipa::openapi::ObjectBuilder::new();
                $(let name = json_name!($field $($($flag)+)?);
                let object = object.property(name, json_schema!($ty, $($($flag)+)?));
                let object = if json_required!($($($flag)+)?) { object.required(name) } else { object };)*
                // Not closed, though nothing else is read: an answer may lay a record out among fields of its own.
                object.build().into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

/// The schema of a field.
#[cfg(feature = "schema")]
macro_rules! json_schema {
    ($ty:ty, skip $($other:tt)*) => {
        json_schema!($ty, $($other)*)
    };
    ($ty:ty, map $($other:tt)*) => {
        $crate::map::schema::<$ty>()
    };
    ($ty:ty, tiers $($other:tt)*) => {
        $crate::map::schema::<Vec<(u64, $crate::Tier)>>()
    };
    ($ty:ty, bytes $($other:tt)*) => {
        <String as utoipa::PartialSchema>::schema()
    };
    ($ty:ty, $($other:tt)*) => {
        <$ty as utoipa::PartialSchema>::schema()
    };
}

/// Whether a field must be there when it is read; all are there when they are written, but for those left out when empty.
#[cfg(feature = "schema")]
macro_rules! json_required {
    () => {
        true
    };
    (optional) => {
        false
    };
    ($flag:tt $($other:tt)*) => {
        json_required!($($other)*)
    };
}

macro_rules! is {
    (open) => {
        true
    };
}

macro_rules! json_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident type $($other:tt)*) => {
        "type"
    };
    ($field:ident $flag:tt $($other:tt)*) => {
        json_name!($field $($other)*)
    };
}

/// How a field is read into its place.
macro_rules! put {
    () => {
        $crate::fields::put
    };
    (map $($other:tt)*) => {
        $crate::map::put
    };
    (tiers $($other:tt)*) => {
        $crate::tiers::put
    };
    (bytes $($other:tt)*) => {
        $crate::base64::put
    };
    ($flag:tt $($other:tt)*) => {
        put!($($other)*)
    };
}

/// A name in quotes, as bytes whose number the compiler knows.
macro_rules! quoted {
    ($name:expr) => {{
        const QUOTED: &str = concat!("\"", $name, "\"");
        const BYTES: &[u8; QUOTED.len()] = match QUOTED.as_bytes().first_chunk() {
            Some(bytes) => bytes,
            None => unreachable!(),
        };
        BYTES
    }};
}

/// How a field is read quickly.
macro_rules! quick_value {
    () => {
        $crate::quick::Quick::quick
    };
    (map $($other:tt)*) => {
        $crate::quick::left
    };
    (tiers $($other:tt)*) => {
        $crate::quick::left
    };
    (bytes $($other:tt)*) => {
        $crate::quick::left
    };
    ($flag:tt $($other:tt)*) => {
        quick_value!($($other)*)
    };
}

/// How a field is written.
macro_rules! write_value {
    () => {
        $crate::write::Write::write
    };
    (map $($other:tt)*) => {
        $crate::write::map
    };
    (tiers $($other:tt)*) => {
        $crate::tiers::write
    };
    (bytes $($other:tt)*) => {
        $crate::base64::write
    };
    ($flag:tt $($other:tt)*) => {
        write_value!($($other)*)
    };
}

macro_rules! is_written {
    ($field:expr,) => {
        true
    };
    ($field:expr, skip $($other:tt)*) => {
        !$crate::fields::is_blank(&$field)
    };
    ($field:expr, $flag:tt $($other:tt)*) => {
        is_written!($field, $($other)*)
    };
}

macro_rules! needed {
    ($at:expr,) => {
        1 << $at
    };
    ($at:expr, optional) => {
        0
    };
    ($at:expr, $flag:tt $($other:tt)*) => {
        needed!($at, $($other)*)
    };
}

/// A WIT enum: each case with its WIT name and its word in JSON and in tables.
macro_rules! vocabulary {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$case_meta:meta])* $case:ident $wit:literal $word:literal,)*
    }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(
            feature = "host",
            derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
            component(enum)
        )]
        #[repr(u8)]
        $(#[$meta])*
        pub enum $name {
            $($(#[$case_meta])* #[cfg_attr(feature = "host", component(name = $wit))] $case,)*
        }

        impl $name {
            /// Every case, in the order of the contract.
            pub const ALL: &'static [$name] = &[$($name::$case),*];
            const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word for it in JSON and in tables.
            pub const fn as_str(self) -> &'static str {
                Self::WORDS[self as usize]
            }

            /// wit-bindgen's name for making one of its discriminant, which the canonical ABI has checked.
            #[doc(hidden)]
            pub fn _lift(discriminant: u8) -> Self {
                let last = Self::ALL.len() - 1;
                Self::ALL[(discriminant as usize).min(last)]
            }
        }

        impl $crate::fields::Blank for $name {
            fn blank() -> Self {
                Self::ALL[0]
            }
        }

        impl $crate::write::Write for $name {
            fn write(&self, out: &mut $crate::out::Out) {
                const QUOTED: &[&str] = &[$(concat!("\"", $word, "\"")),*];
                out.text(QUOTED[*self as usize]);
            }
        }

        impl $crate::quick::Quick for $name {
            fn quick(from: &mut $crate::quick::Text<'_>) -> Option<Self> {
                $crate::quick::word(from, Self::WORDS).map(|at| Self::ALL[at])
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = $crate::word::Word { words: Self::WORDS, field: false, open: false, likely: 0 };
                serde::de::DeserializeSeed::deserialize(word, from).map(|at| Self::ALL[at])
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let object = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                object.enum_values(Some(Self::WORDS.iter().copied())).build().into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}
