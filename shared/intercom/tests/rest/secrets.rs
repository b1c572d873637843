//! No secret in whatever an operator may see, even when Intercom says it back.

use std::error::Error as _;
use std::fmt::Debug;

use axum::http::Response;
use intercom::Region;
use intercom::fake::Fault;
use intercom::oauth::{AccessToken, App, Callback};
use intercom::rest::Error;
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::Fixture;

/// An answer that quotes a secret everywhere.
fn quoting(secret: &str, status: u16) -> Fault {
    let body = json!({ "type": "error.list", "request_id": secret, "error": secret, "message": secret,
                       "errors": [{ "code": secret, "message": secret, "field": secret }] });
    let answer = Response::builder()
        .status(status)
        .header("X-Request-Id", secret);
    Fault::Answer(answer.body(body.to_string().into()).unwrap())
}

/// All that a log could show of an error.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(error) = source {
        shown += &format!(" {error} {error:?}");
        source = error.source();
    }
    shown
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Intercom's tokens and secrets are Base64 or UUIDs; these always have a character that no word or UUID
    /// has.
    #[test]
    fn no_secret_is_shown(secret in "[A-Za-z0-9+/_]{12,60}[=:!]") {
        let code = Callback::parse(&format!("code={secret}"));
        let app = App::new("public", &secret).unwrap();
        let token = AccessToken::parse(&secret).unwrap();
        let values: [&dyn Debug; 3] = [&code, &app, &token];
        for value in values {
            let shown = format!("{value:?}");
            prop_assert!(!shown.contains(&secret), "{}", shown);
        }
        let errors = block_on(async {
            let fixture = Fixture::answering([401, 200, 400, 302].map(|status| quoting(&secret, status))).await;
            let client = fixture.client();
            [
                client.exchange(&app, code.code.as_ref().unwrap()).await.map(drop),
                client.exchange(&app, code.code.as_ref().unwrap()).await.map(drop),
                client.me(Region::Us, &token).await.map(drop),
                client.uninstall(Region::Us, &token).await,
            ]
        });
        for error in errors {
            let shown = shown(&error.unwrap_err());
            prop_assert!(!shown.contains(&secret), "{}", shown);
        }
    }
}
