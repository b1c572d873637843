//! Notifications as Intercom sends them.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{FakeCompany, FakeContact, FakeConversation, FakeEvent, FakePart, FakeTag, model};

/// What has happened, before it is put into an envelope.
#[derive(Debug, Clone)]
pub struct Notification {
    /// The id of the workspace where it happened.
    workspace: String,
    /// Such as `contact.deleted`.
    pub topic: &'static str,
    /// What it is about.
    pub item: Value,
    at: Timestamp,
}

impl Notification {
    /// Something about a contact, who is as shown.
    #[must_use]
    pub fn about(
        workspace: &str,
        topic: &'static str,
        contact: &FakeContact,
        at: Timestamp,
    ) -> Self {
        Self {
            workspace: workspace.to_owned(),
            topic,
            item: model::contact(workspace, contact, text),
            at,
        }
    }

    /// A lead was merged into a user.
    #[must_use]
    pub fn merged(workspace: &str, user: &FakeContact, lead: &str, at: Timestamp) -> Self {
        let mut merged = Self::about(workspace, "contact.merged", user, at);
        merged.item["merged_from"] = json!({ "type": "contact", "id": lead });
        merged
    }

    /// A contact is gone: the payload is minimal.
    #[must_use]
    pub fn deleted(workspace: &str, contact: &FakeContact, at: Timestamp) -> Self {
        let item = json!({
            "type": "contact", "id": contact.id, "external_id": contact.external_id, "deleted": true,
        });
        Self {
            workspace: workspace.to_owned(),
            topic: "contact.deleted",
            item,
            at,
        }
    }

    /// A contact has begun a conversation.
    #[must_use]
    pub fn begun(workspace: &str, conversation: &FakeConversation) -> Self {
        let mut item = model::conversation(conversation);
        // Where the API leaves an address out that is unknown, notifications have an empty one.
        let email = conversation.contact.email.as_deref().unwrap_or_default();
        item["source"]["author"]["email"] = json!(email);
        item["conversation_parts"] = json!({
            "type": "conversation_part.list", "conversation_parts": [], "total_count": 0,
        });
        Self {
            workspace: workspace.to_owned(),
            topic: "conversation.user.created",
            item,
            at: conversation.created_at(),
        }
    }

    /// An admin has begun a conversation.
    #[must_use]
    pub fn begun_by_admin(workspace: &str, conversation: &FakeConversation) -> Self {
        let topic = "conversation.admin.single.created";
        let at = conversation.created_at();
        Self::conversation(workspace, topic, conversation, &[], at)
    }

    /// Something about a conversation, which is as shown, with the parts that are new.
    #[must_use]
    pub fn conversation(
        workspace: &str,
        topic: &'static str,
        conversation: &FakeConversation,
        parts: &[FakePart],
        at: Timestamp,
    ) -> Self {
        let item = model::conversation_with(conversation, parts, parts.len());
        Self::told(workspace, topic, item, at)
    }

    /// A conversation is gone: its id stands under another name.
    #[must_use]
    pub fn conversation_deleted(workspace: &str, id: &str, at: Timestamp) -> Self {
        let item = json!({ "type": "conversation", "conversation_id": id });
        Self::told(workspace, "conversation.deleted", item, at)
    }

    /// A company with so many people has come to be, or changed.
    #[must_use]
    pub fn company(
        workspace: &str,
        topic: &'static str,
        company: &FakeCompany,
        users: usize,
        at: Timestamp,
    ) -> Self {
        Self::told(workspace, topic, company.told(workspace, users), at)
    }

    /// A company is gone: what the workspace itself calls it is not said.
    #[must_use]
    pub fn company_deleted(workspace: &str, id: &str, at: Timestamp) -> Self {
        let item = json!({ "id": id, "type": "company", "deleted": true });
        Self::told(workspace, "company.deleted", item, at)
    }

    /// A contact has come to a company, or left it.
    #[must_use]
    pub fn membership(
        workspace: &str,
        topic: &'static str,
        company: &FakeCompany,
        contact: &FakeContact,
        at: Timestamp,
    ) -> Self {
        let mut company = company.told(workspace, 1);
        if let Some(fields) = company.as_object_mut() {
            fields.remove("type");
            fields.remove("plan");
        }
        let contact = model::contact(workspace, contact, text);
        let item = json!({ "company": company, "contact": contact });
        Self::told(workspace, topic, item, at)
    }

    /// A contact has got a tag, or lost it.
    #[must_use]
    pub fn contact_tag(
        workspace: &str,
        topic: &'static str,
        contact: &FakeContact,
        tag: &FakeTag,
        at: Timestamp,
    ) -> Self {
        let item = json!({
            "type": "contact_tag", "created_at": at.as_second(), "tag": tag.json(),
            "contact": model::contact(workspace, contact, text),
        });
        Self::told(workspace, topic, item, at)
    }

    /// A contact wants e-mails again, or no longer, as they stand there.
    #[must_use]
    pub fn subscription(workspace: &str, contact: &FakeContact, at: Timestamp) -> Self {
        let (topic, kind) = if contact.unsubscribed_from_emails {
            ("contact.unsubscribed", "contact_unsubscribe")
        } else {
            ("contact.subscribed", "contact_subscribe")
        };
        let item = json!({
            "type": kind, "contact": model::contact(workspace, contact, text), "created_at": at.as_second(),
            "subscription_types": { "type": "list", "data": [] },
        });
        Self::told(workspace, topic, item, at)
    }

    /// A contact has done something.
    #[must_use]
    pub fn event(workspace: &str, event: &FakeEvent, contact: &FakeContact, at: Timestamp) -> Self {
        Self::told(workspace, "event.created", event.json(contact), at)
    }

    fn told(workspace: &str, topic: &'static str, item: Value, at: Timestamp) -> Self {
        Self {
            workspace: workspace.to_owned(),
            topic,
            item,
            at,
        }
    }

    /// The id of the workspace where it happened.
    #[must_use]
    pub fn workspace(&self) -> &str {
        &self.workspace
    }

    /// The body of a request. The id tells one notification from another, however often it is sent.
    #[must_use]
    pub fn envelope(&self, id: [u8; 16]) -> Value {
        let id = hex::encode(id);
        let uuid = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
        let at = self.at.as_second();
        json!({
            "type": "notification_event", "app_id": self.workspace, "topic": self.topic, "id": format!("notif_{uuid}"),
            "created_at": at, "first_sent_at": at, "delivery_attempts": 1, "delivery_status": "pending",
            "delivered_at": 0, "links": {}, "self": null,
            "data": { "type": "notification_event_data", "item": self.item }
        })
    }
}

/// A time of a contact: a text, in notifications alone.
fn text(at: Timestamp) -> Value {
    json!(format!("{at:.3}").replace('Z', "+00:00"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::canvas::tests::conversation;

    #[test]
    fn an_envelope_is_intercoms() {
        let envelope = Notification::begun("local", &conversation()).envelope([0xab; 16]);
        assert_eq!(envelope["id"], "notif_abababab-abab-abab-abab-abababababab");
        assert_eq!(envelope["created_at"], 1_800_000_000);
        let item = &envelope["data"]["item"];
        assert_eq!(item["contacts"]["contacts"][0]["external_id"], "visitor-1");
        assert_eq!(item["source"]["url"], "https://shop.example/cart");
    }

    #[test]
    fn the_times_of_contacts_are_texts() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let lead = &conversation().contact;
        let created = Notification::about("local", "contact.lead.created", lead, at);
        assert_eq!(created.item["updated_at"], "2027-01-15T08:00:00.000+00:00");
        assert_eq!(created.item["email"], "");
    }
}
