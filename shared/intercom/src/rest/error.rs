//! What went wrong with a call, and what to do about it.

use std::fmt;

use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;

use super::{Detail, RateLimit, error_body};

/// A call that did not work. Names the operation, never the token, the body or anybody's data.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Intercom answered with something else than success.
    #[error("cannot {operation}: Intercom answered {refusal}")]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// What Intercom said.
        refusal: Box<Refusal>,
    },
    /// There was no connection, or it broke.
    #[error("cannot {operation}: no connection to Intercom, or it broke")]
    Unreachable {
        /// What was tried.
        operation: &'static str,
        /// No connection came about, so Intercom knows nothing of the call.
        never_sent: bool,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// [`super::Limits::call`] was over. Intercom may have done it all the same.
    #[error("cannot {operation}: Intercom did not answer in time")]
    TimedOut {
        /// What was tried.
        operation: &'static str,
    },
    /// Intercom answered with success, but not with what was asked for.
    #[error("cannot {operation}: {problem}")]
    Unreadable {
        /// What was tried.
        operation: &'static str,
        /// What is wrong with the answer.
        problem: Unreadable,
    },
    /// The request cannot be written as HTTP, because its address is too long.
    #[error("cannot {operation}: the request's address is too long")]
    Unsendable {
        /// What was to be tried.
        operation: &'static str,
    },
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing, where something was promised: Intercom fails so at times, and means no end of a list.
    #[error("Intercom's answer is empty")]
    Empty,
    /// Over 4 MB.
    #[error("Intercom's answer is too large")]
    TooLarge,
    /// Not a JSON object, or not of the shape that was asked for.
    #[error("Intercom's answer is not the JSON object that was asked for")]
    NotAnObject,
    /// A field that cannot be done without.
    #[error("Intercom's answer lacks {0}")]
    Missing(&'static str),
}

/// An answer that is not success, reduced to what may stand in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its HTTP status.
    pub status: StatusCode,
    /// Intercom's word for it, such as `token_revoked`; `None` when the body holds none.
    pub code: Option<String>,
    /// What Intercom's support asks for.
    pub request_id: Option<String>,
    /// How much more may be asked, and when.
    pub rate_limit: Option<RateLimit>,
    /// What it is about, where Intercom says more than a code. It is not displayed.
    pub detail: Option<Detail>,
}

/// What a caller should do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// It may work later.
    RetryLater {
        /// Not before that, if Intercom said so.
        at: Option<Timestamp>,
    },
    /// The token is worthless; an admin has to connect the workspace again.
    Reconnect,
    /// The same call will fail again.
    GiveUp,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::Refused { refusal, .. } => refusal.advice(),
            Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Unreadable {
                problem: Unreadable::Empty,
                ..
            } => Advice::RetryLater { at: None },
            Self::Unreadable { .. } | Self::Unsendable { .. } => Advice::GiveUp,
        }
    }
}

impl Refusal {
    pub(super) fn read(response: &Response<bytes::Bytes>) -> Self {
        let said = error_body::read(response.body());
        Self {
            status: response.status(),
            detail: Detail::read(response.status(), response.headers(), &said),
            code: said.code,
            request_id: said.request_id.or_else(|| request_id(response.headers())),
            rate_limit: RateLimit::read(response.headers()),
        }
    }

    /// Too much was asked, of one window or of one endpoint.
    pub(super) fn is_rate_limit(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            || matches!(
                self.code.as_deref(),
                Some("rate_limit_exceeded" | "retry_after")
            )
    }

    /// By code where Intercom documents it, else by status: new codes may come at any time.
    pub(super) fn advice(&self) -> Advice {
        if self.is_rate_limit() {
            return Advice::RetryLater {
                at: self.rate_limit.map(|limit| limit.reset),
            };
        }
        match self.code.as_deref() {
            Some(
                "unauthorized"
                | "missing_authorization"
                | "token_blocked"
                | "token_expired"
                | "token_not_found"
                | "token_revoked"
                | "token_unauthorized",
            ) => Advice::Reconnect,
            Some("server_error") => Advice::RetryLater { at: None },
            _ if self.status == StatusCode::UNAUTHORIZED => Advice::Reconnect,
            _ if self.status == StatusCode::REQUEST_TIMEOUT || self.status.is_server_error() => {
                Advice::RetryLater { at: None }
            }
            _ => Advice::GiveUp,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.status.as_u16())?;
        if let Some(code) = &self.code {
            write!(formatter, " {code}")?;
        }
        if let Some(id) = &self.request_id {
            write!(formatter, " (request {id})")?;
        }
        Ok(())
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let header = headers.get("x-request-id")?.to_str().ok()?;
    error_body::request_id(header.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(status: u16, code: Option<&str>) -> Advice {
        let refusal = Refusal {
            status: StatusCode::from_u16(status).unwrap(),
            code: code.map(str::to_owned),
            request_id: None,
            rate_limit: None,
            detail: None,
        };
        let error = Error::Refused {
            operation: "test",
            refusal: Box::new(refusal),
        };
        error.advice()
    }

    #[test]
    fn every_documented_code_has_its_advice_and_others_go_by_status() {
        const LATER: Advice = Advice::RetryLater { at: None };
        let cases: [(u16, &[&str], Advice); 9] = [
            (
                400,
                &[
                    "parameter_invalid",
                    "bad_request",
                    "intercom_version_invalid",
                ],
                Advice::GiveUp,
            ),
            (
                401,
                &[
                    "unauthorized",
                    "token_revoked",
                    "token_expired",
                    "brand_new",
                ],
                Advice::Reconnect,
            ),
            (403, &["api_plan_restricted", "forbidden"], Advice::GiveUp),
            (403, &["token_blocked"], Advice::Reconnect),
            (404, &["not_found"], Advice::GiveUp),
            (409, &["conflict"], Advice::GiveUp),
            (
                429,
                &["rate_limit_exceeded", "retry_after", "brand_new"],
                LATER,
            ),
            (400, &["rate_limit_exceeded", "server_error"], LATER),
            (503, &["server_error", "brand_new"], LATER),
        ];
        for (status, codes, expected) in cases {
            for code in codes {
                assert_eq!(advice(status, Some(code)), expected, "{status} {code}");
            }
        }
        let statuses = [
            (302, Advice::GiveUp),
            (401, Advice::Reconnect),
            (408, LATER),
            (429, LATER),
            (500, LATER),
        ];
        for (status, expected) in statuses {
            assert_eq!(advice(status, None), expected, "{status}");
        }
    }
}
