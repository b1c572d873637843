//! `GET /sessions/assets/{file}`: what the page that plays recordings loads. A file's name holds the digest
//! of its content, so browsers keep it for good.

use std::sync::LazyLock;

use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use lambda_http::http::{HeaderMap, HeaderValue};
use lambda_http::{Body, Response};
use pages::html::STYLES;
use sha2::{Digest, Sha256};
use web::{Caching, PLAYER_SCRIPT, PLAYER_STYLE};

use crate::error::Error;

/// The stylesheet that all pages share, as a file.
static SHARED_STYLE: LazyLock<String> = LazyLock::new(|| {
    let digest = hex::encode(Sha256::digest(STYLES));
    format!("page.{}.css", &digest[..16])
});

/// Addresses of the stylesheets.
pub(crate) fn styles() -> [String; 2] {
    [SHARED_STYLE.as_str(), PLAYER_STYLE.file_name].map(address)
}

/// Address of the script.
pub(crate) fn script() -> String {
    address(PLAYER_SCRIPT.file_name)
}

fn address(file: &str) -> String {
    format!("/sessions/assets/{file}")
}

/// # Errors
/// [`Error::NotFound`] for a file that is none, or is one no longer.
pub(crate) fn show(headers: &HeaderMap, file: &str) -> Result<Response<Body>, Error> {
    let assets = [PLAYER_SCRIPT, PLAYER_STYLE];
    if let Some(asset) = assets.iter().find(|asset| asset.file_name == file) {
        return Ok(asset.response(headers, Caching::Immutable));
    }
    if file != *SHARED_STYLE {
        return Err(Error::NotFound);
    }
    let mut response = Response::new(Body::Text(STYLES.to_owned()));
    for (name, value) in [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
