//! What the list of all sessions is asked for, as it stands in the page's address.

use std::borrow::Cow;

use identity::PersonId;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{AddressFilter, ListCursor, MinLength, PageFilter, ProblemFilter, SessionFilter};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::view::frame;

/// Longest of what was asked for that a browser keeps.
const MAX_KEPT_BYTES: usize = 1_000;

/// What was asked for. Personal data.
#[derive(Default)]
pub(crate) struct Filters {
    /// An e-mail address or a part of one, a user ID, or another id of somebody.
    pub(crate) person: String,
    /// A part of a page's path.
    pub(crate) page: String,
    /// Words of a problem.
    pub(crate) problem: String,
    pub(crate) length: Option<MinLength>,
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

/// Whom what was written as a person means.
enum Meant {
    Anybody,
    People(Vec<PersonId>),
    /// Whoever has such an address.
    Address(AddressFilter),
}

impl Filters {
    pub(crate) fn of(context: &PageContext<'_>) -> Self {
        Self::parse(context.request.uri().query().unwrap_or_default())
    }

    /// What a query of the list's address asks for.
    pub(crate) fn parse(query: &str) -> Self {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let text = |wanted: &str| {
            let found = pairs.iter().find(|(name, _)| name == wanted);
            found.map_or("", |(_, value)| value.trim()).to_owned()
        };
        let is_set = |name: &str| !text(name).is_empty();
        Self {
            person: text("person"),
            page: text("page"),
            problem: text("problem"),
            length: MinLength::parse(&text("length")),
            from: Day::parse(text("from")),
            to: Day::parse(text("to")),
            errors: is_set("errors"),
            rage: is_set("rage"),
            dead: is_set("dead"),
            before: ListCursor::parse(&text("before")).ok(),
        }
    }

    /// As the store takes it. Reads the rows of the aliases that the person may be meant by.
    pub(crate) async fn resolve(
        &self,
        context: &PageContext<'_>,
        viewer: &Viewer,
    ) -> Result<SessionFilter, Error> {
        let (people, address) = match self.meant(context, viewer).await? {
            Meant::Anybody => (None, None),
            Meant::People(people) => (Some(people), None),
            Meant::Address(address) => (None, Some(address)),
        };
        // Of what is older nothing is kept, so no day of it needs to be looked through.
        let preferences = &viewer.connection().preferences;
        let kept = Span::new().days(i64::from(preferences.retention_days.get()) + 1);
        let today = context.now.to_zoned(TimeZone::UTC).date();
        let kept_since = today.checked_sub(kept).ok();
        Ok(SessionFilter {
            people,
            address,
            page: PageFilter::parse(&self.page),
            problem: ProblemFilter::parse(&self.problem),
            length: self.length,
            from: self.from.date.max(kept_since),
            to: self.to.date,
            errors: self.errors,
            rage_clicks: self.rage,
            dead_clicks: self.dead,
        })
    }

    /// Whoever is called exactly so; or, where nobody is, whoever has an address that begins so.
    async fn meant(&self, context: &PageContext<'_>, viewer: &Viewer) -> Result<Meant, Error> {
        // Of whoever it is about, and of nobody else.
        if let Some(opened) = viewer.as_link() {
            return Ok(Meant::People(opened.people().to_vec()));
        }
        if self.person.is_empty() {
            return Ok(Meant::Anybody);
        }
        let store = context.store().of(viewer.organization());
        let people = store.people().called(&self.person).await?;
        Ok(match AddressFilter::parse(&self.person) {
            Some(address) if people.is_empty() => Meant::Address(address),
            _ => Meant::People(people),
        })
    }

    /// Whether it asks for all sessions.
    pub(crate) fn is_empty(&self) -> bool {
        self.parameters().is_empty()
    }

    /// Whether it asks for somebody, and for nothing else.
    pub(crate) fn is_person_alone(&self) -> bool {
        matches!(self.parameters()[..], [("person", _)])
    }

    /// What was written for days and is none.
    pub(crate) fn unknown_days(&self) -> Vec<&str> {
        let days = [&self.from, &self.to];
        let unknown = days.into_iter().filter(|day| day.is_unknown());
        unknown.map(|day| day.written.as_str()).collect()
    }

    /// Whether a problem was written of which nothing can be looked for.
    pub(crate) fn is_problem_short(&self) -> bool {
        !self.problem.is_empty() && ProblemFilter::parse(&self.problem).is_none()
    }

    /// What can be chosen as the shortest length, and which of it is.
    pub(crate) fn lengths(&self) -> [(u64, bool); MinLength::ALL.len()] {
        MinLength::ALL.map(|length| (length.minutes(), self.length == Some(length)))
    }

    /// As they stand in an address; not where the part of the list begins.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        let flag = |is_set| if is_set { "1" } else { "" };
        let length = self.length.map(|length| length.minutes().to_string());
        let all = [
            ("person", Cow::from(&self.person)),
            ("page", Cow::from(&self.page)),
            ("problem", Cow::from(&self.problem)),
            ("length", Cow::from(length.unwrap_or_default())),
            ("from", Cow::from(&self.from.written)),
            ("to", Cow::from(&self.to.written)),
            ("errors", flag(self.errors).into()),
            ("rage", flag(self.rage).into()),
            ("dead", flag(self.dead).into()),
        ];
        let asked = all.into_iter().filter(|(_, value)| !value.is_empty());
        asked.collect()
    }

    /// The address of the list with them.
    pub(crate) fn address(&self) -> String {
        frame::link(frame::LIST, &self.parameters())
    }

    /// As a browser keeps them while somebody looks at what they have found: a query, with where this part of
    /// the list begins. Nothing of filters that are too long.
    pub(crate) fn kept(&self) -> String {
        let before = self.before.as_ref().map(ToString::to_string);
        let mut parameters = self.parameters();
        parameters.extend(before.map(|before| ("before", before.into())));
        let query = frame::query(&parameters);
        match query.len() {
            0..=MAX_KEPT_BYTES => query,
            _ => String::new(),
        }
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
