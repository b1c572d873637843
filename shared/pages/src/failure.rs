//! The page that says what did not work.

use askama::Template;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};

use crate::html::Page;
use crate::navigation::Navigation;

/// What did not work, and what to do about it.
#[derive(Template)]
#[template(path = "failure.html")]
pub struct FailurePage<'a> {
    /// What did not work: also the page's title.
    pub heading: &'static str,
    /// What whoever reads it can do.
    pub what_to_do: &'static str,
    /// Where to go on: an address, and what its button says.
    pub way_on: Option<(&'a str, &'static str)>,
    /// Where else whoever is signed in can go.
    pub navigation: Option<Navigation>,
}

impl FailurePage<'_> {
    /// The page, as the answer of this status.
    #[must_use]
    pub fn response(&self, status: StatusCode) -> Response<Body> {
        Page::new(status, self.heading)
            .navigation(self.navigation.clone())
            .response(self)
    }
}
