//! Ends this sign-in, or everybody's, and what this browser knows of the list of sessions.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::last_list;
use pages::sign_in::{CookieError, SignIn, SignedIn};

use crate::context::{PageContext, with_cookie};
use crate::error::Error;
use crate::notice::Notice;

pub(super) async fn sign_out(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let notice = if form.is_checked("everywhere") {
        let workspace = &signed_in.connection.workspace;
        context
            .store
            .connections()
            .sign_out_everywhere(workspace)
            .await?;
        Notice::SignedOutEverywhere
    } else {
        signed_in.sign_in.end(&context.store).await?;
        Notice::SignedOut
    };
    let ended = SignIn::ended(context.headers())?;
    let list = last_list::ended(context.headers()).map_err(CookieError::from)?;
    let response = with_cookie(context.back(Some(notice)), ended);
    Ok(with_cookie(response, list))
}
