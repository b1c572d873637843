//! `POST /people/{id}/erase`: an admin has everything about a person erased.
//!
//! The first form is answered with what that would take, and with a second form. Where other names go along,
//! that one has to be ticked: nobody erases somebody whom they did not mean.

use identity::PersonId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::csrf;
use pages::form::Form;
use pages::html::Page;
use store::PersonErasure;
use tasks::erasure::{self, AskedBy};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::view::{ErasePage, ErasedPage, navigation_below};

/// What tokens of the form are for: one person each.
pub(crate) fn action(person: &PersonId) -> String {
    format!("erase {person}")
}

/// Begins the erasure, which a queue's worker does, if an admin who is signed in sent the form of that
/// person's page.
pub(crate) async fn begin(
    context: &PageContext<'_>,
    viewer: &Viewer,
    person: &PersonId,
) -> Result<Response<Body>, Error> {
    let admin = viewer.as_admin().ok_or(Error::NotFound)?;
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let form = Form::parse(context.headers(), context.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    if !csrf::is_token(&context.signer, &admin.sign_in, &action(person), token) {
        return Err(Error::StaleForm);
    }
    let erasure = PersonErasure::of_person(viewer.organization(), person, context.now);
    let store = context.store();
    let preview = Box::pin(store.preview_erasure(erasure.clone(), context.now)).await?;
    let is_understood = preview.other_names.is_empty() || form.is_checked("with_other_names");
    if form.get("confirmed") != Some("yes") || !is_understood {
        let page = ErasePage {
            preview,
            person: format!("/people/{person}"),
            token: csrf::token(&context.signer, &admin.sign_in, &action(person)),
        };
        let response = Page::new(StatusCode::OK, "Erase");
        let response = response.navigation(navigation_below(context, viewer));
        return Ok(response.response(&page));
    }
    erasure::ask(&*context.state.erase_queue, erasure, AskedBy::Admin).await?;
    let page = Page::new(StatusCode::ACCEPTED, "Erasing");
    let page = page.navigation(navigation_below(context, viewer));
    Ok(page.response(&ErasedPage))
}
