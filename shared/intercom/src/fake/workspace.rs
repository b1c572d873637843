//! The workspaces of the fake Intercom.

use serde_json::{Value, json};

/// A workspace, and the admin who connects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// What Intercom calls `id_code`, `app_id` or `workspace_id`.
    pub id: String,
    /// As its admin sees it.
    pub name: String,
    /// `US`, `EU` or `AU`.
    pub region: String,
    /// IANA name.
    pub timezone: String,
    /// Who has allowed the app.
    pub admin: Admin,
}

/// A teammate who may install apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin {
    /// Unique in Intercom.
    pub id: String,
    /// As teammates see it.
    pub name: String,
    /// Intercom says that it is verified.
    pub email: String,
}

impl Workspace {
    /// A workspace in the United States whose calendar is UTC's.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            region: "US".to_owned(),
            timezone: "UTC".to_owned(),
            admin: Admin {
                id: "1".to_owned(),
                name: "Teammate".to_owned(),
                email: "teammate@example.com".to_owned(),
            },
        }
    }

    /// The same in another region, with that region's calendar.
    #[must_use]
    pub fn located(mut self, region: &str, timezone: &str) -> Self {
        region.clone_into(&mut self.region);
        timezone.clone_into(&mut self.timezone);
        self
    }

    /// The same with another admin.
    #[must_use]
    pub fn administered(mut self, id: &str, name: &str, email: &str) -> Self {
        self.admin = Admin {
            id: id.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
        };
        self
    }

    /// What `GET /me` answers: the admin, and the workspace that the token is for.
    #[must_use]
    pub fn me(&self) -> Value {
        let Admin { id, name, email } = &self.admin;
        json!({
            "type": "admin", "id": id, "name": name, "email": email, "email_verified": true,
            "job_title": "Support", "away_mode_enabled": false, "away_mode_reassign": false, "has_inbox_seat": true,
            "team_ids": [], "avatar": { "type": "avatar", "image_url": null },
            "app": {
                "type": "app", "id_code": self.id, "name": self.name, "created_at": 1_700_000_000,
                "identity_verification": false, "timezone": self.timezone, "region": self.region
            }
        })
    }
}
