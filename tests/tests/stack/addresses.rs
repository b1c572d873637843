//! What function URLs hand on that is no address, or one written otherwise.

use http::{Method, Request};

use crate::deployment::Deployment;

/// For each function behind HTTP: a method and a path of its own, what it answers to whoever brings nothing,
/// and what to `HEAD`.
const PATHS: [(&str, Method, &str, u16, u16); 8] = [
    ("canvas", Method::POST, "/canvas/initialize", 401, 405),
    ("installation", Method::POST, "/health", 401, 405),
    ("oauth-callback", Method::GET, "/oauth/callback", 403, 200),
    ("record", Method::GET, "/v1/sessions/s", 401, 401),
    ("record", Method::GET, "/recorder.js", 200, 200),
    ("sessions", Method::GET, "/sessions", 404, 404),
    (
        "settings",
        Method::GET,
        "/settings/integrations/intercom",
        200,
        200,
    ),
    ("verify-webhook", Method::POST, "/webhooks", 401, 200),
];

/// Each is the query of an address that some browser sends, decoded on the way; none would be one as it
/// stands.
const QUERIES: [&str; 5] = [
    "q=a b",
    "q=\"a\"&r=<b>",
    "q=a^b",
    "q=a\tb\u{0}",
    "q=a#b&r=é",
];

fn request(method: &Method) -> Request<Vec<u8>> {
    let request = Request::builder().method(method.clone());
    request.body(Vec::new()).unwrap()
}

pub(crate) fn an_address_that_is_none_is_answered(deployment: &mut Deployment) {
    for (package, method, path, status, _) in PATHS {
        let function = deployment.function(package);
        for query in QUERIES {
            function.exchange_at(&request(&method), path, query, status);
        }
        // A segment more, of characters that no path has.
        let path = format!("{path}/a b\"?#\\");
        function.exchange_at(&request(&method), &path, "", 404);
        let long = "a".repeat(70_000);
        function.exchange_at(&request(&method), "/", &long, 414);
    }
}

pub(crate) fn slashes_and_head_mean_the_same_everywhere(deployment: &mut Deployment) {
    for (package, method, path, status, of_head) in PATHS {
        let function = deployment.function(package);
        for path in [
            path.to_owned(),
            format!("{path}/"),
            format!("{}//", path.replace('/', "//")),
        ] {
            function.exchange_at(&request(&method), &path, "", status);
            let head = function.exchange_at(&request(&Method::HEAD), &path, "", of_head);
            assert!(head.body().is_empty(), "{package}: HEAD {path}");
        }
    }
}

/// Lambda answers itself.
pub(crate) fn a_body_that_is_too_large_in_base64_reaches_no_function(deployment: &mut Deployment) {
    let chunk = |bytes: usize| {
        let request = Request::post("/v1/sessions/s/chunks/0");
        request.body(vec![0x1f; bytes]).unwrap()
    };
    let record = deployment.function("record");
    let answer = record.exchange(&chunk(4_500_000), 401);
    assert!(answer.headers().contains_key("access-control-allow-origin"));
    let answer = record.exchange(&chunk(4_718_592), 413);
    assert!(answer.headers().is_empty());
}
