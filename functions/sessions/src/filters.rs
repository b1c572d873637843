//! What the list of all sessions is asked for, as it stands in the page's address.

use jiff::civil::Date;
use store::{ListCursor, PageFilter, SessionFilter};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;

/// What was asked for. Personal data.
#[derive(Default)]
pub(crate) struct Filters {
    /// An e-mail address, a user id, or another id of somebody.
    pub(crate) person: String,
    /// A part of a page's path.
    pub(crate) page: String,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) errors: bool,
    pub(crate) rage: bool,
    pub(crate) dead: bool,
    /// Where this part of the list begins.
    pub(crate) before: Option<ListCursor>,
}

/// A day as it was written, and as it was understood.
#[derive(Default)]
pub(crate) struct Day {
    pub(crate) written: String,
    pub(crate) date: Option<Date>,
}

impl Filters {
    pub(crate) fn of(context: &PageContext<'_>) -> Self {
        let text = |name| context.parameter(name).unwrap_or_default();
        let is_set = |name| context.parameter(name).is_some();
        Self {
            person: text("person"),
            page: text("page"),
            from: Day::parse(text("from")),
            to: Day::parse(text("to")),
            errors: is_set("errors"),
            rage: is_set("rage"),
            dead: is_set("dead"),
            before: context
                .parameter("before")
                .and_then(|text| ListCursor::parse(&text).ok()),
        }
    }

    /// As the store takes it. Reads the rows of the aliases that the person may be meant by.
    pub(crate) async fn resolve(
        &self,
        context: &PageContext<'_>,
        viewer: &Viewer,
    ) -> Result<SessionFilter, Error> {
        let people = match (viewer.as_link(), self.person.as_str()) {
            // Of whoever it is about, and of nobody else.
            (Some(opened), _) => Some(opened.people().to_vec()),
            (None, "") => None,
            (None, text) => Some(
                context
                    .store()
                    .of(viewer.organization())
                    .people()
                    .called(text)
                    .await?,
            ),
        };
        Ok(SessionFilter {
            people,
            page: PageFilter::parse(&self.page),
            from: self.from.date,
            to: self.to.date,
            errors: self.errors,
            rage_clicks: self.rage,
            dead_clicks: self.dead,
        })
    }

    /// Whether it asks for all sessions.
    pub(crate) fn is_empty(&self) -> bool {
        self.parameters().is_empty()
    }

    /// As they stand in an address; not where the part of the list begins.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let flag = |is_set| if is_set { "1" } else { "" };
        let all = [
            ("person", self.person.as_str()),
            ("page", &self.page),
            ("from", &self.from.written),
            ("to", &self.to.written),
            ("errors", flag(self.errors)),
            ("rage", flag(self.rage)),
            ("dead", flag(self.dead)),
        ];
        let asked = all.into_iter().filter(|(_, value)| !value.is_empty());
        asked.collect()
    }
}

impl Day {
    fn parse(written: String) -> Self {
        Self {
            date: written.parse().ok(),
            written,
        }
    }

    /// Whether something was written that is no day.
    pub(crate) fn is_unknown(&self) -> bool {
        self.date.is_none() && !self.written.is_empty()
    }
}
