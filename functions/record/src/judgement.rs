//! Which of the names in a body are verified, and which are only claimed.
//!
//! | said with | verified | claimed | refused |
//! |---|---|---|---|
//! | the secret key | every name | nothing | a JWT that fits no secret |
//! | `user_hash` that fits | the user id, or the e-mail address alone | the rest | |
//! | a JWT that fits | its names | the rest | another user id beside it |
//! | a signature that fits none of the secrets | | | all of it, `signature_invalid` |
//! | a signature, and there is no secret | nothing | every name | as without one |
//! | nothing | nothing | every name | where signatures are required: a user id or e-mail address |

use api::known_secrets::Verdict;
use identity::{Alias, AliasKind};
use intercom::identity_verification::{IdentitySecret, is_user_hash};
use jiff::Timestamp;
use platform::http::ApiError;
use store::{Grant, Identification, KeyScope};

use crate::error;
use crate::said::{Said, Signature};

impl Said {
    /// The signature that decides something: with the secret key a hash adds nothing.
    pub(crate) fn signature_for(&self, scope: KeyScope) -> Option<&Signature> {
        let signature = self.signature.as_ref();
        signature
            .filter(|signature| scope == KeyScope::Write || matches!(signature, Signature::Jwt(_)))
    }

    /// Whether the signature fits this secret.
    pub(crate) fn fits(&self, secret: &IdentitySecret) -> bool {
        match &self.signature {
            Some(Signature::UserHash(hash)) => self
                .covered()
                .and_then(|kind| self.name(kind))
                .is_some_and(|name| is_user_hash(secret, &name.text, hash)),
            Some(Signature::Jwt(jwt)) => jwt.is_signed_with(secret),
            None => false,
        }
    }

    /// What is to be believed of it, after the signature was judged; `None` when there was none to
    /// judge.
    ///
    /// # Errors
    /// 403 `signature_invalid`, 403 `signature_required`.
    pub(crate) fn judged(
        &self,
        verdict: Option<Verdict>,
        grant: &Grant,
        now: Timestamp,
    ) -> Result<Identification, ApiError> {
        if verdict == Some(Verdict::Misfit) {
            return Err(error::signature_invalid());
        }
        let is_signed = verdict == Some(Verdict::Fits);
        let is_trusted = is_signed || grant.scope == KeyScope::Secret;
        let mut found = Identification {
            // A backend may say whose the session is; a signature says who somebody is.
            is_signed: grant.scope == KeyScope::Write,
            ..Identification::default()
        };
        if let Some(Signature::Jwt(jwt)) = &self.signature {
            if !jwt.is_current(now) {
                return Err(error::signature_invalid());
            }
            let (user_id, email) = (&jwt.names().user_id, jwt.names().email.as_deref());
            let user_id = Alias::user_id(user_id).map_err(|_| error::signature_invalid())?;
            let other = self.name(AliasKind::UserId);
            if other.is_some_and(|other| other.alias != user_id) {
                return Err(error::signature_invalid());
            }
            let names = match is_trusted {
                true => &mut found.verified,
                false => &mut found.claimed,
            };
            names.push(user_id);
            names.extend(email.and_then(|email| Alias::email(email).ok()));
        }
        let covered = match self.signature {
            Some(Signature::UserHash(_)) if is_signed => self.covered(),
            _ => None,
        };
        for name in &self.names {
            let is_known =
                found.verified.contains(&name.alias) || found.claimed.contains(&name.alias);
            let is_verified = grant.scope == KeyScope::Secret || covered == Some(name.alias.kind());
            match (is_known, is_verified) {
                (true, _) => {}
                (false, true) => found.verified.push(name.alias.clone()),
                (false, false) => found.claimed.push(name.alias.clone()),
            }
        }
        let names_a_person =
            |alias: &Alias| matches!(alias.kind(), AliasKind::UserId | AliasKind::Email);
        // Beside a signature that fits, what it does not cover is a claim and no more.
        if grant.require_signatures && !is_trusted && found.claimed.iter().any(names_a_person) {
            return Err(error::signature_required());
        }
        Ok(found)
    }

    /// The kind of the name that a `user_hash` covers.
    fn covered(&self) -> Option<AliasKind> {
        [AliasKind::UserId, AliasKind::Email]
            .into_iter()
            .find(|kind| self.name(*kind).is_some())
    }
}

#[cfg(test)]
mod tests;
