//! Ends links to recordings.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use store::ShareId;

use crate::error::Error;
use crate::notice::Notice;
use crate::visit::Desk;

/// The one that the form names. Revoked twice, because the form was sent twice, it is revoked.
pub(super) async fn revoke(
    desk: &Desk<'_>,
    visit: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let id = form.get("id").and_then(ShareId::parse);
    let id = id.ok_or(Error::StaleForm)?;
    let organization = &visit.connection.organization;
    desk.store
        .of(organization)
        .share_links()
        .revoke(&id)
        .await?;
    tracing::info!(share.id = %id, "a link to a recording was revoked");
    Ok(desk.back(Some(Notice::LinkRevoked)))
}
