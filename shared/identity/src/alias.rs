//! One identifier of a person, in its normal form.

use std::fmt;

use crate::{ContactId, Error, WorkspaceId};

/// What an alias is, strongest first: the order in which aliases decide whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AliasKind {
    /// The site's own id of a signed-in user.
    UserId,
    /// An e-mail address.
    Email,
    /// The recorder's id of a browser.
    AnonymousId,
    /// Intercom's id of a visitor, which is a lead's `external_id`.
    VisitorId,
    /// Intercom's id of a contact, within one workspace.
    ContactId,
}

impl AliasKind {
    /// Every kind, strongest first.
    pub const ALL: [Self; 5] = [
        Self::UserId,
        Self::Email,
        Self::AnonymousId,
        Self::VisitorId,
        Self::ContactId,
    ];

    /// The name in the public API and in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserId => "user_id",
            Self::Email => "email",
            Self::AnonymousId => "anonymous_id",
            Self::VisitorId => "visitor_id",
            Self::ContactId => "contact_id",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for AliasKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One identifier of a person: its kind and the normal form of its value.
///
/// The value is personal data, so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Alias {
    kind: AliasKind,
    value: String,
}

/// RFC 5321 section 4.5.3.1.3: a path is at most 256 octets, two of them its angle brackets.
pub(crate) const LONGEST_EMAIL: usize = 254;
/// Longest id that a site may give its users and browsers, characters.
const LONGEST_ID: usize = 256;

/// What programs send when they mean "nobody". One such value, taken at its word, would join strangers; the
/// list is the one that product analytics services have arrived at.
const PLACEHOLDERS: [&str; 14] = [
    "0",
    "00000000-0000-0000-0000-000000000000",
    "[object object]",
    "anonymous",
    "false",
    "guest",
    "id",
    "n/a",
    "nan",
    "none",
    "null",
    "true",
    "undefined",
    "unknown",
];

impl Alias {
    /// An e-mail address: trimmed and in lower case.
    ///
    /// The local part is case-sensitive on paper, but no provider treats it so, and people type it as they
    /// please.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no address. The check is shallow on purpose: an address counts by
    /// being equal to another, not by being deliverable.
    pub fn email(text: &str) -> Result<Self, Error> {
        let address = text.trim();
        let well_formed = address.len() <= LONGEST_EMAIL
            && !address.contains(|c: char| c.is_whitespace() || c.is_control())
            && address
                .rsplit_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        if !well_formed {
            return Err(Error::Malformed {
                name: AliasKind::Email.as_str(),
                rule: "an e-mail address of at most 254 bytes",
            });
        }
        Ok(Self {
            kind: AliasKind::Email,
            value: address.to_lowercase(),
        })
    }

    /// The site's own id of a signed-in user: trimmed, case kept.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is empty or too long, [`Error::Placeholder`] when it stands for nobody.
    pub fn user_id(text: &str) -> Result<Self, Error> {
        Self::id(AliasKind::UserId, text)
    }

    /// The recorder's id of a browser: trimmed, case kept.
    ///
    /// # Errors
    /// As [`Alias::user_id`].
    pub fn anonymous_id(text: &str) -> Result<Self, Error> {
        Self::id(AliasKind::AnonymousId, text)
    }

    /// Intercom's id of a visitor: trimmed, case kept.
    ///
    /// # Errors
    /// As [`Alias::user_id`].
    pub fn visitor_id(text: &str) -> Result<Self, Error> {
        Self::id(AliasKind::VisitorId, text)
    }

    /// A contact of one workspace. Contact ids of two workspaces have nothing to do with each other.
    #[must_use]
    pub fn contact(workspace: &WorkspaceId, contact: &ContactId) -> Self {
        Self {
            kind: AliasKind::ContactId,
            // A workspace has no slash, so no two pairs give the same value.
            value: format!("{workspace}/{contact}"),
        }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> AliasKind {
        self.kind
    }

    /// The normal form. Personal data: not for logs, errors or keys.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The normal form, taken out.
    #[must_use]
    pub fn into_value(self) -> String {
        self.value
    }

    fn id(kind: AliasKind, text: &str) -> Result<Self, Error> {
        let name = kind.as_str();
        let value = text.trim();
        if value.is_empty()
            || value.len() > 4 * LONGEST_ID
            || value.chars().count() > LONGEST_ID
            || value.contains(char::is_control)
        {
            return Err(Error::Malformed {
                name,
                rule: "1 to 256 characters, none of them a control character",
            });
        }
        if PLACEHOLDERS
            .iter()
            .any(|placeholder| value.eq_ignore_ascii_case(placeholder))
        {
            return Err(Error::Placeholder { name });
        }
        Ok(Self {
            kind,
            value: value.to_owned(),
        })
    }
}

impl fmt::Debug for Alias {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Alias")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_the_same_however_it_is_typed() {
        for typed in ["ada@example.com", " Ada@Example.COM\n", "ADA@EXAMPLE.COM"] {
            assert_eq!(Alias::email(typed).unwrap().value(), "ada@example.com");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(LONGEST_EMAIL));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a da@example.com",
            "a\0@b",
            &long,
        ] {
            assert!(Alias::email(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_id_keeps_its_case() {
        assert_ne!(Alias::user_id("u-A"), Alias::user_id("u-a"));
        assert_eq!(Alias::user_id(" u-A "), Alias::user_id("u-A"));
    }

    #[test]
    fn a_placeholder_is_nobody() {
        for text in ["undefined", "NULL", "[object Object]", "0", " None "] {
            assert_eq!(
                Alias::anonymous_id(text),
                Err(Error::Placeholder {
                    name: "anonymous_id"
                }),
                "{text:?}"
            );
        }
        assert!(Alias::user_id("10").is_ok());
    }

    #[test]
    fn equal_values_of_two_kinds_are_two_aliases() {
        assert_ne!(Alias::user_id("x-1"), Alias::visitor_id("x-1"));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", Alias::email("ada@example.com"));
        assert_eq!(shown, "Ok(Alias { kind: Email, .. })");
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in AliasKind::ALL {
            assert_eq!(AliasKind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(AliasKind::from_name("phone"), None);
    }
}
