//! What would be in the way of an import, before it begins.

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use notification::{Access, AccessError};
use pages::html;
use preflight::{Check, Preflight};

use super::{PAGE, ours};
use crate::context::PageContext;
use crate::error::Error;

const NOT_CONNECTED: &str = "Intercom does not let us into the workspace. Connect it again first.";

const UNAVAILABLE: &str =
    "Intercom does not answer, or asks us to wait. Load the page again in a minute.";

#[derive(Template)]
#[template(path = "import_check.html")]
struct CheckPage {
    found: Result<Check, &'static str>,
    import: &'static str,
}

pub(super) async fn show(context: &PageContext<'_>) -> Result<Response<Body>, Error> {
    let Some(signed_in) = context.signed_in().await? else {
        return context.sign_in_page(StatusCode::UNAUTHORIZED, None);
    };
    let state = context.state;
    let connection = &signed_in.connection;
    let access = Access::of(connection, &context.store, &state.secrets, context.now);
    let access = match access.await {
        Ok(access) => access,
        Err(AccessError::Store(error)) => return Err(error.into()),
        Err(AccessError::Secrets(_) | AccessError::Token(_)) => None,
    };
    let preflight = Preflight {
        store: &context.store,
        mirror: &state.mirror,
        intercom: &state.intercom,
        hosts: state.addresses.intercom(),
    };
    let found = match &access {
        None => Err(NOT_CONNECTED),
        Some(access) => match Box::pin(preflight.check(connection, access)).await {
            Ok(found) => Ok(found),
            Err(preflight::Error::NotConnected) => Err(NOT_CONNECTED),
            Err(preflight::Error::Unavailable) => Err(UNAVAILABLE),
            Err(preflight::Error::Store(error)) => return Err(error.into()),
            Err(preflight::Error::Mirror(error)) => return Err(ours(error)),
        },
    };
    let page = html::Page::new(StatusCode::OK, "Before an import")
        .navigation(context.navigation(&signed_in))
        .styles(crate::page::STYLES);
    Ok(page.response(&CheckPage {
        found,
        import: PAGE,
    }))
}

/// The words of a problem that the API names.
pub(super) fn problem(named: &str) -> &'static str {
    match named {
        "no_company_id" => "It has no company id, so it is not imported.",
        "no_user_id" => {
            "They have no user id: only their e-mail address leads to their recordings."
        }
        "other_user_id" => "Their recordings have their e-mail address and another user id.",
        _ => "",
    }
}
