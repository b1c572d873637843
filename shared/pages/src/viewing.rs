//! Links that open recordings to anybody who has them. The canvas hands them to teammates, who cannot sign in
//! to our pages.
//!
//! A link is signed for one organization, and for one session or all of them. It changes nothing and ends by
//! itself.

use identity::{OrganizationId, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
    /// Which one; `None` for all of them, their list and their people.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
}

impl ViewingLink {
    /// The value of [`PARAMETER`]: good for [`VIEWING_LINK_LIFETIME`], rounded up to a minute. So links that
    /// are drawn within a minute are the same link, and five panels of one conversation are alike.
    ///
    /// # Errors
    /// [`SignError`], which is a bug: our own ids can be signed.
    pub fn sign(&self, signer: &Signer, now: Timestamp) -> Result<String, SignError> {
        let until = (now + VIEWING_LINK_LIFETIME).as_second();
        let minutes = until.div_euclid(60) + i64::from(until.rem_euclid(60) > 0);
        let until = Timestamp::from_second(minutes * 60).unwrap_or(Timestamp::MAX);
        signer.sign(PURPOSE, self, until)
    }

    /// What a value of [`PARAMETER`] lets somebody look at; `None` when it is not ours, was changed, or has
    /// expired.
    #[must_use]
    pub fn open(signer: &Signer, text: &str, now: Timestamp) -> Option<Self> {
        signer.open(PURPOSE, text, now)
    }

    /// Whether it lets somebody look at this session.
    #[must_use]
    pub fn shows(&self, session: &SessionId) -> bool {
        self.session.as_ref().is_none_or(|only| only == session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(session: Option<&str>) -> ViewingLink {
        ViewingLink {
            organization: OrganizationId::parse("org_a").unwrap(),
            session: session.map(|session| SessionId::parse(session).unwrap()),
        }
    }

    #[test]
    fn a_link_is_good_for_twelve_hours_and_for_what_it_was_signed_for() {
        let signer = Signer::new([7; 32]);
        let now = Timestamp::from_second(60_000_000).unwrap();
        for link in [link(None), link(Some("s-1"))] {
            let text = link.sign(&signer, now).unwrap();
            let opened = |later| ViewingLink::open(&signer, &text, now + later);
            assert_eq!(opened(SignedDuration::from_secs(43_199)), Some(link));
            assert_eq!(opened(VIEWING_LINK_LIFETIME), None);
            let other = Signer::new([8; 32]);
            assert_eq!(ViewingLink::open(&other, &text, now), None);
        }
    }

    #[test]
    fn links_of_one_minute_are_the_same() {
        let signer = Signer::new([7; 32]);
        let signed = |second: i64| {
            let now = Timestamp::from_second(60_000_000 + second).unwrap();
            link(None).sign(&signer, now).unwrap()
        };
        assert_eq!(signed(1), signed(60));
        assert_ne!(signed(60), signed(61));
    }

    #[test]
    fn a_link_to_one_session_shows_no_other() {
        let session = SessionId::parse("s-1").unwrap();
        for (only, shows) in [(None, true), (Some("s-1"), true), (Some("s-2"), false)] {
            assert_eq!(link(only).shows(&session), shows, "{only:?}");
        }
    }
}
