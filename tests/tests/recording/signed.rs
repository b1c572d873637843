//! Names that an organization signs, as `record` takes them.

use identity::{OrganizationId, WorkspaceId};
use intercom::identity_verification::{IdentitySecret, sign_user_hash};
use jiff::SignedDuration;
use lambda_http::Body;
use lambda_http::http::Method;
use lambda_http::http::header::CACHE_CONTROL;
use serde_json::{Value, json};
use store::{MessengerPlatform, NewMessengerSecret, Preferences};

use crate::stack::{Answer, SECRET_KEY, Stack, WORKSPACE, WRITE_KEY, request};

/// Of the vectors that Intercom's documentation gives.
const USER_HASH: &str = "ee55ee6c8f0215fe988029b317b97b68b1b5fc8ba4f7a524bfe2eef7505d5fa6";
const JWT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoidXNlci00MiIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiZXhwIjoxOTAwMDAwMDAwfQ.qrjSoQ7Q6DnJ6bSyxLVJfcNaMSt6YPW7wvt4OnqP_X4";

fn organization() -> OrganizationId {
    OrganizationId::of_first_workspace(&WorkspaceId::parse(WORKSPACE).unwrap())
}

async fn paste(stack: &Stack, platform: MessengerPlatform, text: &str, id: u8) {
    let organization = organization();
    let new = NewMessengerSecret::parse(platform, text).unwrap();
    let store = stack.store.of(&organization);
    let added = store
        .identity_verification()
        .add(&new, [id; 8], stack.clock.now());
    added.await.unwrap();
}

async fn require_signatures(stack: &Stack) {
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let connection = stack.store.connections().get(&workspace).await;
    let connection = connection.unwrap().unwrap();
    let preferences = Preferences {
        require_signatures: true,
        ..connection.preferences.clone()
    };
    let updated = stack
        .store
        .connections()
        .update_preferences(&connection, &preferences);
    updated.await.unwrap();
}

async fn identify(stack: &Stack, key: &str, body: &Value) -> Answer {
    let body = Body::Text(body.to_string());
    let path = "/v1/sessions/s-1/identify";
    stack.send(request(Method::POST, path, key, body)).await
}

async fn ask(stack: &Stack, method: Method, path: &str, key: &str, body: &str) -> Answer {
    let body = Body::Text(body.to_owned());
    stack.send(request(method, path, key, body)).await
}

