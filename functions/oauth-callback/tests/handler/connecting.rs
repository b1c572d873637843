//! What happens when all goes well.

use intercom::fake::Fault;
use jiff::SignedDuration;
use lambda_http::http::Method;
use lambda_http::http::header::SET_COOKIE;
use pages::signed::Signer;
use serde_json::{Value, json};
use store::{ConnectionStatus, Installer, KeyScope};
use test_support::TOKEN;

use crate::fixture::{CODE, EXCHANGE, Fixture, SETTINGS, acme, location, text};

#[tokio::test]
async fn the_browser_is_sent_to_intercom_with_a_state_of_its_own() {
    let fixture = Fixture::start().await;
    let before = fixture.rows().await;
    let response = fixture.get("/install", None).await;
    let url = location(&response);
    assert!(
        url.starts_with("https://app.intercom.com/oauth?client_id=the-client-id&state="),
        "{url}"
    );
    let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
    for attribute in [
        "Path=/oauth",
        "Max-Age=600",
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
    ] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let (one, other) = (
        fixture.begin("/install").await,
        fixture.begin("/install").await,
    );
    assert_ne!(one.state, other.state);
    assert_eq!(fixture.rows().await, before, "nothing is written for it");
}

#[tokio::test]
async fn a_workspace_is_connected_and_its_admin_led_to_the_settings() {
    let fixture = Fixture::start().await;
    let response = fixture.connect().await;
    assert!(location(&response).starts_with(&format!("{SETTINGS}?handover=")));
    let mut cookies = response.headers().get_all(SET_COOKIE).iter();
    let known = cookies.next().unwrap().to_str().unwrap();
    assert!(known.starts_with("__Host-recapt_browser="), "{known}");
    let cookie = cookies.next().unwrap().to_str().unwrap();
    assert!(
        cookie.starts_with("__Secure-recapt_oauth=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );

    let connection = fixture.connection().await.unwrap();
    assert_eq!(connection.status, ConnectionStatus::Connected);
    assert_eq!(connection.workspace_name, "Acme & Sons");
    assert_eq!(
        (connection.region.as_str(), connection.timezone.as_str()),
        ("EU", "Europe/Dublin")
    );
    let ada = Installer {
        admin_id: "2633609".to_owned(),
        name: "Ada".to_owned(),
    };
    assert_eq!(connection.connected_by, Some(ada.clone()));
    let token = fixture
        .state
        .store
        .connections()
        .token(&connection)
        .await
        .unwrap();
    assert_eq!(token.unwrap().expose(), TOKEN);

    let handover = fixture.handover(&response).await;
    assert_eq!(
        (handover.installer, handover.epoch),
        (ada, connection.epoch)
    );
    let key = handover.first_secret_key.unwrap();
    let grant = fixture
        .state
        .store
        .authenticate(key.expose(), fixture.now());
    let grant = grant.await.unwrap().unwrap();
    assert_eq!(
        (grant.organization, grant.scope),
        (connection.organization, KeyScope::Secret)
    );
}

#[tokio::test]
async fn a_reinstall_replaces_the_token_and_keeps_organization_and_keys() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    let first = fixture.connection().await.unwrap();
    let keys = fixture
        .state
        .store
        .of(&first.organization)
        .api_keys()
        .list(fixture.now());
    let keys = keys.await.unwrap().len();

    fixture.stack.intercom.give("another");
    let response = fixture.connect().await;
    assert_eq!(fixture.handover(&response).await.first_secret_key, None);
    let second = fixture.connection().await.unwrap();
    assert_eq!(second.organization, first.organization);
    assert!(second.epoch > first.epoch);
    let token = fixture
        .state
        .store
        .connections()
        .token(&second)
        .await
        .unwrap();
    assert_eq!(token.unwrap().expose(), "another");
    let kept = fixture
        .state
        .store
        .of(&second.organization)
        .api_keys()
        .list(fixture.now());
    assert_eq!(kept.await.unwrap().len(), keys);
}

#[tokio::test]
async fn a_code_reaches_intercom_verbatim_with_its_trailing_equals_signs() {
    let fixture = Fixture::start().await;
    for code in ["dG9r+/a==", "dG9r%2B%2Fa%3D%3D"] {
        let attempt = fixture.begin("/install").await;
        let path = format!("/oauth/callback?code={code}&state={}", attempt.state);
        fixture.get(&path, Some(&attempt.cookie)).await;
        let call = fixture.stack.intercom.calls_of(EXCHANGE).pop().unwrap();
        let sent = url::form_urlencoded::parse(call.body()).find(|(name, _)| name == "code");
        assert_eq!(sent.unwrap().1, "dG9r+/a==", "{code}");
    }
}

#[tokio::test]
async fn an_installation_from_the_app_store_ends_there() {
    let fixture = Fixture::start().await;
    let attempt = fixture.begin("/install?source=appstore").await;
    assert_eq!(
        location(&fixture.finish(&attempt).await),
        "https://app.intercom.com/appstore/redirect?install_success=true"
    );
    assert!(fixture.connection().await.is_some());

    let attempt = fixture.begin("/install?source=appstore").await;
    let denied = format!(
        "/oauth/callback?error=access_denied&state={}",
        attempt.state
    );
    let url = location(&fixture.get(&denied, Some(&attempt.cookie)).await);
    let failed = "https://app.intercom.com/appstore/redirect?install_success=false&error_message=";
    assert!(url.starts_with(failed), "{url}");
}

#[tokio::test]
async fn the_browser_returns_to_the_page_that_signed_where_it_is() {
    let mut fixture = Fixture::start().await;
    let page = "https://settings.example/settings/integrations/intercom";
    let secrets = fixture.state.secrets.current(fixture.now()).await;
    let ends = fixture.now() + SignedDuration::from_hours(1);
    let signed = Signer::of(&secrets)
        .unwrap()
        .sign("return_to", &page, ends)
        .unwrap();
    fixture.state.settings = None;

    let attempt = fixture.begin(&format!("/install?return_to={signed}")).await;
    let url = location(&fixture.finish(&attempt).await);
    assert!(url.starts_with(&format!("{page}?handover=")), "{url}");

    let denied = fixture.begin(&format!("/install?return_to={signed}")).await;
    let page = fixture.get("/oauth/callback", Some(&denied.cookie)).await;
    assert!(text(&page).contains("href=\"/install?return_to="));
}

#[tokio::test]
async fn a_sign_in_by_the_same_admin_is_no_new_connection() {
    let fixture = Fixture::start().await;
    let first = fixture.connect().await;
    assert!(fixture.handover(&first).await.is_new);
    let connected_at = fixture.connection().await.unwrap().connected_at;
    fixture.stack.clock.advance(SignedDuration::from_hours(1));
    let second = fixture.connect().await;
    assert!(!fixture.handover(&second).await.is_new);
    let connection = fixture.connection().await.unwrap();
    assert_eq!(connection.connected_at, connected_at);

    let connections = fixture.state.store.connections();
    let gone = connections.disconnect(&connection.workspace, None).await;
    gone.unwrap();
    let third = fixture.connect().await;
    assert!(fixture.handover(&third).await.is_new);
}

#[tokio::test]
async fn a_sign_in_carries_on_what_the_browser_wanted_and_which_browser_it_is() {
    let fixture = Fixture::start().await;
    let secrets = fixture.state.secrets.current(fixture.now()).await;
    let signer = Signer::of(&secrets).unwrap();
    let ends = fixture.now() + SignedDuration::from_hours(1);
    let page = "https://settings.example/settings/integrations/intercom";
    let back = signer.sign("return_to", &page, ends).unwrap();
    let wanted = pages::return_to::sign_wanted(&signer, "/sessions/s1", ends).unwrap();
    let digest = "a".repeat(64);
    for (query, expected, is_named) in [
        (format!("wanted={wanted}"), Some("/sessions/s1"), false),
        ("wanted=/sessions/s1".to_owned(), None, false),
        (format!("browser={digest}"), None, false),
        (format!("return_to={back}&browser={digest}"), None, true),
    ] {
        let attempt = fixture.begin(&format!("/install?{query}")).await;
        let handover = fixture.handover(&fixture.finish(&attempt).await).await;
        assert_eq!(handover.wanted.as_deref(), expected, "{query}");
        assert_eq!(handover.browser == digest, is_named, "{query}");
        assert_eq!(handover.browser.len(), 64);
    }
}

#[tokio::test]
async fn nobody_else_chooses_where_a_browser_ends() {
    let fixture = Fixture::start().await;
    let secrets = fixture.state.secrets.current(fixture.now()).await;
    let signer = Signer::of(&secrets).unwrap();
    let evil = "https://evil.example/";
    let ends = fixture.now() + SignedDuration::from_hours(1);
    let old = fixture.now() - SignedDuration::from_secs(1);
    for signed in [
        evil.to_owned(),
        format!("{evil}.AAAA"),
        signer.sign("another purpose", &evil, ends).unwrap(),
        signer.sign("return_to", &evil, old).unwrap(),
    ] {
        let attempt = fixture.begin(&format!("/install?return_to={signed}")).await;
        let url = location(&fixture.finish(&attempt).await);
        assert!(url.starts_with(SETTINGS), "{url}");
    }
}

#[tokio::test]
async fn where_no_settings_page_is_known_a_page_says_that_it_worked() {
    let mut fixture = Fixture::start().await;
    fixture.state.settings = None;
    let mut hostile = acme().me();
    hostile["app"]["name"] = "<script>alert(1)</script>".into();
    fixture.intercom_fails("/me", Fault::json(200, &hostile));
    let response = fixture.connect().await;
    assert_eq!(response.status(), 200);
    let page = text(&response);
    assert!(
        page.contains("is connected") && !page.contains("<script"),
        "{page}"
    );
}

#[tokio::test]
async fn what_intercom_leaves_out_has_a_stand_in() {
    let fixture = Fixture::start().await;
    let mut sparse = acme().me();
    sparse["name"] = Value::Null;
    sparse["app"] = json!({ "id_code": "acme" });
    fixture.intercom_fails("/me", Fault::json(200, &sparse));
    fixture.connect().await;
    let connection = fixture.connection().await.unwrap();
    assert_eq!(connection.workspace_name, "acme");
    assert_eq!(
        (connection.region.as_str(), connection.timezone.as_str()),
        ("US", "UTC")
    );
}

#[tokio::test]
async fn whoever_only_asks_what_is_behind_the_link_back_spends_nothing() {
    let fixture = Fixture::start().await;
    let attempt = fixture.begin("/install").await;
    let back = format!("/oauth/callback?code={CODE}&state={}", attempt.state);
    let head = fixture.ask(Method::HEAD, &back, Some(&attempt.cookie));
    let head = head.await;
    assert_eq!((head.status().as_u16(), head.body().len()), (200, 0));
    assert!(head.headers().get(SET_COOKIE).is_none());
    assert_eq!(fixture.connection().await, None);
    let response = fixture.finish(&attempt).await;
    assert!(location(&response).starts_with(&format!("{SETTINGS}?handover=")));
}

#[tokio::test]
async fn there_is_nothing_else() {
    let fixture = Fixture::start().await;
    for path in ["/", "/oauth", "/oauth/callback/x", "/install/x"] {
        assert_eq!(fixture.get(path, None).await.status(), 404, "{path}");
    }
}
