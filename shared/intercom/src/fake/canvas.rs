//! The bodies of requests for canvases, with the fields of Intercom's own samples.

use serde_json::{Value, json};

use super::{FakeContact, FakeConversation, Workspace};

/// The body of an initialize: the panel opens beside this conversation.
#[must_use]
pub fn initialize(workspace: &Workspace, conversation: &FakeConversation) -> Value {
    let admin = &workspace.admin;
    let created_at = conversation.created_at().as_second();
    let updated_at = conversation.updated_at().as_second();
    let contact = contact(&workspace.id, &conversation.contact);
    let first = conversation
        .messages
        .first()
        .map_or("", |message| message.text.as_str());
    json!({
        "workspace_id": workspace.id,
        "workspace_region": workspace.region,
        "admin": {
            "type": "admin", "id": admin.id, "name": admin.name, "email": admin.email, "job_title": null,
            "away_mode_enabled": false, "away_mode_reassign": false, "avatar": { "image_url": null }, "team_ids": []
        },
        "conversation": {
            "type": "conversation", "id": conversation.id, "title": conversation.title,
            "created_at": created_at, "updated_at": updated_at, "waiting_since": updated_at,
            "state": "open", "open": true, "read": true, "priority": "not_priority", "admin_assignee_id": null,
            "source": {
                "type": "conversation", "id": format!("{}1", conversation.id), "delivered_as": "customer_initiated",
                "subject": "", "body": first, "url": null, "attachments": [],
                "author": {
                    "type": conversation.contact.role, "id": conversation.contact.id,
                    "name": conversation.contact.name, "email": conversation.contact.email
                }
            },
            "contacts": {
                "type": "contact.list",
                "contacts": [{
                    "type": "contact", "id": conversation.contact.id, "external_id": conversation.contact.external_id
                }]
            },
            "tags": { "type": "tag.list", "tags": [] }
        },
        "contact": contact
    })
}

fn contact(workspace: &str, contact: &FakeContact) -> Value {
    json!({
        "type": "contact", "id": contact.id, "workspace_id": workspace, "external_id": contact.external_id,
        "role": contact.role, "email": contact.email, "phone": null, "name": contact.name, "avatar": null,
        "owner_id": null, "social_profiles": { "type": "list", "data": [] }, "has_hard_bounced": false,
        "marked_email_as_spam": false, "unsubscribed_from_emails": false, "language_override": null,
        "location": { "type": "location", "country": null, "region": null, "city": null }, "custom_attributes": {},
        "tags": { "type": "list", "data": [], "total_count": 0, "has_more": false },
        "notes": { "type": "list", "data": [], "total_count": 0, "has_more": false },
        "companies": { "type": "list", "data": [], "total_count": 0, "has_more": false }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::fake::{Author, Message, Role};
    use crate::request::{CanvasRequest, Role as ParsedRole};

    pub(in crate::fake) fn conversation() -> FakeConversation {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let contact = FakeContact {
            external_id: Some("visitor-1".to_owned()),
            ..FakeContact::new("c1".to_owned(), Role::Lead, at)
        };
        FakeConversation {
            title: "Wishlist".to_owned(),
            page: Some("https://shop.example/cart".to_owned()),
            messages: vec![Message {
                from: Author::Contact,
                text: "Hi".to_owned(),
                at,
            }],
            ..FakeConversation::new("7".to_owned(), contact)
        }
    }

    #[test]
    fn an_initialize_says_what_the_canvas_has_to_know() {
        let body = initialize(&Workspace::new("local", "Local"), &conversation()).to_string();
        let parsed = CanvasRequest::parse(body.as_bytes()).unwrap();
        let contact = parsed.contact.unwrap();
        assert_eq!(parsed.workspace_id.as_deref(), Some("local"));
        assert_eq!(contact.role, ParsedRole::Lead);
        assert_eq!(contact.external_id.as_deref(), Some("visitor-1"));
        assert_eq!(
            parsed.conversation.unwrap().created_at.unwrap().as_second(),
            1_800_000_000
        );
    }
}
