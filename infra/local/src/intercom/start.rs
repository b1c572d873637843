//! Starting a conversation from the Inbox page, as whoever a recorder has identified.

use identity::Alias;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Author, Contact, Conversation, Message, Role};

/// Who writes: a person by the one thing that Intercom knows of them.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Writer {
    /// A user by their e-mail address.
    Email(String),
    /// A user by the id that the customer's site gave them.
    UserId(String),
    /// A lead by the id that the Messenger gave the browser.
    VisitorId(String),
}

impl Writer {
    /// A conversation that the writer begins now. The error says what is wrong with who they are.
    pub(super) fn begin(self, id: String, now: Timestamp) -> Result<Conversation, identity::Error> {
        let (role, email, external_id) = match self {
            Self::Email(email) => (Role::User, Some(Alias::email(&email)?), None),
            Self::UserId(id) => (Role::User, None, Some(Alias::user_id(&id)?)),
            Self::VisitorId(id) => (Role::Lead, None, Some(Alias::visitor_id(&id)?)),
        };
        let text = |alias: Alias| alias.value().to_owned();
        Ok(Conversation {
            title: "A conversation to try things with".to_owned(),
            contact: Contact {
                id: format!("contact-{id}"),
                role,
                name: None,
                email: email.map(text),
                external_id: external_id.map(text),
            },
            messages: vec![Message {
                from: Author::Contact,
                text: "Hello! What do you see of me in the panel?".to_owned(),
                at: now,
            }],
            id,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn begin(writer: serde_json::Value) -> Result<Conversation, identity::Error> {
        let writer: Writer = serde_json::from_value(writer).unwrap();
        writer.begin("7".to_owned(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_writer_is_the_contact_that_intercom_would_make_of_them() {
        for (writer, role, email, external_id) in [
            (
                json!({ "email": " a@b.example" }),
                Role::User,
                Some("a@b.example"),
                None,
            ),
            (
                json!({ "user_id": "cus_7" }),
                Role::User,
                None,
                Some("cus_7"),
            ),
            (
                json!({ "visitor_id": "0b7e" }),
                Role::Lead,
                None,
                Some("0b7e"),
            ),
        ] {
            let contact = begin(writer).unwrap().contact;
            let found = (
                contact.role,
                contact.email.as_deref(),
                contact.external_id.as_deref(),
            );
            assert_eq!(found, (role, email, external_id));
        }
    }

    #[test]
    fn nobody_cannot_write() {
        for writer in [
            json!({ "email": "nobody" }),
            json!({ "user_id": " " }),
            json!({ "visitor_id": "null" }),
        ] {
            assert!(begin(writer).is_err());
        }
    }
}
