//! The two shapes that WIT and Rust share. The macros give a type its JSON form, with feature `host` its
//! component-model form, and the names that wit-bindgen's generated code expects of a remapped type.

/// A WIT record: each field with its WIT name.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$field_meta:meta])* $field:ident $wit:literal : $ty:ty,)*
    }) => {
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(
            feature = "host",
            derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
            component(record)
        )]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $name {
            $($(#[$field_meta])* #[cfg_attr(feature = "host", component(name = $wit))] pub $field: $ty,)*
        }
    };
}

/// A WIT enum: each case with its WIT name and its word in JSON and in tables.
macro_rules! vocabulary {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$case_meta:meta])* $case:ident $wit:literal $word:literal,)*
    }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(
            feature = "host",
            derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower),
            component(enum)
        )]
        #[repr(u8)]
        $(#[$meta])*
        pub enum $name {
            $($(#[$case_meta])* #[cfg_attr(feature = "host", component(name = $wit))] #[serde(rename = $word)] $case,)*
        }

        impl $name {
            /// Every case, in the order of the contract.
            pub const ALL: &'static [$name] = &[$($name::$case),*];

            /// The word for it in JSON and in tables.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$case => $word),* }
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
    };
}
