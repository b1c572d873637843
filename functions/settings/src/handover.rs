//! How a sign-in begins: `oauth-callback`, which has no cookie of ours to set, hands the browser over.
//!
//! Only to the browser that began, and only to a page that somebody opens: an address that somebody else was
//! handed, or that a recorded page loads, begins nothing. Who is signed in elsewhere is asked first.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::browser::{self, Browser};
use pages::form::Form;
use pages::html;
use pages::sign_in::{SignIn, SignedIn};
use platform::random;
use store::{Handover, HandoverToken, SignInId};

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Flash};
use crate::view::SwitchPage;

/// The field of the form that holds the token of a handover.
pub(crate) const FIELD: &str = "handover";

/// Begins the sign-in that a token stands for, or asks whether to. The token is good once.
pub(crate) async fn take(context: &PageContext<'_>, token: &str) -> Result<Response<Body>, Error> {
    let Some((token, handover)) = expected(context, token).await? else {
        return again(context).await;
    };
    match context.signed_in().await? {
        Some(signed_in) if signed_in.sign_in.organization != handover.organization => {
            ask(context, &signed_in, &token, &handover).await
        }
        _ => begin(context, &token).await,
    }
}

/// `POST …/switch`: somebody who is signed in elsewhere says yes.
pub(crate) async fn switch(
    context: &PageContext<'_>,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let token = form.get(FIELD).unwrap_or_default();
    match expected(context, token).await? {
        Some((token, _)) => begin(context, &token).await,
        None => Ok(context.back(Some(Notice::HandoverUsed))),
    }
}

/// The token and what it stands for, if this browser may take it.
async fn expected(
    context: &PageContext<'_>,
    token: &str,
) -> Result<Option<(HandoverToken, Handover)>, Error> {
    let known = Browser::of_request(context.headers());
    let (Some(known), Some(token), true) = (
        known,
        HandoverToken::parse(token),
        browser::opens_page(context.headers()),
    ) else {
        return Ok(None);
    };
    let handover = context.store.look_at_handover(&token, context.now).await?;
    let handover = handover.filter(|handover| handover.browser == known.digest());
    Ok(handover.map(|handover| (token, handover)))
}

/// Leads on to the page's own address, or to what the browser was on its way to; but a first install's secret
/// key is shown right here, because nothing that outlives this answer may hold it.
async fn begin(context: &PageContext<'_>, token: &HandoverToken) -> Result<Response<Body>, Error> {
    let Some(handover) = context.store.take_handover(token, context.now).await? else {
        return again(context).await;
    };
    let sign_in = SignIn {
        id: SignInId::from_random(random::bytes()?),
        organization: handover.organization,
        workspace: handover.workspace,
        admin: handover.installer,
        epoch: handover.epoch,
        issued_at: context.now,
    };
    let connection = context.store.connections().get(&sign_in.workspace).await?;
    let Some(connection) = connection.filter(|connection| sign_in.fits(connection)) else {
        return context.sign_in_page(StatusCode::OK, Some(Notice::SignInEnded));
    };
    let notice = handover.is_new.then_some(Notice::Connected);
    let response = match (handover.first_secret_key, handover.wanted) {
        (None, Some(wanted)) => html::redirect(&wanted),
        (None, None) => context.back(notice),
        (new_secret_key, _) => {
            let signed_in = SignedIn {
                sign_in: sign_in.clone(),
                connection,
            };
            let flash = Flash {
                notice,
                new_secret_key,
                ..Flash::default()
            };
            page::draw(context, &signed_in, flash).await?
        }
    };
    context.with_sign_in(response, &sign_in)
}

/// Asks somebody who is signed in to another organization.
async fn ask(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    token: &HandoverToken,
    handover: &Handover,
) -> Result<Response<Body>, Error> {
    let connections = context.store.connections();
    let other = connections.get(&handover.workspace).await?;
    let other = other.ok_or(Error::NotFound)?;
    let page = SwitchPage::new(context, signed_in, &other, token);
    let response = html::Page::new(StatusCode::OK, "Switch");
    Ok(response
        .navigation(context.navigation(signed_in))
        .response(&page))
}

/// A token that was used before: by a reload of the page that it led to, which is no reason to sign in again,
/// or by somebody else.
async fn again(context: &PageContext<'_>) -> Result<Response<Body>, Error> {
    match context.signed_in().await? {
        Some(_) => Ok(context.back(None)),
        None => context.sign_in_page(StatusCode::OK, Some(Notice::HandoverUsed)),
    }
}
