//! A company as Intercom keeps it: what webhooks tell of it, and what the REST API answers.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::contact::NoId;
use crate::lenient;
use crate::listed::{Listed, listed};

/// A company of a workspace. Only the id is always there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Company {
    /// Intercom's own id, which attaching takes.
    pub id: String,
    /// What the workspace itself calls it; the notification of its end does not say.
    pub company_id: Option<String>,
    /// As its people call it.
    pub name: Option<String>,
    /// The name of its plan.
    pub plan: Option<String>,
    /// What it pays a month.
    pub monthly_spend: Option<f64>,
    /// How many work there.
    pub size: Option<u64>,
    /// Any text; mostly an address.
    pub website: Option<String>,
    /// Any text.
    pub industry: Option<String>,
    /// How many visits of its people Intercom has counted.
    pub session_count: Option<u64>,
    /// How many people Intercom knows of it.
    pub user_count: Option<u64>,
    /// When it came to be at the workspace's own site.
    pub remote_created_at: Option<Timestamp>,
    /// When it came to be at Intercom.
    pub created_at: Option<Timestamp>,
    /// When something about it last changed.
    pub updated_at: Option<Timestamp>,
    /// When one of its people was last seen.
    pub last_request_at: Option<Timestamp>,
    /// Of those that it has, in a notification too; `None` when it is not said.
    pub tags: Option<Listed>,
    /// `None` when it is not said, as in notifications.
    pub segments: Option<Listed>,
    /// What the workspace keeps about it.
    pub custom_attributes: Map<String, Value>,
    /// Whether it is gone for good.
    pub deleted: bool,
}

/// How the `company_id` of a company ends that the Inbox or a bot made when a lead told its name.
const QUALIFICATION: &str = "-qualification-company";

impl Company {
    /// Whether Intercom made it while a lead was being qualified: then the workspace itself does not know it.
    #[must_use]
    pub fn is_of_qualification(&self) -> bool {
        let company_id = self.company_id.as_deref();
        company_id.is_some_and(|id| id.ends_with(QUALIFICATION))
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    company_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "plan")]
    plan: Option<String>,
    #[serde(default, deserialize_with = "lenient::number")]
    monthly_spend: Option<f64>,
    #[serde(default, deserialize_with = "lenient::count")]
    size: Option<u64>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    website: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    industry: Option<String>,
    #[serde(default, deserialize_with = "lenient::count")]
    session_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::count")]
    user_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    remote_created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    last_request_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "listed")]
    tags: Option<Listed>,
    #[serde(default, deserialize_with = "listed")]
    tag_ids: Option<Listed>,
    #[serde(default, deserialize_with = "listed")]
    segments: Option<Listed>,
    #[serde(default, deserialize_with = "lenient::attributes")]
    custom_attributes: Map<String, Value>,
    #[serde(default, deserialize_with = "lenient::flag")]
    deleted: bool,
}

/// A plan's name: answers have an object, empty when there is none; a text is what is written.
fn plan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = match Value::deserialize(deserializer)? {
        Value::Object(mut plan) => plan.remove("name").unwrap_or_default(),
        other => other,
    };
    Ok(lenient::decoded_text(name).unwrap_or_default())
}

impl TryFrom<Wire> for Company {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            company_id: wire.company_id,
            name: wire.name,
            plan: wire.plan,
            monthly_spend: wire.monthly_spend,
            size: wire.size,
            website: wire.website,
            industry: wire.industry,
            session_count: wire.session_count,
            user_count: wire.user_count,
            remote_created_at: wire.remote_created_at,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            last_request_at: wire.last_request_at,
            tags: wire.tags.or(wire.tag_ids),
            segments: wire.segments,
            custom_attributes: wire.custom_attributes,
            deleted: wire.deleted,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn company(value: &Value) -> Company {
        Company::deserialize(value).unwrap()
    }

    #[test]
    fn a_company_is_read_as_the_api_sends_it() {
        let read = company(&json!({
            "type": "company", "id": "6310", "company_id": "acme&amp;co", "app_id": "abcd1234", "name": "Acme &amp; Co",
            "plan": { "type": "plan", "id": "1", "name": "Gold" }, "monthly_spend": 49.5, "size": 85,
            "session_count": 3, "user_count": 12, "remote_created_at": 1_394_531_169, "created_at": 1_394_531_169,
            "updated_at": 1_396_874_658, "last_request_at": 1_396_874_658, "website": "acme.example", "industry": "Tools",
            "tags": { "type": "tag.list", "tags": [{ "type": "tag", "id": "7", "name": "VIP" }] },
            "segments": { "type": "segment.list", "segments": [{ "id": "s1" }] },
            "custom_attributes": { "tier": "R&amp;D", "seats": 3 },
        }));
        assert_eq!(read.company_id.as_deref(), Some("acme&co"));
        assert_eq!(read.name.as_deref(), Some("Acme & Co"));
        assert_eq!(read.plan.as_deref(), Some("Gold"));
        assert_eq!(read.monthly_spend, Some(49.5));
        assert_eq!(
            (read.size, read.session_count, read.user_count),
            (Some(85), Some(3), Some(12))
        );
        assert_eq!(read.last_request_at.unwrap().as_second(), 1_396_874_658);
        assert_eq!(read.tags.unwrap().ids, ["7"]);
        assert_eq!(read.segments.unwrap().ids, ["s1"]);
        assert_eq!(read.custom_attributes["tier"], "R&D");
        assert!(!read.deleted);
    }

    #[test]
    fn a_company_is_read_as_notifications_send_it() {
        let read = company(&json!({
            "id": "6310", "company_id": "acme", "plan_id": null, "plan": null, "monthly_spend": null,
            "last_request_at": "2026-01-12T09:30:00.000+00:00", "session_count": 0, "user_count": "1", "tag_ids": [7],
            "custom_attributes": {},
        }));
        assert_eq!(
            read.last_request_at.unwrap().to_string(),
            "2026-01-12T09:30:00Z"
        );
        assert_eq!(
            (read.plan, read.monthly_spend, read.user_count),
            (None, None, Some(1))
        );
        assert_eq!(read.tags.unwrap().ids, ["7"]);
        assert_eq!(read.segments, None, "not said");
        let gone = company(&json!({ "id": "6310", "type": "company", "deleted": true }));
        assert!(gone.deleted && gone.company_id.is_none());
        assert!(Company::deserialize(json!({ "company_id": "acme" })).is_err());
    }

    #[test]
    fn a_plan_is_an_object_a_text_or_nothing() {
        for (plan, name) in [
            (json!({ "name": "Gold" }), Some("Gold")),
            (json!("Gold"), Some("Gold")),
            (json!({}), None),
            (json!({ "name": null }), None),
            (json!([]), None),
        ] {
            let read = company(&json!({ "id": "1", "plan": plan }));
            assert_eq!(read.plan.as_deref(), name, "{plan}");
        }
    }

    #[test]
    fn a_company_of_qualification_has_a_made_up_company_id() {
        for (company_id, made_up) in [
            (
                json!("6657add46abd0167d9419d00-qualification-company"),
                true,
            ),
            (json!("acme"), false),
            (json!(null), false),
        ] {
            let read = company(&json!({ "id": "1", "company_id": company_id }));
            assert_eq!(read.is_of_qualification(), made_up, "{company_id}");
        }
    }
}
