//! Links that open recordings to anybody who has them. The canvas hands them to teammates, who cannot sign in
//! to our pages.
//!
//! A link is signed for one session, or for the sessions of some people. It changes nothing, ends by itself,
//! and ends with what it was handed out for: it names the connection and the connection's
//! [`links_epoch`](Connection::links_epoch).

use identity::{OrganizationId, PersonId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Connection, ConnectionStatus};

use crate::signed::{SignError, Signer};

/// How long a link is good: a working day, as long as somebody stays signed in.
pub const VIEWING_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// The query parameter in which a link's signature travels.
pub const PARAMETER: &str = "key";

const PURPOSE: &str = "viewing";

/// What a link lets somebody look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewingLink {
    /// Whose recordings.
    #[serde(rename = "o")]
    pub organization: OrganizationId,
    /// In whose panel it was handed out.
    #[serde(rename = "w")]
    pub workspace: WorkspaceId,
    /// The connection's, when it was.
    #[serde(rename = "n")]
    pub links_epoch: u64,
    /// Which of them.
    #[serde(rename = "v")]
    pub scope: Scope,
}

/// Which of an organization's recordings a link opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// One recording.
    #[serde(rename = "s")]
    Session(SessionId),
    /// The list of these people's, and their pages. Each recording is opened with a link of its own.
    #[serde(rename = "p")]
    People(Vec<PersonId>),
}

impl ViewingLink {
    /// A link that is handed out while the connection is as it is.
    #[must_use]
    pub fn of(connection: &Connection, scope: Scope) -> Self {
        Self {
            organization: connection.organization.clone(),
            workspace: connection.workspace.clone(),
            links_epoch: connection.links_epoch,
            scope,
        }
    }

    /// A link to one session, with nothing else in it that this one does not have.
    #[must_use]
    pub fn to_session(&self, session: &SessionId) -> Self {
        Self {
            scope: Scope::Session(session.clone()),
            ..self.clone()
        }
    }

    /// The value of [`PARAMETER`]: good for [`VIEWING_LINK_LIFETIME`], rounded up to a minute. So links that
    /// are drawn within a minute are the same link, and five panels of one conversation are alike.
    ///
    /// # Errors
    /// [`SignError`] when it names more people than an address holds.
    pub fn sign(&self, signer: &Signer, now: Timestamp) -> Result<String, SignError> {
        let until = (now + VIEWING_LINK_LIFETIME).as_second();
        let minutes = until.div_euclid(60) + i64::from(until.rem_euclid(60) > 0);
        let until = Timestamp::from_second(minutes * 60).unwrap_or(Timestamp::MAX);
        self.sign_until(signer, until)
    }

    /// The same, good until then: what a link leads on to ends with it.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_until(&self, signer: &Signer, until: Timestamp) -> Result<String, SignError> {
        signer.sign(PURPOSE, self, until)
    }

    /// What a value of [`PARAMETER`] lets somebody look at, and until when; `None` when it is not ours, was
    /// changed, or has expired. Whether its reason still stands says [`Self::fits`].
    #[must_use]
    pub fn open(signer: &Signer, text: &str, now: Timestamp) -> Option<(Self, Timestamp)> {
        signer.open_until(PURPOSE, text, now)
    }

    /// Whether it is good while the connection is as it is now: not after an uninstall, nor after "Sign out
    /// everywhere".
    #[must_use]
    pub fn fits(&self, connection: &Connection) -> bool {
        self.organization == connection.organization
            && self.workspace == connection.workspace
            && self.links_epoch == connection.links_epoch
            && connection.status != ConnectionStatus::Disconnected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{WorkspaceProfile, WorkspaceRegion, WorkspaceTimeZone};

    fn connection() -> Connection {
        let profile = WorkspaceProfile {
            name: "Shop".to_owned(),
            region: WorkspaceRegion::Us,
            timezone: WorkspaceTimeZone::of(""),
        };
        let workspace = WorkspaceId::parse("ab12").unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        Connection::new(workspace, organization, profile)
    }

    fn scopes() -> [Scope; 2] {
        let people = ["p_1", "p_2"].map(|person| PersonId::parse(person).unwrap());
        [
            Scope::Session(SessionId::parse("s-1").unwrap()),
            Scope::People(people.to_vec()),
        ]
    }

    #[test]
    fn a_link_is_good_for_twelve_hours_and_for_what_it_was_signed_for() {
        let signer = Signer::new([7; 32]);
        let now = Timestamp::from_second(60_000_000).unwrap();
        for scope in scopes() {
            let link = ViewingLink::of(&connection(), scope);
            let text = link.sign(&signer, now).unwrap();
            let opened = |later| ViewingLink::open(&signer, &text, now + later);
            let end = now + VIEWING_LINK_LIFETIME;
            assert_eq!(opened(SignedDuration::from_secs(43_199)), Some((link, end)));
            assert_eq!(opened(VIEWING_LINK_LIFETIME), None);
            let other = Signer::new([8; 32]);
            assert_eq!(ViewingLink::open(&other, &text, now), None);
        }
    }

    #[test]
    fn links_of_one_minute_are_the_same() {
        let signer = Signer::new([7; 32]);
        let [scope, _] = scopes();
        let signed = |second: i64| {
            let now = Timestamp::from_second(60_000_000 + second).unwrap();
            let link = ViewingLink::of(&connection(), scope.clone());
            link.sign(&signer, now).unwrap()
        };
        assert_eq!(signed(1), signed(60));
        assert_ne!(signed(60), signed(61));
    }

    #[test]
    fn a_link_is_good_while_its_reason_stands() {
        let [scope, _] = scopes();
        let link = ViewingLink::of(&connection(), scope);
        let other = WorkspaceId::parse("cd34").unwrap();
        let changed = |change: &dyn Fn(&mut Connection)| {
            let mut connection = connection();
            change(&mut connection);
            link.fits(&connection)
        };
        assert!(changed(&|_| {}));
        assert!(changed(&|connection| connection.epoch += 1), "a sign-in");
        assert!(changed(&|connection| {
            connection.status = ConnectionStatus::NeedsAttention;
        }));
        assert!(!changed(&|connection| connection.links_epoch += 1));
        assert!(!changed(&|connection| {
            connection.status = ConnectionStatus::Disconnected;
        }));
        assert!(!changed(&|connection| connection.workspace = other.clone()));
        assert!(!changed(&|connection| {
            connection.organization = OrganizationId::of_first_workspace(&other);
        }));
    }
}
