//! A conversation as Intercom keeps it: what webhooks tell of it, and what the REST API answers.
//!
//! [`Source`] is what it began with, [`Part`] what was said and done afterwards.

mod ai_agent;
mod attachment;
mod author;
mod part;
mod rating;
mod source;
mod wire;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::listed::Listed;

pub use ai_agent::AiAgent;
pub use attachment::Attachment;
pub use author::{Author, Side};
pub use part::Part;
pub use rating::Rating;
pub use source::Source;

/// A conversation. No `Debug`: it is personal data.
///
/// Only the id is always there. Notifications have the new parts alone, searches none.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "wire::Wire")]
pub struct Conversation {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub title: Option<String>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// `None` when it is not said.
    pub state: Option<State>,
    /// Whether it is open: one that is snoozed is, in Intercom's eyes. `None` when it is not said.
    pub open: Option<bool>,
    /// Whether the contact has read all of it. `None` when it is not said.
    pub read: Option<bool>,
    /// `none`, `low`, `medium`, `high` or `urgent`; up to version 2.15 `priority` or `not_priority`.
    pub priority: Option<String>,
    /// Which admin looks after it.
    pub admin_assignee_id: Option<String>,
    /// Which team looks after it.
    pub team_assignee_id: Option<String>,
    /// `None` when it is not said.
    pub tags: Option<Listed>,
    /// The first message; Intercom has none of some imports and calls.
    pub source: Option<Source>,
    /// The contacts that take part, more than one in a group; its author is one of them if it is a contact.
    pub contacts: Vec<Participant>,
    /// Intercom's id of the company that it is about.
    pub company_id: Option<String>,
    /// The latest one.
    pub rating: Option<Rating>,
    /// What Fin did; `None` when it did nothing.
    pub ai_agent: Option<AiAgent>,
    /// What was said and done, as far as this answer or notification has it: five hundred at most, the
    /// newest.
    pub parts: Vec<Part>,
    /// How many parts there are, as the list of them says. Of a notification: how many it has.
    pub parts_total: Option<u64>,
    /// How many parts Intercom has counted, in its statistics.
    pub parts_counted: Option<u64>,
    /// Whether it is a ticket.
    pub is_ticket: bool,
    /// The tickets that it is linked with.
    pub linked_tickets: Vec<LinkedTicket>,
    /// What the workspace and Intercom keep about it.
    pub custom_attributes: Map<String, Value>,
    /// As [`crate::contact::Contact::session_hint`], from the conversation's own attributes.
    pub session_hint: Option<String>,
}

/// Who has to do something next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The workspace.
    Open,
    /// Nobody.
    Closed,
    /// The workspace, later.
    Snoozed,
}

/// A contact that takes part. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Participant {
    /// Unique in the workspace.
    pub id: String,
    /// A user's own id or a lead's visitor id: which of them is not said here.
    pub external_id: Option<String>,
}

/// A ticket that a conversation is linked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedTicket {
    /// Of the ticket, for the API.
    pub id: String,
    /// `Customer`, `Back-office` or `Tracker`.
    pub category: Option<String>,
}

impl Conversation {
    /// The page that the first message was sent from; e-mails and bots have none.
    #[must_use]
    pub fn page_url(&self) -> Option<&str> {
        self.source.as_ref()?.url.as_deref()
    }

    /// Who wrote the first message.
    #[must_use]
    pub fn author(&self) -> Option<&Author> {
        self.source.as_ref()?.author.as_ref()
    }

    /// How many parts an answer to [reading it](Self) left out, because there are more than five hundred.
    #[must_use]
    pub fn parts_missing(&self) -> u64 {
        let there = self.parts_total.max(self.parts_counted);
        let shown = self.parts.len() as u64;
        there.unwrap_or_default().saturating_sub(shown)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::request::Role;

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
        assert_eq!(read.page_url(), Some("https://shop.example/cart?x=1"));
        assert_eq!(ids(&read), ["c1"]);
        assert_eq!(read.contacts[0].external_id.as_deref(), Some("v-1"));
        assert_eq!(read.session_hint.as_deref(), Some("s-1"));
        let author = read.author().unwrap();
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
        assert!(thin.contacts.is_empty() && thin.author().is_none());
        assert_eq!((thin.page_url(), thin.created_at), (None, None));
        assert!(Conversation::deserialize(json!({ "source": {} })).is_err());
    }

