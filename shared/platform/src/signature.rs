//! Whether a request is Intercom's.

use intercom::signature::{
    BODY_SIGNATURE_HEADER, ClientSecret, SignatureError, verify_body_signature,
};
use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::HeaderValue;

use crate::secrets::{LiveSecrets, Secrets};

/// Checks `X-Body-Signature` with the client secret as it was last read.
///
/// The secret is read anew only for a request that would be sent away otherwise, and at most once a minute: the others
/// have somebody waiting for them.
///
/// # Errors
/// Says what is wrong with the signature; the answer to each is 401.
pub async fn verify_body(
    secrets: &LiveSecrets,
    request: &Request,
    now: Timestamp,
) -> Result<(), SignatureError> {
    let header = request
        .headers()
        .get(BODY_SIGNATURE_HEADER)
        .map(HeaderValue::as_bytes);
    let fits = |secrets: &Secrets| {
        let secret = secrets
            .client_secret()
            .map_err(|_| SignatureError::EmptySecret)?;
        let secret = ClientSecret::parse(secret.expose())?;
        verify_body_signature(&secret, request.body(), header)
    };
    match fits(&secrets.known()) {
        Err(SignatureError::Mismatch | SignatureError::EmptySecret) => {
            fits(&*secrets.renewed(now).await)
        }
        verdict => verdict,
    }
}
