//! A message that begins a conversation.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::ContactRole;

/// The body of `POST /messages` from an admin to one contact. Intercom would send it twice if it came twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageWrite {
    /// By what way.
    pub channel: MessageChannel,
    /// Who writes: an admin with a seat in the Inbox.
    pub admin_id: String,
    /// Intercom's id of the contact.
    pub contact: String,
    /// What the contact is: Intercom finds nobody under the other role.
    pub role: ContactRole,
    /// HTML or plain text.
    pub body: String,
}

/// By what way a message reaches a contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageChannel {
    /// In the Messenger.
    InApp,
    /// By e-mail, without a style of its own.
    Email {
        /// It cannot do without.
        subject: String,
    },
}

impl MessageWrite {
    /// As it is sent. The conversation is in the Inbox at once, rather than when the contact answers.
    #[must_use]
    pub fn body(&self) -> Value {
        // The description has a number here, and its examples a text.
        let admin = self.admin_id.parse::<u64>();
        let admin = admin.map_or_else(|_| json!(self.admin_id), Value::from);
        let mut body = json!({
            "body": self.body, "from": { "type": "admin", "id": admin },
            "to": { "type": self.role, "id": self.contact }, "create_conversation_without_contact_reply": true,
        });
        match &self.channel {
            // The description says `in_app`; all of Intercom's examples, and production, say this.
            MessageChannel::InApp => body["message_type"] = json!("inapp"),
            MessageChannel::Email { subject } => {
                body["message_type"] = json!("email");
                body["subject"] = json!(subject);
                body["template"] = json!("plain");
            }
        }
        body
    }
}
