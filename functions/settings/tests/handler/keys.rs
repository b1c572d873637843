//! Keys are shown, made and replaced.

use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use store::KeyScope;

use crate::fixture::{Fixture, PAGE};

/// The key that a page shows after these words.
fn key_in<'a>(page: &'a str, prefix: &str) -> Option<&'a str> {
    let start = page.find(prefix)?;
    page[start..].split(['<', '"']).next()
}

#[tokio::test]
async fn the_first_secret_key_is_shown_once() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let secret = fixture.first_keys(&connection).await;
    let link = fixture.handover(&connection, Some(secret.clone())).await;

    let mut browser = fixture.browser();
    let first = browser.get(&link).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.body.matches(secret.expose()).count(), 1);
    assert!(!first.set_cookie.contains(secret.expose()));
    let clear = format!("{:?}", fixture.rows().await).contains(secret.expose());
    assert!(!clear, "stored in clear");

    assert_eq!(browser.get(&link).await.location, PAGE);
    let again = browser.get(PAGE).await.body;
    assert!(!again.contains(secret.expose()));
    let last4 = &secret.expose()[secret.expose().len() - 4..];
    assert!(again.contains(&format!("••••••••{last4}")));
}

#[tokio::test]
async fn a_replaced_key_goes_on_working_for_a_day() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let old = fixture.first_keys(&connection).await;
    let mut browser = fixture.signed_in(&connection).await;
    fixture.state.clock.advance(SignedDuration::from_hours(1));

    let answer = browser.submit("keys", &[("scope", "secret")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    let new = key_in(&answer.body, "rk_secret_").unwrap().to_owned();
    assert_ne!(new, old.expose());
    assert!(
        answer
            .body
            .contains("stops working on Nov 21, 2026 at 1:00PM"),
        "{}",
        answer.body
    );
    let page = browser.get(PAGE).await.body;
    assert_eq!(key_in(&page, "rk_secret_"), None, "shown once");

    let store = &fixture.state.store;
    for (hours, old_works) in [(23, true), (2, false)] {
        fixture
            .state
            .clock
            .advance(SignedDuration::from_hours(hours));
        let now = fixture.now();
        let found = store.authenticate(old.expose(), now).await.unwrap();
        assert_eq!(found.is_some(), old_works);
        let grant = store.authenticate(&new, now).await.unwrap().unwrap();
        assert_eq!(
            (grant.organization, grant.scope),
            (connection.organization.clone(), KeyScope::Secret)
        );
    }
}

#[tokio::test]
async fn a_new_write_key_is_shown_as_long_as_it_is_good() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    fixture.first_keys(&connection).await;
    let mut browser = fixture.signed_in(&connection).await;
    let before = browser.get(PAGE).await.body;
    let old = key_in(&before, "rk_write_").unwrap();

    let answer = browser.submit("keys", &[("scope", "write")]).await;
    assert_eq!(answer.location, format!("{PAGE}?done=write-key-replaced"));
    let after = browser.get(PAGE).await.body;
    let new = key_in(&after, "rk_write_").unwrap();
    assert_ne!(new, old);
    assert!(after.contains(&format!("Authorization: Bearer {new}")) && !after.contains(old));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_key() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    fixture.first_keys(&connection).await;
    let mut browser = fixture.signed_in(&connection).await;
    let form = browser.get(PAGE).await.form("keys", &[("scope", "secret")]);

    assert_eq!(
        browser.post("keys", &form, &[]).await.status,
        StatusCode::OK
    );
    let after_once = fixture.rows().await;
    let again = browser.post("keys", &form, &[]).await;
    assert_eq!(
        again.location,
        format!("{PAGE}?done=key-replaced-meanwhile")
    );
    assert_eq!(fixture.rows().await, after_once);
}

#[tokio::test]
async fn an_organization_without_keys_makes_its_first_here() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    assert!(browser.get(PAGE).await.body.contains("There is none yet."));
    let answer = browser.submit("keys", &[("scope", "secret")]).await;
    assert!(key_in(&answer.body, "rk_secret_").is_some());
}

#[tokio::test]
async fn keys_that_are_replaced_all_day_long_come_to_an_end() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let mut made = 0;
    let refused = loop {
        let answer = browser.submit("keys", &[("scope", "write")]).await;
        if answer.location.ends_with("too-many-keys") || made > 100 {
            break answer;
        }
        made += 1;
    };
    assert!((5..100).contains(&made), "{made} keys");
    let page = browser.get(&refused.location).await.body;
    assert!(page.contains("nothing was changed"), "{page}");

    fixture.state.clock.advance(store::KEY_OVERLAP);
    let mut browser = fixture.signed_in(&connection).await;
    let answer = browser.submit("keys", &[("scope", "write")]).await;
    assert!(
        answer.location.ends_with("write-key-replaced"),
        "a day later"
    );
}

#[tokio::test]
async fn replacing_a_key_asks_first_and_says_until_when_the_old_one_works() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let replace = |name: &str| format!("Replace the {name} key</button>");
    let none = browser.get(PAGE).await.body;
    assert!(!none.contains("Replace the"), "there is nothing to replace");

    fixture.first_keys(&connection).await;
    let page = browser.get(PAGE).await.body;
    for name in ["write", "secret"] {
        let (before, _) = page.split_once(&replace(name)).unwrap();
        let asked = before.rfind("<details class=\"ask\">").unwrap();
        assert!(
            before
                .rfind("</details>")
                .is_none_or(|closed| closed < asked)
        );
        let question = &before[asked..];
        assert!(
            question.contains("until Nov 21, 2026 at 12:00PM"),
            "{question}"
        );
    }
}
