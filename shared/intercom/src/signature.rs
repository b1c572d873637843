//! The signature on every Canvas Kit request: `X-Body-Signature`.
//!
//! HMAC-SHA256 over the raw body, keyed with the app's OAuth client secret, as 64 hexadecimal characters without a
//! prefix. There is no time and no nonce in it, so a replayed request looks genuine: handlers must be idempotent.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Name of the header that carries the signature.
pub const BODY_SIGNATURE_HEADER: &str = "x-body-signature";

/// Bytes of an HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

/// The app's OAuth client secret: signs what Intercom sends, and is shown to Intercom alone. Never in `Debug`.
#[derive(Clone)]
pub struct ClientSecret {
    text: Zeroizing<String>,
    key: Hmac<Sha256>,
}

impl ClientSecret {
    /// Takes the secret as Intercom's Developer Hub shows it.
    ///
    /// # Errors
    /// [`SignatureError::EmptySecret`]: anybody could sign with an empty secret.
    pub fn parse(secret: &str) -> Result<Self, SignatureError> {
        if secret.is_empty() {
            return Err(SignatureError::EmptySecret);
        }
        let key =
            Hmac::new_from_slice(secret.as_bytes()).map_err(|_| SignatureError::EmptySecret)?;
        let text = Zeroizing::new(secret.to_owned());
        Ok(Self { text, key })
    }

    /// Whether `text` is the secret, in constant time: what a pretend Intercom asks of a token exchange.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text.as_bytes().ct_eq(text.as_bytes()).into()
    }

    /// The secret itself, for the body of a token exchange.
    #[cfg(feature = "rest")]
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(redacted)")
    }
}

/// Why a signature was not accepted. Names neither the secret nor the right signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No header: not a request of Intercom's.
    #[error("the X-Body-Signature header is missing")]
    Missing,
    /// Not 64 hexadecimal characters.
    #[error("the X-Body-Signature header is not 64 hexadecimal characters")]
    Malformed,
    /// Signed with another secret, or another body.
    #[error("the X-Body-Signature header does not fit the body and our client secret")]
    Mismatch,
    /// The app's client secret is not configured.
    #[error("the client secret is empty")]
    EmptySecret,
}

/// Checks `header` (the value of [`BODY_SIGNATURE_HEADER`]) against the raw bytes of the body, in constant time.
///
/// # Errors
/// Says what is wrong with the header; the answer to each is 401.
pub fn verify_body_signature(
    secret: &ClientSecret,
    body: &[u8],
    header: Option<&[u8]>,
) -> Result<(), SignatureError> {
    let mut claimed = [0; SIGNATURE_BYTES];
    let header = header.ok_or(SignatureError::Missing)?;
    hex::decode_to_slice(header, &mut claimed).map_err(|_| SignatureError::Malformed)?;
    let mac = secret.key.clone().chain_update(body);
    mac.verify_slice(&claimed)
        .map_err(|_| SignatureError::Mismatch)
}

/// The header value that Intercom would send with `body`: what a pretend Intercom and tests sign with.
#[must_use]
pub fn sign_body(secret: &ClientSecret, body: &[u8]) -> String {
    hex::encode(
        secret
            .key
            .clone()
            .chain_update(body)
            .finalize()
            .into_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"workspace_id":"abcd1234","component_id":"open"}"#;
    const SIGNATURE: &str = "c1f1bdbafc3bfe06f2e5bb5def00ad0f569f239b6db5543fcfd03a020653a65c";

    fn secret() -> ClientSecret {
        ClientSecret::parse("test_client_secret").unwrap()
    }

    #[test]
    fn the_published_vector_is_signed_and_verified() {
        assert_eq!(sign_body(&secret(), BODY), SIGNATURE);
        assert_eq!(
            verify_body_signature(&secret(), BODY, Some(SIGNATURE.as_bytes())),
            Ok(())
        );
    }

    #[test]
    fn every_other_header_is_refused_with_its_reason() {
        let prefixed = format!("sha256={SIGNATURE}");
        let last_digit_off = format!("{}d", &SIGNATURE[..63]);
        let cases: [(Option<&[u8]>, SignatureError); 7] = [
            (None, SignatureError::Missing),
            (Some(b""), SignatureError::Malformed),
            (Some(b"c1f1"), SignatureError::Malformed),
            (Some(prefixed.as_bytes()), SignatureError::Malformed),
            (Some(&[0xff; 64]), SignatureError::Malformed),
            (Some(&[b'0'; 64]), SignatureError::Mismatch),
            (Some(last_digit_off.as_bytes()), SignatureError::Mismatch),
        ];
        for (header, reason) in cases {
            assert_eq!(
                verify_body_signature(&secret(), BODY, header),
                Err(reason),
                "{header:?}"
            );
        }
    }

    #[test]
    fn another_body_or_another_secret_is_refused() {
        let spaced = br#"{"workspace_id": "abcd1234","component_id":"open"}"#;
        let header = Some(SIGNATURE.as_bytes());
        assert_eq!(
            verify_body_signature(&secret(), spaced, header),
            Err(SignatureError::Mismatch)
        );
        let other = ClientSecret::parse("another_secret").unwrap();
        assert_eq!(
            verify_body_signature(&other, BODY, header),
            Err(SignatureError::Mismatch)
        );
    }

    #[test]
    fn the_secret_is_never_empty_and_never_printed() {
        assert!(matches!(
            ClientSecret::parse(""),
            Err(SignatureError::EmptySecret)
        ));
        assert_eq!(format!("{:?}", secret()), "ClientSecret(redacted)");
    }

    #[test]
    fn a_secret_is_known_by_its_whole_text() {
        assert!(secret().is("test_client_secret"));
        for other in [
            "",
            "test_client_secre",
            "test_client_secret ",
            "Test_client_secret",
        ] {
            assert!(!secret().is(other), "{other}");
        }
    }
}
