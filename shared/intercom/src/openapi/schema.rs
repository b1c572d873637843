//! The schemas of OpenAPI 3.0, which are almost JSON Schema.

use serde_json::{Map, Value, json};

/// Everything in `found` that `schema`, a part of `document`, does not allow or does not know.
pub(super) fn violations(document: &Value, schema: &Value, found: &Value) -> Vec<String> {
    // References lead to `#/components`, so these come along.
    let root = json!({ "allOf": [schema], "components": document["components"] });
    let mut violations: Vec<String> = match jsonschema::draft7::new(&as_json_schema(root)) {
        Ok(validator) => validator
            .iter_errors(found)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect(),
        Err(error) => vec![format!("the description cannot be used: {error}")],
    };
    unknown_fields(document, schema, found, "", &mut violations);
    violations
}

/// What a `$ref` leads to; anything else as it is.
pub(super) fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| {
        let pointer = reference.strip_prefix('#')?;
        document.pointer(pointer)
    });
    target.map_or(value, |target| resolve(document, target))
}

/// OpenAPI 3.0 says `nullable` where JSON Schema lists `null` among the types.
fn as_json_schema(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().map(as_json_schema).collect(),
        Value::Object(fields) => {
            let nullable = fields.get("nullable") == Some(&Value::Bool(true));
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, as_json_schema(value)));
            let schema = Value::Object(fields.collect::<Map<_, _>>());
            if nullable {
                json!({ "anyOf": [schema, { "type": "null" }] })
            } else {
                schema
            }
        }
        plain => plain,
    }
}

/// Intercom may add fields, we and who pretends to be Intercom may not: most of them would be misspelt ones.
fn unknown_fields(
    document: &Value,
    schema: &Value,
    found: &Value,
    at: &str,
    report: &mut Vec<String>,
) {
    let schema = resolve(document, schema);
    // What a value may be by several schemas, or hold under any name, is not looked into.
    let open = ["allOf", "anyOf", "oneOf", "additionalProperties"];
    if open.iter().any(|keyword| !schema[*keyword].is_null()) {
        return;
    }
    match (found, schema["properties"].as_object()) {
        (Value::Object(fields), Some(known)) => {
            for (name, value) in fields {
                let at = format!("{at}/{name}");
                match known.get(name) {
                    Some(schema) => unknown_fields(document, schema, value, &at, report),
                    None => report.push(format!("{at}: not described")),
                }
            }
        }
        (Value::Array(values), _) => {
            for value in values {
                unknown_fields(document, &schema["items"], value, at, report);
            }
        }
        _ => {}
    }
}
