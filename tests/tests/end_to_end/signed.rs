//! Who a visitor is, signed by the organization: from its backend over the recorder to what is taken.

use intercom::identity_verification::{IdentitySecret, UserClaims, sign_user_hash, sign_user_jwt};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::admin::Admin;
use crate::bundle::Bundle;
use crate::canvas::conversation;
use crate::chunks::Chunk;
use crate::client::{Client, SECRET_KEY, WRITE_KEY};
use crate::recording::Recording;

const IDENTIFY: &str = "/v1/sessions/s1/identify";

fn hash(secret: &str, name: &str) -> String {
    sign_user_hash(&IdentitySecret::parse(secret).unwrap(), name)
}

fn jwt(secret: &str, seconds: i64) -> String {
    let names = UserClaims {
        user_id: "user-42".to_owned(),
        email: Some("ada@visitors.example".to_owned()),
    };
    let until = Timestamp::now() + SignedDuration::from_secs(seconds);
    sign_user_jwt(&IdentitySecret::parse(secret).unwrap(), &names, until).unwrap()
}

async fn identify(client: &Client, key: &str, body: &Value, status: u16) -> Value {
    let request = client.post(IDENTIFY, key).body(body.to_string());
    client.json(request, status).await
}

#[tokio::test]
async fn what_the_messengers_secret_signs_is_verified_and_the_rest_a_claim() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let good = "local-identity-secret";
    let email = "ada@visitors.example";
    for (key, body, verified) in [
        (WRITE_KEY, json!({"user_id": "user-42"}), json!(null)),
        (
            WRITE_KEY,
            json!({"user_id": "user-42", "email": email, "user_hash": hash(good, "user-42")}),
            json!(["user_id"]),
        ),
        (
            WRITE_KEY,
            json!({"email": email, "user_hash": hash(good, email)}),
            json!(["email"]),
        ),
        (
            WRITE_KEY,
            json!({"intercom_user_jwt": jwt(good, 60), "anonymous_id": "a-1"}),
            json!(["email", "user_id"]),
        ),
        (SECRET_KEY, json!({"email": email}), json!(["email"])),
    ] {
        let answer = identify(client, key, &body, 202).await;
        assert_eq!(answer["verified"], verified, "{body}");
    }
    for body in [
        json!({"user_id": "user-43", "user_hash": hash(good, "user-42")}),
        json!({"user_id": "user-42", "user_hash": hash("another secret", "user-42")}),
        json!({"intercom_user_jwt": jwt("another secret", 60)}),
        json!({"intercom_user_jwt": jwt(good, -1)}),
        json!({"intercom_user_jwt": jwt(good, 60), "user_id": "user-43"}),
    ] {
        let answer = identify(client, WRITE_KEY, &body, 403).await;
        assert_eq!(answer["error"]["code"], "signature_invalid", "{body}");
    }
    let events = Recording::ours("shadow-dom").events;
    client.chunk("s1", 0, &Chunk::gzip(&events), 202).await;
    let summary = client.summary_of("s1", 1).await;
    assert_eq!(summary["aliases"]["user_id"], "user-42");
    assert_eq!(summary.get("claimed"), None, "{summary}");
    let fake = json!({ "user_id": "user-42", "email": email });
    let fake = client.record("fake", &Chunk::gzip(&events), &fake).await;
    assert_eq!(
        (&fake["claimed"], &fake["verified"]),
        (&json!(true), &json!(null))
    );
    let contact = json!({ "role": "user", "external_id": "user-42" });
    let canvas = client.initialize(&conversation(&contact)).await;
    assert!(canvas.lists("s1"), "{}", canvas.text());
}

#[tokio::test]
async fn a_backend_without_a_crypto_library_has_it_signed() {
    let bundle = Bundle::start_with(&[("IDENTITY_SECRET", "another-secret")]).await;
    let client = &bundle.client();
    let asked = json!({"user_id": "user-42", "email": "ada@visitors.example"}).to_string();
    let tokens = |key| client.post("/v1/identity-tokens", key).body(asked.clone());
    client.json(tokens(WRITE_KEY), 401).await;
    let tokens = client.json(tokens(SECRET_KEY), 200).await;
    assert_eq!(tokens["user_hash"], hash("another-secret", "user-42"));
    let body = json!({"intercom_user_jwt": tokens["intercom_user_jwt"]});
    let answer = identify(client, WRITE_KEY, &body, 202).await;
    assert_eq!(answer["verified"], json!(["email", "user_id"]));

    let keys = client.get("/v1/identity-keys").bearer_auth(SECRET_KEY);
    let keys = client.json(keys, 200).await;
    assert_eq!(keys["next_cursor"], Value::Null);
    let key = keys["data"][0]["key"].as_str().unwrap();
    let body = json!({"user_id": "user-42", "user_hash": hash(key, "user-42")});
    let mut admin = Admin::sign_in(&client.page_url()).await;
    assert!(admin.page().await.contains(key), "the settings show it");
    // What was read before the key was made is read again before somebody is refused.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let answer = identify(client, WRITE_KEY, &body, 202).await;
    assert_eq!(answer["verified"], json!(["user_id"]));
}

#[tokio::test]
async fn an_admin_pastes_a_secret_and_requires_signatures() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let mut admin = Admin::sign_in(&client.page_url()).await;
    let paste = [
        ("change", "add"),
        ("platform", "ios"),
        ("secret", "pasted-secret-1"),
    ];
    let page = admin.act("identity", &paste).await;
    assert!(page.contains("Secret added") && !page.contains("pasted-secret-1"));
    let require = [("change", "require"), ("require_signatures", "yes")];
    let page = admin.act("identity", &require).await;
    assert!(page.contains("Preferences saved"), "{page}");

    for body in [
        json!({"user_id": "user-42"}),
        json!({"email": "ada@visitors.example"}),
        json!({"email": "ada@visitors.example", "anonymous_id": "a-1"}),
    ] {
        let answer = identify(client, WRITE_KEY, &body, 403).await;
        assert_eq!(answer["error"]["code"], "signature_required", "{body}");
    }
    for secret in ["local-identity-secret", "pasted-secret-1"] {
        let body = json!({
            "user_id": "user-42", "email": "ada@visitors.example", "user_hash": hash(secret, "user-42"),
        });
        identify(client, WRITE_KEY, &body, 202).await;
        let body = json!({"intercom_user_jwt": jwt(secret, 60)});
        identify(client, WRITE_KEY, &body, 202).await;
    }
    let browser = json!({"anonymous_id": "a-1", "visitor_id": "v-1"});
    identify(client, WRITE_KEY, &browser, 202).await;
    identify(client, SECRET_KEY, &json!({"user_id": "user-42"}), 202).await;
    let events = Recording::ours("shadow-dom").events;
    client.chunk("s2", 0, &Chunk::gzip(&events), 202).await;
    client.summary_of("s2", 1).await;
}
