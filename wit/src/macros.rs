//! The two shapes that WIT and Rust share. The macros give a type its JSON form, with feature `host` its
//! component-model form, and the names that wit-bindgen's generated code expects of a remapped type.
//!
//! `ComposeSchema` is what utoipa's derive implements too, and hides: a bare `PartialSchema` can't be in an `Option`.
//!
//! Reading JSON is written here and not derived: serde's derive reads a record from a list as well, by position,
//! which no document of ours means, and its code for 40 records was a fifth of the component.

/// A WIT record: each field with its WIT name, and where it needs them its flags: `optional` (may be absent,
/// then its default), `map` (pairs that are a JSON object), `bytes` (base64 in JSON), `type` (a field named so in JSON).
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident {
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

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                const FIELDS: &[&str] = &[$(json_name!($field $($($flag)+)?)),*];

                #[allow(non_camel_case_types)]
                enum At { $($field),* }

                struct Fields;
                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        $(let mut $field: Option<$ty> = None;)*
                        let mut likely = 0;
                        while let Some(at) =
                            map.next_key_seed($crate::word::Word { words: FIELDS, field: true, likely })?
                        {
                            likely = at + 1;
                            $(if at == At::$field as usize {
                                if $field.is_some() {
                                    return Err(serde::de::Error::duplicate_field(FIELDS[at]));
                                }
                                $field = Some(json_value!(map $($($flag)+)?));
                                continue;
                            })*
                        }
                        Ok($name {
                            $($field: match $field {
                                Some(value) => value,
                                None => absent!(FIELDS[At::$field as usize], $($($flag)+)?),
                            },)*
                        })
                    }
                }
                from.deserialize_struct(stringify!($name), FIELDS, Fields)
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let object = utoipa::openapi::ObjectBuilder::new();
                $(let name = json_name!($field $($($flag)+)?);
                let object = object.property(name, json_schema!($ty, $($($flag)+)?));
                let object = if json_required!($($($flag)+)?) { object.required(name) } else { object };)*
                let nothing_else = utoipa::openapi::schema::AdditionalProperties::FreeForm(false);
                object.additional_properties(Some(nothing_else)).build().into()
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
    ($ty:ty, map $($other:tt)*) => {
        $crate::map::schema::<$ty>()
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
    (optional) => {
        false
    };
    (map optional) => {
        false
    };
    (bytes optional) => {
        false
    };
    (type optional) => {
        false
    };
    ($($other:tt)*) => {
        true
    };
}

macro_rules! json_name {
    ($field:ident type) => {
        "type"
    };
    ($field:ident $($other:tt)*) => {
        stringify!($field)
    };
}

macro_rules! json_value {
    ($map:ident map $($other:tt)*) => {
        $map.next_value::<$crate::map::Pairs<_, _>>()?.0
    };
    ($map:ident bytes $($other:tt)*) => {
        $map.next_value::<$crate::base64::Base64>()?.0
    };
    ($map:ident $($other:tt)*) => {
        $map.next_value()?
    };
}

macro_rules! absent {
    ($name:expr, optional) => {
        Default::default()
    };
    ($name:expr, map optional) => {
        Default::default()
    };
    ($name:expr, bytes optional) => {
        Default::default()
    };
    ($name:expr, $($other:tt)*) => {
        return Err(serde::de::Error::missing_field($name))
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
                let word = $crate::word::Word { words: Self::WORDS, field: false, likely: 0 };
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
