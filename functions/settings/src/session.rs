//! Who is signed in.

use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{HeaderMap, HeaderValue};
use platform::cookie::{self, Cookie};
use platform::signed::Signer;
use serde::{Deserialize, Serialize};
use store::{Connection, Installer};

use crate::error::Error;

/// How long somebody stays signed in: a working day.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

const COOKIE: &str = "recapt_session";
const PATH: &str = "/settings";
const PURPOSE: &str = "settings session";

/// An admin in one workspace, from a sign-in until [`LIFETIME`] is over or the connection's epoch changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) admin: Installer,
    /// The connection's when the session began: a later one ends it.
    pub(crate) epoch: u64,
    pub(crate) issued_at: Timestamp,
}

impl Session {
    /// The session that a request's cookie proves, if it does.
    pub(crate) fn of_request(headers: &HeaderMap, signer: &Signer, now: Timestamp) -> Option<Self> {
        signer.open(PURPOSE, cookie::read(headers, COOKIE)?, now)
    }

    /// Whether a request brings a session's cookie, whatever it is worth.
    pub(crate) fn is_presented(headers: &HeaderMap) -> bool {
        cookie::read(headers, COOKIE).is_some()
    }

    /// Whether it is a session of this connection, as it is now.
    pub(crate) fn fits(&self, connection: &Connection) -> bool {
        self.workspace == connection.workspace
            && self.organization == connection.organization
            && self.epoch == connection.epoch
    }

    /// The same session under the connection's new epoch: for whoever has just changed it.
    pub(crate) fn renewed(&self, connection: &Connection) -> Self {
        Self {
            epoch: connection.epoch,
            ..self.clone()
        }
    }

    /// The cookie that proves it. It ends as long after the sign-in as it always would have.
    pub(crate) fn cookie(
        &self,
        headers: &HeaderMap,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<HeaderValue, Error> {
        let ends_at = self.issued_at + LIFETIME;
        let cookie = Cookie {
            name: COOKIE,
            value: signer.sign(PURPOSE, self, ends_at)?,
            path: PATH,
            max_age: ends_at.duration_since(now),
        };
        Ok(cookie.header(cookie::is_secure(headers))?)
    }

    /// What makes the browser forget it.
    pub(crate) fn ended(headers: &HeaderMap) -> Result<HeaderValue, Error> {
        Ok(Cookie::ended(COOKIE, PATH).header(cookie::is_secure(headers))?)
    }
}
