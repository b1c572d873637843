//! What was said and done in a conversation after it began.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::FakeContact;

/// A part of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakePart {
    /// Unique in the workspace.
    pub id: String,
    /// In Intercom's words, such as `comment`, `note` or `close`.
    pub kind: String,
    /// Who said or did it.
    pub author: Writer,
    /// What was said. Plain text.
    pub body: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The addresses of files that go with it.
    pub attachments: Vec<String>,
    /// Its words were taken back.
    pub redacted: bool,
    /// The app that wrote it.
    pub app_package_code: Option<String>,
}

/// Who writes in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writer {
    /// The person on the other side.
    Contact,
    /// The teammate with this id.
    Admin(String),
    /// A bot that keeps house.
    Bot,
    /// Fin.
    Ai,
}

impl FakePart {
    /// One without files.
    #[must_use]
    pub fn new(id: &str, kind: &str, author: Writer, body: Option<&str>, at: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            author,
            body: body.map(str::to_owned),
            at,
            attachments: Vec::new(),
            redacted: false,
            app_package_code: None,
        }
    }

    pub(super) fn json(&self, contact: &FakeContact) -> Value {
        let attachments = self.attachments.iter().map(|url| {
            let name = url.rsplit('/').next().unwrap_or_default();
            json!({ "type": "upload", "name": name, "url": url, "content_type": "application/octet-stream",
                    "filesize": 1, "width": 1, "height": 1 })
        });
        json!({
            "type": "conversation_part", "id": self.id, "part_type": self.kind, "body": self.body,
            "created_at": self.at.as_second(), "updated_at": self.at.as_second(),
            "notified_at": self.at.as_second(), "assigned_to": null, "author": self.author.json(contact),
            "attachments": attachments.collect::<Vec<_>>(), "external_id": null, "redacted": self.redacted,
            "email_message_metadata": null, "metadata": null, "state": "open", "tags": [],
            "app_package_code": self.app_package_code,
        })
    }
}

impl Writer {
    pub(super) fn json(&self, contact: &FakeContact) -> Value {
        match self {
            Self::Contact => {
                let mut author =
                    json!({ "type": contact.role, "id": contact.id, "name": contact.name });
                if let Some(email) = &contact.email {
                    author["email"] = json!(email);
                }
                author
            }
            Self::Admin(id) => json!({
                "type": "admin", "id": id, "name": format!("Admin {id}"), "email": format!("admin{id}@example.com"),
            }),
            Self::Bot | Self::Ai => json!({
                "type": "bot", "id": "991", "name": "Fin", "email": "operator+workspace@intercom.io",
                "from_ai_agent": *self == Self::Ai, "is_ai_answer": *self == Self::Ai,
            }),
        }
    }
}
