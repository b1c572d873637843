//! A reply in a conversation, or a note.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The body of `POST /conversations/{id}/reply` by an admin. Intercom would write it twice if it came twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyWrite {
    /// For the contact, or for teammates alone.
    pub kind: ReplyKind,
    /// Who writes: an admin with a seat in the Inbox.
    pub admin_id: String,
    /// HTML or plain text.
    pub body: String,
    /// Addresses of files that Intercom fetches: ten at most.
    #[serde(default)]
    pub attachment_urls: Vec<String>,
}

/// Who reads a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// The contact.
    Comment,
    /// Teammates alone.
    Note,
}

impl ReplyWrite {
    /// As it is sent.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({
            "message_type": self.kind, "type": "admin", "admin_id": self.admin_id, "body": self.body,
        });
        if !self.attachment_urls.is_empty() {
            body["attachment_urls"] = json!(self.attachment_urls);
        }
        body
    }
}
