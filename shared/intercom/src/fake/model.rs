//! Contacts and conversations as JSON, with the fields that the REST API and notifications have.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::contact::Standing;
use super::{FakeContact, FakeConversation};

/// Most elements of a list that stands in something else.
const LISTED: usize = 10;

/// A contact of a workspace. Its times are written by `time`: the REST API has seconds since 1970,
/// notifications have texts.
pub(super) fn contact(
    workspace: &str,
    contact: &FakeContact,
    time: fn(Timestamp) -> Value,
) -> Value {
    let browser = &contact.browser;
    let optional = |at: Option<Timestamp>| at.map_or(Value::Null, time);
    let companies = contact.companies.iter().take(LISTED);
    let companies = companies.map(|id| json!({ "type": "company", "id": id }));
    let mut item = json!({
        "type": "contact", "id": contact.id, "workspace_id": workspace, "external_id": contact.external_id,
        "role": contact.role, "email": contact.email.as_deref().unwrap_or_default(), "phone": contact.phone,
        "name": contact.name,
        "avatar": contact.avatar.as_ref().map(|url| json!({ "type": "avatar", "image_url": url })), "owner_id": null, "has_hard_bounced": false,
        "marked_email_as_spam": false, "unsubscribed_from_emails": contact.unsubscribed_from_emails, "language_override": null,
        "created_at": time(contact.created_at), "updated_at": time(contact.updated_at),
        "last_seen_at": optional(contact.last_seen_at), "signed_up_at": optional(contact.signed_up_at),
        "browser": browser.browser, "browser_version": browser.browser_version, "os": browser.os,
        "browser_language": browser.browser_language,
        "location": { "type": "location", "country": null, "region": null, "city": null },
        "social_profiles": { "data": [] }, "custom_attributes": contact.custom_attributes,
        "tags": list(Vec::new(), 0), "notes": list(Vec::new(), 0),
        "companies": list(companies.collect(), contact.companies.len())
    });
    if contact.standing == Standing::Archived {
        item["archived"] = json!(true);
    }
    overlaid(item, &contact.odd)
}

/// A conversation, whose times are seconds since 1970 everywhere.
pub(super) fn conversation(conversation: &FakeConversation) -> Value {
    let contact = &conversation.contact;
    let first = conversation.messages.first();
    let mut author = json!({ "type": contact.role, "id": contact.id, "name": contact.name });
    if let Some(email) = &contact.email {
        author["email"] = json!(email);
    }
    let item = json!({
        "type": "conversation", "id": conversation.id, "title": conversation.title,
        "created_at": conversation.created_at().as_second(), "updated_at": conversation.updated_at().as_second(),
        "waiting_since": null, "snoozed_until": null, "open": true, "state": "open", "read": true,
        "priority": "not_priority", "admin_assignee_id": null, "team_assignee_id": null,
        "source": {
            "type": "conversation", "id": format!("{}1", conversation.id), "delivered_as": "customer_initiated",
            "subject": "", "body": first.map_or("", |message| message.text.as_str()), "url": conversation.page,
            "attachments": [], "redacted": false,
            "author": author
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{ "type": "contact", "id": contact.id, "external_id": contact.external_id }]
        },
        "tags": { "type": "tag.list", "tags": [] }, "custom_attributes": {}
    });
    overlaid(item, &conversation.odd)
}

/// The item with these fields in the place of its own.
fn overlaid(mut item: Value, odd: &Map<String, Value>) -> Value {
    for (name, value) in odd {
        item[name] = value.clone();
    }
    item
}

/// The beginning of a list that stands in something else. Intercom adds the path of all of it, which is not
/// what its description of the API calls an address.
fn list(data: Vec<Value>, total: usize) -> Value {
    json!({ "data": data, "total_count": total, "has_more": total > LISTED })
}
