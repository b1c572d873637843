//! `GET /recorder.js`: the recorder itself, from the host that it sends to.

use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::http::ApiError;
use web::{Caching, RECORDER};

use crate::Error;

/// The answer to a request for the recorder; `None` when it is for something else.
///
/// `/recorder.js` is the address in script tags: it stays, and its content changes. A file of another version
/// is not found, so a site that pins a version by its digest has to change address and digest together.
pub(crate) fn answer(request: &Request) -> Option<Response<Body>> {
    let file = request.uri().path().strip_prefix('/')?;
    let caching = match file {
        "recorder.js" => Caching::Revalidated,
        _ if file == RECORDER.file_name => Caching::Immutable,
        _ if file.starts_with("recorder.") => return Some(unknown_file().into_response()),
        _ => return None,
    };
    if request.method() == Method::GET {
        Some(RECORDER.response(request.headers(), caching))
    } else {
        Some(Error::wrong_method(&Method::GET).into_response())
    }
}

fn unknown_file() -> Error {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_file",
        "There is no such version of the recorder, or no longer: /recorder.js is the current one.",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use lambda_http::http::header::CACHE_CONTROL;

    use super::*;

    fn get(path: &str) -> Option<Response<Body>> {
        let request = lambda_http::http::Request::get(path).body(Body::Empty);
        answer(&request.unwrap())
    }

    #[test]
    fn the_address_of_script_tags_is_asked_again_and_a_versions_own_is_kept() {
        let version = format!("/{}", RECORDER.file_name);
        for (path, caching) in [("/recorder.js", "max-age=300"), (&version, "immutable")] {
            let response = get(path).unwrap();
            let told = response.headers()[CACHE_CONTROL].to_str().unwrap();
            assert!(told.ends_with(caching), "{path}: {told}");
            assert_eq!(response.body().as_ref(), RECORDER.identity);
        }
    }

    #[test]
    fn other_versions_are_not_found_and_other_paths_are_not_the_recorders() {
        let other = get("/recorder.0123456789abcdef.js").unwrap();
        assert_eq!(other.status(), StatusCode::NOT_FOUND);
        for path in ["/", "/recorder", "/v1/recorder.js", "/v1/sessions/s"] {
            assert!(get(path).is_none(), "{path}");
        }
    }
}
