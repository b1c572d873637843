//! A conversation as Intercom keeps it: what webhooks tell of it, and what the REST API answers.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::contact::{NoId, SessionAttributes};
use crate::lenient;
use crate::request::Role;

/// A conversation, without what was said in it. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Conversation {
    /// Unique in the workspace.
    pub id: String,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// The page that the first message was sent from; e-mails and bots have none.
    pub page_url: Option<String>,
    /// The contacts that take part, more than one in a group; its author is one of them if it is a contact.
    pub contacts: Vec<Participant>,
    /// Who wrote the first message.
    pub author: Option<Author>,
    /// As [`crate::contact::Contact::session_hint`], from the conversation's own attributes.
    pub session_hint: Option<String>,
}

/// A contact that takes part. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Participant {
    /// Unique in the workspace.
    pub id: String,
    /// A user's own id or a lead's visitor id: which of them is not said here.
    pub external_id: Option<String>,
}

/// Who wrote a message. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Author {
    /// On which side.
    #[serde(default, rename = "type", deserialize_with = "side")]
    pub side: Side,
    /// A contact's or an admin's id.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// As written in Intercom; nobody verified it.
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    pub email: Option<String>,
}

/// The two sides of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// A contact, and what Intercom takes it for.
    Contact(Role),
    /// The workspace: an admin, a bot, a campaign.
    Workspace,
    /// Not said, or something new.
    #[default]
    Unknown,
}

fn side<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Side, D::Error> {
    Ok(match lenient::text(deserializer)?.as_deref() {
        Some("user") => Side::Contact(Role::User),
        Some("lead") => Side::Contact(Role::Lead),
        Some("contact") => Side::Contact(Role::Unknown),
        Some("admin" | "bot" | "team") => Side::Workspace,
        _ => Side::Unknown,
    })
}

/// A conversation as it is sent.
#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::object")]
    source: Option<Source>,
    #[serde(default, deserialize_with = "contacts")]
    contacts: Vec<Reference>,
    #[serde(default, deserialize_with = "lenient::object")]
    custom_attributes: Option<SessionAttributes>,
}

#[derive(Default, Deserialize)]
struct Source {
    #[serde(default, deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(default, deserialize_with = "lenient::object")]
    author: Option<Author>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    external_id: Option<String>,
}

/// A list, alone or within an object of type `contact.list`.
fn contacts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reference>, D::Error> {
    let list = match Value::deserialize(deserializer)? {
        Value::Object(mut fields) => fields.remove("contacts").unwrap_or_default(),
        list => list,
    };
    Ok(lenient::list(list).unwrap_or_default())
}

impl TryFrom<Wire> for Conversation {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        let source = wire.source.unwrap_or_default();
        let participant = |contact: Reference| {
            Some(Participant {
                id: contact.id?,
                external_id: contact.external_id,
            })
        };
        let mut contacts: Vec<_> = wire.contacts.into_iter().filter_map(participant).collect();
        if let Some(Author {
            side: Side::Contact(_),
            id: Some(id),
            ..
        }) = &source.author
            && contacts.iter().all(|contact| contact.id != *id)
        {
            contacts.push(Participant {
                id: id.clone(),
                external_id: None,
            });
        }
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            page_url: source.url,
            contacts,
            author: source.author,
            session_hint: wire.custom_attributes.and_then(SessionAttributes::session),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn conversation(value: &Value) -> Conversation {
        Conversation::deserialize(value).ok().unwrap()
    }

    fn ids(conversation: &Conversation) -> Vec<&str> {
        let contacts = conversation.contacts.iter();
        contacts.map(|contact| contact.id.as_str()).collect()
    }

    #[test]
    fn a_conversation_says_who_wrote_where_and_when() {
        let read = conversation(&json!({
            "type": "conversation", "id": 215_468, "created_at": 1_795_176_000, "updated_at": "2026-11-20T12:01:00Z",
            "source": { "type": "conversation", "url": "https://shop.example/cart?x=1", "body": "<p>Hi</p>",
                        "author": { "type": "lead", "id": "c1", "name": "Ada", "email": "a&amp;b@b.c" } },
            "contacts": { "type": "contact.list", "contacts": [{ "type": "contact", "id": "c1", "external_id": "v-1" }] },
            "custom_attributes": { "recapt_session_id": "s-1" },
        }));
        assert_eq!(read.id, "215468");
        assert_eq!(read.created_at.unwrap().as_second(), 1_795_176_000);
        assert_eq!(read.updated_at.unwrap().as_second(), 1_795_176_060);
        assert_eq!(
            read.page_url.as_deref(),
            Some("https://shop.example/cart?x=1")
        );
        assert_eq!(ids(&read), ["c1"]);
        assert_eq!(read.contacts[0].external_id.as_deref(), Some("v-1"));
        assert_eq!(read.session_hint.as_deref(), Some("s-1"));
        let author = read.author.unwrap();
        assert_eq!(author.side, Side::Contact(Role::Lead));
        assert_eq!(author.id.as_deref(), Some("c1"));
        assert_eq!(author.email.as_deref(), Some("a&b@b.c"));
    }

    #[test]
    fn everybody_who_takes_part_is_there_once() {
        let by = |side: &str, contacts: Value| {
            let author = json!({ "type": side, "id": "a", "email": "" });
            let body = json!({ "id": "1", "source": { "author": author }, "contacts": contacts });
            let read = conversation(&body);
            ids(&read).join(" ")
        };
        for (side, contacts, there) in [
            ("user", json!({ "contacts": [{ "id": "a" }] }), "a"),
            (
                "user",
                json!({ "contacts": [{ "id": "b" }, { "id": "a" }] }),
                "b a",
            ),
            ("contact", json!([{ "id": "b" }]), "b a"),
            ("lead", json!(null), "a"),
            ("lead", json!({ "contacts": [{ "id": null }, 7] }), "a"),
            ("admin", json!({ "contacts": [{ "id": "b" }] }), "b"),
            ("bot", json!("b"), ""),
            ("robot", json!({}), ""),
        ] {
            assert_eq!(by(side, contacts.clone()), there, "{side} {contacts}");
        }
    }

    #[test]
    fn a_conversation_may_have_an_id_and_nothing_else() {
        let thin = conversation(&json!({ "id": "1", "source": null, "contacts": 7 }));
        assert!(thin.contacts.is_empty() && thin.author.is_none());
        assert_eq!((thin.page_url, thin.created_at), (None, None));
        assert!(Conversation::deserialize(json!({ "source": {} })).is_err());
    }
}
