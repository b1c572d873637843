//! Sources of tracked events, as an organization's backend sees to them.

use lambda_http::Body;
use lambda_http::http::{Method, Request};
use serde_json::{Value, json};
use store::{KeyLookup, KeyScope};

use crate::Backend;

impl Backend {
    async fn tell(&self, method: Method, target: &str, body: &Value) -> (u16, Value) {
        self.tell_as(method, target, body, None).await
    }

    /// The same, with an `Idempotency-Key`.
    async fn tell_as(
        &self,
        method: Method,
        target: &str,
        body: &Value,
        name: Option<&str>,
    ) -> (u16, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://api.example{target}"))
            .header(
                "authorization",
                format!("Bearer {}", self.organization.secret_key),
            );
        if let Some(name) = name {
            request = request.header("idempotency-key", name);
        }
        let request = request.body(Body::Text(body.to_string())).unwrap();
        let response = rest::handle(&self.state, request).await;
        let body = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), body)
    }

    /// The source that a key is of.
    async fn source_of(&self, key: &Value) -> Option<String> {
        let key = key.as_str().unwrap();
        let found = self.stack.store.look_up_key(key, self.stack.now()).await;
        match found.unwrap() {
            KeyLookup::Good(grant) if grant.scope == KeyScope::Source => {
                grant.source.map(|source| source.to_string())
            }
            _ => None,
        }
    }
}

#[tokio::test]
async fn a_source_is_made_with_a_key_that_is_shown_once_and_opens_nothing_else() {
    let backend = Backend::start().await;
    let (status, list) = backend.get("/v1/sources").await;
    assert_eq!(status, 200);
    let ids: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| &source["source_id"])
        .collect();
    assert_eq!(ids, ["site"]);
    assert_eq!(list["next_cursor"], Value::Null);

    let wanted = json!({"name": " Backend ", "settings": {"nested": "flatten"}});
    let (status, made) = backend.tell(Method::POST, "/v1/sources", &wanted).await;
    assert_eq!(status, 201, "{made}");
    let id = made["source_id"].as_str().unwrap();
    assert_eq!(
        backend.source_of(&made["write_key"]).await.as_deref(),
        Some(id)
    );
    assert_eq!(
        (&made["name"], &made["kind"]),
        (&json!("Backend"), &json!("server"))
    );
    assert_eq!(made["workspace_id"], "shop");
    assert_eq!(
        (
            &made["settings"]["nested"],
            &made["settings"]["wait_seconds"]
        ),
        (&json!("flatten"), &json!(600))
    );

    let (status, shown) = backend.get(&format!("/v1/sources/{id}")).await;
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("write_key");
    assert_eq!((status, shown), (200, expected));

    let key = made["write_key"].as_str().unwrap();
    let refused = backend.ask(Method::GET, "/v1/sources", key).await;
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn a_source_is_changed_as_it_was_shown_and_what_is_not_said_stays() {
    let backend = Backend::start().await;
    let (_, mut site) = backend.get("/v1/sources/site").await;
    assert_eq!(
        (&site["kind"], &site["created_at"]),
        (&json!("browser"), &Value::Null)
    );
    site["settings"]["currency"] = json!("eur");
    let (status, changed) = backend.tell(Method::PUT, "/v1/sources/site", &site).await;
    assert_eq!((status, &changed), (200, &site));
    let renamed = json!({"name": "Shop"});
    let (status, changed) = backend
        .tell(Method::PUT, "/v1/sources/site", &renamed)
        .await;
    site["name"] = json!("Shop");
    assert_eq!((status, &changed), (200, &site));
    assert_eq!(backend.get("/v1/sources/site").await, (200, site));
}

#[tokio::test]
async fn a_source_that_is_made_again_under_one_name_after_a_lost_answer_is_one_with_one_key() {
    let backend = Backend::start().await;
    let wanted = json!({"name": "Backend"});
    let make = async |name: &'static str| {
        backend
            .tell_as(Method::POST, "/v1/sources", &wanted, Some(name))
            .await
    };
    let (status, made) = make("deploy-7").await;
    assert_eq!(status, 201);
    assert_eq!(make("deploy-7").await, (201, made.clone()));
    let (_, other) = make("deploy-8").await;
    assert_ne!(other["source_id"], made["source_id"]);
    assert_ne!(other["write_key"], made["write_key"]);
    let id = made["source_id"].as_str().unwrap();
    assert_eq!(
        backend.source_of(&made["write_key"]).await.as_deref(),
        Some(id)
    );
    let (_, list) = backend.get("/v1/sources").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 3);
    let (status, refused) = make("").await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (400, &json!("bad_idempotency_key"))
    );

    // Deleted, it is made anew.
    let target = format!("/v1/sources/{id}");
    backend.tell(Method::DELETE, &target, &json!({})).await;
    assert_eq!(make("deploy-7").await.1["write_key"], made["write_key"]);
    assert_eq!(
        backend.source_of(&made["write_key"]).await.as_deref(),
        Some(id)
    );
}

