//! What a browser is shown when it is not sent on.

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html::Page;

use crate::explanation::Explanation;
use crate::failure::Failure;

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    explanation: Explanation,
    again: &'a str,
}

#[derive(Template)]
#[template(path = "connected.html")]
struct Connected<'a> {
    workspace: &'a str,
}

/// What went wrong, and what to do; `again` is the way to another attempt.
pub(crate) fn failed(failure: &Failure, again: &str) -> Response<Body> {
    let explanation = failure.explanation();
    Page::new(failure.status(), explanation.heading).response(&Failed { explanation, again })
}

/// The end where no settings page is known.
pub(crate) fn connected(workspace: &str) -> Response<Body> {
    Page::new(StatusCode::OK, "Connected").response(&Connected { workspace })
}
