//! How a request's body is received: within a time, and without keeping more of it than a function gets.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use http::{HeaderMap, StatusCode};
use platform::http::ApiError;
use runtime_api::events;
use tokio::time::timeout;

/// How long sending a body may take. A recorder on a slow line sends its largest chunk in less, and who
/// stalls holds a connection no longer.
const DEADLINE: Duration = Duration::from_secs(60);

/// Where a connection is cut off, bytes. Far over what Lambda hands to a function, so that a client can
/// finish sending before it reads that its body is too large. What is over that is not kept.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// The body, as Lambda would hand it to a function.
///
/// # Errors
/// 413 for a body that no function on Lambda would get: Lambda itself refuses it there, with no words of
/// ours. 408 for one that does not arrive in time, 400 for one that breaks off.
pub(crate) async fn receive(
    headers: &HeaderMap,
    body: Body,
) -> Result<lambda_http::Body, ApiError> {
    let received = timeout(DEADLINE, read(body)).await;
    let body = received.map_err(|_| too_slow())??;
    if events::body_bytes(headers, &body) > events::MAX_BYTES {
        return Err(too_large());
    }
    Ok(match body.is_empty() {
        true => lambda_http::Body::Empty,
        false => lambda_http::Body::Binary(body),
    })
}

async fn read(body: Body) -> Result<Vec<u8>, ApiError> {
    let mut pieces = body.into_data_stream();
    let (mut kept, mut bytes) = (Vec::new(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| broken_off())?;
        bytes += piece.len();
        if bytes <= events::MAX_BYTES {
            kept.extend_from_slice(&piece);
        } else if bytes <= MAX_BODY_BYTES {
            kept = Vec::new();
        } else {
            break;
        }
    }
    match bytes {
        ..=events::MAX_BYTES => Ok(kept),
        _ => Err(too_large()),
    }
}

fn too_large() -> ApiError {
    let message = format!(
        "Lambda hands at most {} bytes to a function, and of what is not text it makes base64 first, a third more. \
         Send it in smaller pieces.",
        events::MAX_BYTES
    );
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
}

fn too_slow() -> ApiError {
    let message = format!(
        "The body did not arrive within {} seconds. Send it again.",
        DEADLINE.as_secs()
    );
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
}

fn broken_off() -> ApiError {
    const MESSAGE: &str = "The body broke off. Send it again.";
    ApiError::new(StatusCode::BAD_REQUEST, "incomplete_body", MESSAGE)
}

#[cfg(test)]
mod tests {
    use std::io;

    use futures::stream;

    use super::*;

    async fn status_of(body: Body) -> Result<usize, u16> {
        let received = receive(&HeaderMap::new(), body).await;
        received
            .map(|body| body.len())
            .map_err(|error| error.status().as_u16())
    }

    fn pieces(count: usize) -> Body {
        let piece = || Ok::<_, io::Error>(vec![b'x'; 1 << 20]);
        Body::from_stream(stream::iter((0..count).map(move |_| piece())))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_received_in_time_and_within_its_bound_or_refused() {
        let stalled = stream::iter([Ok::<_, io::Error>("[")]).chain(stream::pending());
        let broken = stream::iter([Ok("["), Err(io::Error::other("gone"))]);
        for (name, body, expected) in [
            ("none", Body::empty(), Ok(0)),
            ("a chunk", pieces(2), Ok(2 << 20)),
            ("too large", pieces(8), Err(413)),
            ("endless", pieces(1000), Err(413)),
            ("stalled", Body::from_stream(stalled), Err(408)),
            ("broken off", Body::from_stream(broken), Err(400)),
        ] {
            assert_eq!(status_of(body).await, expected, "{name}");
        }
    }
}
