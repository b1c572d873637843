//! Which endpoint a path names.

use identity::SourceId;
use lambda_http::http::Method;
use percent_encoding::percent_decode_str;
use platform::http::ApiError;
use replay::Fingerprint;

use api::Error;

/// Everything that is answered, by method and path. A name in braces stands for what a caller chooses.
pub const ROUTES: [(&str, &str); 18] = [
    ("GET", "/v1/companies"),
    ("GET", "/v1/companies/{company_id}"),
    ("GET", "/v1/companies/{company_id}/people"),
    ("GET", "/v1/conversations"),
    ("GET", "/v1/conversations/{conversation_id}"),
    ("GET", "/v1/deliveries"),
    ("GET", "/v1/deliveries/{message_id}"),
    ("POST", "/v1/deliveries/{message_id}/resend"),
    ("GET", "/v1/events"),
    ("GET", "/v1/links"),
    ("GET", "/v1/problems"),
    ("GET", "/v1/problems/{fingerprint}"),
    ("GET", "/v1/sources"),
    ("POST", "/v1/sources"),
    ("GET", "/v1/sources/{source_id}"),
    ("PUT", "/v1/sources/{source_id}"),
    ("DELETE", "/v1/sources/{source_id}"),
    ("POST", "/v1/sources/{source_id}/keys"),
];

/// Longest id of a message, bytes: far more than clients make up.
const MAX_ID_BYTES: usize = 1_024;

/// A path, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// Intercom's companies.
    Companies,
    /// One of them, by the workspace's own id or Intercom's.
    Company(String),
    /// Who belongs to it.
    CompanyPeople(String),
    /// What people wrote.
    Conversations,
    /// One of them, with its parts.
    Conversation(String),
    /// What people did, as Intercom was told.
    Events,
    /// What became of tracked events, the latest first.
    Deliveries,
    /// Of the one with this message id.
    Delivery(String),
    /// It is to be told to Intercom once more.
    Resend(String),
    /// Where something is seen in Intercom.
    Links,
    /// The most frequent problems.
    Problems,
    /// One of them.
    Problem(Fingerprint),
    /// Where tracked events come from.
    Sources,
    /// One of them.
    Source(SourceId),
    /// Its keys.
    SourceKeys(SourceId),
}

impl Route {
    /// # Errors
    /// 404 for a path that is none of ours, 400 for a malformed fingerprint.
    pub(crate) fn parse(path: &str) -> Result<Self, Error> {
        let segments: Vec<&str> = path.split('/').collect();
        match segments[..] {
            ["", "v1", "companies"] => Ok(Self::Companies),
            ["", "v1", "companies", id] => Ok(Self::Company(intercom_id(id)?)),
            ["", "v1", "companies", id, "people"] => Ok(Self::CompanyPeople(intercom_id(id)?)),
            ["", "v1", "conversations"] => Ok(Self::Conversations),
            ["", "v1", "conversations", id] => Ok(Self::Conversation(intercom_id(id)?)),
            ["", "v1", "events"] => Ok(Self::Events),
            ["", "v1", "deliveries"] => Ok(Self::Deliveries),
            ["", "v1", "deliveries", id] => Ok(Self::Delivery(message_id(id)?)),
            ["", "v1", "deliveries", id, "resend"] => Ok(Self::Resend(message_id(id)?)),
            ["", "v1", "links"] => Ok(Self::Links),
            ["", "v1", "problems"] => Ok(Self::Problems),
            ["", "v1", "problems", fingerprint] => {
                let decoded = percent_decode_str(fingerprint).decode_utf8_lossy();
                let fingerprint = Fingerprint::parse(&decoded).ok_or_else(|| {
                    let rule = "A problem's fingerprint is 16 lower-case hexadecimal digits.";
                    ApiError::bad_request("bad_fingerprint", rule)
                })?;
                Ok(Self::Problem(fingerprint))
            }
            ["", "v1", "sources"] => Ok(Self::Sources),
            ["", "v1", "sources", source] => Ok(Self::Source(source_id(source)?)),
            ["", "v1", "sources", source, "keys"] => Ok(Self::SourceKeys(source_id(source)?)),
            _ => Err(Error::unknown_route(&ROUTES)),
        }
    }

