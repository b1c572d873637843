//! Errors that more than one module answers.

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

/// The answer to a signature that fits nothing. What came with it is not taken.
pub(crate) fn signature_invalid() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "signature_invalid",
        "The signature fits none of the organization's identity secrets, has ended, or names somebody else. \
         user_hash covers user_id, or email when there is no user_id, as they were sent. Check the secret on the \
         settings page.",
    )
}

/// The answer to a name that nobody has signed, where the organization wants all of them signed.
pub(crate) fn signature_required() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "signature_required",
        "The organization takes a user_id or email only with user_hash or intercom_user_jwt. Recordings are taken \
         without.",
    )
}
