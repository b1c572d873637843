//! `POST /sessions/{id}/share`: a link to one recording for whoever has no access of their own.

use identity::{OrganizationId, SessionId};
use lambda_http::http::HeaderValue;
use lambda_http::http::StatusCode;
use lambda_http::http::header::CACHE_CONTROL;
use lambda_http::{Body, Response};
use pages::csrf;
use pages::form::Form;
use pages::share_token;
use platform::{http, random};
use serde_json::json;
use store::{ShareId, ShareLinkDays};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::view::SHARE;

/// Makes a link, or gives the one that there is. Reads the session's row and the link's; with a link of the
/// canvas also the connection, which says how long links are good.
pub(crate) async fn make(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let form = Form::parse(context.headers(), context.request.body())?;
    let (created_by, days) = match viewer.as_admin() {
        Some(admin) => {
            let token = form.get(csrf::FIELD).unwrap_or_default();
            if !csrf::is_token(&context.signer, &admin.sign_in, SHARE, token) {
                return Err(Error::StaleForm);
            }
            let days = admin.connection.preferences.share_link_days;
            (admin.sign_in.admin.admin_id.as_str(), days)
        }
        // What opens the page is no cookie, so no other site can send it.
        None => (
            share_token::TEAMMATE,
            days(context, viewer.organization()).await?,
        ),
    };
    let id = ShareId::from_random(random::bytes()?);
    let link = context
        .store()
        .of(viewer.organization())
        .share_links()
        .create(session, created_by, (id, days), context.now)
        .await?
        .ok_or(Error::NotFound)?;
    let token = share_token::sign(&context.signer, &link);
    let path = format!("/sessions/{session}?{}={token}", share_token::PARAMETER);
    let body = json!({ "path": path, "expires_at": link.expires_at() });
    let mut response = http::json(StatusCode::OK, &body);
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}

/// How long an organization's links are good: what its first workspace chose.
async fn days(
    context: &PageContext<'_>,
    organization: &OrganizationId,
) -> Result<ShareLinkDays, Error> {
    let connection = match organization.first_workspace() {
        Some(workspace) => context.store().connections().get(&workspace).await?,
        None => None,
    };
    let connection = connection.filter(|connection| connection.organization == *organization);
    let preferences = connection.map(|connection| connection.preferences);
    Ok(preferences.unwrap_or_default().share_link_days)
}