    /// The methods that it answers.
    pub(crate) fn methods(&self) -> &'static [Method] {
        match self {
            Self::Companies
            | Self::Company(_)
            | Self::CompanyPeople(_)
            | Self::Conversations
            | Self::Conversation(_)
            | Self::Events
            | Self::Deliveries
            | Self::Delivery(_)
            | Self::Links
            | Self::Problems
            | Self::Problem(_) => &[Method::GET],
            Self::Resend(_) => &[Method::POST],
            Self::Sources => &[Method::GET, Method::POST],
            Self::Source(_) => &[Method::GET, Method::PUT, Method::DELETE],
            Self::SourceKeys(_) => &[Method::POST],
        }
    }
}

fn source_id(text: &str) -> Result<SourceId, Error> {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    let id = SourceId::parse(&decoded);
    Ok(id.map_err(|error| ApiError::bad_request("bad_source_id", error.to_string()))?)
}

/// An id of Intercom's, or of the workspace's own: any text but nothing and too much.
fn intercom_id(segment: &str) -> Result<String, Error> {
    let id = percent_decode_str(segment).decode_utf8().ok();
    let id = id.filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
    id.map(|id| id.into_owned()).ok_or_else(|| {
        let rule = format!("An id is text of 1 to {MAX_ID_BYTES} bytes, percent-encoded.");
        ApiError::bad_request("bad_id", rule).into()
    })
}

/// A message's id: whatever a client has made up, but for nothing and too much.
fn message_id(segment: &str) -> Result<String, Error> {
    let id = percent_decode_str(segment).decode_utf8().ok();
    let id = id.filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
    id.map(|id| id.into_owned()).ok_or_else(|| {
        let rule = format!("A message's id is text of 1 to {MAX_ID_BYTES} bytes, percent-encoded.");
        ApiError::bad_request("bad_message_id", rule).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_endpoints_and_others_are_refused() {
        let fingerprint = Fingerprint::parse("00c0ffee00c0ffee").unwrap();
        for (path, expected) in [
            ("/v1/companies", Ok(Route::Companies)),
            ("/v1/companies/a%2Fb", Ok(Route::Company("a/b".to_owned()))),
            (
                "/v1/companies/7/people",
                Ok(Route::CompanyPeople("7".to_owned())),
            ),
            ("/v1/companies/", Err(400)),
            ("/v1/companies/7/others", Err(404)),
            (
                "/v1/conversations/7",
                Ok(Route::Conversation("7".to_owned())),
            ),
            ("/v1/events", Ok(Route::Events)),
            ("/v1/deliveries", Ok(Route::Deliveries)),
            (
                "/v1/deliveries/node-next-1%2F2",
                Ok(Route::Delivery("node-next-1/2".to_owned())),
            ),
            (
                "/v1/deliveries/m-1/resend",
                Ok(Route::Resend("m-1".to_owned())),
            ),
            ("/v1/deliveries/", Err(400)),
            ("/v1/deliveries/%ff", Err(400)),
            ("/v1/deliveries/m-1/again", Err(404)),
            ("/v1/links", Ok(Route::Links)),
            ("/v1/problems", Ok(Route::Problems)),
            (
                "/v1/problems/00c0ffee00c0ffee",
                Ok(Route::Problem(fingerprint)),
            ),
            (
                "/v1/problems/%30%30c0ffee00c0ffee",
                Ok(Route::Problem(fingerprint)),
            ),
            ("/v1/problems/00C0FFEE00C0FFEE", Err(400)),
            ("/v1/problems/1", Err(400)),
            ("/v1/problems/%FF", Err(400)),
            ("/v1/problems/00c0ffee00c0ffee/more", Err(404)),
            ("/v1/sources", Ok(Route::Sources)),
            ("/v1/sources/site", Ok(Route::Source(SourceId::site()))),
            (
                "/v1/sources/s%69te/keys",
                Ok(Route::SourceKeys(SourceId::site())),
            ),
            ("/v1/sources/a%2Fb", Err(400)),
            ("/v1/sources/site/key", Err(404)),
            ("/v1/problem", Err(404)),
            ("/", Err(404)),
        ] {
            let parsed = Route::parse(path);
            let parsed = parsed.map_err(|error| error.into_response().status().as_u16());
            assert_eq!(parsed, expected, "{path}");
        }
    }
}
