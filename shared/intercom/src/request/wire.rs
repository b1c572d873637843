//! The body as it is sent, read in one pass: what nobody asks for is passed over, and a field that is sent
//! twice is no error, the last one counts.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{RequestContact, RequestConversation, Role, Source};
use crate::lenient;

/// The body as it is sent, under each name that a field has had.
#[derive(Default)]
pub(super) struct Wire {
    pub(super) workspace_id: Option<String>,
    /// Its name for app versions up to 1.2.
    pub(super) app_id: Option<String>,
    pub(super) contact: Option<RequestContact>,
    /// The contact's name in older versions and in a table of the documentation.
    pub(super) customer: Option<RequestContact>,
    pub(super) conversation: Option<RequestConversation>,
    pub(super) component_id: Option<String>,
    pub(super) input_values: Option<Map<String, Value>>,
    pub(super) current_canvas: Option<CurrentCanvas>,
}

#[derive(Default)]
pub(super) struct CurrentCanvas {
    pub(super) stored_data: Value,
}

impl Fields for Wire {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error> {
        match name {
            "workspace_id" => self.workspace_id = text(value)?,
            "app_id" => self.app_id = text(value)?,
            "component_id" => self.component_id = text(value)?,
            "contact" => self.contact = object(value)?,
            "customer" => self.customer = object(value)?,
            "conversation" => self.conversation = object(value)?,
            "current_canvas" => self.current_canvas = object(value)?,
            "input_values" => {
                self.input_values = match value.next_value()? {
                    Value::Object(values) => Some(values),
                    _ => None,
                }
            }
            _ => drop(value.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

impl Fields for RequestContact {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error> {
        match name {
            "id" => self.id = text(value)?,
            "external_id" => self.external_id = decoded(value)?,
            "email" => self.email = decoded(value)?,
            "name" => self.name = decoded(value)?,
            "role" => self.role = Role::named(text(value)?.as_deref()),
            _ => drop(value.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

impl Fields for RequestConversation {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error> {
        match name {
            "id" => self.id = text(value)?,
            "created_at" => self.created_at = time(value)?,
            "source" => self.source = object(value)?,
            _ => drop(value.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

impl Fields for Source {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error> {
        match name {
            "url" => self.url = text(value)?,
            _ => drop(value.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

impl Fields for CurrentCanvas {
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error> {
        match name {
            "stored_data" => self.stored_data = value.next_value()?,
            _ => drop(value.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// An object of a kind; none for `null` and whatever is no object.
pub(super) struct Object<T>(pub(super) Option<T>);

/// What takes the fields of an object, one after the other.
pub(super) trait Fields: Default {
    /// Takes a field, or passes over its value.
    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, value: &mut A) -> Result<(), A::Error>;
}

impl<'de, T: Fields> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Fields> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut object = T::default();
        while let Some(name) = fields.next_key::<String>()? {
            object.read(&name, &mut fields)?;
        }
        Ok(Object(Some(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Object(None))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Object(None))
    }
}

fn object<'de, A: MapAccess<'de>, T: Fields>(value: &mut A) -> Result<Option<T>, A::Error> {
    Ok(value.next_value::<Object<T>>()?.0)
}

fn text<'de, A: MapAccess<'de>>(value: &mut A) -> Result<Option<String>, A::Error> {
    #[derive(Deserialize)]
    struct Text(#[serde(deserialize_with = "lenient::text")] Option<String>);

    Ok(value.next_value::<Text>()?.0)
}

fn decoded<'de, A: MapAccess<'de>>(value: &mut A) -> Result<Option<String>, A::Error> {
    #[derive(Deserialize)]
    struct Text(#[serde(deserialize_with = "lenient::decoded_text")] Option<String>);

    Ok(value.next_value::<Text>()?.0)
}

fn time<'de, A: MapAccess<'de>>(value: &mut A) -> Result<Option<Timestamp>, A::Error> {
    #[derive(Deserialize)]
    struct Time(#[serde(deserialize_with = "lenient::timestamp")] Option<Timestamp>);

    Ok(value.next_value::<Time>()?.0)
}
