//! Who authorized us, and for which workspace.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::{Client, Error, Request, Unreadable};
use crate::admin::Admin;
use crate::oauth::AccessToken;
use crate::{Region, lenient};

/// The answer of `GET /me`. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Me {
    /// Who authorized us.
    pub admin: Admin,
    /// The workspace that the token is for. Intercom does not promise it.
    pub workspace: Option<Workspace>,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Unique in all of Intercom; what webhooks call `app_id` and canvas requests `workspace_id`.
    pub id: String,
    /// As its owners call it.
    pub name: Option<String>,
    /// Where it is hosted.
    pub region: Region,
    /// An IANA name such as `Europe/Dublin`.
    pub timezone: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

impl Client {
    /// Asks whose token it is. Before the answer nobody knows the region: [`Region::Us`] serves all.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn me(&self, region: Region, token: &AccessToken) -> Result<Me, Error> {
        let request = Request::get("read who authorized the app", ["me"]).token(token);
        let answer = self.send(region, &request).await?;
        let body: Body = answer.json()?;
        let admin: Result<Admin, _> = answer.json();
        let admin = admin.map_err(|_| answer.unreadable(Unreadable::Missing("the admin's id")))?;
        Ok(Me {
            admin,
            workspace: body.app.and_then(App::into_workspace),
        })
    }
}

/// The workspace inside an admin, as it is sent.
#[derive(Deserialize)]
struct Body {
    #[serde(default, deserialize_with = "lenient::object")]
    app: Option<App>,
}

#[derive(Deserialize)]
struct App {
    #[serde(default, deserialize_with = "lenient::text")]
    id_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "region")]
    region: Region,
    #[serde(default, deserialize_with = "lenient::text")]
    timezone: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
}

impl App {
    fn into_workspace(self) -> Option<Workspace> {
        Some(Workspace {
            id: self.id_code?,
            name: self.name,
            region: self.region,
            timezone: self.timezone,
            created_at: self.created_at,
        })
    }
}

fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Region, D::Error> {
    Ok(Region::parse(
        &lenient::text(deserializer)?.unwrap_or_default(),
    ))
}