    #[test]
    fn all_that_is_mirrored_of_a_conversation_is_read() {
        let read = conversation(&json!({
            "type": "conversation", "id": "7", "title": "Cart &amp; coupon", "state": "snoozed", "open": true,
            "read": false, "priority": "high", "admin_assignee_id": 0, "team_assignee_id": 814_865,
            "tags": { "type": "tag.list", "tags": [{ "id": "9", "name": "Bug" }] }, "company": { "id": "6310" },
            "source": { "type": "email", "id": "1", "delivered_as": "automated", "subject": "<p>Hi</p>", "body": "<p>Hi</p>",
                        "attachments": [{ "name": "a.png" }], "url": null, "redacted": true, "author": { "type": "bot" } },
            "conversation_rating": { "rating": 5, "remark": "Great", "created_at": 1_795_176_000, "teammate": {} },
            "ai_agent_participated": true,
            "ai_agent": { "source_type": "workflow_preview", "last_answer_type": "ai_answer",
                          "resolution_state": "escalated",
                          "content_sources": { "type": "content_source.list", "total_count": 1,
                              "content_sources": [{ "content_type": "workflow_connector_action" }] } },
            "statistics": { "type": "conversation_statistics", "count_conversation_parts": 600 },
            "conversation_parts": { "type": "conversation_part.list", "total_count": 600,
                "conversation_parts": [{ "id": "1", "part_type": "comment", "body": "Hi" }, { "part_type": "lost" }] },
            "ticket": null, "linked_objects": { "type": "list", "total_count": 2, "has_more": false,
                "data": [{ "type": "ticket", "id": "3", "category": "Back-office" }, { "type": "conversation", "id": "4" }] },
            "custom_attributes": { "Copilot used": false },
        }));
        assert_eq!(read.title.as_deref(), Some("Cart & coupon"));
        assert_eq!(
            (read.state, read.open, read.read),
            (Some(State::Snoozed), Some(true), Some(false))
        );
        assert_eq!(read.priority.as_deref(), Some("high"));
        assert_eq!(read.admin_assignee_id, None, "0 is nobody");
        assert_eq!(read.team_assignee_id.as_deref(), Some("814865"));
        assert_eq!(
            (
                read.tags.as_ref().unwrap().ids.join(""),
                read.company_id.as_deref()
            ),
            ("9".to_owned(), Some("6310"))
        );
        let source = read.source.as_ref().unwrap();
        assert_eq!(
            (source.kind.as_deref(), source.delivered_as.as_deref()),
            (Some("email"), Some("automated"))
        );
        assert!(source.redacted && source.attachments.len() == 1 && source.body.is_some());
        let rating = read.rating.as_ref().unwrap();
        assert_eq!(
            (rating.rating, rating.remark.as_deref()),
            (Some(5), Some("Great"))
        );
        let fin = read.ai_agent.as_ref().unwrap();
        assert!(fin.participated && fin.used_connector && fin.is_preview);
        assert_eq!(fin.resolution_state.as_deref(), Some("escalated"));
        assert_eq!(
            (read.parts.len(), read.parts_total, read.parts_counted),
            (1, Some(600), Some(600))
        );
        assert_eq!(read.parts_missing(), 599);
        assert!(!read.is_ticket);
        assert_eq!(read.linked_tickets.len(), 1);
        assert_eq!(
            read.linked_tickets[0].category.as_deref(),
            Some("Back-office")
        );
        assert_eq!(read.custom_attributes["Copilot used"], false);
    }

    #[test]
    fn both_sets_of_words_for_state_priority_and_nobody_are_read() {
        for (sent, state) in [
            (json!({ "state": "open", "open": true }), Some(State::Open)),
            (json!({ "state": "closed" }), Some(State::Closed)),
            (json!({ "open": false }), Some(State::Closed)),
            (json!({ "open": true, "state": null }), Some(State::Open)),
            (json!({ "state": "brand_new" }), None),
            (json!({}), None),
        ] {
            let mut sent = sent;
            sent["id"] = json!("1");
            assert_eq!(conversation(&sent).state, state, "{sent}");
        }
        for nobody in [json!(null), json!(0), json!("0")] {
            let read = conversation(
                &json!({ "id": "1", "team_assignee_id": nobody, "ticket": { "id": 1 } }),
            );
            assert_eq!(read.team_assignee_id, None);
            assert!(read.is_ticket);
        }
    }
}
