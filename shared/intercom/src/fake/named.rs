//! What the fake Intercom calls by a name: tags, segments, teammates.

use serde_json::{Value, json};

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeTag {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub name: String,
}

/// A segment. Who belongs to it is said by the contacts and companies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeSegment {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub name: String,
}

/// A teammate, besides the one who has allowed the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeAdmin {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub name: String,
    /// Any.
    pub email: String,
    /// Whether they may write to contacts.
    pub has_inbox_seat: bool,
}

impl FakeTag {
    /// A tag of this id and name.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({ "type": "tag", "id": self.id, "name": self.name })
    }
}

impl FakeSegment {
    /// A segment of this id and name.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "type": "segment", "id": self.id, "name": self.name, "created_at": 1_700_000_000,
            "updated_at": 1_700_000_000, "person_type": "user",
        })
    }
}

impl FakeAdmin {
    /// A teammate with an address of their own.
    #[must_use]
    pub fn new(id: &str, name: &str, has_inbox_seat: bool) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            email: format!("admin{id}@example.com"),
            has_inbox_seat,
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "type": "admin", "id": self.id, "name": self.name, "email": self.email,
            "away_mode_enabled": false, "away_mode_reassign": false, "has_inbox_seat": self.has_inbox_seat,
            "team_ids": [],
        })
    }
}
