//! What a query says: since when, what kind, how many, from where on.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use platform::http::ApiError;
use replay::MomentKind;

/// Rows of an answer, unless the caller wants another number.
pub(crate) const DEFAULT_LIMIT: usize = 50;
/// Most rows of an answer.
const MAX_LIMIT: usize = 100;

/// A query, parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) since: Option<Timestamp>,
    pub(crate) kind: Option<MomentKind>,
    pub(crate) limit: usize,
    /// So many are passed over: what a cursor says.
    pub(crate) skip: usize,
}

impl Query {
    /// Reads a query; what it does not know it passes over.
    ///
    /// # Errors
    /// 400 for a value that is none.
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut parsed = Self {
            since: None,
            kind: None,
            limit: DEFAULT_LIMIT,
            skip: 0,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "since" => parsed.since = Some(moment(&value)?),
                "kind" => parsed.kind = Some(kind(&value)?),
                "limit" => parsed.limit = limit_up_to(MAX_LIMIT, &value)?,
                "cursor" => parsed.skip = cursor(&value)?,
                _ => {}
            }
        }
        Ok(parsed)
    }
}

/// ISO 8601, or seconds since 1970. A day is its beginning in UTC.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn moment(text: &str) -> Result<Timestamp, ApiError> {
    let seconds = || Timestamp::from_second(text.parse().ok()?).ok();
    let time = || text.parse::<Timestamp>().ok();
    let day = || {
        let begins = text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
        Some(begins.timestamp())
    };
    seconds().or_else(time).or_else(day).ok_or_else(|| {
        ApiError::bad_request(
            "bad_since",
            "Say since when in ISO 8601, such as 2026-11-20 or 2026-11-20T13:00:00Z, or in seconds since 1970.".to_owned(),
        )
    })
}

fn kind(text: &str) -> Result<MomentKind, ApiError> {
    MomentKind::of_problem(text).ok_or_else(|| {
        let names = MomentKind::PROBLEMS.map(MomentKind::name);
        ApiError::bad_request("bad_kind", format!("Kinds are {}.", names.join(", ")))
    })
}

/// How many.
///
/// # Errors
/// 400 for none, or more than `most`.
pub(crate) fn limit_up_to(most: usize, text: &str) -> Result<usize, ApiError> {
    let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
    limit.ok_or_else(|| {
        let rule = format!("The limit must be a whole number from 1 to {most}.");
        ApiError::bad_request("bad_limit", rule)
    })
}

fn cursor(text: &str) -> Result<usize, ApiError> {
    let skip = text.parse().ok().filter(|skip| *skip <= store::MAX_LISTED);
    skip.ok_or_else(|| {
        let rule = "Take the cursor from next_cursor of the answer before, as it stands there.";
        ApiError::bad_request("bad_cursor", rule.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_iso_8601_or_seconds() {
        let expected = Timestamp::from_second(1_795_132_800).unwrap();
        for text in [
            "1795132800",
            "2026-11-20T00:00:00Z",
            "2026-11-20T01:00:00%2B01:00",
            "2026-11-20",
        ] {
            let query = Query::parse(&format!("since={text}")).unwrap();
            assert_eq!(query.since, Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_said_has_a_default_and_unknown_names_are_passed_over() {
        let query = Query::parse("utm=1&kind=rage_click").unwrap();
        assert_eq!((query.limit, query.skip, query.since), (50, 0, None));
        assert_eq!(query.kind, Some(MomentKind::RageClick));
    }

    #[test]
    fn each_value_that_is_none_is_refused_with_a_code_of_its_own() {
        for (query, code) in [
            ("since=yesterday", "bad_since"),
            ("since=", "bad_since"),
            ("since=99999999999999999999", "bad_since"),
            ("kind=page", "bad_kind"),
            ("limit=0", "bad_limit"),
            ("limit=101", "bad_limit"),
            ("limit=-1", "bad_limit"),
            ("cursor=x", "bad_cursor"),
            ("cursor=501", "bad_cursor"),
        ] {
            assert_eq!(Query::parse(query).unwrap_err().code(), code, "{query}");
        }
    }
}
