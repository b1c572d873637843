//! How a sign-in begins: `oauth-callback`, which has no cookie of ours to set, hands the browser over.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::sign_in::{SignIn, SignedIn};
use store::HandoverToken;

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Flash};

/// Begins the sign-in that a token stands for. The token is good once.
///
/// Leads on to the page's own address; but a first install's secret key is shown right here, because nothing
/// that outlives this answer may hold it.
pub(crate) async fn take(context: &PageContext<'_>, token: &str) -> Result<Response<Body>, Error> {
    let handover = match HandoverToken::parse(token) {
        Some(token) => context.store.take_handover(&token, context.now).await?,
        None => None,
    };
    let Some(handover) = handover else {
        return again(context).await;
    };
    let sign_in = SignIn {
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
    let response = match handover.first_secret_key {
        None => context.back(Some(Notice::Connected)),
        new_secret_key => {
            let signed_in = SignedIn {
                sign_in: sign_in.clone(),
                connection,
            };
            let flash = Flash {
                notice: Some(Notice::Connected),
                new_secret_key,
                ..Flash::default()
            };
            page::draw(context, &signed_in, flash).await?
        }
    };
    context.with_sign_in(response, &sign_in)
}

/// A token that was used before: by a reload of the page that it led to, which is no reason to sign in again,
/// or by somebody else.
async fn again(context: &PageContext<'_>) -> Result<Response<Body>, Error> {
    match context.signed_in().await? {
        Some(_) => Ok(context.back(None)),
        None => context.sign_in_page(StatusCode::OK, Some(Notice::HandoverUsed)),
    }
}
