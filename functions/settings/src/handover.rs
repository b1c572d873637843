//! How a sign-in begins: `oauth-callback`, which has no cookie of ours to set, hands the browser over.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::sign_in::{SignIn, SignedIn};
use store::HandoverToken;

use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Told};
use crate::visit::Desk;

/// Begins the sign-in that a token stands for. The token is good once.
///
/// Leads on to the page's own address; but a first install's secret key is shown right here, because nothing
/// that outlives this answer may hold it.
pub(crate) async fn take(desk: &Desk<'_>, token: &str) -> Result<Response<Body>, Error> {
    let handover = match HandoverToken::parse(token) {
        Some(token) => desk.store.take_handover(&token, desk.now).await?,
        None => None,
    };
    let Some(handover) = handover else {
        return again(desk).await;
    };
    let sign_in = SignIn {
        organization: handover.organization,
        workspace: handover.workspace,
        admin: handover.installer,
        epoch: handover.epoch,
        issued_at: desk.now,
    };
    let connection = desk.store.connection(&sign_in.workspace).await?;
    let Some(connection) = connection.filter(|connection| sign_in.fits(connection)) else {
        return desk.sign_in(StatusCode::OK, Some(Notice::SignInEnded));
    };
    let response = match handover.first_secret_key {
        None => desk.back(Some(Notice::Connected)),
        new_secret_key => {
            let visit = SignedIn {
                sign_in: sign_in.clone(),
                connection,
            };
            let told = Told {
                notice: Some(Notice::Connected),
                new_secret_key,
                ..Told::default()
            };
            page::draw(desk, &visit, told).await?
        }
    };
    desk.with_sign_in(response, &sign_in)
}

/// A token that was used before: by a reload of the page that it led to, which is no reason to sign in again,
/// or by somebody else.
async fn again(desk: &Desk<'_>) -> Result<Response<Body>, Error> {
    match desk.visit().await? {
        Some(_) => Ok(desk.back(None)),
        None => desk.sign_in(StatusCode::OK, Some(Notice::HandoverUsed)),
    }
}
