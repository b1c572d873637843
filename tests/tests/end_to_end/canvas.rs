//! A canvas as a teammate reads it, and the conversation beside which it stands.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

/// A canvas that Intercom would draw.
#[derive(Debug, Clone)]
pub(crate) struct Canvas {
    pub(crate) json: Value,
}

impl Canvas {
    /// All its text, a line per component and row.
    pub(crate) fn text(&self) -> String {
        let mut lines = Vec::new();
        collect_text(&self.json["content"], &mut lines);
        lines.join("\n")
    }

    /// The ids of the sessions in its list.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let items = self.items();
        let ids = items.iter().filter_map(|item| item["id"].as_str());
        ids.filter(|id| id.starts_with("session:"))
            .map(str::to_owned)
            .collect()
    }

    /// Whether this session is in its list.
    pub(crate) fn lists(&self, session: &str) -> bool {
        let end = format!(":{session}");
        self.sessions().iter().any(|id| id.ends_with(&end))
    }

    /// The id of the button that leads to the rest of its list, if there is more.
    pub(crate) fn more(&self) -> Option<String> {
        let buttons = self.components("button");
        let mut more = buttons
            .iter()
            .filter(|button| button["label"] == "Show more");
        more.next()?["id"].as_str().map(str::to_owned)
    }

    /// The value beside a name in one of its tables.
    pub(crate) fn value(&self, field: &str) -> Option<String> {
        let rows = self.components("data-table");
        let mut rows = rows
            .iter()
            .flat_map(|table| table["items"].as_array().unwrap());
        let row = rows.find(|row| row["field"] == field)?;
        row["value"].as_str().map(str::to_owned)
    }

    /// The id of the button with this label.
    pub(crate) fn button(&self, label: &str) -> String {
        let buttons = self.components("button");
        let button = buttons.iter().find(|button| button["label"] == label);
        let button = button.unwrap_or_else(|| panic!("no button {label}: {}", self.text()));
        button["id"].as_str().unwrap().to_owned()
    }

    /// The path, with its query, to which the button with this label leads.
    pub(crate) fn link(&self, label: &str) -> String {
        let buttons = self.components("button");
        let button = buttons
            .iter()
            .find(|button| button["label"] == label || button["id"] == label);
        let url = button.and_then(|button| button["action"]["url"].as_str());
        path_of(url.unwrap_or_else(|| panic!("no link {label}: {}", self.text())))
    }

    fn items(&self) -> Vec<Value> {
        let lists = self.components("list");
        let items = lists
            .iter()
            .flat_map(|list| list["items"].as_array().unwrap());
        items.cloned().collect()
    }

    fn components(&self, kind: &str) -> Vec<Value> {
        let components = self.json["content"]["components"].as_array().unwrap();
        let wanted = components
            .iter()
            .filter(|component| component["type"] == kind);
        wanted.cloned().collect()
    }
}

/// The path of a page of ours, with its query.
pub(crate) fn path_of(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

fn collect_text(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let names = [
                "title",
                "text",
                "label",
                "subtitle",
                "tertiary_text",
                "field",
                "value",
            ];
            let texts = names.iter().filter_map(|name| fields.get(*name)?.as_str());
            let line: Vec<&str> = texts.collect();
            lines.extend((!line.is_empty()).then(|| line.join(" ")));
            fields.values().for_each(|value| collect_text(value, lines));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_text(value, lines)),
        _ => {}
    }
}

/// A conversation with a contact in the workspace `local`: the body of an initialize request.
pub(crate) fn conversation(contact: &Value) -> Value {
    json!({ "workspace_id": "local", "contact": contact })
}

/// The same, begun at a moment.
pub(crate) fn conversation_begun(contact: &Value, at: Timestamp) -> Value {
    let mut conversation = conversation(contact);
    conversation["conversation"] =
        json!({ "type": "conversation", "id": "1", "created_at": at.as_second() });
    conversation
}

/// A contact with an e-mail address only.
pub(crate) fn with_email(email: &str) -> Value {
    json!({ "type": "contact", "id": "c1", "role": "user", "email": email })
}
