//! What is sent, and what is read of answers that are as they should be.

use axum::body::Bytes;
use intercom::Region;
use intercom::fake::{Call, Fault, error_list};
use intercom::installation::{Health, Problem};
use intercom::oauth::{AccessToken, App, Callback};
use intercom::rest::Request;
use serde_json::{Value, json};

use crate::fixture::Fixture;

fn token() -> AccessToken {
    AccessToken::parse("dG9rOmFiY2Q=").unwrap()
}

/// How and where it was asked.
fn target(call: &Call) -> (&str, &str) {
    (call.method().as_str(), call.path())
}

#[tokio::test]
async fn a_code_is_exchanged_verbatim() {
    let answers = [
        json!({ "token_type": "Bearer", "token": "dG9r", "access_token": "dG9r" }),
        json!({ "token": "dG9r" }),
    ];
    let fixture = Fixture::answering(answers.iter().map(|answer| Fault::json(200, answer))).await;
    let app = App::new("client & id", "s3cr=t").unwrap();
    let code = Callback::parse("code=a+/b%3D==").code.unwrap();
    for _ in &answers {
        let token = fixture.client().exchange(&app, &code).await.unwrap();
        assert_eq!(token.expose(), "dG9r");
    }
    let asked = &fixture.intercom.calls()[0];
    assert_eq!(target(asked), ("POST", "/auth/eagle/token"));
    assert_eq!(
        asked.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(asked.header("authorization"), None);
    let form: Vec<_> = url::form_urlencoded::parse(asked.body())
        .into_owned()
        .collect();
    let expected = [
        ("code", "a+/b==="),
        ("client_id", "client & id"),
        ("client_secret", "s3cr=t"),
    ];
    assert_eq!(
        form,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn every_call_says_who_asks_and_in_which_version() {
    let fixture = Fixture::answering((0..2).map(|_| Fault::json(200, &json!({ "id": 1 })))).await;
    let client = fixture.client();
    client.me(Region::Us, &token()).await.ok().unwrap();
    client.uninstall(Region::Eu, &token()).await.unwrap();
    for asked in fixture.intercom.calls() {
        assert_eq!(asked.header("accept"), Some("application/json"));
        assert_eq!(asked.header("intercom-version"), Some("2.15"));
        assert_eq!(asked.header("authorization"), Some("Bearer dG9rOmFiY2Q="));
        assert!(
            asked
                .header("user-agent")
                .unwrap()
                .starts_with("recapt-intercom/")
        );
    }
}

#[tokio::test]
async fn the_admin_and_the_workspace_are_read_in_every_shape() {
    let full = json!({
        "type": "admin", "id": 2_633_609, "email": "o&#39;hara@example.com", "name": "O&#39;Hara", "email_verified": true,
        "app": { "type": "app", "id_code": "abcd1234", "name": "Acme &amp; Co", "created_at": "1661876617", "secure": true,
                 "timezone": "Europe/Dublin", "region": "Europe" },
    });
    let thin = json!({ "id": "1", "email": "a@b.c", "email_verified": null, "app": null, "team_ids": null });
    let nameless = json!({ "id": "1", "email": "a@b.c", "app": { "name": "no id" } });
    let answers = [&full, &thin, &nameless].map(|answer| Fault::json(200, answer));
    let fixture = Fixture::answering(answers).await;
    let client = fixture.client();

    let me = client.me(Region::Us, &token()).await.ok().unwrap();
    assert_eq!(me.admin.id, "2633609");
    assert_eq!(me.admin.name.as_deref(), Some("O'Hara"));
    assert_eq!(me.admin.verified_email(), Some("o'hara@example.com"));
    let workspace = me.workspace.unwrap();
    assert_eq!(workspace.id, "abcd1234");
    assert_eq!(workspace.name.as_deref(), Some("Acme & Co"));
    assert_eq!(workspace.region, Region::Eu);
    assert_eq!(workspace.timezone.as_deref(), Some("Europe/Dublin"));
    assert_eq!(workspace.created_at.unwrap().as_second(), 1_661_876_617);

    for _ in [thin, nameless] {
        let me = client.me(Region::Us, &token()).await.ok().unwrap();
        assert!(me.workspace.is_none());
        assert_eq!(me.admin.email.as_deref(), Some("a@b.c"));
        assert_eq!(
            me.admin.verified_email(),
            None,
            "nobody said that it is verified"
        );
    }
}

#[tokio::test]
async fn uninstalling_twice_is_uninstalling() {
    let gone = Fault::json(401, &error_list("token_revoked", "of ada@example.com"));
    let fixture = Fixture::answering([
        Fault::text(200, ""),
        gone,
        Fault::json(403, &error_list("forbidden", "of ada@example.com")),
    ])
    .await;
    let client = fixture.client();
    assert!(client.uninstall(Region::Us, &token()).await.is_ok());
    assert!(client.uninstall(Region::Us, &token()).await.is_ok());
    assert!(client.uninstall(Region::Us, &token()).await.is_err());
    let asked = &fixture.intercom.calls()[0];
    assert_eq!(target(asked), ("POST", "/auth/uninstall"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert!(asked.body().is_empty());
}

#[tokio::test]
async fn health_is_pushed_as_it_is_answered() {
    let fixture = Fixture::answering([Fault::text(200, "")]).await;
    let health = Health::Unhealthy(Problem::new("Reconnect.").reinstall());
    fixture
        .client()
        .push_health(Region::Us, &token(), &health)
        .await
        .unwrap();
    let asked = &fixture.intercom.calls()[0];
    assert_eq!(target(asked), ("POST", "/app_install/status"));
    assert_eq!(
        serde_json::from_slice::<Value>(asked.body()).unwrap(),
        json!(health)
    );
}

#[tokio::test]
async fn an_id_from_outside_leads_nowhere_else() {
    let fixture = Fixture::answering([Fault::json(200, &json!({}))]).await;
    let request = Request::get("read a contact", ["contacts", "../me?x#y"])
        .query("starting_after", "a=&b")
        .token(&token());
    fixture
        .client()
        .send(Region::Us, &request)
        .await
        .ok()
        .unwrap();
    let asked = fixture.intercom.calls();
    assert_eq!(
        asked[0].request.uri(),
        "/contacts/..%2Fme%3Fx%23y?starting_after=a%3D%26b"
    );
}

#[tokio::test]
async fn an_answer_tells_how_much_may_still_be_asked() {
    let fixture = Fixture::answering([Fault::Answer(
        axum::http::Response::builder()
            .header("X-RateLimit-Limit", "1666")
            .header("X-RateLimit-Remaining", "12")
            .header("X-RateLimit-Reset", "1795176007")
            .body(Bytes::from_static(b"{}"))
            .unwrap(),
    )])
    .await;
    let request = Request::get("read", ["me"]);
    let limit = fixture
        .client()
        .send(Region::Us, &request)
        .await
        .ok()
        .unwrap()
        .rate_limit()
        .unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(1666), Some(12)));
    assert_eq!(limit.reset.as_second(), 1_795_176_007);
}
