//! The error that more than one route answers.

use api::Error;
use lambda_http::http::StatusCode;
use platform::http::ApiError;

/// The answer to a recorder whose session was erased with its person. The recorder starts a new session, as
/// it does when the id belongs to another recorder.
pub(crate) fn session_erased() -> Error {
    ApiError::new(
        StatusCode::CONFLICT,
        "session_erased",
        "This session was erased, and nothing is added to it any more. Begin another one under a new id.",
    )
    .into()
}
