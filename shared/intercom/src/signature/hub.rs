//! The signature on webhooks.
//!
//! HMAC-SHA1, as `sha1=` and 40 hexadecimal characters. SHA-1 is Intercom's choice, and no weakness here: its
//! collisions are of no use against an HMAC.

use hmac::Mac;

use super::{ClientSecret, SignatureError};

/// Name of the header that carries the signature.
pub const HUB_SIGNATURE_HEADER: &str = "x-hub-signature";

/// What every signature begins with.
const PREFIX: &str = "sha1=";

/// Bytes of an HMAC-SHA1.
const SIGNATURE_BYTES: usize = 20;

/// Checks `header` (the value of [`HUB_SIGNATURE_HEADER`]) against the raw bytes of the body, in constant
/// time.
///
/// # Errors
/// Says what is wrong with the header; the answer to each is 401.
pub fn verify_hub_signature(
    secret: &ClientSecret,
    body: &[u8],
    header: Option<&[u8]>,
) -> Result<(), SignatureError> {
    let claimed = header.ok_or(MISSING)?;
    let claimed = claimed.strip_prefix(PREFIX.as_bytes()).ok_or(MALFORMED)?;
    let mut signature = [0; SIGNATURE_BYTES];
    hex::decode_to_slice(claimed, &mut signature).map_err(|_| MALFORMED)?;
    let mac = secret.hub_key.clone().chain_update(body);
    mac.verify_slice(&signature).map_err(|_| MISMATCH)
}

/// The header value that Intercom would send with `body`: what a pretend Intercom and tests sign with.
#[must_use]
pub fn sign_hub(secret: &ClientSecret, body: &[u8]) -> String {
    let mac = secret.hub_key.clone().chain_update(body);
    format!("{PREFIX}{}", hex::encode(mac.finalize().into_bytes()))
}

const MISSING: SignatureError = SignatureError::Missing {
    header: HUB_SIGNATURE_HEADER,
};
const MALFORMED: SignatureError = SignatureError::Malformed {
    header: HUB_SIGNATURE_HEADER,
    form: "sha1= and 40 hexadecimal characters",
};
const MISMATCH: SignatureError = SignatureError::Mismatch {
    header: HUB_SIGNATURE_HEADER,
};

#[cfg(test)]
mod tests {
    use super::super::sign_body;
    use super::*;

    const BODY: &[u8] = br#"{"type":"notification_event","topic":"ping","id":null}"#;
    const SIGNATURE: &str = "sha1=b0fcb04f26afacbd75d5bfe1c9d31b7132484561";

    fn secret() -> ClientSecret {
        ClientSecret::parse("test_client_secret").unwrap()
    }

    fn verify(body: &[u8], header: &[u8]) -> Result<(), SignatureError> {
        verify_hub_signature(&secret(), body, Some(header))
    }

    #[test]
    fn the_published_vector_is_signed_and_verified() {
        assert_eq!(sign_hub(&secret(), BODY), SIGNATURE);
        assert_eq!(verify(BODY, SIGNATURE.as_bytes()), Ok(()));
    }

    #[test]
    fn every_other_header_is_refused_with_its_reason() {
        assert_eq!(verify_hub_signature(&secret(), BODY, None), Err(MISSING));
        let bare = SIGNATURE.strip_prefix(PREFIX).unwrap();
        let sha256 = format!("sha256={bare}");
        let zeros = format!("sha1={}", "0".repeat(40));
        let last_digit_off = format!("{}2", &SIGNATURE[..44]);
        let of_canvases = sign_body(&secret(), BODY);
        for (header, reason) in [
            ("", MALFORMED),
            ("sha1=", MALFORMED),
            (&SIGNATURE[..44], MALFORMED),
            (bare, MALFORMED),
            (&sha256, MALFORMED),
            (&of_canvases, MALFORMED),
            (&zeros, MISMATCH),
            (&last_digit_off, MISMATCH),
        ] {
            assert_eq!(verify(BODY, header.as_bytes()), Err(reason), "{header}");
        }
        assert_eq!(verify(BODY, &[0xff; 45]), Err(MALFORMED));
    }

    #[test]
    fn another_body_or_another_secret_is_refused() {
        let spaced = br#"{"type":"notification_event", "topic":"ping","id":null}"#;
        assert_eq!(verify(spaced, SIGNATURE.as_bytes()), Err(MISMATCH));
        let other = ClientSecret::parse("another_secret").unwrap();
        let header = Some(SIGNATURE.as_bytes());
        assert_eq!(verify_hub_signature(&other, BODY, header), Err(MISMATCH));
    }
}
