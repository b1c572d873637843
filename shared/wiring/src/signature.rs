//! Whether a request is Intercom's.

use intercom::signature::{
    BODY_SIGNATURE_HEADER, ClientSecret, HUB_SIGNATURE_HEADER, SignatureError,
    verify_body_signature, verify_hub_signature,
};
use jiff::Timestamp;
use lambda_http::Request;
use lambda_http::http::HeaderValue;

use platform::secrets::{LiveSecrets, Secrets};

/// Checks `X-Body-Signature`, of everything but webhooks, with the client secret as it was last read.
///
/// The secret is read anew only for a request that would be sent away otherwise, and at most once a minute:
/// the others have somebody waiting for them.
///
/// # Errors
/// Says what is wrong with the signature; the answer to each is 401.
pub async fn verify_body(
    secrets: &LiveSecrets,
    request: &Request,
    now: Timestamp,
) -> Result<(), SignatureError> {
    let header = header(request, BODY_SIGNATURE_HEADER);
    let fits = |secret: &ClientSecret| verify_body_signature(secret, request.body(), header);
    verify(secrets, now, fits).await
}

/// Checks `X-Hub-Signature`, of webhooks, as [`verify_body`] does.
///
/// # Errors
/// Says what is wrong with the signature; the answer to each is 401.
pub async fn verify_hub(
    secrets: &LiveSecrets,
    request: &Request,
    now: Timestamp,
) -> Result<(), SignatureError> {
    let header = header(request, HUB_SIGNATURE_HEADER);
    let fits = |secret: &ClientSecret| verify_hub_signature(secret, request.body(), header);
    verify(secrets, now, fits).await
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a [u8]> {
    request.headers().get(name).map(HeaderValue::as_bytes)
}

async fn verify(
    secrets: &LiveSecrets,
    now: Timestamp,
    fits: impl Fn(&ClientSecret) -> Result<(), SignatureError>,
) -> Result<(), SignatureError> {
    let fits = |secrets: &Secrets| {
        let secret = secrets
            .client_secret()
            .map_err(|_| SignatureError::EmptySecret)?;
        fits(&ClientSecret::parse(secret.expose())?)
    };
    match fits(&secrets.known()) {
        Err(SignatureError::Mismatch { .. } | SignatureError::EmptySecret) => {
            fits(&*secrets.renewed(now).await)
        }
        verdict => verdict,
    }
}
