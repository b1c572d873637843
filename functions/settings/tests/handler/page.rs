//! What the page shows.

use lambda_http::http::StatusCode;
use store::Counter;
use test_support::TOKEN;

use crate::fixture::{Fixture, PAGE};

#[tokio::test]
async fn the_page_tells_how_the_connection_is_and_what_arrives() {
    let fixture = Fixture::start().await;
    let connection = fixture
        .connect("abcd1234", "Acme Outdoor", "Priya Nair")
        .await;
    fixture.first_keys(&connection).await;
    let day = fixture.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let store = &fixture.state.store;
    let count = store
        .of(&connection.organization)
        .counters()
        .add(day, Counter::CanvasViews, 4_012);
    count.await.unwrap();

    let mut browser = fixture.signed_in(&connection).await;
    let answer = browser.get(&format!("{PAGE}?done=connected")).await;
    for text in [
        "Connected.",
        "Acme Outdoor",
        "abcd1234",
        "EU (Europe)",
        "Europe/Dublin",
        "Priya Nair",
        "Nov 20, 2026 at 12:00PM",
        "<dt>Panel views</dt><dd>4012</dd>",
        "Read conversations",
        "https://app.example.com/v1/sessions/my-session",
        "href=\"/sessions\"",
    ] {
        assert!(answer.body.contains(text), "{text}");
    }
    assert!(
        answer.policy.contains("default-src 'none'"),
        "{}",
        answer.policy
    );
    assert!(!answer.body.contains(TOKEN));
    assert_eq!(answer.body.matches("<script").count(), 1, "its own alone");
    assert!(answer.policy.contains("script-src 'sha256-"));
    assert!(
        !answer.body.contains("style=\""),
        "the policy would block it"
    );
}

#[tokio::test]
async fn the_page_tells_what_was_refused() {
    let fixture = Fixture::start().await;
    let connection = fixture
        .connect("abcd1234", "Acme Outdoor", "Priya Nair")
        .await;
    let mut browser = fixture.signed_in(&connection).await;
    let quiet = browser.get(PAGE).await;
    assert!(!quiet.body.contains("refused today"), "there is nothing");

    let day = fixture.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let store = &fixture.state.store;
    let counters = store.of(&connection.organization).counters();
    for (counter, by) in [
        (Counter::RefusedOrigins, 17),
        (Counter::RefusedKeys, 5),
        (Counter::RefusedQuotas, 301),
    ] {
        counters.add(day, counter, by).await.unwrap();
    }
    let last = store::RefusedOrigin::parse("https://new.example/page?x=1");
    let counted = counters.add_refused_origin(day, 1, last.as_ref());
    counted.await.unwrap();
    let answer = browser.get(PAGE).await;
    for text in [
        "<dt>From sites that are not allowed</dt><dd>18</dd>",
        "refused is <code>https://new.example</code>",
        "<dt>With a key that is no longer good</dt><dd>5</dd>",
        "<dt>Above a limit</dt><dd>301</dd>",
    ] {
        assert!(answer.body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn whoever_has_recorded_nothing_is_shown_the_tag_first_and_waits_for_a_session() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let first_session = format!("{PAGE}/first-session");
    let is_first = |page: &str| page.find(r#"id="recorder""#) < page.find(r#"id="connection""#);

    let page = browser.get(PAGE).await.body;
    assert!(is_first(&page) && page.contains("Waiting for the first session"));
    assert!(page.contains(&format!(r#"data-ask="{first_session}""#)));
    let asked = browser.get(&first_session).await.body;
    assert_eq!(asked, r#"{"has_arrived":false,"page":null}"#);

    fixture.index_session(&connection, "s1").await;
    let asked = browser.get(&first_session).await.body;
    assert_eq!(asked, r#"{"has_arrived":true,"page":"/sessions/s1"}"#);
    let page = browser.get(PAGE).await.body;
    assert!(!is_first(&page) && !page.contains("Waiting for"));

    let stranger = fixture.browser().get(&first_session).await;
    assert_eq!(
        (stranger.status, &*stranger.body),
        (StatusCode::UNAUTHORIZED, "{}")
    );
}

#[tokio::test]
async fn a_refused_token_needs_attention() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let store = &fixture.state.store;
    let marked = store
        .connections()
        .mark_needs_attention(&connection.workspace, connection.epoch);
    assert!(marked.await.unwrap());
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Needs attention") && page.contains(">Reconnect</button>"));
}

#[tokio::test]
async fn names_are_text_whatever_they_hold() {
    let fixture = Fixture::start().await;
    let hostile = r#""><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;"#;
    let connection = fixture.connect("abcd1234", hostile, hostile).await;
    let mut browser = fixture.signed_in(&connection).await;
    let page = browser.get(PAGE).await.body;
    assert!(
        page.matches("<script").count() == 1 && !page.contains("<img"),
        "{page}"
    );
    assert!(page.contains("alert(1)"), "it is shown all the same");
}

#[tokio::test]
async fn a_notice_says_only_what_is_ours_to_say() {
    let fixture = Fixture::start().await;
    let answer = fixture
        .browser()
        .get(&format!("{PAGE}?done=%3Cb%3Eyou+won"))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.body.contains("you won") && !answer.body.contains("role=\"status\""));
}
