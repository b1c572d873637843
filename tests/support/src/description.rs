//! Holds what the public API answers against its description, `docs/openapi.yaml`.
//!
//! The schemas of OpenAPI 3.1 are those of JSON Schema 2020-12. The description leaves objects open, so that
//! callers pass over fields that come later. Here they are closed: no answer may have a field that is not
//! described.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

static OF_THE_API: LazyLock<Description> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.yaml");
    Description::parse(&std::fs::read_to_string(file).unwrap())
});

/// A description in OpenAPI 3.1.
pub struct Description {
    document: Value,
    /// The same schemas, closed.
    components: Value,
}

/// A request and its answer, as JSON.
pub struct Call<'a> {
    /// As in `GET`.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// What was sent; null for nothing.
    pub sent: &'a Value,
    /// The status of the answer.
    pub status: u16,
    /// What was answered.
    pub answered: &'a Value,
}

impl Description {
    /// The description of the organization's own API.
    pub fn of_the_api() -> &'static Self {
        &OF_THE_API
    }

    /// Reads one.
    ///
    /// # Panics
    /// When it is not YAML.
    pub fn parse(yaml: &str) -> Self {
        let document: Value = serde_saphyr::from_str(yaml).unwrap();
        let schemas = document["components"]["schemas"].as_object();
        let schemas = schemas.into_iter().flatten();
        let schemas = schemas.map(|(name, schema)| (name.clone(), closed_beneath(schema)));
        Self {
            components: json!({ "schemas": schemas.collect::<Map<_, _>>() }),
            document,
        }
    }

    /// Everything that it describes, by method and path.
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let operations = self.document["paths"].as_object().into_iter().flatten();
        let operations = operations.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            let methods = methods.filter(|(_, operation)| operation["responses"].is_object());
            methods.map(move |(method, _)| (method.to_uppercase(), path.clone()))
        });
        operations.collect()
    }

    /// Whether it says anything of a path.
    pub fn knows(&self, target: &str) -> bool {
        self.path_of(target).is_some()
    }

    /// The operation that a request is for, by method and path.
    pub fn operation_of(&self, method: &str, target: &str) -> Option<(String, String)> {
        let path = self.path_of(target)?;
        let operation = (method.to_owned(), path.to_owned());
        self.operations().contains(&operation).then_some(operation)
    }

    /// The name of every field that is sent or answered, and of every parameter.
    pub fn fields(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        visit(&self.document, &mut |key, value| match (key, value) {
            ("properties", Value::Object(fields)) => names.extend(fields.keys().cloned()),
            ("parameters", Value::Array(parameters)) => {
                let parameters = parameters.iter().map(|parameter| self.resolve(parameter));
                let named = parameters.filter_map(|parameter| parameter["name"].as_str());
                names.extend(named.map(str::to_owned));
            }
            _ => {}
        });
        names
    }

    /// Every value that a field or parameter has to be one of: codes of errors, kinds, states.
    pub fn words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        visit(&self.document, &mut |key, value| {
            if key == "enum" {
                let values = value.as_array().into_iter().flatten();
                words.extend(values.filter_map(Value::as_str).map(str::to_owned));
            }
        });
        words
    }

    /// Everything in a call that is not described. Empty: all is well.
    ///
    /// What was sent is looked at where it was taken: what is refused may be anything.
    pub fn violations(&self, call: &Call<'_>) -> Vec<String> {
        let Some(path) = self.path_of(call.target) else {
            return self.answer_violations(&self.response("UnknownRoute", 404, call), call);
        };
        let item = &self.document["paths"][path];
        let operation = &item[call.method.to_lowercase()];
        if operation.is_null() {
            return self.answer_violations(&self.response("MethodNotAllowed", 405, call), call);
        }
        let answer = &operation["responses"][call.status.to_string()];
        let mut found = self.answer_violations(self.resolve(answer), call);
        if call.status < 300 {
            let parameters = [item, operation].map(|at| at["parameters"].as_array());
            let parameters: Vec<_> = parameters.into_iter().flatten().flatten().collect();
            found.extend(self.query_violations(&parameters, call.target));
            let body = &operation["requestBody"];
            let schema = &body["content"]["application/json"]["schema"];
            match (schema.is_null(), call.sent.is_null()) {
                (false, false) => found.extend(self.check(schema.clone(), call.sent)),
                (false, true) if body["required"] == true => found.push("no body".to_owned()),
                _ => {}
            }
        }
        found
    }

    /// Every example that its schema does not allow, and every object of an answer that leaves it open
    /// whether a field is there, but for these fields.
    pub fn faults(&self, optional: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        visit(&self.document, &mut |key, value| {
            let schema = &value["schema"];
            for example in [&value["example"], &schema["example"]] {
                if !schema.is_null() && !example.is_null() {
                    let violations = self.check(closed(schema), example);
                    found.extend(
                        violations
                            .iter()
                            .map(|it| format!("example of {key}: {it}")),
                    );
                }
            }
            let required = value["required"].as_array().into_iter().flatten();
            let required: BTreeSet<_> = required.filter_map(Value::as_str).collect();
            let fields = value["properties"].as_object().into_iter().flatten();
            let is_open = |field: &&str| !required.contains(field) && !optional.contains(field);
            // What callers send has defaults, and says so in its name.
            if value["type"] == "object" && !key.ends_with("Wanted") {
                let open = fields.map(|(field, _)| field.as_str()).filter(is_open);
                found.extend(open.map(|field| format!("{key}: {field} may be missing")));
            }
        });
        found
    }

    /// A response that every operation has without saying so.
    fn response(&self, name: &str, status: u16, call: &Call<'_>) -> Value {
        match call.status == status {
            true => self.document["components"]["responses"][name].clone(),
            false => Value::Null,
        }
    }

    fn answer_violations(&self, response: &Value, call: &Call<'_>) -> Vec<String> {
        match &response["content"]["application/json"]["schema"] {
            Value::Null => vec![format!("no answer {} is described", call.status)],
            schema => self.check(closed(schema), call.answered),
        }
    }

    /// Parameters of a query that was taken.
    fn query_violations(&self, parameters: &[&Value], target: &str) -> Vec<String> {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let undescribed = pairs.filter(|(name, _)| {
            let mut described = parameters.iter().map(|parameter| self.resolve(parameter));
            !described.any(|parameter| parameter["in"] == "query" && parameter["name"] == *name)
        });
        let undescribed = undescribed.map(|(name, _)| format!("parameter {name}: not described"));
        undescribed.collect()
    }

    fn check(&self, schema: Value, value: &Value) -> Vec<String> {
        // References lead to `#/components`, so these come along.
        let root = json!({ "allOf": [schema], "components": self.components });
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let validator = options.build(&root).unwrap();
        let violations = validator.iter_errors(value);
        let violations = violations.map(|error| format!("{}: {error}", error.instance_path()));
        violations.collect()
    }

    /// What a `$ref` leads to; anything else as it is.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|reference| {
            let pointer = reference.strip_prefix('#')?;
            self.document.pointer(pointer)
        });
        target.map_or(value, |target| self.resolve(target))
    }

    /// The path that has as many segments, each the same or a parameter; the most literal one of several.
    fn path_of(&self, target: &str) -> Option<&str> {
        let path = target.split('?').next().unwrap_or_default();
        let path: Vec<&str> = path.split('/').collect();
        let parameters = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            let pairs = || template.iter().zip(&path);
            let is_parameter = |segment: &str| segment.starts_with('{');
            let fits = template.len() == path.len()
                && pairs().all(|(expected, found)| expected == found || is_parameter(expected));
            fits.then(|| template.iter().filter(|it| is_parameter(it)).count())
        };
        let paths = self.document["paths"].as_object()?;
        let fitting = paths
            .keys()
            .filter_map(|path| Some((parameters(path)?, path.as_str())));
        fitting.min().map(|(_, path)| path)
    }
}

