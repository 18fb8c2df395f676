//! Values that travel as text: one way to write and read them.

/// Serde through `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($($name:ident)*) => {$(
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as ::serde::Deserialize>::deserialize(from)?.parse().map_err(::serde::de::Error::custom)
            }
        }
    )*};
}

pub(crate) use serde_as_text;
