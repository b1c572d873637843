//! The body of a chunk, unpacked.

use std::borrow::Cow;

use api::body::{BodyError, Limits};
use lambda_http::Request;
use platform::http::ApiError;

/// Only plain text has so many bytes as sent: Lambda's own 6 MB are those of an event, in which what is
/// packed stands in base64. So of packed events some 4.7 MB come here, and `docs/recorder.md` says 4,500,000
/// bytes. Unpacked it is the most that the store takes for a chunk.
const LIMITS: Limits = Limits {
    sent: 6 << 20,
    unpacked: 100 << 20,
};

/// The payload of a request, unpacked as its headers say.
///
/// # Errors
/// 413 when it is too large as sent or unpacked, 415 for another encoding, 400 when it does not unpack.
pub(crate) fn payload(request: &Request) -> Result<Cow<'_, [u8]>, ApiError> {
    api::body::decode(request.headers(), request.body(), LIMITS).map_err(refused)
}

fn refused(error: BodyError) -> ApiError {
    let too_large = |when: &str, limit: u64| {
        let limit = limit >> 20;
        format!(
            "A chunk may have at most {limit} MB {when}: cut the recording into smaller chunks."
        )
    };
    let (code, message) = match error {
        BodyError::SentTooLarge { limit } => ("payload_too_large", too_large("as sent", limit)),
        BodyError::UnpackedTooLarge { limit } => {
            ("payload_too_large", too_large("unpacked", limit))
        }
        BodyError::UnsupportedEncoding => (
            "unsupported_encoding",
            "Send the chunk with Content-Encoding gzip, deflate, zstd or none, and only one of them."
                .to_owned(),
        ),
        BodyError::Broken => (
            "broken_encoding",
            "The body does not unpack as its Content-Encoding says: it is cut short or damaged."
                .to_owned(),
        ),
    };
    ApiError::new(error.status(), code, message)
}