/// A schema that allows no field which it does not describe. One that says neither what it is nor where that
/// stands only narrows another, and stays as it is.
fn closed(schema: &Value) -> Value {
    let mut closed = closed_beneath(schema);
    let says_what = ["$ref", "allOf", "anyOf", "oneOf", "type"];
    if says_what.iter().any(|keyword| !schema[*keyword].is_null()) {
        closed["unevaluatedProperties"] = json!(false);
    }
    closed
}

/// A schema whose values are closed, and which another may add fields to.
fn closed_beneath(schema: &Value) -> Value {
    let mut result = schema.clone();
    let Value::Object(keywords) = &mut result else {
        return result;
    };
    for (keyword, value) in keywords {
        match (keyword.as_str(), &mut *value) {
            ("properties", Value::Object(fields)) => {
                fields
                    .values_mut()
                    .for_each(|schema| *schema = closed(schema));
            }
            ("items", items) => *items = closed(items),
            ("additionalProperties", Value::Object(_)) => *value = closed(value),
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                branches
                    .iter_mut()
                    .for_each(|branch| *branch = closed_beneath(branch));
            }
            _ => {}
        }
    }
    result
}

/// Shows every field of a document and of what it holds, with its name; but for what is in examples.
fn visit(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "example") {
                see(name, value);
                visit(value, see);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| visit(value, see)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
