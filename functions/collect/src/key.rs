//! Where clients put their key. What is most telling comes first: some mask the key in the body.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use lambda_http::Request;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::AUTHORIZATION;
use platform::http::bearer_token;

/// What clients that know no other way put their key into.
const WRITE_KEY_HEADER: &str = "x-write-key";

/// Base64 as clients write it: with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The keys in a request's headers, the one that counts most first.
pub(crate) fn in_headers(headers: &HeaderMap) -> impl Iterator<Item = Cow<'_, str>> {
    let own = headers.get(WRITE_KEY_HEADER);
    let own = own.and_then(|key| key.to_str().ok()).map(Cow::Borrowed);
    let basic = basic_user(headers).map(Cow::Owned);
    let bearer = bearer_token(headers).map(Cow::Borrowed);
    let keys = [own, basic, bearer].into_iter().flatten();
    keys.flat_map(with_first_part).filter(|key| is_key(key))
}

/// The keys in its body and in its address, likewise.
pub(crate) fn in_body_and_address<'a>(
    in_body: Option<&'a str>,
    request: &'a Request,
) -> impl Iterator<Item = Cow<'a, str>> {
    let keys = in_body.map(Cow::Borrowed).into_iter();
    keys.chain(in_address(request)).filter(|key| is_key(key))
}

/// What stands in its address as one.
pub(crate) fn in_address(request: &Request) -> Option<Cow<'_, str>> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == "writeKey" || name == "write_key")
        .map(|(_, key)| key)
}

/// Whether it can be a key. Jitsu's client masks the one in its bodies: `***`, or `id:***`.
fn is_key(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains("***")
}

/// The key, and what stands before a colon: Jitsu's client wants keys of the form `id:secret`, so that
/// whoever has none of that form adds something.
fn with_first_part(key: Cow<'_, str>) -> impl Iterator<Item = Cow<'_, str>> {
    let key = Cow::<str>::Owned(key.trim().to_owned());
    let first = key.split_once(':').map(|(first, _)| first.to_owned());
    std::iter::once(key).chain(first.map(Cow::Owned))
}

/// The user of `Authorization: Basic …` (RFC 7617 section 2).
fn basic_user(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(encoded.trim()).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let user = decoded.split_once(':').map_or(&*decoded, |(user, _)| user);
    Some(user.to_owned())
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;
    use lambda_http::http::Request;

    use super::*;

    fn keys(headers: &[(&str, &str)], body: Option<&str>, query: &str) -> Vec<String> {
        let request = Request::builder().uri(format!("https://api.example/v1/batch{query}"));
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let request = request.body(Body::Empty).unwrap();
        let in_headers = in_headers(request.headers());
        let all = in_headers.chain(in_body_and_address(body, &request));
        all.map(Cow::into_owned).collect()
    }

    #[test]
    fn keys_are_found_wherever_clients_put_them_in_this_order() {
        // "one:" in base64.
        let basic = ("authorization", "Basic b25lOg==");
        for (headers, body, query, expected) in [
            (&[basic][..], None, "", &["one"][..]),
            (&[("authorization", "basic b25l")], None, "", &["one"]),
            (&[("authorization", "Bearer two")], None, "", &["two"]),
            (
                &[basic],
                Some("three"),
                "?writeKey=four",
                &["one", "three", "four"],
            ),
            (
                &[("x-write-key", "zero"), basic],
                Some("***"),
                "",
                &["zero", "one"],
            ),
            (
                &[("x-write-key", "id:secret")],
                Some("id:***"),
                "",
                &["id:secret", "id"],
            ),
            (&[], Some("three"), "", &["three"]),
            (&[], None, "?a=1&writeKey=a%20b&writeKey=c", &["a b"]),
            (
                &[("authorization", "Basic !"), ("x-write-key", " ")],
                Some(""),
                "",
                &[],
            ),
            (&[], None, "", &[]),
        ] {
            assert_eq!(
                keys(headers, body, query),
                expected,
                "{headers:?} {body:?} {query}"
            );
        }
    }
}
