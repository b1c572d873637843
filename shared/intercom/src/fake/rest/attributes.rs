//! The attributes of people and companies.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::declined::Declined;
use super::{changed, fields, looked};
use crate::fake::attribute::standard;
use crate::fake::{Directory, FakeAttribute, FakeIntercom};
use crate::write::Model;

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new().route("/data_attributes", get(list).post(create))
}

#[derive(Deserialize)]
struct Asked {
    model: Option<Model>,
}

async fn list(
    State(intercom): State<FakeIntercom>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    looked(&intercom, &headers, |_, directory| {
        let custom = directory.attributes().iter();
        let custom = custom.filter(|each| asked.model.is_none_or(|model| model == each.model));
        let data = standard(asked.model).chain(custom.map(FakeAttribute::json));
        Ok(json!({ "type": "list", "data": data.collect::<Vec<_>>() }))
    })
}

async fn create(State(intercom): State<FakeIntercom>, headers: HeaderMap, body: Bytes) -> Response {
    changed(&intercom, &headers, |_, directory, now| {
        let body = fields(&body)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let model = match text("model") {
            "contact" => Model::Contact,
            "company" => Model::Company,
            _ => {
                let said = "The Data Attribute model field must be either contact or company";
                return Err(Declined::invalid(said));
            }
        };
        let name = named(directory, model, text("name"))?;
        let options = options(text("data_type"), body.get("options"))?;
        let data_type = match text("data_type") {
            "options" => "string",
            "datetime" => "date",
            known @ ("string" | "integer" | "float" | "boolean" | "date") => known,
            _ => return Err(Declined::invalid("Data Type isn't an option")),
        };
        let attribute = FakeAttribute {
            description: text("description").to_owned(),
            options,
            messenger_writable: body.get("messenger_writable") == Some(&json!(true)),
            created_at: now,
            ..FakeAttribute::new(directory.next_number(), model, name, data_type)
        };
        let answer = attribute.json();
        directory.add_attribute(attribute);
        Ok(answer)
    })
}

/// A name that can be had: people and companies share theirs.
fn named<'a>(directory: &Directory, model: Model, name: &'a str) -> Result<&'a str, Declined> {
    let allowed =
        |char: char| char.is_alphanumeric() || matches!(char, ' ' | '_' | '-' | '€' | '£' | '¥');
    if name.is_empty() || name.chars().count() > 190 || !name.chars().all(allowed) {
        let said = "Your name for this attribute must only contain alphanumeric characters, currency symbols, \
                    and hyphens";
        return Err(Declined::invalid(said));
    }
    let words = |model| match model {
        Model::Contact => "people",
        Model::Company => "company",
    };
    let taken = [Model::Contact, Model::Company].into_iter();
    match taken
        .into_iter()
        .find(|taken| directory.attribute(*taken, name).is_some())
    {
        Some(taken) => Err(Declined::invalid(format!(
            "You already have '{name}' in your {} data. To save this as new {} data, use a different name.",
            words(taken),
            words(model)
        ))),
        None => Ok(name),
    }
}

fn options(data_type: &str, asked: Option<&Value>) -> Result<Vec<String>, Declined> {
    if data_type != "options" {
        return Ok(Vec::new());
    }
    let listed = asked.and_then(Value::as_array).into_iter().flatten();
    let options: Vec<String> = listed
        .filter_map(|each| Some(each["value"].as_str()?.to_owned()))
        .collect();
    if options.len() < 2 {
        return Err(Declined::invalid("a list has at least two options"));
    }
    Ok(options)
}
