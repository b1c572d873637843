//! Reading values from JSON text: what has another shape than expected is passed over, never an error.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Fields, Json};

/// A value as it stands in JSON text. ([`Json`] itself is read from its stored form.)
pub(crate) struct Sent(pub(crate) Json);

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(i64::try_from(number).map_or_else(|_| Json::Text(number.to_string()), Json::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(if number.is_finite() {
            Json::Real(number)
        } else {
            Json::Null
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(Sent(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Json::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Json, A::Error> {
        Fields::from_object(map).map(Json::Object)
    }
}

/// What is made of a value; the default of it where nothing is made of a value of that kind.
pub(crate) trait FromParts<'de>: Default {
    /// Reads an object's keys, all of them.
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }

    /// Takes a text.
    fn from_text(_: &str) -> Self {
        Self::default()
    }

    /// Takes a value that is neither text nor has parts.
    fn from_scalar(_: Json) -> Self {
        Self::default()
    }

    /// Reads a list's elements, all of them.
    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::default())
    }
}

/// A value of a known kind, or the default one where something else stands.
pub(crate) struct Known<T>(pub(crate) T);

impl<'de, T: FromParts<'de>> Deserialize<'de> for Known<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Parts(PhantomData)).map(Self)
    }
}

struct Parts<T>(PhantomData<T>);

impl<'de, T: FromParts<'de>> Visitor<'de> for Parts<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        AnyValue.visit_bool(flag).map(T::from_scalar)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        AnyValue.visit_i64(number).map(T::from_scalar)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        AnyValue.visit_u64(number).map(T::from_scalar)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        AnyValue.visit_f64(number).map(T::from_scalar)
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::from_object(map)
    }
}

impl<'de> FromParts<'de> for Fields {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, Sent(value))) = map.next_entry()? {
            pairs.push((key, value));
        }
        Ok(Self::new(pairs))
    }
}
