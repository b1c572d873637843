//! Values of custom attributes: the attribute has to exist, and the value has to be of its type.

use serde_json::{Map, Value};

use super::declined::Declined;
use crate::fake::{Directory, FakeAttribute};
use crate::write::Model;

/// Longest text, characters: as old documentation of Intercom's has it.
const MAX_CHARS: usize = 255;

/// The values that may be written, as they are kept.
pub(super) fn checked(
    directory: &Directory,
    model: Model,
    asked: Option<&Value>,
) -> Result<Map<String, Value>, Declined> {
    let values = match asked {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(Value::Object(values)) => values,
        Some(_) => return Err(Declined::invalid("custom_attributes must be an object")),
    };
    let mut kept = Map::new();
    for (name, value) in values {
        let Some(attribute) = directory.attribute(model, name) else {
            let said = format!("Custom attribute '{name}' does not exist");
            return Err(Declined::invalid(said));
        };
        kept.insert(name.clone(), value_of(attribute, value)?);
    }
    Ok(kept)
}

/// Adds to what there is; `null` takes away.
pub(super) fn merge(kept: &mut Map<String, Value>, written: &Map<String, Value>) {
    for (name, value) in written {
        match value {
            Value::Null => kept.remove(name),
            value => kept.insert(name.clone(), value.clone()),
        };
    }
}

fn value_of(attribute: &FakeAttribute, value: &Value) -> Result<Value, Declined> {
    let kept = match (attribute.data_type.as_str(), value) {
        (_, Value::Null) => Some(Value::Null),
        ("string", Value::String(text)) if text.chars().count() <= MAX_CHARS => Some(value.clone()),
        ("string", Value::Number(number)) => Some(Value::String(number.to_string())),
        ("string", Value::Bool(flag)) => Some(Value::String(flag.to_string())),
        ("integer" | "date", Value::Number(number)) if number.is_i64() => Some(value.clone()),
        ("float", Value::Number(_)) | ("boolean", Value::Bool(_)) => Some(value.clone()),
        _ => None,
    };
    let options = &attribute.options;
    let is_option = |value: &Value| {
        options.is_empty()
            || value.is_null()
            || options
                .iter()
                .any(|option| Some(option.as_str()) == value.as_str())
    };
    kept.filter(is_option).ok_or_else(|| {
        let (name, kind) = (&attribute.name, &attribute.data_type);
        Declined::invalid(format!("Custom attribute '{name}' is not a valid {kind}"))
    })
}
