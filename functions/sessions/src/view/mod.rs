//! The pages as templates see them.

mod frame;
mod list;
mod naming;
mod person;
mod recording;
mod sessions;

use askama::Template;

pub(crate) use list::ListPage;
pub(crate) use person::PersonPage;
pub(crate) use recording::{RecordingPage, SHARE};

/// The stylesheet of the list and of people's pages.
pub(crate) const LIST_STYLES: &str = include_str!("../../templates/list.css");

/// What an admin sees once an erasure is under way.
#[derive(Template)]
#[template(path = "erased.html")]
pub(crate) struct ErasedPage;
