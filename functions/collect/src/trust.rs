//! How much the names in an event are to be believed.
//!
//! | said by | trust |
//! |---|---|
//! | a server source | verified; a signature is passed over |
//! | a browser source, with a signature that fits | verified |
//! | a browser source, with one that fits none of the secrets, or names somebody else | refused |
//! | a browser source, with one, and there is no secret | claimed |
//! | a browser source, without one | claimed; refused where the organization wants signatures and it names somebody |
//!
//! A signature is what the Messenger takes: `user_hash`, over the user id, or over the e-mail address when
//! there is no user id; or `intercom_user_jwt`, whose claims are the names.

use api::known_secrets::Verdict;
use intercom::identity_verification::{IdentitySecret, UserJwt, is_user_hash};
use jiff::Timestamp;
use outbox::Trust;
use store::{Grant, SourceKind};
use tracking::{Fields, TrackedEvent};

use crate::State;

/// Why an event of a browser is refused for its names. The reason of its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Distrust {
    /// Its signature fits nothing.
    Invalid,
    /// It has none, and the organization wants one.
    Required,
}

impl Distrust {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "signature_invalid",
            Self::Required => "signature_required",
        }
    }
}

/// What an organization has signed.
enum Signature<'a> {
    UserHash(&'a str),
    Jwt(Box<UserJwt>),
    /// It was meant as one.
    Broken,
}

/// How much an event's names are to be believed. Secrets are read only if there is a signature to judge.
pub(crate) async fn of(
    state: &State,
    (grant, kind): (&Grant, SourceKind),
    event: &TrackedEvent,
    now: Timestamp,
) -> Result<Result<Trust, Distrust>, store::Error> {
    if kind == SourceKind::Server {
        return Ok(Ok(Trust::Verified));
    }
    let Some(signature) = Signature::of(event) else {
        return Ok(unsigned(grant, event));
    };
    let fits = |secret: &_| signature.fits(event, secret);
    let secrets = &state.identity_secrets;
    let judged = secrets.judge(&state.store, &grant.organization, fits, now);
    Ok(match judged.await? {
        Verdict::Fits if signature.names(event, now) => Ok(Trust::Verified),
        Verdict::Fits | Verdict::Misfit => Err(Distrust::Invalid),
        Verdict::Unjudged => unsigned(grant, event),
    })
}

fn unsigned(grant: &Grant, event: &TrackedEvent) -> Result<Trust, Distrust> {
    let names_somebody = event.user_id.is_some() || event.email.is_some();
    match grant.require_signatures && names_somebody {
        true => Err(Distrust::Required),
        false => Ok(Trust::Claimed),
    }
}

impl<'a> Signature<'a> {
    /// The event's signature, of two the JWT, which says more.
    fn of(event: &'a TrackedEvent) -> Option<Self> {
        if let Some(jwt) = option(event, &["intercom_user_jwt", "intercomUserJwt"]) {
            let jwt = UserJwt::parse(jwt);
            return Some(jwt.map_or(Self::Broken, |jwt| Self::Jwt(Box::new(jwt))));
        }
        option(event, &["user_hash", "userHash"]).map(Self::UserHash)
    }

    fn fits(&self, event: &TrackedEvent, secret: &IdentitySecret) -> bool {
        match self {
            Self::UserHash(hash) => {
                let covered = event.user_id.as_deref().or(event.email.as_deref());
                covered.is_some_and(|name| is_user_hash(secret, name, hash))
            }
            Self::Jwt(jwt) => jwt.is_signed_with(secret),
            Self::Broken => false,
        }
    }

    /// Whether it is of today, and of the one that the event names.
    fn names(&self, event: &TrackedEvent, now: Timestamp) -> bool {
        match self {
            Self::UserHash(_) => true,
            Self::Jwt(jwt) => {
                let names = jwt.names();
                let is_same = |user_id: &str| user_id.trim() == names.user_id.trim();
                jwt.is_current(now) && event.user_id.as_deref().is_none_or(is_same)
            }
            Self::Broken => false,
        }
    }
}

/// A text among what an event says for Intercom alone.
fn option<'a>(event: &'a TrackedEvent, keys: &[&str]) -> Option<&'a str> {
    let places: [Option<&Fields>; 2] =
        [event.destinations.options(), Some(&event.context.intercom)];
    let texts = places.into_iter().flatten().filter_map(|fields| {
        let text = fields.first_of(keys)?.as_text()?;
        Some(text.trim()).filter(|text| !text.is_empty())
    });
    texts.into_iter().next()
}
