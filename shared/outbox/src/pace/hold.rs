//! What holds a workspace: Intercom lets us do nothing there, until somebody does something about it.

use identity::WorkspaceId;
use jiff::fmt::serde::timestamp::millisecond;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Read, item, parse};

use super::rows;
use crate::delivery::expires_after;
use crate::{Error, OrganizationOutbox};

/// After how long it is first tried again; doubled each time, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// The longest time until it is tried again.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Why Intercom lets us do nothing in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The workspace is not connected.
    NotConnected,
    /// Intercom refuses the token: an admin has to connect again.
    TokenRefused,
    /// The workspace's plan does not include it.
    PlanRestricted,
    /// The app lacks a permission of the Developer Hub.
    ScopeMissing,
    /// The workspace lets only chosen addresses use its API.
    IpNotAllowed,
}

impl HoldReason {
    /// A stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::TokenRefused => "token_refused",
            Self::PlanRestricted => "plan_restricted",
            Self::ScopeMissing => "scope_missing",
            Self::IpNotAllowed => "ip_not_allowed",
        }
    }

    /// What it means, in an admin's words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotConnected => {
                "The workspace is not connected. Connect it, and what waits is sent."
            }
            Self::TokenRefused => "Intercom refuses our access. Connect the workspace again.",
            Self::PlanRestricted => "The workspace's plan at Intercom does not include this.",
            Self::ScopeMissing => "The app lacks a permission in Intercom's Developer Hub.",
            Self::IpNotAllowed => {
                "The workspace lets only chosen addresses use its API, and ours is not among them. \
                 Change its IP allowlist in Intercom's settings."
            }
        }
    }
}

/// What holds a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// Since when.
    #[serde(with = "millisecond::required")]
    pub since: Timestamp,
    /// When it is tried again.
    #[serde(with = "millisecond::required")]
    pub tried_again_at: Timestamp,
    /// Under which connection: a new one is tried at once.
    pub epoch: u64,
}

#[derive(Serialize, Deserialize)]
struct HoldRow {
    #[serde(flatten)]
    hold: Hold,
    expires: i64,
}

impl OrganizationOutbox<'_> {
    /// What holds a workspace; `None` when all is well.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn hold(&self, workspace: &WorkspaceId) -> Result<Option<Hold>, Error> {
        let key = rows::hold(self.organization, workspace);
        let row = self.table.get("read a hold", &key, Read::Eventual).await?;
        let row = row.map(|row| parse::<HoldRow>("hold", row)).transpose()?;
        Ok(row.map(|row| row.hold))
    }

    /// Holds a workspace, for longer each time; when it is tried again.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn hold_workspace(
        &self,
        workspace: &WorkspaceId,
        (reason, epoch): (HoldReason, u64),
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let before = self.hold(workspace).await?;
        let before = before.filter(|hold| hold.reason == reason && hold.epoch == epoch);
        let since = before.map_or(now, |hold| hold.since);
        let pause = now
            .duration_since(since)
            .max(FIRST_PAUSE)
            .min(LONGEST_PAUSE);
        let hold = Hold {
            reason,
            since,
            tried_again_at: now.checked_add(pause).unwrap_or(Timestamp::MAX),
            epoch,
        };
        let row = HoldRow {
            hold,
            expires: expires_after(now),
        };
        let key = rows::hold(self.organization, workspace);
        let row = vec![item(&key, &row)?];
        self.table.put_all("hold a workspace", row).await?;
        Ok(hold.tried_again_at)
    }

    /// Lets a workspace go on.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn release(&self, workspace: &WorkspaceId) -> Result<(), Error> {
        let key = rows::hold(self.organization, workspace);
        Ok(self.table.remove("release a workspace", &key).await?)
    }
}
