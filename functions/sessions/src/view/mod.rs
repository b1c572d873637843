//! The pages as templates see them.

pub(crate) mod environment;
pub(crate) mod frame;
mod list;
mod moment;
mod naming;
mod person;
mod recording;
mod sessions;

use askama::Template;
use store::ErasurePreview;

pub(crate) use frame::{navigation, navigation_below, navigation_of_failure};
pub(crate) use list::ListPage;
pub(crate) use moment::ShownMoment;
pub(crate) use person::PersonPage;
pub(crate) use recording::{RecordingPage, SHARE};

/// The stylesheet of the list and of people's pages.
pub(crate) const LIST_STYLES: &str = include_str!("../../templates/list.css");

/// What an admin confirms: what an erasure would take.
#[derive(Template)]
#[template(path = "erase.html")]
pub(crate) struct ErasePage {
    pub(crate) preview: ErasurePreview,
    /// The page of the person.
    pub(crate) person: String,
    pub(crate) token: String,
}

impl ErasePage {
    /// `3 sessions of 2 people`; with more than were looked at, `more than` before it.
    fn taken(&self) -> String {
        let count = |number, one: &str, more: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {more}"),
        };
        let sessions = count(self.preview.sessions, "session", "sessions");
        let taken = match self.preview.people {
            0 | 1 => sessions,
            people => format!("{sessions} of {}", count(people, "person", "people")),
        };
        match self.preview.is_partial {
            true => format!("More than {taken}"),
            false => taken,
        }
    }
}

/// What an admin sees once an erasure is under way.
#[derive(Template)]
#[template(path = "erased.html")]
pub(crate) struct ErasedPage;
