//! What Intercom should be told because of an event.

use intercom::write::{CompanyWrite, ContactWrite, EventWrite};

use crate::{Call, DropReason, SourceSettings, TrackedEvent, Warning, calls};

/// What to tell Intercom, in this order. No `Debug`: most of it is personal data.
#[derive(Clone, PartialEq)]
pub struct Plan {
    /// Whom it is about. Only a company may be about nobody.
    pub person: Identifiers,
    /// What to do.
    pub steps: Vec<Step>,
    /// What is not told, or told otherwise.
    pub warnings: Vec<Warning>,
}

/// By what a person is known at Intercom.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Identifiers {
    /// The site's own id. It goes before the address.
    pub external_id: Option<String>,
    /// The address as it was typed.
    pub email: Option<String>,
}

/// One thing to do.
#[derive(Clone, PartialEq)]
pub enum Step {
    /// Create or update the person's contact.
    Contact(ContactWrite),
    /// Create or update a company.
    Company {
        /// What is said of it.
        company: CompanyWrite,
        /// Whether the person belongs to it: attach, detach, or nothing is said.
        member: Option<bool>,
    },
    /// The person did something. Whoever sends it adds whose it is.
    Event(EventWrite),
    /// The person has another user id from now on.
    Alias {
        /// The id before.
        previous_id: String,
        /// The id from now on.
        user_id: String,
    },
}

/// What an event means at Intercom, by the rules of its source.
///
/// # Errors
/// [`DropReason`] when it means nothing there.
pub fn plan(event: &TrackedEvent, settings: &SourceSettings) -> Result<Plan, DropReason> {
    if !event.destinations.includes_intercom() {
        return Err(DropReason::NotForIntercom);
    }
    match event.call {
        Call::Identify => calls::identify::plan(event, settings),
        Call::Track => calls::track::plan(event, settings),
        Call::Page => calls::page::plan(event, settings),
        Call::Screen => calls::screen::plan(event, settings),
        Call::Group => calls::group::plan(event, settings),
        Call::Alias => calls::alias::plan(event, settings),
    }
}

impl Identifiers {
    /// Whom an event names.
    pub(crate) fn of(event: &TrackedEvent, settings: &SourceSettings) -> Self {
        let mut person = Self {
            external_id: event.user_id.clone(),
            email: event.email.clone(),
        };
        if settings.anonymous_id_as_user_id && person.is_nobody() {
            person.external_id.clone_from(&event.anonymous_id);
        }
        person
    }

    /// Whether there is neither.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.external_id.is_none() && self.email.is_none()
    }

    pub(crate) fn somebody(self) -> Result<Self, DropReason> {
        if self.is_nobody() {
            Err(DropReason::Nobody)
        } else {
            Ok(self)
        }
    }
}
