//! Ends links to recordings.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use store::ShareId;

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;

/// The one that the form names. Revoked twice, because the form was sent twice, it is revoked.
pub(super) async fn revoke(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let id = form.get("id").and_then(ShareId::parse);
    let id = id.ok_or(Error::StaleForm)?;
    let organization = &signed_in.connection.organization;
    context
        .store
        .of(organization)
        .share_links()
        .revoke(&id)
        .await?;
    tracing::info!(share.id = %id, "a link to a recording was revoked");
    Ok(context.back(Some(Notice::LinkRevoked)))
}
