//! Sources are made, set up and watched.

use identity::{SourceId, WorkspaceId};
use lambda_http::http::StatusCode;
use outbox::{Accepted, Became, EventType, HoldReason, Keys, Outcome, Trust};
use serde_json::Value;
use store::{Connection, KeyScope, SourceKind};
use test_support::QueueName;

use crate::fixture::{Browser, Fixture};

const SOURCES: &str = "/settings/sources";
const SITE: &str = "/settings/sources/site";

impl Fixture {
    /// An event of the source `site` that came to this outcome.
    async fn delivered(&self, connection: &Connection, message_id: &str, outcome: Outcome) {
        let outbox = self.state.outbox.of(&connection.organization);
        let (workspace, now): (&WorkspaceId, _) = (&connection.workspace, self.now());
        let lane = outbox.lane(&Keys {
            user_id: Some("42"),
            email: None,
            anonymous_id: None,
            message_id,
        });
        let event = Accepted {
            source: &SourceId::site(),
            trust: Trust::Claimed,
            event_type: EventType::Track,
            message_id,
            lane: &lane,
            timestamp: now,
            body: b"{}",
        };
        outbox.accept(workspace, &[event], now).await.unwrap();
        let run = outbox.read_lane(workspace, &lane, 10, now).await.unwrap();
        let became = Became {
            outcome,
            reason: Some("refused_422:data_invalid".to_owned()),
            warnings: vec!["conflict".to_owned()],
            calls: Vec::new(),
        };
        let became: Vec<_> = run.events.iter().map(|it| (it, became.clone())).collect();
        outbox.note(workspace, &lane, &became, now).await.unwrap();
    }
}

async fn acme(fixture: &Fixture) -> (Connection, Browser<'_>) {
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    fixture.first_keys(&connection).await;
    let browser = fixture.signed_in(&connection).await;
    (connection, browser)
}

#[tokio::test]
async fn a_source_is_made_once_with_a_key_that_is_shown_once() {
    let fixture = Fixture::start().await;
    let (connection, mut browser) = acme(&fixture).await;
    let form = browser.get(SOURCES).await;
    let mut form = form.form_to("/settings/sources/create").unwrap();
    for (name, value) in [("name", "Backend <1>"), ("kind", "server")] {
        form.push((name.to_owned(), value.to_owned()));
    }
    let made = browser.post_to("/settings/sources/create", &form).await;
    assert_eq!(made.status, StatusCode::OK);
    assert!(made.body.contains("Backend &#60;1&#62;"), "escaped");
    let key = made.body.split(r#"id="the-new-key""#).nth(1).unwrap();
    let key = key
        .split('>')
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap()
        .to_owned();
    let grant = fixture.state.store.authenticate(&key, fixture.now()).await;
    let grant = grant.unwrap().unwrap();
    assert_eq!(grant.scope, KeyScope::Source);

    let again = browser.post_to("/settings/sources/create", &form).await;
    let id = grant.source.unwrap();
    assert_eq!(again.location, format!("{SOURCES}/{id}?done=made-already"));
    let page = browser.get(&again.location).await.body;
    assert!(!page.contains(&key) && page.contains("had been made already"));
    let store = fixture.state.store.of(&connection.organization);
    let sources = store.sources().list().await.unwrap();
    let kinds: Vec<_> = sources.iter().map(|source| source.kind).collect();
    assert_eq!(kinds, [SourceKind::Browser, SourceKind::Server]);

    let path = format!("{SOURCES}/{id}");
    let replaced = browser.submit_to(&path, &format!("{path}/key"), &[]).await;
    assert!(replaced.body.contains("shown this once") && !replaced.body.contains(&key));
    let unnamed = browser
        .submit_to(
            SOURCES,
            "/settings/sources/create",
            &[("name", " "), ("kind", "server")],
        )
        .await;
    assert_eq!(unnamed.location, format!("{SOURCES}?done=no-name"));
}

#[tokio::test]
async fn a_source_is_deleted_with_its_key_and_the_site_cannot_be() {
    let fixture = Fixture::start().await;
    let (connection, mut browser) = acme(&fixture).await;
    let filled = [("name", "Backend"), ("kind", "server")];
    let create = "/settings/sources/create";
    browser.submit_to(SOURCES, create, &filled).await;
    let store = fixture.state.store.of(&connection.organization);
    let made = store.sources().list().await.unwrap().pop().unwrap();
    let path = format!("{SOURCES}/{}", made.id);
    let delete = format!("{path}/delete");
    let deleted = browser.submit_to(&path, &delete, &[]).await;
    assert_eq!(deleted.location, format!("{SOURCES}?done=deleted"));
    assert_eq!(store.sources().get(&made.id).await.unwrap(), None);
    let keys = store.api_keys().list(fixture.now()).await.unwrap();
    assert!(keys.iter().all(|key| key.source.is_none()));
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);

    let site = browser.get(SITE).await;
    assert!(site.form_to(&format!("{SITE}/delete")).is_none());
}

