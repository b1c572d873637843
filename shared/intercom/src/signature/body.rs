//! The signature on canvas requests, uninstalling and health checks.
//!
//! HMAC-SHA256, as 64 hexadecimal characters without a prefix.

use hmac::Mac;

use super::{ClientSecret, SignatureError};

/// Name of the header that carries the signature.
pub const BODY_SIGNATURE_HEADER: &str = "x-body-signature";

/// Bytes of an HMAC-SHA256.
const SIGNATURE_BYTES: usize = 32;

/// Checks `header` (the value of [`BODY_SIGNATURE_HEADER`]) against the raw bytes of the body, in constant
/// time.
///
/// # Errors
/// Says what is wrong with the header; the answer to each is 401.
pub fn verify_body_signature(
    secret: &ClientSecret,
    body: &[u8],
    header: Option<&[u8]>,
) -> Result<(), SignatureError> {
    let claimed = header.ok_or(MISSING)?;
    let mut signature = [0; SIGNATURE_BYTES];
    hex::decode_to_slice(claimed, &mut signature).map_err(|_| MALFORMED)?;
    let mac = secret.body_key.clone().chain_update(body);
    mac.verify_slice(&signature).map_err(|_| MISMATCH)
}

/// The header value that Intercom would send with `body`: what a pretend Intercom and tests sign with.
#[must_use]
pub fn sign_body(secret: &ClientSecret, body: &[u8]) -> String {
    let mac = secret.body_key.clone().chain_update(body);
    hex::encode(mac.finalize().into_bytes())
}

const MISSING: SignatureError = SignatureError::Missing {
    header: BODY_SIGNATURE_HEADER,
};
const MALFORMED: SignatureError = SignatureError::Malformed {
    header: BODY_SIGNATURE_HEADER,
    form: "64 hexadecimal characters",
};
const MISMATCH: SignatureError = SignatureError::Mismatch {
    header: BODY_SIGNATURE_HEADER,
};

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
            (None, MISSING),
            (Some(b""), MALFORMED),
            (Some(b"c1f1"), MALFORMED),
            (Some(prefixed.as_bytes()), MALFORMED),
            (Some(&[0xff; 64]), MALFORMED),
            (Some(&[b'0'; 64]), MISMATCH),
            (Some(last_digit_off.as_bytes()), MISMATCH),
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
            Err(MISMATCH)
        );
        let other = ClientSecret::parse("another_secret").unwrap();
        assert_eq!(verify_body_signature(&other, BODY, header), Err(MISMATCH));
    }
}
