//! Share links: who may make them, what they open, and for how long.

use identity::Alias;
use jiff::SignedDuration;
use lambda_http::http::{Method, StatusCode};
use store::{Preferences, ShareId, ShareLinkDays};

use crate::fixture::{Answer, Fixture, email, page};

const SHARE: &str = "/sessions/s1/share";

async fn shop() -> (Fixture, store::Connection) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    for session in ["s1", "s2"] {
        let chunk = (0, page("https://shop.example/", 0));
        let aliases = [email("ada@example.com"), Alias::user_id("user-42").unwrap()];
        fixture
            .record(&connection.organization, session, &aliases, &[chunk])
            .await;
    }
    (fixture, connection)
}

/// The path that a link leads to.
fn path(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()["path"].as_str().unwrap().to_owned()
}

/// Presses the button on the page.
async fn share(fixture: &Fixture, cookie: &str) -> Answer {
    let page = fixture.get("/sessions/s1", Some(cookie)).await;
    let token = page.after(r#"data-csrf=""#);
    fixture
        .post(SHARE, Some(cookie), &format!("csrf={token}"))
        .await
}

#[tokio::test]
async fn a_share_link_opens_its_recording_to_anybody_and_nothing_else() {
    let (fixture, connection) = shop().await;
    let link = path(&share(&fixture, &fixture.cookie(&connection)).await);
    let token = link.split_once("?share=").unwrap().1;
    let (page, cookie) = fixture.browse(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Copy share link") && !page.body.contains("All sessions"));
    for (target, status) in [
        ("/sessions/s1/recording", 200),
        ("/sessions/s1/events/0/0", 200),
        ("/sessions/s2", 404),
        ("/sessions/s2/events/0/0", 404),
        ("/sessions", 404),
        ("/people/p_1", 404),
    ] {
        let answer = fixture.get(target, cookie.as_deref()).await;
        assert_eq!(answer.status, status, "{target}");
        let answer = fixture.get(&format!("{target}?share={token}"), None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{target}");
    }
    let again = fixture.post(SHARE, cookie.as_deref(), "").await;
    assert_eq!(
        again.status,
        StatusCode::NOT_FOUND,
        "it makes no other links"
    );
}

#[tokio::test]
async fn asking_twice_gives_the_same_link_and_each_opening_is_counted() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    let link = path(&share(&fixture, &cookie).await);
    assert_eq!(path(&share(&fixture, &cookie).await), link);
    let mut opened = None;
    for _ in 0..3 {
        opened = fixture.browse(&link).await.1;
    }
    fixture
        .get("/sessions/s1/recording", opened.as_deref())
        .await;
    // Whoever only asks what is behind it has not opened it.
    let head = fixture.send(Method::HEAD, &link, None, "", &[]).await;
    assert_eq!((head.status, &*head.body), (StatusCode::SEE_OTHER, ""));
    let target = head.header("location").to_owned();
    let head = fixture.send(Method::HEAD, &target, opened.as_deref(), "", &[]);
    assert_eq!(head.await.status, StatusCode::OK);
    let links = fixture
        .store()
        .of(&connection.organization)
        .share_links()
        .list(fixture.now());
    let links = links.await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].opened, &*links[0].created_by), (3, "814860"));
}

