//! `GET /oauth/callback`: back from Intercom.

use intercom::oauth::{Callback, Code, appstore_failure_url, appstore_success_url};
use lambda_http::http::HeaderValue;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::{Body, Request, Response};
use pages::browser::Browser;
use pages::signed::Signer;
use pages::{cookie, html};
use platform::{metrics, random};
use store::HandoverToken;

use crate::attempt::Attempt;
use crate::connect::{self, Connected};
use crate::failure::Failure;
use crate::{State, endings};

/// Connects the workspace that the browser comes from, if it is the browser that we sent there.
pub(crate) async fn finish(state: &State, request: &Request) -> Response<Body> {
    let now = state.clock.now();
    let secrets = state.secrets.current(now).await;
    let signer = match Signer::of(&secrets) {
        Ok(signer) => signer,
        Err(error) => return failed(&error.into(), "/install"),
    };
    let attempt = Attempt::read(request.headers(), &signer, now);
    let callback = Callback::parse(request.uri().query().unwrap_or_default());

    let connected = async {
        let code = admit(state, attempt.as_ref(), callback).await?;
        connect::connect(state, &secrets, &code, now).await
    };
    let result = connected.await;
    let is_over = !matches!(result, Err(Failure::NotOurs));
    let mut response = match (result, &attempt) {
        (Ok(connected), Some(attempt)) => welcome(state, request, attempt, &connected).await,
        (Err(failure), Some(attempt)) if attempt.is_from_app_store => {
            failure.log();
            let message = failure.explanation().in_a_sentence();
            html::redirect(appstore_failure_url(&state.hosts, &message).as_str())
        }
        (Err(failure), Some(attempt)) => failed(&failure, &attempt.again(&signer, now)),
        (Err(failure), None) => failed(&failure, "/install"),
        // admit() lets nobody through without an attempt.
        (Ok(_), None) => failed(&Failure::NotOurs, "/install"),
    };
    if is_over && let Some(ended) = Attempt::ended(cookie::is_secure(request.headers())) {
        response.headers_mut().append(SET_COOKIE, ended);
    }
    response
}

/// The code to exchange, for the browser that we sent out, and once.
async fn admit(
    state: &State,
    attempt: Option<&Attempt>,
    callback: Callback,
) -> Result<Code, Failure> {
    let Callback {
        state: answered,
        code,
    } = callback;
    // Nothing is done for it, so it does not matter whose answer it is. Of a denial Intercom does not promise
    // the state.
    let code = code.ok_or(Failure::Declined)?;
    let (Some(attempt), Some(answered)) = (attempt, answered) else {
        return Err(Failure::NotOurs);
    };
    if !attempt.is_of(&answered) {
        return Err(Failure::NotOurs);
    }
    let is_first = state
        .store
        .spend_state(answered.as_str(), state.clock.now());
    if is_first.await? {
        Ok(code)
    } else {
        Err(Failure::Replayed)
    }
}

/// Where the browser ends when all went well.
async fn welcome(
    state: &State,
    request: &Request,
    attempt: &Attempt,
    connected: &Connected,
) -> Response<Body> {
    match connected.is_new {
        true => tracing::info!({ metrics::WORKSPACE_CONNECTED } = 1, "workspace connected"),
        false => tracing::info!("admin signed in"),
    }
    if attempt.is_from_app_store {
        return html::redirect(appstore_success_url(&state.hosts).as_str());
    }
    let Some(settings) = attempt.return_to().or_else(|| state.settings.clone()) else {
        return endings::connected(&connected.connection.workspace_name);
    };
    match hand_over(state, request, attempt, connected).await {
        Ok((token, known)) => {
            let url = settings.with_parameter("handover", token.expose());
            let mut response = html::redirect(url.as_str());
            if let Some(known) = known {
                response.headers_mut().append(SET_COOKIE, known);
            }
            response
        }
        // It is connected; only the way in is missing, and the settings page asks for it.
        Err(failure) => {
            failure.log();
            html::redirect(settings.as_str())
        }
    }
}

/// Leaves word for the settings page, for the browser that began alone: it is known by a cookie, which it is
/// given here unless the settings page, on a host of its own, has given it one.
async fn hand_over(
    state: &State,
    request: &Request,
    attempt: &Attempt,
    connected: &Connected,
) -> Result<(HandoverToken, Option<HeaderValue>), Failure> {
    let headers = request.headers();
    let (digest, known) = match attempt.browser() {
        Some(digest) => (digest.to_owned(), None),
        None => {
            let browser = match Browser::of_request(headers) {
                Some(browser) => browser,
                None => Browser::from_random(random::bytes()?),
            };
            (browser.digest(), Some(browser.cookie(headers)?))
        }
    };
    let wanted = attempt.wanted().map(ToOwned::to_owned);
    let token = connect::hand_over(state, connected, digest, wanted).await?;
    Ok((token, known))
}

fn failed(failure: &Failure, again: &str) -> Response<Body> {
    failure.log();
    endings::failed(failure, again)
}
