//! The pages as templates see them.

mod format;
mod frame;
mod recording;

use askama::Template;

pub(crate) use recording::RecordingPage;

/// What did not work, and what to do about it.
#[derive(Template)]
#[template(path = "failure.html")]
pub(crate) struct FailurePage<'a> {
    pub(crate) heading: &'static str,
    pub(crate) what_to_do: &'static str,
    pub(crate) sign_in: Option<&'a str>,
}
