//! `user_hash`: HMAC-SHA256 as 64 hexadecimal digits.

use hmac::Mac;

use super::{IdentitySecret, SIGNATURE_BYTES};

/// Whether `user_hash` signs `name` under this secret, in constant time.
///
/// `name` is the user id as it was sent, or the e-mail address as it was sent when no user id was.
#[must_use]
pub fn is_user_hash(secret: &IdentitySecret, name: &str, user_hash: &str) -> bool {
    let mut signature = [0; SIGNATURE_BYTES];
    if hex::decode_to_slice(user_hash, &mut signature).is_err() {
        return false;
    }
    let mac = secret.0.clone().chain_update(name.as_bytes());
    mac.verify_slice(&signature).is_ok()
}

/// The `user_hash` of a name.
#[must_use]
pub fn sign_user_hash(secret: &IdentitySecret, name: &str) -> String {
    let mac = secret.0.clone().chain_update(name.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER_HASH: &str = "ee55ee6c8f0215fe988029b317b97b68b1b5fc8ba4f7a524bfe2eef7505d5fa6";

    fn secret(text: &str) -> IdentitySecret {
        IdentitySecret::parse(text).unwrap()
    }

    #[test]
    fn the_published_vector_is_signed_and_verified() {
        let secret = secret("identity_secret");
        assert_eq!(sign_user_hash(&secret, "user-42"), USER_HASH);
        assert!(is_user_hash(&secret, "user-42", USER_HASH));
        let upper = USER_HASH.to_uppercase();
        assert!(is_user_hash(&secret, "user-42", &upper));
    }

    #[test]
    fn every_other_name_secret_and_text_is_refused() {
        let last_digit_off = format!("{}7", &USER_HASH[..63]);
        let longer = format!("{USER_HASH}00");
        let spaced = format!(" {USER_HASH}");
        for (under, name, user_hash) in [
            ("identity_secret", "user-43", USER_HASH),
            ("identity_secret", "user-42 ", USER_HASH),
            ("identity_secret", "USER-42", USER_HASH),
            ("another_secret", "user-42", USER_HASH),
            ("identity_secret", "user-42", last_digit_off.as_str()),
            ("identity_secret", "user-42", longer.as_str()),
            ("identity_secret", "user-42", spaced.as_str()),
            ("identity_secret", "user-42", &USER_HASH[..62]),
            ("identity_secret", "user-42", ""),
            ("identity_secret", "user-42", "é"),
        ] {
            assert!(
                !is_user_hash(&secret(under), name, user_hash),
                "{under} {name:?} {user_hash:?}"
            );
        }
    }
}
