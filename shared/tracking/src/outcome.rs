//! Why an event is not delivered, and what of it is not.

use std::fmt;

/// Why an event has no effect at Intercom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// It cannot be read.
    Unreadable,
    /// It is larger than [`crate::MAX_EVENT_BYTES`].
    TooLarge,
    /// It says no call, or none that we know.
    UnknownCall,
    /// `page` and `screen`.
    NothingToTell,
    /// It names nobody.
    Nobody,
    /// `track` without a name.
    NoEventName,
    /// `group` without the company's id.
    NoCompany,
    /// `alias` without both ids, or with the same twice.
    NoOtherId,
    /// Its `integrations` leave Intercom out.
    NotForIntercom,
    /// The source's settings deny events of that name.
    EventDenied,
    /// The source's settings allow other events only.
    EventNotAllowed,
}

impl DropReason {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::Unreadable,
        Self::TooLarge,
        Self::UnknownCall,
        Self::NothingToTell,
        Self::Nobody,
        Self::NoEventName,
        Self::NoCompany,
        Self::NoOtherId,
        Self::NotForIntercom,
        Self::EventDenied,
        Self::EventNotAllowed,
    ];

    /// The reason of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The name in our API; it never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too_large",
            Self::UnknownCall => "unknown_call",
            Self::NothingToTell => "nothing_to_tell",
            Self::Nobody => "nobody",
            Self::NoEventName => "no_event_name",
            Self::NoCompany => "no_company",
            Self::NoOtherId => "no_other_id",
            Self::NotForIntercom => "not_for_intercom",
            Self::EventDenied => "event_denied",
            Self::EventNotAllowed => "event_not_allowed",
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unreadable => "The event is no JSON object that we can read.",
            Self::TooLarge => "The event has more than 64 KB.",
            Self::UnknownCall => {
                "The event's type is none of identify, track, page, screen, group and alias."
            }
            Self::NothingToTell => "Intercom has no place for pages and screens from a server.",
            Self::Nobody => "The event has neither a user id nor an e-mail address.",
            Self::NoEventName => "The track call has no event name.",
            Self::NoCompany => "The group call has no group id.",
            Self::NoOtherId => "The alias call needs a user id and another previous id.",
            Self::NotForIntercom => "The event's integrations leave Intercom out.",
            Self::EventDenied => "The source's settings deny events of this name.",
            Self::EventNotAllowed => "The source's settings allow only events of other names.",
        })
    }
}

/// What of an event is not told, or told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Lists and objects were left out.
    NestedLeftOut(Names),
    /// Intercom keeps ten keys of an event.
    MetadataCut(Names),
    /// Texts were cut to what Intercom takes.
    TextCut(Names),
    /// Names were changed to those that Intercom takes.
    Renamed(Names),
    /// Names that Intercom does not take, or more than it takes.
    AttributeLeftOut(Names),
    /// Fields had a value that Intercom does not take.
    FieldLeftOut(Names),
    /// A company without id and name.
    CompanyLeftOut,
    /// More companies than one identify tells of.
    CompaniesCut,
}

impl Warning {
    /// The name in our API; it never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NestedLeftOut(_) => "nested_left_out",
            Self::MetadataCut(_) => "metadata_cut",
            Self::TextCut(_) => "text_cut",
            Self::Renamed(_) => "renamed",
            Self::AttributeLeftOut(_) => "attribute_left_out",
            Self::FieldLeftOut(_) => "field_left_out",
            Self::CompanyLeftOut => "company_left_out",
            Self::CompaniesCut => "companies_cut",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NestedLeftOut(names) => {
                write!(formatter, "Lists and objects were left out: {names}.")
            }
            Self::MetadataCut(names) => {
                write!(
                    formatter,
                    "Intercom keeps ten keys of an event; left out: {names}."
                )
            }
            Self::TextCut(names) => write!(formatter, "Cut to 255 characters: {names}."),
            Self::Renamed(names) => {
                write!(
                    formatter,
                    "Told under a name without dots and dollar signs: {names}."
                )
            }
            Self::AttributeLeftOut(names) => {
                write!(
                    formatter,
                    "Intercom cannot hold attributes of these names: {names}."
                )
            }
            Self::FieldLeftOut(names) => {
                write!(formatter, "Intercom cannot take the value of: {names}.")
            }
            Self::CompanyLeftOut => formatter.write_str("A company has neither an id nor a name."),
            Self::CompaniesCut => formatter.write_str("Only the first 20 companies were told."),
        }
    }
}

/// Names of fields: the first ones, shortened, and how many there are. Never their values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    first: Vec<String>,
    more: usize,
}

/// Most names that are shown, and most characters of each.
const SHOWN: usize = 5;
const SHOWN_CHARS: usize = 40;

impl Names {
    pub(crate) fn push(&mut self, name: &str) {
        if self.first.len() < SHOWN {
            self.first.push(name.chars().take(SHOWN_CHARS).collect());
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

impl fmt::Display for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.first.join(", "))?;
        if self.more > 0 {
            write!(formatter, " and {} more", self.more)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_found_by_its_code_and_is_a_sentence() {
        for reason in DropReason::ALL {
            assert_eq!(DropReason::from_code(reason.code()), Some(reason));
            assert!(reason.to_string().ends_with('.'));
        }
        assert_eq!(DropReason::from_code("sent"), None);
    }

    #[test]
    fn of_many_names_the_first_are_shown_and_shortened() {
        let mut names = Names::default();
        for number in 0..8 {
            names.push(&format!("{number}{}", "x".repeat(60)));
        }
        let shown = Warning::TextCut(names).to_string();
        assert!(shown.ends_with(" and 3 more."), "{shown}");
        assert!(shown.len() < 300, "{shown}");
    }
}
