//! Which deliveries a query asks for.

use identity::SourceId;
use outbox::{DeliveryCursor, DeliveryQuery, MAX_LISTED, Outcome};
use platform::http::ApiError;

use crate::query::{DEFAULT_LIMIT, limit_up_to, moment};

/// Reads a query; what it does not know it passes over.
///
/// # Errors
/// 400 for a value that is none.
pub(super) fn parse(query: &str) -> Result<DeliveryQuery, ApiError> {
    let mut parsed = DeliveryQuery {
        limit: DEFAULT_LIMIT,
        ..DeliveryQuery::default()
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "outcome" => parsed.outcome = Some(outcome(&value)?),
            "source_id" => parsed.source = Some(source(&value)?),
            "since" => parsed.since = Some(moment(&value)?),
            "limit" => parsed.limit = limit_up_to(MAX_LISTED, &value)?,
            "cursor" => parsed.cursor = Some(cursor(&value)?),
            _ => {}
        }
    }
    Ok(parsed)
}

fn outcome(text: &str) -> Result<Outcome, ApiError> {
    Outcome::from_name(text).ok_or_else(|| {
        let names = Outcome::ALL.map(Outcome::as_str);
        let rule = format!("Outcomes are {}.", names.join(", "));
        ApiError::bad_request("bad_outcome", rule)
    })
}

fn source(text: &str) -> Result<SourceId, ApiError> {
    let rule = "Take a source's id from /v1/sources, as it stands there.";
    SourceId::parse(text).map_err(|_| ApiError::bad_request("bad_source_id", rule))
}

fn cursor(text: &str) -> Result<DeliveryCursor, ApiError> {
    let rule = "Take the cursor from next_cursor of the answer before, as it stands there.";
    DeliveryCursor::parse(text).ok_or_else(|| ApiError::bad_request("bad_cursor", rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_asked_for_and_unknown_names_are_passed_over() {
        let query = parse("outcome=failed&source_id=site&limit=7&utm=1").unwrap();
        assert_eq!(query.outcome, Some(Outcome::Failed));
        assert_eq!(query.source, Some(SourceId::site()));
        assert_eq!((query.limit, query.since), (7, None));
    }

    #[test]
    fn each_value_that_is_none_is_refused_with_a_code_of_its_own() {
        for (query, code) in [
            ("outcome=lost", "bad_outcome"),
            ("source_id=", "bad_source_id"),
            ("since=yesterday", "bad_since"),
            ("limit=0", "bad_limit"),
            ("limit=101", "bad_limit"),
            ("cursor=7", "bad_cursor"),
        ] {
            assert_eq!(parse(query).unwrap_err().code(), code, "{query}");
        }
    }
}
