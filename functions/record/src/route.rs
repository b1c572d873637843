//! Which endpoint a path names.

use identity::SessionId;
use lambda_http::http::Method;
use percent_encoding::percent_decode_str;
use platform::http::ApiError;

use crate::Error;

/// The highest chunk number. A recorder that flushes every second reaches it after 27 hours.
const MAX_SEQ: u32 = 99_999;

/// Everything that is answered, by method and path, apart from preflights. A name in braces stands for what a
/// caller chooses.
pub const ROUTES: [(&str, &str); 8] = [
    ("GET", "/recorder.js"),
    ("POST", "/v1/sessions/{session_id}/chunks/{seq}"),
    ("POST", "/v1/sessions/{session_id}/identify"),
    ("GET", "/v1/sessions/{session_id}"),
    ("DELETE", "/v1/people"),
    ("GET", "/v1/people/erasure-preview"),
    ("POST", "/v1/identity-tokens"),
    ("GET", "/v1/identity-keys"),
];

/// A path, parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) session: SessionId,
    pub(crate) endpoint: Endpoint,
}

/// What is asked for of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Chunk { seq: u32 },
    Identify,
    Session,
}

impl Endpoint {
    /// The only method that it answers, apart from the preflight's.
    pub(crate) fn method(self) -> Method {
        match self {
            Self::Chunk { .. } | Self::Identify => Method::POST,
            Self::Session => Method::GET,
        }
    }
}

impl Route {
    /// # Errors
    /// 404 for a path that is none of ours, 400 for a malformed session id or chunk number.
    pub(crate) fn parse(path: &str) -> Result<Self, Error> {
        let segments: Vec<&str> = path.split('/').collect();
        let (session, endpoint) = match segments[..] {
            ["", "v1", "sessions", session, "chunks", seq] => {
                let seq = parse_seq(seq)?;
                (session, Endpoint::Chunk { seq })
            }
            ["", "v1", "sessions", session, "identify"] => (session, Endpoint::Identify),
            ["", "v1", "sessions", session] => (session, Endpoint::Session),
            _ => return Err(unknown_route()),
        };
        // encodeURIComponent writes the colon, which session ids may hold, as %3A.
        let session = percent_decode_str(session).decode_utf8_lossy();
        let session = SessionId::parse(&session)
            .map_err(|error| ApiError::bad_request("bad_session_id", error.to_string()))?;
        Ok(Self { session, endpoint })
    }
}

fn parse_seq(text: &str) -> Result<u32, Error> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .filter(|seq| *seq <= MAX_SEQ)
        .ok_or_else(|| {
            let rule = format!("The chunk's number must be a whole number from 0 to {MAX_SEQ}.");
            ApiError::bad_request("bad_seq", rule).into()
        })
}

fn unknown_route() -> Error {
    let routes = ROUTES.iter().filter(|(_, path)| path.starts_with("/v1/"));
    Error::unknown_route(routes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(path: &str) -> u16 {
        let error = Route::parse(path).unwrap_err();
        error.into_response().status().as_u16()
    }

    #[test]
    fn paths_name_endpoints() {
        for (path, session, endpoint) in [
            (
                "/v1/sessions/s-1/chunks/0",
                "s-1",
                Endpoint::Chunk { seq: 0 },
            ),
            (
                "/v1/sessions/s-1/chunks/99999",
                "s-1",
                Endpoint::Chunk { seq: 99_999 },
            ),
            ("/v1/sessions/a%3Ab/identify", "a:b", Endpoint::Identify),
            ("/v1/sessions/s.1", "s.1", Endpoint::Session),
        ] {
            let session = SessionId::parse(session).unwrap();
            assert_eq!(
                Route::parse(path).unwrap(),
                Route { session, endpoint },
                "{path}"
            );
        }
    }

    #[test]
    fn other_paths_are_unknown() {
        for path in [
            "",
            "/",
            "/v1/sessions",
            "/v1/sessions/s/chunks",
            "/v2/sessions/s",
        ] {
            assert_eq!(status(path), 404, "{path}");
        }
    }

    #[test]
    fn malformed_ids_and_numbers_are_bad_requests() {
        let long = format!("/v1/sessions/{}", "s".repeat(129));
        for path in [
            "/v1/sessions/a b",
            "/v1/sessions/a%20b",
            "/v1/sessions/a%2Fb",
            "/v1/sessions/%FF",
            "/v1/sessions/s/chunks/100000",
            "/v1/sessions/s/chunks/-1",
            "/v1/sessions/s/chunks/+1",
            "/v1/sessions/s/chunks/1.0",
            "/v1/sessions/s/chunks/99999999999999999999",
            &long,
        ] {
            assert_eq!(status(path), 400, "{path}");
        }
    }
}
