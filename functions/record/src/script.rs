//! `GET /recorder.js`: the recorder itself, from the host that it sends to, and what it loads beside
//! itself.

use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::http::ApiError;
use web::{Asset, COMPANION, Caching, RECORDER};

use crate::Error;

/// Where the recorder looks for its companion (`shared/web/recorder/src/main.ts`).
const FOLDER: &str = "recorder/";

/// The answer to a request for a script; `None` when it is for something else.
///
/// `/recorder.js` is the address in script tags: it stays, and its content changes. A file of another
/// version is not found, so a site that pins a version by its digest has to change address and digest
/// together.
///
/// The companion of another version is this one: for some minutes after a deployment browsers and caches
/// hold a recorder that asks for the one before. So recorder and companion understand each other across
/// versions.
pub(crate) fn answer(request: &Request) -> Option<Response<Body>> {
    let file = request.uri().path().strip_prefix('/')?;
    let (asset, caching): (Asset, _) = match (file.strip_prefix(FOLDER), file) {
        (Some(file), _) if file == COMPANION.file_name => (COMPANION, Caching::Immutable),
        (Some(file), _) if is_companion(file) => (COMPANION, Caching::Revalidated),
        (None, "recorder.js") => (RECORDER, Caching::Revalidated),
        (None, _) if file == RECORDER.file_name => (RECORDER, Caching::Immutable),
        (None, _) if file.starts_with("recorder.") => return Some(unknown_file().into_response()),
        _ => return None,
    };
    if request.method() == Method::GET {
        Some(asset.response(request.headers(), caching))
    } else {
        Some(Error::wrong_method(&Method::GET).into_response())
    }
}

/// Whether it is named as the companion's versions are: `companion.0123456789abcdef.js`.
fn is_companion(file: &str) -> bool {
    let version = file.strip_prefix("companion.");
    version
        .and_then(|rest| rest.strip_suffix(".js"))
        .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
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
        let companion = format!("/{FOLDER}{}", COMPANION.file_name);
        for (path, asset, caching) in [
            ("/recorder.js", RECORDER, "max-age=300"),
            (&version, RECORDER, "immutable"),
            (&companion, COMPANION, "immutable"),
            // A recorder from before a deployment asks for it.
            (
                "/recorder/companion.0123456789abcdef.js",
                COMPANION,
                "max-age=300",
            ),
        ] {
            let response = get(path).unwrap();
            let told = response.headers()[CACHE_CONTROL].to_str().unwrap();
            assert!(told.ends_with(caching), "{path}: {told}");
            assert_eq!(response.body().as_ref(), asset.identity);
        }
    }

    #[test]
    fn other_versions_are_not_found_and_other_paths_are_not_the_recorders() {
        let other = get("/recorder.0123456789abcdef.js").unwrap();
        assert_eq!(other.status(), StatusCode::NOT_FOUND);
        for path in [
            "/",
            "/recorder",
            "/v1/recorder.js",
            "/v1/sessions/s",
            "/companion.0123456789abcdef.js",
            "/recorder/companion.js",
            "/recorder/companion.0123.js",
            "/recorder/companion.0123456789abcdef.css",
            "/recorder/recorder.js",
        ] {
            assert!(get(path).is_none(), "{path}");
        }
    }
}
