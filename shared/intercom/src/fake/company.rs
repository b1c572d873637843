//! A company as the fake Intercom knows it.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{FakeSegment, FakeTag};

/// A company. Everything but its two ids may be missing.
#[derive(Debug, Clone)]
pub struct FakeCompany {
    /// Intercom's own.
    pub id: String,
    /// What the workspace itself calls it.
    pub company_id: String,
    /// As its people call it.
    pub name: Option<String>,
    /// The name of its plan.
    pub plan: Option<String>,
    /// How many work there.
    pub size: Option<i64>,
    /// Any text.
    pub website: Option<String>,
    /// Any text.
    pub industry: Option<String>,
    /// What it pays a month.
    pub monthly_spend: i64,
    /// When it came to be at the workspace's own site.
    pub remote_created_at: Option<Timestamp>,
    /// When one of its people was last seen.
    pub last_request_at: Option<Timestamp>,
    /// How many visits its people made.
    pub session_count: u64,
    /// In any order.
    pub tags: Vec<FakeTag>,
    /// Those that it is in.
    pub segments: Vec<FakeSegment>,
    /// What the customer keeps about it in Intercom.
    pub custom_attributes: Map<String, Value>,
    /// When it came to be.
    pub created_at: Timestamp,
    /// When something about it last changed.
    pub updated_at: Timestamp,
}

impl FakeCompany {
    /// One of which nothing is known yet.
    #[must_use]
    pub fn new(id: String, company_id: String, created_at: Timestamp) -> Self {
        Self {
            id,
            company_id,
            name: None,
            plan: None,
            size: None,
            website: None,
            industry: None,
            monthly_spend: 0,
            remote_created_at: None,
            last_request_at: None,
            session_count: 0,
            tags: Vec::new(),
            segments: Vec::new(),
            custom_attributes: Map::new(),
            created_at,
            updated_at: created_at,
        }
    }

    /// As the REST API answers it, with so many people. What is not known is left out.
    pub(super) fn json(&self, workspace: &str, users: usize) -> Value {
        let tags = self.tags.iter().map(FakeTag::json);
        let segments = self.segments.iter().map(FakeSegment::json);
        let mut item = json!({
            "type": "company", "id": self.id, "company_id": self.company_id, "app_id": workspace,
            "created_at": self.created_at.as_second(), "updated_at": self.updated_at.as_second(),
            "monthly_spend": self.monthly_spend, "session_count": self.session_count, "user_count": users,
            "tags": { "type": "tag.list", "tags": tags.collect::<Vec<_>>() },
            "segments": { "type": "segment.list", "segments": segments.collect::<Vec<_>>() },
            "plan": {}, "custom_attributes": self.custom_attributes
        });
        if let Some(plan) = &self.plan {
            item["plan"] = json!({ "type": "plan", "id": "1", "name": plan });
        }
        let texts = [
            ("name", &self.name),
            ("website", &self.website),
            ("industry", &self.industry),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                item[name] = json!(text);
            }
        }
        let remote = self.remote_created_at.map(Timestamp::as_second);
        let last_request = self.last_request_at.map(Timestamp::as_second);
        let numbers = [
            ("size", self.size),
            ("remote_created_at", remote),
            ("last_request_at", last_request),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                item[name] = json!(number);
            }
        }
        item
    }

    /// As notifications have it: times are texts, tags are ids, and segments are not said.
    pub(super) fn told(&self, workspace: &str, users: usize) -> Value {
        let mut item = self.json(workspace, users);
        let text = |at: Timestamp| json!(format!("{at:.3}").replace('Z', "+00:00"));
        item["created_at"] = text(self.created_at);
        item["updated_at"] = text(self.updated_at);
        for (name, at) in [
            ("remote_created_at", self.remote_created_at),
            ("last_request_at", self.last_request_at),
        ] {
            item[name] = at.map_or(Value::Null, text);
        }
        if let Some(fields) = item.as_object_mut() {
            fields.remove("tags");
            fields.remove("segments");
        }
        let ids = self.tags.iter().map(|tag| &tag.id);
        item["tag_ids"] = json!(ids.collect::<Vec<_>>());
        item
    }
}
