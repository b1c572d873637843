//! Who is signed in to our pages: an admin of a connected workspace.
//!
//! `settings` begins and ends a sign-in; the other pages for admins only check it. It is a signed cookie that
//! names the workspace. A page that relies on it also reads the connection: [`SignedIn`].

use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use store::{Connection, Installer, SignInId, Store};

use crate::cookie::{self, Cookie, Reach, UnfitValue};
use crate::signed::{SignError, Signer};
use platform::fault::{Fault, Kind};

/// How long somebody stays signed in: a working day.
pub const SIGN_IN_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

const COOKIE: &str = "recapt_session";
/// The settings page is not the only one: recordings are looked at as well.
const REACH: Reach = Reach::Host;
const PURPOSE: &str = "settings session";

/// An admin's time in one workspace. It ends after [`SIGN_IN_LIFETIME`], or when the connection's epoch
/// changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// What tells it from all others; it stays the same when it is renewed.
    pub id: SignInId,
    /// Whose recordings the admin sees.
    pub organization: OrganizationId,
    /// Where the admin signed in.
    pub workspace: WorkspaceId,
    /// Who it is.
    pub admin: Installer,
    /// The connection's epoch when the admin signed in: a later one ends the sign-in.
    pub epoch: u64,
    /// When the admin signed in.
    pub issued_at: Timestamp,
}

impl SignIn {
    /// The sign-in that a request's cookie proves, if it does.
    #[must_use]
    pub fn of_request(headers: &HeaderMap, signer: &Signer, now: Timestamp) -> Option<Self> {
        signer.open(PURPOSE, cookie::read(headers, COOKIE, &REACH)?, now)
    }

    /// Whether a request brings the cookie of a sign-in, valid or not.
    #[must_use]
    pub fn is_presented(headers: &HeaderMap) -> bool {
        cookie::read(headers, COOKIE, &REACH).is_some()
    }

    /// Whether the sign-in holds for this connection, as it is now.
    #[must_use]
    pub fn fits(&self, connection: &Connection) -> bool {
        self.workspace == connection.workspace
            && self.organization == connection.organization
            && self.epoch == connection.epoch
    }

    /// The same sign-in under the connection's new epoch: for the admin who has just changed it.
    #[must_use]
    pub fn renewed(&self, connection: &Connection) -> Self {
        Self {
            epoch: connection.epoch,
            ..self.clone()
        }
    }

    /// Ends it: a copy of its cookie opens nothing from now on.
    ///
    /// # Errors
    /// When the table does not answer: end it again.
    pub async fn end(&self, store: &Store) -> Result<(), store::Error> {
        let until = self.issued_at + SIGN_IN_LIFETIME;
        let connections = store.connections();
        connections
            .end_sign_in(&self.workspace, &self.id, until)
            .await
    }

    /// The cookie that proves it. It ends as long after the sign-in as it always would have.
    ///
    /// # Errors
    /// [`CookieError`], which is a bug: our own values can be signed and stand in a cookie.
    pub fn cookie(
        &self,
        headers: &HeaderMap,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<HeaderValue, CookieError> {
        let ends_at = self.issued_at + SIGN_IN_LIFETIME;
        let cookie = Cookie {
            name: COOKIE,
            value: signer.sign(PURPOSE, self, ends_at)?,
            reach: REACH,
            max_age: ends_at.duration_since(now),
        };
        Ok(cookie.header(cookie::is_secure(headers))?)
    }

    /// What makes the browser forget it.
    ///
    /// # Errors
    /// [`CookieError`], which is a bug.
    pub fn ended(headers: &HeaderMap) -> Result<HeaderValue, CookieError> {
        Ok(Cookie::ended(COOKIE, REACH).header(cookie::is_secure(headers))?)
    }
}

/// An admin whose sign-in holds.
pub struct SignedIn {
    /// What the cookie says.
    pub sign_in: SignIn,
    /// The workspace's connection, which the sign-in fits.
    pub connection: Connection,
}

impl SignedIn {
    /// The admin of a sign-in; `None` when it has been ended: this one, or all. Reads the connection,
    /// and with it whether this one was ended.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn by(sign_in: SignIn, store: &Store) -> Result<Option<Self>, store::Error> {
        let connections = store.connections();
        let connection = connections
            .of_sign_in(&sign_in.workspace, &sign_in.id)
            .await?;
        let connection = connection.filter(|connection| sign_in.fits(connection));
        Ok(connection.map(|connection| Self {
            sign_in,
            connection,
        }))
    }
}

/// The sign-in cannot stand in a cookie: a bug.
#[derive(Debug, thiserror::Error)]
pub enum CookieError {
    /// It cannot be signed.
    #[error(transparent)]
    Signing(#[from] SignError),
    /// What was signed is no cookie's value.
    #[error(transparent)]
    Value(#[from] UnfitValue),
}

impl Fault for CookieError {
    fn kind(&self) -> Kind {
        match self {
            Self::Signing(error) => error.kind(),
            Self::Value(error) => error.kind(),
        }
    }
}
