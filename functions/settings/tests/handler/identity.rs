//! What visitors' names are signed with, on the page.

use lambda_http::http::StatusCode;

use crate::fixture::{Answer, Browser, Fixture, PAGE};

/// Sends these fields with the token of the section's forms.
async fn send(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let mut form = browser.get(PAGE).await.form("identity", &[]);
    form.retain(|(name, _)| name == "csrf");
    let fields = fields.iter();
    form.extend(fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post("identity", &form, &[]).await
}

/// The value of a hidden field that only some forms have.
fn value_of(page: &str, field: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!(r#"name="{field}" value=""#))?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The identity key that the page shows.
fn key_of(page: &str) -> String {
    let (_, rest) = page.split_once("rk_identity_").unwrap();
    format!("rk_identity_{}", rest.split_once('<').unwrap().0)
}

#[tokio::test]
async fn secrets_are_pasted_listed_without_being_shown_and_removed() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    for (platform, secret) in [("web", " web-secret-1234 "), ("ios", "ios-secret-5678")] {
        let fields = [
            ("change", "add"),
            ("platform", platform),
            ("secret", secret),
        ];
        let answer = send(&mut browser, &fields).await;
        assert_eq!(
            answer.location,
            format!("{PAGE}?done=identity-secret-added")
        );
    }
    let page = browser.get(PAGE).await.body;
    for text in [
        "••••••••1234",
        "••••••••5678",
        "<strong>iOS</strong>",
        "Added on Nov 20, 2026",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("web-secret") && !page.contains("ios-secret"));

    // The newest stands first.
    let id = value_of(&page, "id").unwrap();
    for _ in 0..2 {
        let removed = send(&mut browser, &[("change", "remove"), ("id", &id)]).await;
        assert_eq!(
            removed.location,
            format!("{PAGE}?done=identity-secret-removed")
        );
    }
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("••••••••1234") && !page.contains("••••••••5678"));
}

#[tokio::test]
async fn what_is_no_secret_and_one_too_many_changes_nothing() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    let fields = [
        ("change", "add"),
        ("platform", "web"),
        ("secret", "two words here"),
    ];
    let answer = send(&mut browser, &fields).await;
    assert_eq!(answer.location, format!("{PAGE}?done=no-identity-secret"));
    for fields in [
        &[("change", "nonsense")][..],
        &[("change", "remove")],
        &[
            ("change", "add"),
            ("platform", "tv"),
            ("secret", "web-secret-1234"),
        ],
    ] {
        let answer = send(&mut browser, fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
    }
    for number in 0..store::MAX_MESSENGER_SECRETS {
        let secret = format!("web-secret-{number}");
        let fields = [("change", "add"), ("platform", "web"), ("secret", &secret)];
        send(&mut browser, &fields).await;
    }
    let fields = [
        ("change", "add"),
        ("platform", "web"),
        ("secret", "one-too-many"),
    ];
    let answer = send(&mut browser, &fields).await;
    assert_eq!(
        answer.location,
        format!("{PAGE}?done=too-many-identity-secrets")
    );
}

#[tokio::test]
async fn the_identity_key_is_made_shown_and_replaced_once() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    let page = browser.get(PAGE).await.body;
    assert!(!page.contains("rk_identity_"), "looking makes none");
    let empty = [("change", "replace-key"), ("replaces", "")];
    let answer = send(&mut browser, &empty).await;
    assert_eq!(answer.location, format!("{PAGE}?done=identity-key-made"));
    let page = browser.get(PAGE).await.body;
    let first = key_of(&page);

    let secrets = fixture.state.store.of(&acme.organization);
    let secrets = secrets.identity_verification().read(fixture.now()).await;
    let id = secrets.unwrap().keys[0].id.clone();
    let replace = [("change", "replace-key"), ("replaces", id.as_str())];
    for done in ["identity-key-made", "key-replaced-meanwhile"] {
        let answer = send(&mut browser, &replace).await;
        assert_eq!(answer.location, format!("{PAGE}?done={done}"));
    }
    let page = browser.get(PAGE).await.body;
    assert_ne!(key_of(&page), first);
    assert!(page.contains("stops working on Nov 21, 2026"));
    assert!(!page.contains(&first));
}

#[tokio::test]
async fn signatures_can_be_required_and_other_preferences_leave_that_alone() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let secret = fixture.first_keys(&acme).await;
    let mut browser = fixture.signed_in(&acme).await;
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("There is nothing to sign with yet"));
    let store = &fixture.state.store;
    let required = async || {
        let grant = store.authenticate(secret.expose(), fixture.now()).await;
        grant.unwrap().unwrap().require_signatures
    };
    let require = [("change", "require"), ("require_signatures", "yes")];
    let answer = send(&mut browser, &require).await;
    assert_eq!(answer.location, format!("{PAGE}?done=preferences-saved"));
    assert!(required().await);
    browser.submit("preferences", &[]).await;
    assert!(required().await);
    send(&mut browser, &[("change", "require")]).await;
    assert!(!required().await);
    fixture.stack.queues.drain();
}

#[tokio::test]
async fn nobody_sees_or_changes_another_organizations_secrets() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let rival = fixture.connect("zzzz9999", "Rival", "Mallory").await;
    let mut browser = fixture.signed_in(&acme).await;
    let fields = [
        ("change", "add"),
        ("platform", "web"),
        ("secret", "web-secret-1234"),
    ];
    send(&mut browser, &fields).await;
    let page = browser.get(PAGE).await.body;
    let id = value_of(&page, "id").unwrap();

    let mut stranger = fixture.signed_in(&rival).await;
    let page = stranger.get(PAGE).await.body;
    assert!(!page.contains("••••••••1234") && !page.contains(&id));
    send(&mut stranger, &[("change", "remove"), ("id", &id)]).await;
    assert!(browser.get(PAGE).await.body.contains("••••••••1234"));
}
