//! What every function behind HTTP does alike with requests and answers, on Lambda and in local mode.
//!
//! - A slash too many, doubled or at the end, changes nothing ([`without_idle_slashes`]).
//! - `HEAD` is answered as `GET`, without the body. What a `GET` uses up or counts it leaves alone
//!   ([`is_head`]).
//! - A header that is set twice becomes one header: Lambda's answers have room for one value of each name.

mod repeated_headers;
mod slashes;

use std::mem;

use futures::FutureExt as _;
use lambda_http::http::Method;
use lambda_http::http::header::CONTENT_LENGTH;
use lambda_http::{Body, Request, Response};

pub use slashes::without_idle_slashes;

/// Marks a request that came as `HEAD` and is served as `GET`.
#[derive(Debug, Clone, Copy)]
struct Head;

/// Answers a request with what `handler` makes of it.
pub fn answer<H, F>(mut request: Request, handler: H) -> impl Future<Output = Response<Body>>
where
    H: FnOnce(Request) -> F,
    F: Future<Output = Response<Body>>,
{
    without_idle_slashes(request.uri_mut());
    let is_head = is_head(&request);
    if is_head {
        *request.method_mut() = Method::GET;
        request.extensions_mut().insert(Head);
    }
    // Not a block that awaits it, which would be twice as large.
    handler(request).map(move |mut response| {
        repeated_headers::join(response.headers_mut());
        if is_head {
            take_body(&mut response);
        }
        response
    })
}

/// Leaves of a body its length, which is a header of the answer to `GET` as well (RFC 9110 section 8.6).
fn take_body(response: &mut Response<Body>) {
    let bytes = mem::take(response.body_mut()).len();
    if bytes > 0 {
        response.headers_mut().insert(CONTENT_LENGTH, bytes.into());
    }
}

/// Whether somebody only asks what a `GET` would answer, as scanners of mail do with every link.
///
/// Whatever is good once, or counted, must not be used up or counted by that.
pub fn is_head(request: &Request) -> bool {
    request.method() == Method::HEAD || request.extensions().get::<Head>().is_some()
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use futures::executor::block_on;
    use lambda_http::http::HeaderValue;
    use lambda_http::http::header::{ETAG, VARY};

    use super::*;

    fn request(method: Method, target: &str) -> Request {
        let request = lambda_http::http::Request::builder().method(method);
        request.uri(target).body(Body::Empty).unwrap()
    }

    /// Says how it was asked, with two headers and one of them twice.
    fn echo(request: &Request) -> Response<Body> {
        let asked = format!("{} {}", request.method(), request.uri());
        let mut response = Response::new(Body::Text(asked));
        *response.status_mut() = lambda_http::http::StatusCode::CREATED;
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::from_static("\"1\""));
        headers.append(VARY, HeaderValue::from_static("origin"));
        headers.append(VARY, HeaderValue::from_static("cookie"));
        response
    }

    fn answered(method: Method, target: &str) -> Response<Body> {
        let handler = |request: Request| ready(echo(&request));
        block_on(answer(request(method, target), handler))
    }

    #[test]
    fn head_has_the_status_and_headers_of_get_and_no_body() {
        let mut get = answered(Method::GET, "/a");
        let head = answered(Method::HEAD, "/a");
        assert_eq!(get.body().as_ref(), b"GET /a");
        assert!(head.body().is_empty());
        assert_eq!(head.status(), get.status());
        // Whoever sends the answer to GET adds this one.
        let length = HeaderValue::from_static("6");
        get.headers_mut().insert(CONTENT_LENGTH, length);
        assert_eq!(head.headers(), get.headers());
    }

    #[test]
    fn whoever_serves_a_request_can_tell_head_from_get() {
        for (method, expected) in [
            (Method::HEAD, true),
            (Method::GET, false),
            (Method::POST, false),
        ] {
            let mut seen = None;
            let handler = |request: Request| {
                seen = Some((is_head(&request), request.method().clone()));
                ready(Response::new(Body::Empty))
            };
            drop(block_on(answer(request(method.clone(), "/"), handler)));
            let served_as = if expected { Method::GET } else { method };
            assert_eq!(seen, Some((expected, served_as)));
        }
    }

    #[test]
    fn a_handler_sees_no_idle_slash_and_its_answer_has_no_header_twice() {
        let response = answered(Method::POST, "//v1//sessions/?a=//");
        assert_eq!(response.body().as_ref(), b"POST /v1/sessions?a=//");
        assert_eq!(response.headers().get_all(VARY).iter().count(), 1);
        assert_eq!(response.headers()[VARY], "origin, cookie");
    }
}
