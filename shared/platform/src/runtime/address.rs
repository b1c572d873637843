//! The address of a request, as Lambda hands it on, made one that can be read.
//!
//! Between a browser and a function stand CloudFront and the function's URL. What they hand on need not be an
//! address: `a+b` arrives as `a b`, and quotes may arrive decoded. `lambda_http` 1.3 joins host, path and
//! query to one text and takes for granted that it is a URL: where it is none the invocation ends before our
//! code begins.

use std::borrow::Cow;

use aws_lambda_events::event::apigw::ApiGatewayV2httpRequest;
use lambda_http::http::StatusCode;
use lambda_http::http::header::{HOST, HeaderMap};
use lambda_http::http::uri::{Authority, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::http::ApiError;

/// Most bytes of an address: what the crate `http` reads.
const MAX_BYTES: usize = 65_534;

/// What RFC 3986 section 3.4 keeps out of queries, but for `%`, which may begin what is encoded already.
const NOT_IN_QUERIES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// RFC 3986 section 3.3 keeps out of paths what begins a query, too.
const NOT_IN_PATHS: &AsciiSet = &NOT_IN_QUERIES.add(b'?');

/// Encodes what cannot stand in a path or a query, and changes nothing else: decoded, both are what they
/// were.
///
/// # Errors
/// 400 for a host or a protocol that no URL has, 414 for what is too long.
pub(super) fn canonicalize(request: &mut ApiGatewayV2httpRequest) -> Result<(), ApiError> {
    let path = path(request.raw_path.as_deref().unwrap_or_default());
    let query = query(request.raw_query_string.as_deref().unwrap_or_default());
    let domain = request.request_context.domain_name.as_deref();
    let origin = origin(&request.headers, domain)?;
    if origin.len() + path.len() + "?".len() + query.len() > MAX_BYTES {
        return Err(ApiError::new(
            StatusCode::URI_TOO_LONG,
            "address_too_long",
            format!("Send an address of at most {MAX_BYTES} bytes."),
        ));
    }
    let (path, query) = (path.into_owned(), query.into_owned());
    request.raw_path = Some(path);
    request.raw_query_string = Some(query);
    Ok(())
}

fn path(raw: &str) -> Cow<'_, str> {
    let encoded = Cow::from(utf8_percent_encode(raw, NOT_IN_PATHS));
    match encoded.starts_with('/') {
        true => encoded,
        // It would be read as the end of the host.
        false => Cow::Owned(format!("/{encoded}")),
    }
}

fn query(raw: &str) -> Cow<'_, str> {
    utf8_percent_encode(raw, NOT_IN_QUERIES).into()
}

/// What `lambda_http` puts before the path.
fn origin(headers: &HeaderMap, domain: Option<&str>) -> Result<String, ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(HOST.as_str()).or(domain) else {
        return Ok(String::new());
    };
    let scheme = text("x-forwarded-proto").unwrap_or("https");
    let origin = Url::parse(&format!("{scheme}://{host}/")).ok();
    origin
        .filter(|origin| {
            host.parse::<Authority>().is_ok() && origin.as_str().parse::<Uri>().is_ok()
        })
        .map(|origin| origin.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| {
            const RULE: &str = "The headers Host and X-Forwarded-Proto name no address.";
            ApiError::new(StatusCode::BAD_REQUEST, "bad_host", RULE)
        })
}

#[cfg(test)]
mod tests;
