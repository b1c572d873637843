//! Checks requests and answers against Intercom's own OpenAPI description.
//!
//! For tests: of our client, and of whatever pretends to be Intercom. The description is Intercom's (MIT) and
//! not a part of this project; where it does not lie beside it, there is nothing to check against.

mod schema;

use std::path::Path;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

/// Intercom's description of its REST API. OAuth and the health of installations are no part of it.
pub struct Description {
    document: Value,
}

impl Description {
    /// The description of version 2.15 beside the project; says so on stderr when it is not there.
    ///
    /// # Panics
    /// When it is there and is not YAML.
    #[must_use]
    #[expect(clippy::expect_used, reason = "for tests")]
    pub fn beside_the_project() -> Option<Self> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data/intercom/intercom-openapi-2.15.yaml");
        let Ok(yaml) = std::fs::read_to_string(&file) else {
            eprintln!("skipped: {} is not there", file.display());
            return None;
        };
        Some(Self::parse(&yaml).expect("the description is YAML"))
    }

    /// Reads a description in OpenAPI 3.0.
    ///
    /// # Errors
    /// When it is not YAML.
    pub fn parse(yaml: &str) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            document: serde_saphyr::from_str(yaml)?,
        })
    }

    /// Whether there is such a call.
    #[must_use]
    pub fn knows(&self, method: &Method, path: &str) -> bool {
        self.operation(method, path).is_some()
    }

    /// Everything in a request that Intercom does not describe. Empty: all is well.
    #[must_use]
    pub fn request_violations(&self, request: &Request<Bytes>) -> Vec<String> {
        let name = format!("{} {}", request.method(), request.uri().path());
        let Some(operation) = self.operation(request.method(), request.uri().path()) else {
            return vec![format!("{name} is not described")];
        };
        let header = |name| {
            request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let mut found = Vec::new();
        if !header("authorization").is_some_and(|value| value.starts_with("Bearer ")) {
            found.push(format!("{name}: no bearer token"));
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "header" {
                let sent = parameter["name"]
                    .as_str()
                    .and_then(header)
                    .unwrap_or_default();
                found.extend(self.check(&parameter["schema"], &Value::from(sent)));
            }
        }
        let described = &operation["requestBody"]["content"]["application/json"]["schema"];
        match (described.is_null(), request.body().is_empty()) {
            (true, true) => {}
            (true, false) => found.push(format!("{name}: takes no body")),
            (false, _) => found.extend(self.check_json(described, request.body())),
        }
        found
    }

    /// Everything in the answer to such a call that Intercom does not describe. Empty: all is well.
    #[must_use]
    pub fn answer_violations(
        &self,
        method: &Method,
        path: &str,
        answer: &Response<Bytes>,
    ) -> Vec<String> {
        let name = format!("{method} {path}");
        let Some(operation) = self.operation(method, path) else {
            return vec![format!("{name} is not described")];
        };
        let status = answer.status();
        let response = schema::resolve(&self.document, &operation["responses"][status.as_str()]);
        match &response["content"]["application/json"]["schema"] {
            Value::Null => vec![format!("{name}: no answer {status} is described")],
            described => self.check_json(described, answer.body()),
        }
    }

    fn check_json(&self, described: &Value, body: &Bytes) -> Vec<String> {
        match serde_json::from_slice(body) {
            Ok(body) => self.check(described, &body),
            Err(error) => vec![format!("not JSON: {error}")],
        }
    }

    fn check(&self, described: &Value, found: &Value) -> Vec<String> {
        schema::violations(&self.document, described, found)
    }

    /// The operation whose path has as many segments, each the same or a parameter; the most literal one of
    /// several.
    fn operation(&self, method: &Method, path: &str) -> Option<&Value> {
        let path: Vec<&str> = path.split('/').collect();
        let parameters = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            let parameter = |segment: &str| segment.starts_with('{');
            let fits = template.len() == path.len()
                && template
                    .iter()
                    .zip(&path)
                    .all(|(t, p)| t == p || parameter(t));
            fits.then(|| template.iter().filter(|segment| parameter(segment)).count())
        };
        let paths = self.document["paths"].as_object()?;
        let fitting = paths
            .iter()
            .filter_map(|(path, methods)| Some((parameters(path)?, methods)));
        let (_, methods) = fitting.min_by_key(|(parameters, _)| *parameters)?;
        methods.get(method.as_str().to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests;
