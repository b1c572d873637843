//! The list of all sessions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::fixture::{Fixture, START, email, page};

const HOUR: i64 = 3_600_000;

/// A page on which a script failed.
fn with_error(url: &str, at: i64) -> Vec<Value> {
    let mut events = page(url, at);
    let data = json!({ "plugin": "rrweb/console@1", "payload": { "level": "error", "trace": [], "payload": ["\"Uncaught TypeError: x\""] } });
    events.push(json!({ "type": 6, "timestamp": START + at + 700, "data": data }));
    events
}

async fn shop() -> (Fixture, String) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let organization = &connection.organization;
    let (ada, bob) = ([email("ada@example.com")], [email("bob@example.com")]);
    let sessions = [
        ("first", &ada[..], page("https://shop.example/", -50 * HOUR)),
        (
            "second",
            &bob[..],
            with_error("https://shop.example/cart", -2 * HOUR),
        ),
        ("third", &ada[..], page("https://shop.example/cart", -HOUR)),
        ("fourth", &[][..], page("https://shop.example/", 0)),
    ];
    for (session, aliases, events) in sessions {
        fixture
            .record(organization, session, aliases, &[(0, events)])
            .await;
    }
    let cookie = fixture.cookie(&connection);
    (fixture, cookie)
}

/// The sessions that the page lists, in its order.
fn listed(body: &str) -> Vec<&str> {
    let links = body
        .split(r#"<td class="when"><a href="/sessions/"#)
        .skip(1);
    links
        .map(|link| link.split(['"', '?']).next().unwrap())
        .collect()
}

#[tokio::test]
async fn the_newest_come_first_and_filters_leave_what_they_say() {
    let (fixture, cookie) = shop().await;
    for (query, expected) in [
        ("", &["fourth", "third", "second", "first"][..]),
        ("?person=ada@example.com", &["third", "first"]),
        ("?person=+ADA%40example.com+", &["third", "first"]),
        ("?person=nobody", &[]),
        ("?person=ada", &["third", "first"]),
        ("?person=%40example.com", &["third", "second", "first"]),
        ("?person=example.co&errors=1", &["second"]),
        ("?person=bo", &[]),
        ("?problem=typeerror", &["second"]),
        ("?problem=typeerror+rangeerror", &[]),
        ("?problem=-", &["fourth", "third", "second", "first"]),
        ("?length=1", &[]),
        ("?length=7", &["fourth", "third", "second", "first"]),
        ("?page=cart", &["third", "second"]),
        ("?errors=1", &["second"]),
        ("?errors=1&person=ada@example.com", &[]),
        ("?rage=1", &[]),
        ("?from=2026-11-19", &["fourth", "third", "second"]),
        ("?to=2026-11-18", &["first"]),
        ("?from=2026-11-18&to=2026-11-18", &["first"]),
        ("?from=yesterday", &["fourth", "third", "second", "first"]),
        ("?before=nonsense", &["fourth", "third", "second", "first"]),
    ] {
        let answer = fixture
            .get(&format!("/sessions{query}"), Some(&cookie))
            .await;
        assert_eq!(listed(&answer.body), expected, "{query}");
    }
}

#[tokio::test]
async fn a_page_without_sessions_says_why() {
    let (fixture, cookie) = shop().await;
    for (query, said) in [
        ("?person=nobody", "No session of “nobody”"),
        ("?person=nobody&rage=1", "No session found"),
        (
            "?from=yesterday",
            "“yesterday” is not a date and was ignored",
        ),
        ("?problem=-", "“-” was ignored"),
    ] {
        let answer = fixture
            .get(&format!("/sessions{query}"), Some(&cookie))
            .await;
        assert!(answer.body.contains(said), "{query}: {}", answer.body);
    }
    let other = fixture.connect("other").await;
    let cookie = fixture.cookie(&other);
    let empty = fixture.get("/sessions", Some(&cookie)).await;
    assert!(empty.body.contains("No sessions yet"));
    assert!(
        !empty.body.contains("Look further back"),
        "there is nothing"
    );
}

#[tokio::test]
async fn all_sessions_leads_back_to_the_list_that_somebody_came_from() {
    let (fixture, cookie) = shop().await;
    let back = async |kept: &str| {
        let cookies = format!("{cookie}; {kept}");
        let page = fixture.get("/sessions/third", Some(&cookies)).await;
        page.after(r#"<p class="back"><a href=""#)
    };
    let list = fixture
        .get(
            "/sessions?page=cart&person=ada&before=1795175940000",
            Some(&cookie),
        )
        .await;
    let kept = list.cookie().unwrap();
    assert!(kept.starts_with("__Host-recapt_list="), "{kept}");
    let address = "/sessions?person=ada&#38;page=cart&#38;before=1795175940000";
    assert_eq!(back(&kept).await, address);
    // Whoever else has written it.
    let forged = "__Host-recapt_list=//evil.example/?x=%22%3E&rage=1";
    assert_eq!(back(forged).await, "/sessions?rage=1");

    let cookies = format!("{cookie}; {kept}");
    let all = fixture.get("/sessions", Some(&cookies)).await;
    assert_eq!(all.cookie().unwrap(), "__Host-recapt_list=");
    assert_eq!(back("").await, "/sessions");
}

#[tokio::test]
async fn what_was_asked_for_stands_in_the_form_and_cannot_add_to_the_page() {
    let (fixture, cookie) = shop().await;
    let query = "?person=%22%3E%3Cscript%3E&page=%2Fcart&rage=1&from=2026-11-18";
    let answer = fixture
        .get(&format!("/sessions{query}"), Some(&cookie))
        .await;
    assert!(!answer.body.contains("<script"), "{}", answer.body);
    for part in [
        r#"value="/cart""#,
        r#"value="2026-11-18""#,
        r#"name="rage" value="1" checked"#,
    ] {
        assert!(answer.body.contains(part), "{part}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
}

#[tokio::test]
async fn pages_follow_each_other_without_losing_or_repeating_a_session() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    for number in 0..60 {
        let events = page("https://shop.example/cart", -i64::from(number) * HOUR);
        let name = format!("s{number}");
        fixture
            .record(&connection.organization, &name, &[], &[(0, events)])
            .await;
    }
    let cookie = fixture.cookie(&connection);
    let mut target = "/sessions?page=cart".to_owned();
    let mut found = Vec::new();
    for _ in 0..4 {
        let answer = fixture.get(&target, Some(&cookie)).await;
        found.extend(listed(&answer.body).into_iter().map(str::to_owned));
        let older = answer
            .body
            .split(r#"<a class="button" href=""#)
            .last()
            .unwrap();
        if !older.contains("Older sessions") {
            break;
        }
        target = older.split('"').next().unwrap().replace("&#38;", "&");
        assert!(target.contains("page=cart"), "{target}");
    }
    let expected: Vec<_> = (0..60).map(|number| format!("s{number}")).collect();
    assert_eq!(found, expected);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 60);
}

#[tokio::test]
async fn a_list_is_read_with_few_calls() {
    let (fixture, cookie) = shop().await;
    fixture.calls();
    fixture
        .get("/sessions?to=2026-11-20&from=2026-11-20", Some(&cookie))
        .await;
    let calls = fixture.calls();
    assert_eq!(
        calls,
        [
            "BatchGetItem",
            "BatchGetItem",
            "BatchGetItem",
            "Query",
            "Query"
        ],
        "the connection, the day and the one before it that was begun, the day's sessions"
    );
}