#[tokio::test]
async fn the_secret_of_any_platform_verifies_the_hash_and_the_jwt_of_the_messenger() {
    let stack = Stack::start().await;
    paste(&stack, MessengerPlatform::Web, "identity_secret", 1).await;
    paste(&stack, MessengerPlatform::Ios, "messenger_secret", 2).await;
    for (body, aliases, verified) in [
        (
            json!({"user_id": "user-42", "email": "ada@example.com", "user_hash": USER_HASH}),
            json!(["email", "user_id"]),
            json!(["user_id"]),
        ),
        (
            json!({"intercom_user_jwt": JWT, "anonymous_id": "a1"}),
            json!(["email", "user_id", "anonymous_id"]),
            json!(["email", "user_id"]),
        ),
        (
            json!({"email": "ada@example.com"}),
            json!(["email"]),
            json!(null),
        ),
    ] {
        let answer = identify(&stack, WRITE_KEY, &body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        assert_eq!(answer.json["aliases"], aliases);
        assert_eq!(answer.json["verified"], verified);
    }
    let said = identify(&stack, SECRET_KEY, &json!({"email": "ada@example.com"})).await;
    assert_eq!(said.json["verified"], json!(["email"]));
}

#[tokio::test]
async fn a_signature_that_fits_nothing_identifies_nobody() {
    let stack = Stack::start().await;
    paste(&stack, MessengerPlatform::Web, "identity_secret", 1).await;
    let before = stack.below.table.scan().table_name(test_support::TABLE);
    let before = before.send().await.unwrap().count();
    for body in [
        json!({"user_id": "user-43", "user_hash": USER_HASH}),
        json!({"intercom_user_jwt": JWT}),
        json!({"user_id": "user-43", "intercom_user_jwt": JWT}),
        json!({"user_id": "user-42", "intercom_user_jwt": "a.b.c"}),
    ] {
        let answer = identify(&stack, WRITE_KEY, &body).await;
        assert_eq!((answer.status, answer.code()), (403, "signature_invalid"));
        assert!(!answer.json.to_string().contains("user-4"), "{answer:?}");
    }
    let after = stack.below.table.scan().table_name(test_support::TABLE);
    assert_eq!(after.send().await.unwrap().count(), before);
}

#[tokio::test]
async fn an_organization_that_requires_signatures_takes_recordings_and_signed_names_alone() {
    let stack = Stack::start().await;
    require_signatures(&stack).await;
    paste(&stack, MessengerPlatform::Web, "identity_secret", 1).await;
    for body in [
        json!({"user_id": "user-42"}),
        json!({"email": "ada@example.com", "anonymous_id": "a1"}),
    ] {
        let answer = identify(&stack, WRITE_KEY, &body).await;
        assert_eq!((answer.status, answer.code()), (403, "signature_required"));
    }
    for (key, body) in [
        (WRITE_KEY, json!({"anonymous_id": "a1", "visitor_id": "v1"})),
        (
            WRITE_KEY,
            json!({"user_id": "user-42", "user_hash": USER_HASH}),
        ),
        (SECRET_KEY, json!({"user_id": "user-42"})),
    ] {
        let answer = identify(&stack, key, &body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }
    stack.upload("s-2", 0, b"[]").await;
    stack.below.queues.drain();
}

#[tokio::test]
async fn an_unsigned_name_costs_no_read_and_signed_ones_one_a_minute() {
    let stack = Stack::start().await;
    paste(&stack, MessengerPlatform::Web, "identity_secret", 1).await;
    let reads = async |body: &Value| {
        stack.table_calls.take();
        identify(&stack, WRITE_KEY, body).await;
        stack.table_calls.take().len()
    };
    let (unsigned, signed) = (
        json!({"user_id": "user-42"}),
        json!({"user_id": "user-42", "user_hash": USER_HASH}),
    );
    // The first ones are news.
    for body in [&unsigned, &signed, &signed, &unsigned] {
        reads(body).await;
    }
    let (of_unsigned, of_signed) = (reads(&unsigned).await, reads(&signed).await);
    stack.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(reads(&unsigned).await, of_unsigned + 1, "the write key");
    assert_eq!(reads(&signed).await, of_signed + 1, "the secrets");
    assert_eq!(reads(&signed).await, of_signed);
    stack.clock.advance(SignedDuration::from_secs(5));
    let wrong = json!({"user_id": "user-42", "user_hash": "00"});
    assert_eq!(
        reads(&wrong).await,
        1,
        "read anew before somebody is refused"
    );
    assert_eq!(reads(&wrong).await, 0, "and once in five seconds");
}

#[tokio::test]
async fn a_secret_counts_as_soon_as_it_is_pasted_and_for_a_minute_after_it_is_removed() {
    let stack = Stack::start().await;
    let organization = organization();
    let status = async |body: Value| identify(&stack, WRITE_KEY, &body).await.status;
    let sign = |secret: &str| {
        let secret = IdentitySecret::parse(secret).unwrap();
        json!({"user_id": "7", "user_hash": sign_user_hash(&secret, "7")})
    };
    paste(&stack, MessengerPlatform::Web, "secret-1", 1).await;
    assert_eq!(status(sign("secret-2")).await, 403);
    paste(&stack, MessengerPlatform::Web, "secret-2", 2).await;
    stack.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(status(sign("secret-2")).await, 202);

    let store = stack.store.of(&organization);
    let removed = store.identity_verification().remove("0202020202020202");
    removed.await.unwrap();
    stack.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(status(sign("secret-2")).await, 403);
    assert_eq!(status(sign("secret-1")).await, 202);
}

#[tokio::test]
async fn a_backend_has_somebody_signed_and_the_recorder_passes_it_on() {
    let stack = Stack::start().await;
    let path = "/v1/identity-tokens";
    let asked = r#"{"user_id":"user-42","email":"ada@example.com","expires_in":60}"#;
    let key_signed = ask(&stack, Method::POST, path, SECRET_KEY, asked).await;
    assert_eq!(key_signed.status, 200, "{key_signed:?}");
    assert_eq!(key_signed.headers[CACHE_CONTROL], "no-store");
    paste(&stack, MessengerPlatform::Web, "identity_secret", 1).await;
    let web_signed = ask(&stack, Method::POST, path, SECRET_KEY, asked).await;
    assert_eq!(web_signed.json["user_hash"], USER_HASH);
    assert_ne!(key_signed.json["user_hash"], USER_HASH);

    for tokens in [&key_signed.json, &web_signed.json] {
        let hash = json!({"user_id": "user-42", "user_hash": tokens["user_hash"]});
        let answer = identify(&stack, WRITE_KEY, &hash).await;
        assert_eq!(answer.json["verified"], json!(["user_id"]), "{answer:?}");
        let jwt = json!({"intercom_user_jwt": tokens["intercom_user_jwt"]});
        let answer = identify(&stack, WRITE_KEY, &jwt).await;
        assert_eq!(answer.json["verified"], json!(["email", "user_id"]));
    }
    stack.clock.advance(SignedDuration::from_secs(60));
    let jwt = json!({"intercom_user_jwt": key_signed.json["intercom_user_jwt"]});
    let ended = identify(&stack, WRITE_KEY, &jwt).await;
    assert_eq!((ended.status, ended.code()), (403, "signature_invalid"));
}

#[tokio::test]
async fn identity_keys_are_the_backends_own() {
    let stack = Stack::start().await;
    let path = "/v1/identity-keys";
    let first = ask(&stack, Method::GET, path, SECRET_KEY, "").await;
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(first.headers[CACHE_CONTROL], "no-store");
    let listed = &first.json["data"][0];
    let key = listed["key"].as_str().unwrap();
    assert!(key.starts_with("rk_identity_"));
    let expected = json!({
        "data": [{
            "key_id": listed["key_id"], "key": key, "created_at": "2026-11-20T10:15:00Z", "expires_at": null,
        }],
        "next_cursor": null,
    });
    assert_eq!(first.json, expected);
    let again = ask(&stack, Method::GET, path, SECRET_KEY, "").await;
    assert_eq!(again.json, first.json, "made once");

    let secret = IdentitySecret::parse(key).unwrap();
    let body = json!({"user_id": "7", "user_hash": sign_user_hash(&secret, "7")});
    let answer = identify(&stack, WRITE_KEY, &body).await;
    assert_eq!(answer.json["verified"], json!(["user_id"]));
}

#[tokio::test]
async fn nobody_signs_or_reads_keys_without_the_secret_key() {
    let stack = Stack::start().await;
    for (method, other, path) in [
        (Method::POST, Method::GET, "/v1/identity-tokens"),
        (Method::GET, Method::POST, "/v1/identity-keys"),
    ] {
        for (key, code) in [(WRITE_KEY, "secret_key_needed"), ("guessed", "unknown_key")] {
            let body = r#"{"user_id":"7"}"#;
            let refused = ask(&stack, method.clone(), path, key, body).await;
            assert_eq!((refused.status, refused.code()), (401, code), "{path}");
            assert_eq!(refused.headers[CACHE_CONTROL], "no-store");
        }
        let wrong = ask(&stack, other, path, SECRET_KEY, "").await;
        assert_eq!((wrong.status, wrong.code()), (405, "method_not_allowed"));
    }
}
