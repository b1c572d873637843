//! `POST /people/{id}/erase`: an admin has everything about a person erased.

use std::time::Duration;

use identity::PersonId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use platform::csrf;
use platform::form::Form;
use platform::html::Page;
use platform::metrics;
use platform::task::EraseTask;
use store::PersonErasure;

use crate::access::Viewer;
use crate::desk::Desk;
use crate::error::Error;
use crate::view::ErasedPage;

/// What tokens of the form are for: one person each.
pub(crate) fn action(person: &PersonId) -> String {
    format!("erase {person}")
}

/// Begins the erasure, which a queue's worker does, if an admin who is signed in sent the form of that person's page.
pub(crate) async fn begin(
    desk: &Desk<'_>,
    viewer: &Viewer,
    person: &PersonId,
) -> Result<Response<Body>, Error> {
    let admin = viewer.as_admin().ok_or(Error::NotFound)?;
    if desk.is_foreign() {
        return Err(Error::Foreign);
    }
    let form = Form::parse(desk.headers(), desk.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    if !csrf::is_token(&desk.signer, &admin.session, &action(person), token) {
        return Err(Error::StaleForm);
    }
    let erasure = PersonErasure::of_person(viewer.organization(), person, desk.now);
    let task = EraseTask::person(erasure).to_body();
    desk.state.erasures.send(task, Duration::ZERO).await?;
    tracing::info!(
        { metrics::ERASURE_REQUESTED } = 1,
        person.id = %person,
        "an admin has a person erased"
    );
    Ok(Page::new(StatusCode::ACCEPTED, "Erasing").response(&ErasedPage))
}
