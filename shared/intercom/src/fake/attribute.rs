//! The attributes that the fake Intercom knows.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::write::Model;

/// A custom attribute.
#[derive(Debug, Clone)]
pub struct FakeAttribute {
    /// Unique in the workspace.
    pub id: u32,
    /// What it belongs to.
    pub model: Model,
    /// What it is called.
    pub name: String,
    /// `string`, `integer`, `float`, `boolean` or `date`.
    pub data_type: String,
    /// For the teammates who see it.
    pub description: String,
    /// All that its values can be; empty when they can be anything.
    pub options: Vec<String>,
    /// Whether a browser may write it.
    pub messenger_writable: bool,
    /// When it became known.
    pub created_at: Timestamp,
}

/// Some of those that Intercom has itself.
const STANDARD: [(Model, &str, &str); 8] = [
    (Model::Contact, "name", "string"),
    (Model::Contact, "email", "string"),
    (Model::Contact, "external_id", "string"),
    (Model::Contact, "signed_up_at", "date"),
    (Model::Contact, "last_seen_at", "date"),
    (Model::Company, "name", "string"),
    (Model::Company, "company_id", "string"),
    (Model::Company, "monthly_spend", "float"),
];

impl FakeAttribute {
    /// One of texts, numbers or others, without a description.
    #[must_use]
    pub fn new(id: u32, model: Model, name: &str, data_type: &str) -> Self {
        Self {
            id,
            model,
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            description: String::new(),
            options: Vec::new(),
            messenger_writable: false,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// As the REST API answers it.
    pub(super) fn json(&self) -> Value {
        let mut item = json!({
            "type": "data_attribute", "id": self.id, "model": self.model.name(), "name": self.name,
            "full_name": format!("custom_attributes.{}", self.name), "label": self.name,
            "description": self.description, "data_type": self.data_type, "api_writable": true,
            "messenger_writable": self.messenger_writable, "ui_writable": true, "custom": true, "archived": false,
            "created_at": self.created_at.as_second(), "updated_at": self.created_at.as_second(), "admin_id": "1"
        });
        if !self.options.is_empty() {
            item["options"] = json!(self.options);
        }
        item
    }
}

/// Those of Intercom's own that belong to a model.
pub(super) fn standard(model: Option<Model>) -> impl Iterator<Item = Value> {
    let of_model = STANDARD
        .iter()
        .filter(move |each| model.is_none_or(|model| model == each.0));
    of_model.map(|(model, name, data_type)| {
        json!({
            "type": "data_attribute", "model": model.name(), "name": name, "full_name": name, "label": name,
            "description": "", "data_type": data_type, "api_writable": true, "messenger_writable": true,
            "ui_writable": false, "custom": false, "archived": false
        })
    })
}
