//! The list that somebody came from: what they had asked it for, so that *All sessions* leads back there.
//!
//! It is kept in a cookie, not in addresses: those are pasted, and what was asked for may name somebody. It
//! opens nothing.

use jiff::SignedDuration;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::{Body, Response};
use pages::cookie::{self, Cookie};
use pages::last_list::{COOKIE, REACH};

use crate::context::PageContext;
use crate::error::Error;
use crate::filters::Filters;
use crate::view::frame;

const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// The answer, after which a browser knows what this list was asked for.
pub(crate) fn remember(
    context: &PageContext<'_>,
    filters: &Filters,
    mut response: Response<Body>,
) -> Result<Response<Body>, Error> {
    let kept = filters.kept();
    if kept.is_empty() && cookie::read(context.headers(), COOKIE, &REACH).is_none() {
        return Ok(response);
    }
    let cookie = match kept.is_empty() {
        true => Cookie::ended(COOKIE, REACH),
        false => Cookie {
            name: COOKIE,
            value: kept,
            reach: REACH,
            max_age: LIFETIME,
        },
    };
    let header = cookie.header(cookie::is_secure(context.headers()))?;
    response.headers_mut().append(SET_COOKIE, header);
    Ok(response)
}

/// Where the list is that a browser looked at last.
pub(crate) fn address(headers: &HeaderMap) -> String {
    let query = cookie::read(headers, COOKIE, &REACH).unwrap_or_default();
    // Parsed, whoever wrote it: what comes back is an address of the list and nothing else.
    let kept = Filters::parse(query).kept();
    match kept.is_empty() {
        true => frame::LIST.to_owned(),
        false => format!("{}?{kept}", frame::LIST),
    }
}
