//! How much the names in an event are to be believed.
//!
//! | said by | trust |
//! |---|---|
//! | a server source | verified; a signature is passed over |
//! | a browser source, with a signature that fits, is of now and names the same person | signed |
//! | the same, and with an e-mail address that the signature does not cover | signed, the address claimed |
//! | a browser source, without such a signature | claimed |
//!
//! No signature covers a company, nor the former id of an alias.
//!
//! Where the organization wants signatures, what names somebody and is only claimed is refused.
//!
//! A signature is what the Messenger takes: `user_hash`, over the user id, or over the e-mail address
//! when there is no user id; or `intercom_user_jwt`, whose claims are the names.

use api::known_secrets::Verdict;
use intercom::identity_verification::{IdentitySecret, UserJwt, is_user_hash};
use jiff::Timestamp;
use outbox::Trust;
use store::{Grant, SourceKind};
use tracking::{Fields, TrackedEvent};

use crate::State;
use crate::known_sources::KnownSource;

/// Why an event of a browser is refused for its names, where the organization wants them signed. The
/// reason of its delivery.
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
enum Signature {
    UserHash(String),
    Jwt(Box<UserJwt>),
    /// It was meant as one.
    Broken,
}

/// How much an event's names are to be believed. Secrets are read only if there is a signature to judge.
///
/// A JWT that is to be believed names its person by itself: the event takes up what it does not say.
pub(crate) async fn of(
    state: &State,
    (grant, source): (&Grant, &KnownSource),
    event: &mut TrackedEvent,
    now: Timestamp,
) -> Result<Result<Trust, Distrust>, store::Error> {
    if source.kind == SourceKind::Server {
        return Ok(Ok(Trust::Verified));
    }
    let signature = Signature::of(event);
    let verdict = match &signature {
        None => Verdict::Unjudged,
        Some(signature) => {
            let fits = |secret: &_| signature.fits(event, secret);
            let secrets = &state.identity_secrets;
            let judged = secrets.judge(&state.store, &grant.organization, fits, now);
            judged.await?
        }
    };
    let fitting = signature.filter(|_| verdict == Verdict::Fits);
    if let Some(signature) = fitting.filter(|signature| signature.names(event, now)) {
        return Ok(Ok(signature.complete(event)));
    }
    let is_named = event.user_id.is_some() || event.email.is_some();
    let names_somebody = is_named || (source.names_by_anonymous_id && event.anonymous_id.is_some());
    Ok(match grant.require_signatures && names_somebody {
        true if verdict == Verdict::Unjudged => Err(Distrust::Required),
        true => Err(Distrust::Invalid),
        false => Ok(Trust::Claimed),
    })
}

impl Signature {
    /// The event's signature, of two the JWT, which says more.
    fn of(event: &TrackedEvent) -> Option<Self> {
        if let Some(jwt) = option(event, &["intercom_user_jwt", "intercomUserJwt"]) {
            let jwt = UserJwt::parse(jwt);
            return Some(jwt.map_or(Self::Broken, |jwt| Self::Jwt(Box::new(jwt))));
        }
        let hash = option(event, &["user_hash", "userHash"]);
        hash.map(|hash| Self::UserHash(hash.to_owned()))
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

    /// Adds the names that it says and the event does not; how much the event's are to be believed then.
    fn complete(self, event: &mut TrackedEvent) -> Trust {
        let covered = match self {
            Self::Jwt(jwt) => {
                let names = jwt.names();
                let user_id = || Some(names.user_id.clone());
                event.user_id = event.user_id.take().or_else(user_id);
                event.email = event.email.take().or_else(|| names.email.clone());
                names.email.clone()
            }
            // A user id may be an address.
            Self::UserHash(_) => event.user_id.clone().or_else(|| event.email.clone()),
            Self::Broken => None,
        };
        let normal = |email: &str| email.trim().to_lowercase();
        let said = event.email.as_deref().map(normal);
        match said.is_none() || said == covered.as_deref().map(normal) {
            true => Trust::Signed,
            false => Trust::SignedId,
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
