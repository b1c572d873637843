//! One person's page.

use identity::Alias;
use lambda_http::http::StatusCode;

use crate::fixture::{Fixture, email, page};

async fn shop() -> (Fixture, store::Connection, String) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let device = Alias::anonymous_id("device-1").unwrap();
    let user = Alias::user_id("42").unwrap();
    let known = [user, email("ada@example.com"), device.clone()];
    for (session, aliases, at) in [
        ("known", &known[..], 0),
        ("before", &[device][..], -60_000),
        ("other", &[email("bob@example.com")][..], -120_000),
    ] {
        let chunk = (0, page("https://shop.example/", at));
        fixture
            .record(&connection.organization, session, aliases, &[chunk])
            .await;
    }
    let cookie = fixture.cookie(&connection);
    let recording = fixture.get("/sessions/known", Some(&cookie)).await;
    let person = format!("/people/{}", recording.after(r#"<a href="/people/"#));
    (fixture, connection, person)
}

#[tokio::test]
async fn a_person_is_shown_with_all_aliases_and_sessions() {
    let (fixture, connection, person) = shop().await;
    let cookie = fixture.cookie(&connection);
    let answer = fixture.get(&person, Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "<h1>ada@example.com</h1>",
        "device-1",
        r#"href="/sessions/known""#,
        r#"href="/sessions/before""#,
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(!answer.body.contains("other") && !answer.body.contains("bob@"));
}

#[tokio::test]
async fn only_whoever_sees_all_sessions_sees_people_and_only_admins_may_erase() {
    let (fixture, connection, person) = shop().await;
    let id = identity::PersonId::parse(person.strip_prefix("/people/").unwrap()).unwrap();
    let key = fixture.key_of_people(&connection, &[id]);
    let (opened, _) = fixture.browse(&format!("{person}?key={key}")).await;
    assert_eq!(opened.status, StatusCode::OK);
    assert!(!opened.body.contains("Erase"), "{}", opened.body);
    assert!(opened.body.contains("/sessions/known?key=") && !opened.body.contains(&key));
    let bob = fixture.people_called(&connection, "bob@example.com").await;
    for (key, target) in [
        (fixture.key(&connection, "known"), &person),
        (fixture.key_of_people(&connection, &bob), &person),
    ] {
        let (closed, _) = fixture.browse(&format!("{target}?key={key}")).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND);
    }
    let one = fixture.key(&connection, "known");
    let (recording, _) = fixture.browse(&format!("/sessions/known?key={one}")).await;
    assert!(!recording.body.contains("/people/") && !recording.body.contains("All sessions"));
    let cookie = fixture.cookie(&connection);
    let admin = fixture.get(&person, Some(&cookie)).await;
    assert!(admin.body.contains("Erase everything about this person"));
}

#[tokio::test]
async fn a_persons_page_is_read_with_few_calls() {
    let (fixture, connection, person) = shop().await;
    let cookie = fixture.cookie(&connection);
    fixture.calls();
    fixture.get(&person, Some(&cookie)).await;
    let calls = fixture.calls();
    let expected = [["BatchGetItem"; 5].as_slice(), &["Query"; 3]].concat();
    assert_eq!(
        calls, expected,
        "the connection, who they are, and their sessions twice"
    );
}
