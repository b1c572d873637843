//! `POST /sessions/{id}/share`: a link to one recording for whoever has no access of their own.

use identity::SessionId;
use lambda_http::http::HeaderValue;
use lambda_http::http::StatusCode;
use lambda_http::http::header::CACHE_CONTROL;
use lambda_http::{Body, Response};
use pages::csrf;
use pages::form::Form;
use pages::share_token::{self, ShareToken, Shown};
use platform::{http, random};
use serde_json::json;
use store::ShareId;

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::view::SHARE;

/// Makes a link, or gives the one that there is. Reads the session's row and the link's. With `t` in the form
/// it begins at that second; with `who` it shows what the person is called.
pub(crate) async fn make(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let form = Form::parse(context.headers(), context.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    let signer = &context.signer;
    let (is_ours, created_by, connection) = match viewer {
        Viewer::Admin(admin) => (
            csrf::is_token(signer, &admin.sign_in, SHARE, token),
            admin.sign_in.admin.admin_id.as_str(),
            &admin.connection,
        ),
        Viewer::Link(opened) => (
            csrf::is_token_of_link(signer, &opened.form_of(session), SHARE, token),
            share_token::TEAMMATE,
            &opened.connection,
        ),
        Viewer::Share(_) => return Err(Error::NotFound),
    };
    if !is_ours {
        return Err(Error::StaleForm);
    }
    let days = connection.preferences.share_link_days;
    let id = ShareId::from_random(random::bytes()?);
    let link = context
        .store()
        .of(viewer.organization())
        .share_links()
        .create(session, created_by, (id, days), context.now)
        .await?
        .ok_or(Error::NotFound)?;
    let shown = match form.is_checked("who") {
        true => Shown::Person,
        false => Shown::Recording,
    };
    let token = ShareToken::of(&link, &connection.workspace, shown).sign(signer, session);
    let moment: Option<u32> = form.get("t").and_then(|seconds| seconds.parse().ok());
    let moment = moment.map_or(String::new(), |seconds| format!("t={seconds}&"));
    let path = format!(
        "/sessions/{session}?{moment}{}={token}",
        share_token::PARAMETER
    );
    let body = json!({ "path": path, "expires_at": link.expires_at() });
    let mut response = http::json(StatusCode::OK, &body);
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    Ok(response)
}
