use lambda_http::Request;
use lambda_http::http::HeaderValue;
use lambda_http::request::LambdaRequest;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::form_urlencoded;

use super::*;

fn event(path: &str, query: &str) -> ApiGatewayV2httpRequest {
    let mut event = ApiGatewayV2httpRequest::default();
    event.raw_path = Some(path.to_owned());
    event.raw_query_string = Some(query.to_owned());
    event.request_context.stage = Some("$default".to_owned());
    event.request_context.domain_name = Some("id.lambda-url.us-east-1.on.aws".to_owned());
    event
}

/// What a function gets of an event; panics where `lambda_http` would.
fn converted(mut event: ApiGatewayV2httpRequest) -> Result<Request, u16> {
    canonicalize(&mut event).map_err(|error| error.status().as_u16())?;
    Ok(LambdaRequest::ApiGatewayV2(event).into())
}

fn read(path: &str, query: &str) -> String {
    let request = converted(event(path, query)).unwrap();
    request.uri().path_and_query().unwrap().to_string()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

#[test]
fn what_cannot_stand_in_an_address_is_encoded() {
    for (path, query, expected) in [
        ("/sessions", "", "/sessions"),
        ("/sessions", "q=a b", "/sessions?q=a%20b"),
        ("/sessions", "q=\"<a>\"", "/sessions?q=%22%3Ca%3E%22"),
        ("/sessions", "q=a^b`{|}", "/sessions?q=a%5Eb%60%7B%7C%7D"),
        ("/sessions", "q=a#b&c=d", "/sessions?q=a%23b&c=d"),
        (
            "/sessions",
            "q=\u{0}\t\r\n\u{7f}",
            "/sessions?q=%00%09%0D%0A%7F",
        ),
        ("/sessions", "q=é", "/sessions?q=%C3%A9"),
        ("/a b", "", "/a%20b"),
        ("/a?b=c", "d=e", "/a%3Fb=c?d=e"),
        ("/a#b", "c", "/a%23b?c"),
        ("/a\\b", "", "/a%5Cb"),
        ("/é/^", "", "/%C3%A9/%5E"),
        ("/a\n/b ", "", "/a%0A/b%20"),
        ("", "", "/"),
        ("", "a=b", "/?a=b"),
        ("sessions", "", "/sessions"),
        ("@elsewhere.example/", "", "/@elsewhere.example/"),
        (":99999/", "", "/:99999/"),
        ("//a//", "", "//a//"),
    ] {
        assert_eq!(read(path, query), expected, "{path:?}?{query:?}");
    }
}

#[test]
fn what_is_an_address_already_stays() {
    for (path, query) in [
        ("/v1/sessions/a%3Ab/chunks/0", "write_key=a%2Bb"),
        ("/people/p_1", "x=1&x=2&y=%C3%A9+z&&=&%zz"),
        ("/!$&'()*+,;=:@~-._", "!$'()*,;:@/?~-._"),
        ("/100%", "%"),
    ] {
        assert_eq!(read(path, query), format!("{path}?{query}"));
    }
}

#[test]
fn an_address_may_be_as_long_as_one_can_be_read_and_no_longer() {
    let before = "https://id.lambda-url.us-east-1.on.aws/?".len();
    let longest = "a".repeat(MAX_BYTES - before);
    let request = converted(event("/", &longest)).unwrap();
    assert_eq!(request.uri().query(), Some(&longest[..]));
    assert_eq!(request.uri().to_string().len(), MAX_BYTES);
    for query in [
        format!("{longest}a"),
        "é".repeat(11_000),
        " ".repeat(1 << 20),
    ] {
        assert_eq!(converted(event("/", &query)).unwrap_err(), 414);
    }
}

#[test]
fn a_host_and_a_protocol_that_name_no_address_are_refused() {
    for (host, protocol, expected) in [
        ("id.lambda-url.us-east-1.on.aws", "https", Ok(())),
        ("127.0.0.1:9000", "http", Ok(())),
        ("", "https", Err(400)),
        ("a b", "https", Err(400)),
        ("a/b", "https", Err(400)),
        ("a?b", "https", Err(400)),
        ("a#b", "https", Err(400)),
        ("a:b", "https", Err(400)),
        ("a:99999", "https", Err(400)),
        ("1.2.3.4.5", "https", Err(400)),
        ("xn--a", "https", Err(400)),
        ("shop.example", "", Err(400)),
        ("shop.example", "https,http", Err(400)),
        ("shop.example", "/", Err(400)),
    ] {
        let mut event = event("/a", "");
        for (name, value) in [("host", host), ("x-forwarded-proto", protocol)] {
            event.headers.insert(name, HeaderValue::from_static(value));
        }
        let found = converted(event).map(|request| assert_eq!(request.uri().path(), "/a"));
        assert_eq!(found, expected, "{protocol:?} {host:?}");
    }
    let mut nobody = event("/a b", "c d");
    nobody.request_context.domain_name = None;
    assert_eq!(converted(nobody).unwrap().uri(), "/a%20b?c%20d");
}

/// Any text, and often what is special in addresses.
fn any_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "/", "//", "..", ".", "%2e", "%", "%2", "%20", "?", "#", "\\", "@", ":", "&", "=", "+",
        " ", "\t", "\n", "\"", "<", "é", "\u{0}", "\u{fffd}", "[", "]", "|", "^", "`",
    ]);
    let part = prop_oneof![
        special.prop_map(str::to_owned),
        any::<String>(),
        "[a-z]{1,3}"
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_path_and_query_become_an_address_that_says_the_same(path in any_text(), query in any_text()) {
        let request = converted(event(&path, &query)).unwrap();
        prop_assert_eq!(pairs(request.uri().query().unwrap_or_default()), pairs(&query));
        // Segments of dots are gone through, as RFC 3986 section 5.2.4 has it.
        let is_dots = |segment: &str| ["", ".", ".."].contains(&&*segment.to_lowercase().replace("%2e", "."));
        if !path.split('/').any(|segment| is_dots(segment) && !segment.is_empty()) {
            let decoded = |path: &str| percent_decode_str(path).collect::<Vec<_>>();
            let found = decoded(request.uri().path());
            prop_assert_eq!(&found[usize::from(!path.starts_with('/'))..], &decoded(&path)[..]);
        }
        let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
        let again = converted(event(path, query)).unwrap();
        prop_assert_eq!(again.uri(), request.uri());
    }

    #[test]
    fn any_host_and_protocol_become_an_address_or_are_refused(host in any_text(), protocol in any_text()) {
        let mut event = event("/a", "b");
        for (name, value) in [("host", host), ("x-forwarded-proto", protocol)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                event.headers.insert(name, value);
            }
        }
        match converted(event) {
            Ok(request) => prop_assert_eq!(request.uri().path_and_query().unwrap().as_str(), "/a?b"),
            Err(status) => prop_assert_eq!(status, 400),
        }
    }
}
