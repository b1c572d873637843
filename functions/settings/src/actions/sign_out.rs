//! Ends this sign-in, or everybody's.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::{SignIn, SignedIn};

use crate::error::Error;
use crate::notice::Notice;
use crate::visit::{Desk, with_cookie};

pub(super) async fn sign_out(
    desk: &Desk<'_>,
    visit: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let notice = if form.is_checked("everywhere") {
        let workspace = &visit.connection.workspace;
        desk.store.sign_out_everywhere(workspace).await?;
        Notice::SignedOutEverywhere
    } else {
        Notice::SignedOut
    };
    let ended = SignIn::ended(desk.headers())?;
    Ok(with_cookie(desk.back(Some(notice)), ended))
}
