//! Contacts and conversations as JSON, with the fields that the REST API and notifications have.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::contact::Standing;
use super::conversation::FakeState;
use super::{FakeContact, FakeConversation, FakePart, FakeTag};

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
    let tags = contact.tags.iter().take(LISTED);
    let tags = tags.map(|id| json!({ "type": "tag", "id": id }));
    let owner = contact.owner.as_ref();
    let owner = owner.map(|id| id.parse::<u64>().map_or_else(|_| json!(id), Value::from));
    let [country, region, city] = &contact.location;
    let mut item = json!({
        "type": "contact", "id": contact.id, "workspace_id": workspace, "external_id": contact.external_id,
        "role": contact.role, "email": contact.email.as_deref().unwrap_or_default(), "phone": contact.phone,
        "name": contact.name,
        "avatar": contact.avatar.as_ref().map(|url| json!({ "type": "avatar", "image_url": url })), "owner_id": owner, "has_hard_bounced": contact.has_hard_bounced,
        "marked_email_as_spam": contact.marked_email_as_spam, "unsubscribed_from_emails": contact.unsubscribed_from_emails, "language_override": null,
        "created_at": time(contact.created_at), "updated_at": time(contact.updated_at),
        "last_replied_at": optional(contact.last_replied_at),
        "last_contacted_at": optional(contact.last_contacted_at),
        "last_seen_at": optional(contact.last_seen_at), "signed_up_at": optional(contact.signed_up_at),
        "browser": browser.browser, "browser_version": browser.browser_version, "os": browser.os,
        "browser_language": browser.browser_language,
        "location": { "type": "location", "country": country, "region": region, "city": city },
        "social_profiles": { "data": [] }, "custom_attributes": contact.custom_attributes,
        "tags": list(tags.collect(), contact.tags.len()), "notes": list(Vec::new(), 0),
        "companies": list(companies.collect(), contact.companies.len())
    });
    if contact.standing == Standing::Archived {
        item["archived"] = json!(true);
    }
    overlaid(item, &contact.odd)
}

/// A conversation, whose times are seconds since 1970 everywhere, without what was said in it.
pub(super) fn conversation(conversation: &FakeConversation) -> Value {
    let contact = &conversation.contact;
    let first = conversation.messages.first();
    let source = &conversation.source;
    let tags = conversation.tags.iter().map(FakeTag::json);
    let id = |id: &Option<String>| {
        let id = id.as_ref();
        id.map_or(Value::Null, |id| {
            id.parse::<u64>().map_or_else(|_| json!(id), Value::from)
        })
    };
    let mut item = json!({
        "type": "conversation", "id": conversation.id, "title": conversation.title,
        "created_at": conversation.created_at().as_second(), "updated_at": conversation.updated_at().as_second(),
        "waiting_since": null, "snoozed_until": null, "open": conversation.state != FakeState::Closed,
        "state": conversation.state, "read": true, "priority": conversation.priority,
        "admin_assignee_id": id(&conversation.admin_assignee),
        "team_assignee_id": id(&conversation.team_assignee),
        "source": {
            "type": source.kind, "id": format!("{}1", conversation.id), "delivered_as": source.delivered_as,
            "subject": source.subject, "body": first.map_or("", |message| message.text.as_str()),
            "url": conversation.page, "attachments": [], "redacted": source.redacted,
            "author": source.author.json(contact)
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{ "type": "contact", "id": contact.id, "external_id": contact.external_id }]
        },
        "tags": { "type": "tag.list", "tags": tags.collect::<Vec<_>>() }, "custom_attributes": {}
    });
    if let Some(company) = &conversation.company {
        item["company"] = json!({ "type": "company", "id": company });
    }
    if let Some((rating, remark)) = &conversation.rating {
        let at = conversation.updated_at().as_second();
        item["conversation_rating"] = json!({
            "rating": rating, "remark": remark, "created_at": at, "updated_at": at,
            "contact": { "type": "contact", "id": contact.id, "external_id": contact.external_id },
            "teammate": { "type": "admin", "id": 1 },
        });
    }
    if let Some(agent) = &conversation.ai_agent {
        item["ai_agent_participated"] = json!(true);
        item["ai_agent"] = agent.clone();
    }
    if conversation.is_ticket {
        item["ticket"] = json!({ "type": "ticket", "id": conversation.id });
        item["linked_objects"] = json!({
            "type": "list", "total_count": 1, "has_more": false,
            "data": [{ "type": "ticket", "id": conversation.id, "category": "Customer" }],
        });
    }
    overlaid(item, &conversation.odd)
}

/// The same with some of its parts, of so many in all.
pub(super) fn conversation_with(
    shown: &FakeConversation,
    parts: &[FakePart],
    total: usize,
) -> Value {
    let mut item = conversation(shown);
    let parts = parts.iter().map(|part| part.json(&shown.contact));
    item["conversation_parts"] = json!({
        "type": "conversation_part.list", "conversation_parts": parts.collect::<Vec<_>>(), "total_count": total,
    });
    item["statistics"] = json!({
        "type": "conversation_statistics", "count_conversation_parts": shown.every_part().len(),
    });
    item
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
