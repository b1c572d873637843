//! Whether a request is Intercom's.

use intercom::signature::{
    BODY_SIGNATURE_HEADER, ClientSecret, SignatureError, verify_body_signature,
};
use lambda_http::Request;
use lambda_http::http::HeaderValue;
use platform::secrets::Secrets;

use crate::State;

/// Checks the signature with the secret as it was last read. The secret is read anew only for a request that would be
/// sent away otherwise, and at most once a minute: a teammate waits for the others.
pub(crate) async fn verify(state: &State, request: &Request) -> Result<(), SignatureError> {
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
    match fits(&state.secrets.known()) {
        Err(SignatureError::Mismatch | SignatureError::EmptySecret) => {
            fits(&*state.secrets.renewed(state.clock.now()).await)
        }
        verdict => verdict,
    }
}
