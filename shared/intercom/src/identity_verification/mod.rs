//! Intercom's identity verification: an organization signs who its visitors are, and a browser passes
//! that on.
//!
//! - [`sign_user_hash`], [`is_user_hash`]: `user_hash`, an HMAC over the user id, or over the e-mail
//!   address when there is no user id.
//! - [`UserJwt`], [`sign_user_jwt`]: `intercom_user_jwt`, a JWT whose claims are the names.
//!
//! The secret is the workspace's, and not our app's. A workspace has several at once: one for each
//! platform, and two while one is being replaced. Any of them may fit.

mod user_hash;
mod user_jwt;

use std::fmt;

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

pub use user_hash::{is_user_hash, sign_user_hash};
pub use user_jwt::{JwtError, MAX_JWT_BYTES, UserClaims, UserJwt, sign_user_jwt};

/// Bytes of an HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

/// What identities are signed with. Never in `Debug`.
#[derive(Clone)]
pub struct IdentitySecret(Hmac<Sha256>);

impl IdentitySecret {
    /// Takes the secret as Intercom shows it; `None` when it is empty, for anybody could sign with that.
    #[must_use]
    pub fn parse(secret: &str) -> Option<Self> {
        if secret.is_empty() {
            return None;
        }
        Hmac::new_from_slice(secret.as_bytes()).ok().map(Self)
    }
}

impl fmt::Debug for IdentitySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("IdentitySecret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_empty_and_never_printed() {
        assert!(IdentitySecret::parse("").is_none());
        let secret = IdentitySecret::parse("messenger_secret").unwrap();
        assert_eq!(format!("{secret:?}"), "IdentitySecret(redacted)");
    }
}