#[tokio::test]
async fn a_deleted_source_is_gone_with_its_keys_and_may_be_deleted_again() {
    let backend = Backend::start().await;
    let wanted = json!({"name": "Backend"});
    let (_, made) = backend.tell(Method::POST, "/v1/sources", &wanted).await;
    let (_, kept) = backend.tell(Method::POST, "/v1/sources", &wanted).await;
    let id = made["source_id"].as_str().unwrap();
    let target = format!("/v1/sources/{id}");
    let keys = format!("{target}/keys");
    let (_, newer) = backend.tell(Method::POST, &keys, &json!({})).await;
    for _ in 0..2 {
        let deleted = backend.tell(Method::DELETE, &target, &json!({})).await;
        assert_eq!(deleted, (200, json!({"source_id": id, "deleted": true})));
        assert_eq!(backend.get(&target).await.0, 404);
        for key in [&made["write_key"], &newer["write_key"]] {
            assert_eq!(backend.source_of(key).await, None);
        }
    }
    assert!(backend.source_of(&kept["write_key"]).await.is_some());
    let site = backend
        .tell(Method::DELETE, "/v1/sources/site", &Value::Null)
        .await;
    let (status, refused) = site;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (409, &json!("site_stays"))
    );
    assert_eq!(backend.get("/v1/sources/site").await.0, 200);
}

#[tokio::test]
async fn a_new_key_is_another_of_the_same_source() {
    let backend = Backend::start().await;
    let (_, made) = backend
        .tell(Method::POST, "/v1/sources", &json!({"name": "Backend"}))
        .await;
    let id = made["source_id"].as_str().unwrap();
    let target = format!("/v1/sources/{id}/keys");
    let (status, new) = backend.tell(Method::POST, &target, &json!({})).await;
    assert_eq!(status, 201);
    assert_ne!(new["write_key"], made["write_key"]);
    for key in [&new["write_key"], &made["write_key"]] {
        assert_eq!(backend.source_of(key).await.as_deref(), Some(id));
    }
    let (status, refused) = backend
        .tell(Method::POST, "/v1/sources/site/keys", &json!({}))
        .await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (409, &json!("write_key"))
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_source_is_said() {
    let backend = Backend::start().await;
    let (post, put) = (Method::POST, Method::PUT);
    for (method, target, body, status, code) in [
        (&post, "/v1/sources", json!({}), 400, "missing_name"),
        (&post, "/v1/sources", json!({"name": " "}), 400, "bad_name"),
        (
            &post,
            "/v1/sources",
            json!({"name": "x".repeat(101)}),
            400,
            "bad_name",
        ),
        (&post, "/v1/sources", json!([]), 400, "malformed_source"),
        (
            &post,
            "/v1/sources",
            json!({"name": "A", "kind": "lambda"}),
            400,
            "malformed_source",
        ),
        (
            &post,
            "/v1/sources",
            json!({"name": "A", "workspace_id": "other"}),
            400,
            "unknown_workspace",
        ),
        (
            &post,
            "/v1/sources",
            json!({"name": "A", "settings": {"nestd": "drop"}}),
            400,
            "bad_settings",
        ),
        (
            &post,
            "/v1/sources",
            json!({"name": "A", "settings": 7}),
            400,
            "bad_settings",
        ),
        (
            &put,
            "/v1/sources/site",
            json!({"kind": "server"}),
            400,
            "kind_is_fixed",
        ),
        (
            &put,
            "/v1/sources/site",
            json!({"settings": {"wait_seconds": -1}}),
            400,
            "bad_settings",
        ),
        (&put, "/v1/sources/none", json!({}), 404, "unknown_source"),
        (
            &post,
            "/v1/sources/none/keys",
            json!({}),
            404,
            "unknown_source",
        ),
        (
            &post,
            "/v1/sources/site",
            json!({}),
            405,
            "method_not_allowed",
        ),
    ] {
        let (found, answer) = backend.tell(method.clone(), target, &body).await;
        assert_eq!(
            (found, &answer["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    }
    let (_, list) = backend.get("/v1/sources").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}
