//! `GET /install`: to Intercom.

use intercom::oauth::{self, authorize_url};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::{Body, Request, Response};
use pages::signed::Signer;
use pages::{cookie, html};
use platform::random;
use url::Url;

use crate::attempt::Attempt;
use crate::failure::Failure;
use crate::{State, app, endings};

/// Sends the browser to Intercom, where an admin allows or denies the app.
///
/// - `source=appstore`: it comes from Intercom's App Store, and is sent back there in the end;
/// - `return_to`: a page of ours, signed by the settings page, that it is sent to in the end.
pub(crate) async fn begin(state: &State, request: &Request) -> Response<Body> {
    match start(state, request).await {
        Ok((url, cookie)) => {
            let mut response = html::redirect(url.as_str());
            response.headers_mut().insert(SET_COOKIE, cookie);
            response
        }
        Err(failure) => {
            failure.log();
            endings::failed(&failure, "/install")
        }
    }
}

async fn start(state: &State, request: &Request) -> Result<(Url, HeaderValue), Failure> {
    let now = state.clock.now();
    let secrets = state.secrets.current(now).await;
    let signer = Signer::of(&secrets)?;
    let oauth_state = oauth::State::from_random(random::bytes()?);
    let query = request.uri().query().unwrap_or_default();
    let attempt = Attempt::begin(&oauth_state, query, &signer, now);
    let cookie = attempt.cookie(cookie::is_secure(request.headers()), &signer, now)?;
    let url = authorize_url(&state.hosts, &app(&secrets)?, &oauth_state, None);
    Ok((url, cookie))
}