#[tokio::test]
async fn a_link_that_was_altered_has_expired_or_was_revoked_opens_nothing() {
    let (mut fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    let link = path(&share(&fixture, &cookie).await);
    let (page, token) = link.split_once("?share=").unwrap();
    let (claims, signature) = token.rsplit_once('.').unwrap();
    let (id, rest) = claims.split_once('.').unwrap();
    let other_id = ShareId::from_random([7; 16]);
    let last = signature.len() - 1;
    for strange in [
        id.to_owned(),
        claims.to_owned(),
        format!("{claims}."),
        format!("{claims}.{}", &signature[..last]),
        format!("{claims}.A{}", &signature[1..]),
        format!("{other_id}.{rest}.{signature}"),
        token.replace(".recording.", ".person."),
        String::new(),
    ] {
        fixture.calls();
        let answer = fixture.get(&format!("{page}?share={strange}"), None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{strange}");
        assert_eq!(
            fixture.calls(),
            Vec::<String>::new(),
            "the table is not asked"
        );
    }
    let id = ShareId::parse(id).unwrap();
    let revoked = fixture
        .store()
        .of(&connection.organization)
        .share_links()
        .revoke(&id);
    revoked.await.unwrap();
    assert_eq!(fixture.browse(&link).await.0.status, StatusCode::NOT_FOUND);

    let link = path(&share(&fixture, &cookie).await);
    fixture.later(SignedDuration::from_hours(7 * 24 - 1));
    assert_eq!(fixture.browse(&link).await.0.status, StatusCode::OK);
    fixture.later(SignedDuration::from_hours(1));
    assert_eq!(fixture.browse(&link).await.0.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_teammate_shares_as_well_for_as_long_as_the_organization_chose() {
    let (fixture, connection) = shop().await;
    let preferences = Preferences {
        share_link_days: ShareLinkDays::parse("30").unwrap(),
        ..connection.preferences.clone()
    };
    let saved = fixture
        .store()
        .connections()
        .update_preferences(&connection, &preferences);
    saved.await.unwrap();
    let key = fixture.key(&connection, "s1");
    let (page, cookie) = fixture.browse(&format!("/sessions/s1?key={key}")).await;
    let form = format!("csrf={}", page.after(r#"data-csrf=""#));
    let answer = fixture.post(SHARE, cookie.as_deref(), &form).await;
    let expires = answer.json()["expires_at"].as_str().unwrap().to_owned();
    let thirty_days = fixture.now() + SignedDuration::from_hours(30 * 24);
    assert_eq!(expires, thirty_days.to_string());
    let other = fixture
        .post("/sessions/s2/share", cookie.as_deref(), &form)
        .await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for stale in ["", "csrf=x"] {
        let answer = fixture.post(SHARE, cookie.as_deref(), stale).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{stale}");
    }
}

/// The page that a link leads to which was made with this in its form.
async fn shared_with(fixture: &Fixture, cookie: &str, more: &str) -> (String, Answer) {
    let page = fixture.get("/sessions/s1", Some(cookie)).await;
    let form = format!("csrf={}{more}", page.after(r#"data-csrf=""#));
    let link = path(&fixture.post(SHARE, Some(cookie), &form).await);
    let (page, _) = fixture.browse(&link).await;
    (link, page)
}

#[tokio::test]
async fn a_shared_recording_says_who_it_is_only_if_that_was_asked_for() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    for (more, is_named) in [("", false), ("&who=yes", true), ("", false)] {
        let (_, page) = shared_with(&fixture, &cookie, more).await;
        assert_eq!(page.status, StatusCode::OK);
        for name in ["ada@example.com", "user-42"] {
            assert_eq!(page.body.contains(name), is_named, "{name}: {more}");
        }
        assert_eq!(page.body.contains("A visitor"), !is_named);
    }
}

#[tokio::test]
async fn a_shared_recording_can_begin_at_a_moment() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    for (more, expected) in [
        ("", "/sessions/s1?share="),
        ("&t=65", "/sessions/s1?t=65&share="),
        ("&t=-1", "/sessions/s1?share="),
        ("&t=1%26x=2", "/sessions/s1?share="),
    ] {
        let (link, page) = shared_with(&fixture, &cookie, more).await;
        assert!(link.starts_with(expected), "{more}: {link}");
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn only_the_page_itself_makes_links() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    let page = fixture.get("/sessions/s1", Some(&cookie)).await;
    let form = format!("csrf={}", page.after(r#"data-csrf=""#));
    for (form, site, status) in [
        (form.as_str(), "cross-site", 403),
        ("csrf=x", "same-origin", 403),
        ("", "same-origin", 403),
        (form.as_str(), "same-origin", 200),
    ] {
        let headers = [("sec-fetch-site", site)];
        let answer = fixture
            .send(Method::POST, SHARE, Some(&cookie), form, &headers)
            .await;
        assert_eq!(answer.status, status, "{form} {site}");
    }
}
