//! What an organization wants imported of a workspace.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Read, item, parse};

use crate::company::Company;
use crate::{Error, WorkspaceMirror};

/// Most names of events that are ignored: Intercom has 120.
pub const MAX_IGNORED_EVENTS: usize = 200;

/// Longest name of an event, bytes.
const MAX_EVENT_NAME_BYTES: usize = 1_024;

/// What is imported. What is left out of a stored one is as in the default, which imports nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// Companies and the users who belong to them. Without it only conversations can be imported, and find
    /// their people by e-mail.
    pub companies_and_users: bool,
    /// Conversations and what was said in them.
    pub conversations: bool,
    /// Data events from then on. Needs companies and users, else nobody knows whose they are.
    pub events: bool,
    /// Names of events that are passed over.
    pub ignored_events: EventNameSet,
    /// A company whose people were last seen longer ago is passed over.
    pub seen_within_days: SeenWithinDays,
    /// Whether our figures are written to companies and contacts at Intercom.
    pub write_back: bool,
}

/// At most [`MAX_IGNORED_EVENTS`] names, compared without regard to case as Intercom does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct EventNameSet(BTreeSet<String>);

/// 1 to 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u64", into = "u16")]
pub struct SeenWithinDays(u16);

impl EventNameSet {
    /// Whether a name is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&name.trim().to_lowercase())
    }

    /// The names, in lower case.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl From<Vec<String>> for EventNameSet {
    /// What is too long or too much is left out.
    fn from(names: Vec<String>) -> Self {
        let names = names.into_iter().map(|name| name.trim().to_lowercase());
        let fit = names.filter(|name| (1..=MAX_EVENT_NAME_BYTES).contains(&name.len()));
        Self(fit.take(MAX_IGNORED_EVENTS).collect())
    }
}

impl From<EventNameSet> for Vec<String> {
    fn from(names: EventNameSet) -> Self {
        names.0.into_iter().collect()
    }
}

impl SeenWithinDays {
    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for SeenWithinDays {
    /// As long as Vitally's.
    fn default() -> Self {
        Self(90)
    }
}

impl From<u64> for SeenWithinDays {
    /// The nearest that is allowed.
    fn from(days: u64) -> Self {
        Self(u16::try_from(days.clamp(1, 365)).unwrap_or(365))
    }
}

impl From<SeenWithinDays> for u16 {
    fn from(days: SeenWithinDays) -> Self {
        days.0
    }
}

impl Choices {
    /// Everything, without writing anything back.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            companies_and_users: true,
            conversations: true,
            events: true,
            ..Self::default()
        }
    }

    /// Whether anything is imported.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        self.companies_and_users || self.conversations
    }

    /// Whether an event of this name is imported.
    #[must_use]
    pub fn takes_event(&self, name: &str) -> bool {
        self.companies_and_users && self.events && !self.ignored_events.contains(name)
    }

    /// Until when a company is mirrored, seconds since 1970; `None` when it is not.
    ///
    /// It has an id of the workspace's own, is none that Intercom made up for a lead, and its people were
    /// seen lately. One whose people were never seen counts from when Intercom first heard of it.
    #[must_use]
    pub fn takes_company(&self, company: &Company, now: Timestamp) -> Option<i64> {
        let id = company.company_id.as_deref()?;
        if !self.companies_and_users || id.ends_with("-qualification-company") {
            return None;
        }
        let seen_at = company.last_request_at.or(company.created_at)?;
        let days = SignedDuration::from_hours(24 * i64::from(self.seen_within_days.get()));
        let until = seen_at.checked_add(days).ok()?;
        (until > now).then(|| until.as_second())
    }
}

impl WorkspaceMirror<'_> {
    /// What is imported: nothing, unless somebody chose.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn choices(&self) -> Result<Choices, Error> {
        let key = self.keys.choices();
        let read = self.table.get("read choices", &key, Read::Consistent);
        let chosen = read.await?.map(|item| parse("choices of an import", item));
        Ok(chosen.transpose()?.unwrap_or_default())
    }

    /// Keeps what somebody chose.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn choose(&self, choices: &Choices) -> Result<(), Error> {
        let row = item(&self.keys.choices(), choices)?;
        Ok(self.table.put_all("keep choices", vec![row]).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_795_176_000 + 86_400 * day).unwrap()
    }

    #[test]
    fn a_company_is_mirrored_while_its_people_are_seen() {
        let chosen = Choices::everything();
        let of = |company_id: Option<&str>, seen: Option<i64>, made: Option<i64>| Company {
            company_id: company_id.map(str::to_owned),
            last_request_at: seen.map(at),
            created_at: made.map(at),
            ..Company::default()
        };
        for (company, until) in [
            (of(Some("7"), Some(-1), None), Some(89)),
            (of(Some("7"), Some(-89), Some(-400)), Some(1)),
            (of(Some("7"), Some(-90), None), None),
            (of(Some("7"), Some(-365), Some(-1)), None),
            (of(Some("7"), None, Some(-1)), Some(89)),
            (of(Some("7"), None, None), None),
            (of(None, Some(-1), None), None),
            (of(Some("7-qualification-company"), Some(-1), None), None),
        ] {
            let until = until.map(|day| at(day).as_second());
            assert_eq!(chosen.takes_company(&company, at(0)), until, "{company:?}");
        }
        let nothing = Choices::default();
        let company = of(Some("7"), Some(-1), None);
        assert_eq!(nothing.takes_company(&company, at(0)), None);
    }

    #[test]
    fn events_need_companies_and_users() {
        let mut chosen = Choices::everything();
        chosen.ignored_events = vec![" Opened-Page ".to_owned()].into();
        assert!(chosen.takes_event("placed-order"));
        assert!(!chosen.takes_event("opened-PAGE"));
        chosen.companies_and_users = false;
        assert!(!chosen.takes_event("placed-order"));
    }

    #[test]
    fn what_is_stored_and_too_much_is_brought_within_bounds() {
        let names: Vec<_> = (0..300)
            .map(|number| format!("event-{number:03}"))
            .collect();
        let stored = serde_json::json!({ "seen_within_days": 4_000, "ignored_events": names });
        let read: Choices = serde_json::from_value(stored).unwrap();
        assert_eq!(read.seen_within_days.get(), 365);
        assert_eq!(read.ignored_events.iter().count(), MAX_IGNORED_EVENTS);
    }
}
