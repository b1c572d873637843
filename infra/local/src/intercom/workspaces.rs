//! The workspaces of the pretend Intercom.

use serde_json::{Value, json};

use super::{TIME_ZONE, WORKSPACE};

/// A workspace, as its admin sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Workspace {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    region: &'static str,
    pub(super) timezone: &'static str,
}

/// The one with the conversations, and another that nobody has connected yet.
pub(super) const WORKSPACES: [Workspace; 2] = [
    Workspace {
        id: WORKSPACE,
        name: "Local",
        region: "US",
        timezone: TIME_ZONE,
    },
    Workspace {
        id: "second",
        name: "Second workspace",
        region: "EU",
        timezone: "Europe/Dublin",
    },
];

impl Workspace {
    /// The workspace with this id.
    pub(super) fn find(id: &str) -> Option<Self> {
        WORKSPACES.into_iter().find(|workspace| workspace.id == id)
    }

    /// What `GET /me` answers: the one admin there is, and the workspace that the token is for.
    pub(super) fn me(self) -> Value {
        json!({
            "type": "admin", "id": "1", "name": "Teammate", "email": "teammate@example.com", "email_verified": true,
            "job_title": "Support", "away_mode_enabled": false, "away_mode_reassign": false, "has_inbox_seat": true,
            "team_ids": [], "avatar": { "type": "avatar", "image_url": null },
            "app": {
                "type": "app", "id_code": self.id, "name": self.name, "created_at": 1_700_000_000,
                "identity_verification": false, "timezone": self.timezone, "region": self.region
            }
        })
    }
}
