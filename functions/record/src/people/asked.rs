//! What is asked about somebody: who is meant, in which workspace, and which of their sessions.

use api::aliases::{self, KINDS};
use identity::{Alias, ContactId, PersonId};
use percent_encoding::percent_decode_str;
use person::Whom;
use platform::http::ApiError;
use store::{PageRequest, SessionCursor};

/// Sessions of one answer, unless the caller wants another number.
const DEFAULT_LIMIT: usize = 25;

/// Most sessions of one answer: what one page of a list may have.
const MAX_LIMIT: usize = 50;

/// Whom a query names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    Alias(Alias),
    Contact(ContactId),
}

/// What a query says besides.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) workspace: Option<String>,
    pub(super) sessions: PageRequest,
}

impl Named {
    /// The one person in a query.
    ///
    /// # Errors
    /// 400 for nobody, several, and a value that is none.
    pub(super) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut named = form_urlencoded::parse(query.as_bytes()).filter_map(|(name, value)| {
            if name == "contact_id" {
                return Some(ContactId::parse(&value).map(Self::Contact));
            }
            let (_, read) = KINDS.iter().find(|(kind, _)| kind.as_str() == name)?;
            Some(read(&value).map(Self::Alias))
        });
        match (named.next(), named.next()) {
            (Some(named), None) => named.map_err(|error| aliases::malformed(&error)),
            _ => {
                let rule = format!(
                    "Name one person by one of contact_id, {}.",
                    aliases::names()
                );
                Err(ApiError::bad_request("no_alias", rule))
            }
        }
    }

    pub(super) fn whom(&self) -> Whom<'_> {
        match self {
            Self::Alias(alias) => Whom::Alias(alias),
            Self::Contact(contact) => Whom::Contact(contact),
        }
    }
}

impl Asked {
    /// Reads a query; what it does not know it passes over.
    ///
    /// # Errors
    /// 400 for a value that is none.
    pub(super) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut asked = Self {
            workspace: None,
            sessions: PageRequest {
                limit: DEFAULT_LIMIT,
                before: None,
            },
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "workspace_id" => asked.workspace = Some(value.into_owned()),
                "limit" => asked.sessions.limit = limit(&value)?,
                "cursor" => asked.sessions.before = Some(cursor(&value)?),
                _ => {}
            }
        }
        Ok(asked)
    }
}

/// The person that a part of a path names, percent-encoded.
///
/// # Errors
/// 400 for what is no id.
pub(super) fn person(segment: &str) -> Result<PersonId, ApiError> {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    let id = PersonId::parse(&decoded);
    id.map_err(|error| ApiError::bad_request("bad_person_id", error.to_string()))
}

fn limit(text: &str) -> Result<usize, ApiError> {
    let limit = text.parse().ok();
    let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| {
        let rule = format!("The limit must be a whole number from 1 to {MAX_LIMIT}.");
        ApiError::bad_request("bad_limit", rule)
    })
}

fn cursor(text: &str) -> Result<SessionCursor, ApiError> {
    SessionCursor::parse(text).map_err(|_| {
        let rule = "Take the cursor from next_cursor of the answer before, as it stands there.";
        ApiError::bad_request("bad_cursor", rule)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_or_id_of_intercoms_means_one_person() {
        let contact = ContactId::parse("6762f0d0").unwrap();
        for (query, expected) in [
            (
                "email=Ada%40shop.example&limit=7",
                Named::Alias(Alias::email("ada@shop.example").unwrap()),
            ),
            ("user_id=7", Named::Alias(Alias::user_id("7").unwrap())),
            (
                "contact_id=6762f0d0&workspace_id=w",
                Named::Contact(contact),
            ),
        ] {
            assert_eq!(Named::parse(query).unwrap(), expected, "{query}");
        }
        for query in [
            "",
            "limit=7",
            "email=ada",
            "contact_id=",
            "user_id=undefined",
            "contact_id=1&user_id=7",
        ] {
            let error = Named::parse(query).unwrap_err();
            assert_eq!(error.status().as_u16(), 400, "{query}");
            assert!(!error.to_string().contains("ada"), "{error}");
        }
    }

    #[test]
    fn how_many_sessions_and_from_where_on_is_said_or_is_usual() {
        let asked = Asked::parse("user_id=7&workspace_id=w&limit=50&cursor=~5:s").unwrap();
        assert_eq!(asked.workspace.as_deref(), Some("w"));
        assert_eq!(asked.sessions.limit, 50);
        assert_eq!(asked.sessions.before.unwrap().to_string(), "~5:s");
        assert_eq!(Asked::parse("").unwrap().sessions.limit, DEFAULT_LIMIT);
        for (query, code) in [
            ("limit=0", "bad_limit"),
            ("limit=51", "bad_limit"),
            ("cursor=5", "bad_cursor"),
        ] {
            assert_eq!(Asked::parse(query).unwrap_err().code(), code, "{query}");
        }
    }
}
