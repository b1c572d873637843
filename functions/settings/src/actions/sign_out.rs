//! Ends this sign-in, or everybody's.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::{SignIn, SignedIn};

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
    Ok(with_cookie(context.back(Some(notice)), ended))
}
