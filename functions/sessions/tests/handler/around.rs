//! What stands around a recording: whose it is, the sessions before and after it, the address that leads
//! others to it.

use lambda_http::http::StatusCode;
use serde_json::json;

use crate::fixture::{Fixture, email, page};

/// Three sessions of Ada's, an hour apart, and one of Bob's between them.
async fn visits() -> (Fixture, store::Connection) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    for (session, name, at) in [
        ("first", "ada@example.com", -9_000_000),
        ("bobs", "bob@example.com", -7_000_000),
        ("second", "ada@example.com", -5_400_000),
        ("third", "ada@example.com", -1_800_000),
    ] {
        let chunk = (0, page("https://shop.example/cart", at));
        fixture
            .record(&connection.organization, session, &[email(name)], &[chunk])
            .await;
    }
    (fixture, connection)
}

#[tokio::test]
async fn an_admin_goes_from_a_session_to_those_of_the_same_person_before_and_after_it() {
    let (fixture, connection) = visits().await;
    let cookie = fixture.cookie(&connection);
    for (session, before, after) in [
        ("first", None, Some("second")),
        ("second", Some("first"), Some("third")),
        ("third", Some("second"), None),
        ("bobs", None, None),
    ] {
        let target = format!("/sessions/{session}");
        let page = fixture.get(&target, Some(&cookie)).await.body;
        for (rel, expected) in [("prev", before), ("next", after)] {
            let link = expected.map(|other| format!(r#"<a href="/sessions/{other}" rel="{rel}">"#));
            let is_there = link.as_ref().is_some_and(|link| page.contains(link));
            assert_eq!(is_there, expected.is_some(), "{session}: {link:?}");
            let any = page.contains(&format!(r#"rel="{rel}""#));
            assert_eq!(any, expected.is_some(), "{session}: {rel}");
        }
    }
}

#[tokio::test]
async fn whoever_may_see_one_recording_is_told_of_no_other() {
    let (fixture, connection) = visits().await;
    let key = fixture.key(&connection, "second");
    let (page, _) = fixture.browse(&format!("/sessions/second?key={key}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for other in ["first", "third", "bobs", "rel=\"prev\"", "rel=\"next\""] {
        assert!(!page.body.contains(other), "{other}: {}", page.body);
    }
}

#[tokio::test]
async fn the_tab_says_who_and_when_to_whoever_may_know() {
    let (fixture, connection) = visits().await;
    let cookie = fixture.cookie(&connection);
    let page = fixture.get("/sessions/second", Some(&cookie)).await;
    let named = "<title>ada@example.com, Nov 20, 2026 at 7:20AM · Recapt</title>";
    assert!(page.body.contains(named), "{}", page.body);
    let token = page.after(r#"data-csrf=""#);
    let form = format!("csrf={token}");
    let share = "/sessions/second/share";
    let made = fixture.post(share, Some(&cookie), &form).await.json();
    let (shared, _) = fixture.browse(made["path"].as_str().unwrap()).await;
    let title = shared.after("<title>A visitor, Nov 20, 2026 at ");
    assert!(!title.contains("ada@"), "{title}");
}

#[tokio::test]
async fn the_index_knows_the_address_that_opens_the_recording_for_others() {
    let (fixture, connection) = visits().await;
    let index = "/sessions/second/recording";
    let cookie = fixture.cookie(&connection);
    let admins = fixture.get(index, Some(&cookie)).await.json();
    assert_eq!(admins["link"], "/sessions/second");

    // A link of the panel is its teammate's own.
    let key = fixture.key(&connection, "second");
    let (page, teammate) = fixture.browse(&format!("/sessions/second?key={key}")).await;
    let theirs = fixture.get(index, teammate.as_deref()).await;
    assert_eq!(theirs.json()["link"], "");
    assert!(!theirs.body.contains(&key));

    let form = format!("csrf={}", page.after(r#"data-csrf=""#));
    let share = "/sessions/second/share";
    let made = fixture.post(share, teammate.as_deref(), &form).await.json();
    let path = made["path"].as_str().unwrap();
    let (_, shared) = fixture.browse(path).await;
    let theirs = fixture.get(index, shared.as_deref()).await.json();
    assert_eq!(theirs["link"], path);
}

#[tokio::test]
async fn the_index_tells_what_happened_in_words_and_what_was_used() {
    let (fixture, connection) = visits().await;
    let cookie = fixture.cookie(&connection);
    let index = fixture.get("/sessions/second/recording", Some(&cookie));
    let index = index.await.json();
    let opened = json!({ "at_ms": 0, "kind": "page", "label": "https://shop.example/cart", "count": 1,
        "text": "Opened /cart" });
    assert_eq!(index["timeline"], json!([opened]));
    assert_eq!(index["timeline_total"], 1);
    let window = json!({ "name": "Window", "value": "800 × 600" });
    assert_eq!(index["environment"], json!([window]));
}
