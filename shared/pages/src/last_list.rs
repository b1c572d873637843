//! The cookie in which the list of sessions keeps what it was asked for last. That may name somebody: it ends
//! with the sign-in.

use lambda_http::http::{HeaderMap, HeaderValue};

use crate::cookie::{self, Cookie, Reach, UnfitValue};

/// Its name.
pub const COOKIE: &str = "recapt_list";

/// People's pages lead back as well as recordings.
pub const REACH: Reach = Reach::Host;

/// What ends it in the browser that sends these headers.
///
/// # Errors
/// Never: a cookie of no value fits.
pub fn ended(headers: &HeaderMap) -> Result<HeaderValue, UnfitValue> {
    Cookie::ended(COOKIE, REACH).header(cookie::is_secure(headers))
}
