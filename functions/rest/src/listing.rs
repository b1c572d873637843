//! What a caller asks of a list of Intercom's things, and how it is answered.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use platform::http::ApiError;
use serde::Serialize;

use crate::query::{DEFAULT_LIMIT, limit_up_to, moment};

/// Most rows of an answer.
const MAX_LIMIT: usize = 100;

/// Longest value of a parameter, bytes.
const MAX_VALUE: usize = 2_048;

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct Listed<T> {
    pub(crate) data: Vec<T>,
    pub(crate) next_cursor: Option<String>,
}

/// What is asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) workspace: Option<String>,
    /// `since` or `updated_since`, whichever the list has.
    pub(crate) since: Option<Timestamp>,
    pub(crate) limit: usize,
    pub(crate) cursor: Option<String>,
    /// What else the list can be asked, by name.
    others: Vec<(String, String)>,
}

impl Listing {
    /// Reads a query; `names`: what this list can be asked besides `limit`, `cursor` and `workspace_id`. What
    /// it does not know it passes over.
    ///
    /// # Errors
    /// 400 for a value that is none.
    pub(crate) fn parse(query: &str, names: &[&str]) -> Result<Self, ApiError> {
        let mut parsed = Self {
            limit: DEFAULT_LIMIT,
            ..Self::default()
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "limit" => parsed.limit = limit_up_to(MAX_LIMIT, &value)?,
                "cursor" if value.len() > MAX_VALUE => return Err(bad_cursor()),
                "cursor" => parsed.cursor = Some(value.into_owned()),
                "workspace_id" => parsed.workspace = Some(value.into_owned()),
                "since" | "updated_since" if names.contains(&name.as_ref()) => {
                    parsed.since = Some(moment(&value)?);
                }
                other if names.contains(&other) && value.len() <= MAX_VALUE => {
                    let value = value.trim().to_owned();
                    parsed.others.push((other.to_owned(), value));
                }
                other if names.contains(&other) => {
                    let rule = format!("{other} has at most {MAX_VALUE} bytes.");
                    return Err(ApiError::bad_request("too_long", rule));
                }
                _ => {}
            }
        }
        Ok(parsed)
    }

    /// What was said under a name, if anything was.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.others.iter().find(|(found, _)| found == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// A place in a list that is in the order of changes: what changes meanwhile comes later, and is not missed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    milliseconds: i64,
    id: String,
}

impl Place {
    /// The place of what changed then.
    pub(crate) fn new(changed_at: Option<Timestamp>, id: &str) -> Self {
        Self {
            milliseconds: changed_at.map_or(0, Timestamp::as_millisecond),
            id: id.to_owned(),
        }
    }

    /// A place as it was handed out.
    ///
    /// # Errors
    /// 400 for anything else.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (milliseconds, id) = text.split_once(' ')?;
            Some(Self {
                milliseconds: milliseconds.parse().ok()?,
                id: id.to_owned(),
            })
        };
        read().ok_or_else(bad_cursor)
    }

    pub(crate) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {}", self.milliseconds, self.id))
    }
}

pub(crate) fn bad_cursor() -> ApiError {
    let rule = "Take the cursor from next_cursor of the answer before, as it stands there.";
    ApiError::bad_request("bad_cursor", rule.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_asked_what_it_can_be_asked() {
        let query =
            "name=a%20b&since=1795132800&limit=7&cursor=x&updated_since=1&utm=2&company_id=";
        let asked = Listing::parse(query, &["name", "since", "company_id"]).unwrap();
        assert_eq!(asked.get("name"), Some("a b"));
        assert_eq!((asked.get("company_id"), asked.get("utm")), (None, None));
        assert_eq!(asked.since.unwrap().as_second(), 1_795_132_800);
        assert_eq!((asked.limit, asked.cursor.as_deref()), (7, Some("x")));
        for (query, code) in [
            ("since=soon", "bad_since"),
            ("limit=101", "bad_limit"),
            (&format!("cursor={}", "a".repeat(3_000)), "bad_cursor"),
            (&format!("name={}", "a".repeat(3_000)), "too_long"),
        ] {
            let error = Listing::parse(query, &["name", "since"]).unwrap_err();
            assert_eq!(error.code(), code);
        }
    }

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place::new(Some(Timestamp::UNIX_EPOCH), "a b#c");
        assert_eq!(Place::parse(&place.to_text()).unwrap(), place);
        for text in ["", "x", "!!", "MQ"] {
            assert_eq!(Place::parse(text).unwrap_err().code(), "bad_cursor");
        }
    }
}
