//! Headers that an answer sets more than once.

use lambda_http::http::header::SET_COOKIE;
use lambda_http::http::{HeaderMap, HeaderValue};

/// Joins the values of each name by commas, as RFC 9110 section 5.3 lets everybody on the way do.
///
/// Of several values `lambda_http` 1.3 would hand on the first alone. `Set-Cookie`, whose values cannot be
/// joined, has a list of its own in Lambda's answers.
pub(super) fn join(headers: &mut HeaderMap) {
    if headers.len() == headers.keys_len() {
        return;
    }
    let names: Vec<_> = headers.keys().cloned().collect();
    for name in names.iter().filter(|name| **name != SET_COOKIE) {
        let values: Vec<_> = headers.get_all(name).iter().collect();
        if values.len() < 2 {
            continue;
        }
        let values: Vec<_> = values.into_iter().map(HeaderValue::as_bytes).collect();
        // What is made of values and commas is one.
        if let Ok(joined) = HeaderValue::from_bytes(&values.join(&b", "[..])) {
            headers.insert(name, joined);
        }
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderName;
    use lambda_http::http::header::{CONTENT_TYPE, LINK, VARY};

    use super::*;

    #[test]
    fn values_of_one_name_are_joined_in_their_order_and_cookies_are_not() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (VARY, "origin"),
            (CONTENT_TYPE, "text/plain"),
            (SET_COOKIE, "a=1"),
            (VARY, "cookie"),
            (SET_COOKIE, "b=2"),
            (LINK, "</a>"),
            (VARY, "accept"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        join(&mut headers);
        let all = |name: HeaderName| -> Vec<_> {
            headers
                .get_all(name)
                .iter()
                .map(|value| value.to_str().unwrap())
                .collect()
        };
        assert_eq!(all(VARY), ["origin, cookie, accept"]);
        assert_eq!(all(SET_COOKIE), ["a=1", "b=2"]);
        assert_eq!(all(CONTENT_TYPE), ["text/plain"]);
        assert_eq!(all(LINK), ["</a>"]);
    }
}