#[tokio::test]
async fn settings_are_saved_whole_or_shown_again_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    let (connection, mut browser) = acme(&fixture).await;
    let target = format!("{SITE}/settings");
    let filled = [
        ("name", "Shop"),
        ("currency", "eur"),
        ("deny", " Page Left \n\nScrolled"),
        ("include_context", "yes"),
        ("nested", "flatten"),
        ("wait_seconds", "60"),
    ];
    let saved = browser.submit_to(SITE, &target, &filled).await;
    assert_eq!(saved.location, format!("{SITE}?done=saved"));
    let store = fixture.state.store.of(&connection.organization);
    let source = store
        .sources()
        .get(&SourceId::site())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(source.name, "Shop");
    let settings = tracking::SourceSettings::parse(&source.settings).unwrap();
    assert_eq!(
        (settings.currency.as_str(), settings.wait_seconds),
        ("eur", 60)
    );
    assert_eq!(settings.events.deny, ["Page Left", "Scrolled"]);
    assert_eq!(settings.events.allow, None);
    assert!(settings.include_context && !settings.update_last_seen);

    for (name, value, said) in [
        ("currency", "euro", "It must be three letters."),
        ("wait_seconds", "a minute", "It must be 0 to 86400 seconds."),
        ("wait_seconds", "86401", "It must be 0 to 86400 seconds."),
        ("name", "", "A name of 1 to 100 characters."),
    ] {
        let refused = browser.submit_to(SITE, &target, &[(name, value)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.body.contains(said), "{name}: {said}");
        assert!(refused.body.contains("Nothing was saved"), "{name}");
    }
    let after = store
        .sources()
        .get(&SourceId::site())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after, source);
}

#[tokio::test]
async fn what_failed_shows_with_its_reason_and_is_sent_again() {
    let fixture = Fixture::start().await;
    let (connection, mut browser) = acme(&fixture).await;
    fixture
        .delivered(&connection, "m-sent", Outcome::Sent)
        .await;
    fixture
        .delivered(&connection, "m-<failed>", Outcome::Failed)
        .await;
    let page = browser.get(SITE).await.body;
    assert!(page.contains("m-&#60;failed&#62;") && page.contains("m-sent"));
    assert!(page.contains("status 422, data_invalid"));
    assert!(page.contains("belong to two contacts"));
    let failed = browser
        .get(&format!("{SITE}/log?outcome=failed"))
        .await
        .body;
    let failed: Value = serde_json::from_str(&failed).unwrap();
    let failed = failed["html"].as_str().unwrap();
    assert!(!failed.contains("m-sent") && failed.contains("Send again"));

    let target = format!("{SITE}/resend");
    let sent = browser
        .submit_to(SITE, &target, &[("message_id", "m-<failed>")])
        .await;
    assert_eq!(sent.location, format!("{SITE}?done=sent-again"));
    assert_eq!(fixture.stack.queues.take(QueueName::Deliver).len(), 1);
    let form = browser.get(SITE).await.form_to(&target);
    assert_eq!(form, None, "what waits is not sent again");
}

#[tokio::test]
async fn what_holds_a_workspace_is_said_on_every_page() {
    let fixture = Fixture::start().await;
    let (connection, mut browser) = acme(&fixture).await;
    let outbox = fixture.state.outbox.of(&connection.organization);
    let held = (HoldReason::IpNotAllowed, connection.epoch);
    outbox
        .hold_workspace(&connection.workspace, held, fixture.now())
        .await
        .unwrap();
    for page in [SOURCES, SITE] {
        let body = browser.get(page).await.body;
        assert!(body.contains("IP allowlist"), "{page}");
    }
}

#[tokio::test]
async fn nobody_else_sees_or_changes_anything() {
    let fixture = Fixture::start().await;
    let (_, mut browser) = acme(&fixture).await;
    let form = browser.get(SITE).await.form_to(&format!("{SITE}/settings"));
    let rival = fixture.connect("rival", "Rival", "Rita").await;
    let mut other = fixture.signed_in(&rival).await;
    let target = format!("{SITE}/settings");
    let stale = other.post_to(&target, &form.unwrap()).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    let mut stranger = fixture.another_browser([9; 32]);
    assert_eq!(
        stranger.get(&format!("{SITE}/log")).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert!(stranger.get(SITE).await.body.contains("Sign in"));
    assert_eq!(
        stranger.post_to(&target, &[]).await.status,
        StatusCode::UNAUTHORIZED
    );
    for unknown in ["/settings/sources/src_0", "/settings/sources/site/other"] {
        assert_eq!(browser.get(unknown).await.status, StatusCode::NOT_FOUND);
    }
}
