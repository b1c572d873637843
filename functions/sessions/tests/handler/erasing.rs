//! Erasing a person: who may, and what they set going.

use lambda_http::http::{Method, StatusCode};
use store::PersonErasure;
use tasks::EraseTask;
use test_support::QueueName;

use crate::fixture::{Fixture, email, page};

const PERSON: &str = "/people/";

async fn shop() -> (Fixture, store::Connection, String) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let chunk = (0, page("https://shop.example/", 0));
    let aliases = [email("ada@example.com")];
    fixture
        .record(&connection.organization, "s1", &aliases, &[chunk])
        .await;
    let cookie = fixture.cookie(&connection);
    let recording = fixture.get("/sessions/s1", Some(&cookie)).await;
    let person = recording.after(&format!(r#"<a href="{PERSON}"#));
    (fixture, connection, person)
}

/// What was put on the queue.
fn queued(fixture: &Fixture) -> Vec<EraseTask> {
    let bodies = fixture.stack.queues.take(QueueName::Erase);
    bodies
        .into_iter()
        .map(|body| serde_json::from_str(&body).unwrap())
        .collect()
}

#[tokio::test]
async fn an_admin_sets_the_erasure_of_one_person_going() {
    let (fixture, connection, person) = shop().await;
    let cookie = fixture.cookie(&connection);
    let shown = fixture
        .get(&format!("{PERSON}{person}"), Some(&cookie))
        .await;
    let path = shown.after_head(r#"method="post" action=""#);
    let token = shown.after_head(r#"name="csrf" value=""#);
    let form = format!("csrf={token}");
    let asked = fixture.post(&path, Some(&cookie), &form).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains("<strong>1 session</strong>"));
    assert!(!asked.body.contains("with_other_names"));
    assert_eq!(
        queued(&fixture),
        [],
        "nothing is begun before it is confirmed"
    );

    let token = asked.after_head(r#"name="csrf" value=""#);
    let form = format!("csrf={token}&confirmed=yes");
    let answer = fixture.post(&path, Some(&cookie), &form).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert!(answer.body.contains("Erasing …"));
    let person = identity::PersonId::parse(&person).unwrap();
    let erasure = PersonErasure::of_person(&connection.organization, &person, fixture.now());
    assert_eq!(queued(&fixture), [EraseTask::person(erasure)]);
    // Who reloads the answer sees the person's page.
    let reloaded = fixture.get(&path, Some(&cookie)).await;
    assert!(reloaded.body.contains("Known as"));
}

#[tokio::test]
async fn nobody_else_does_and_nothing_but_the_form_of_that_page() {
    let (fixture, connection, person) = shop().await;
    let cookie = fixture.cookie(&connection);
    let shown = fixture
        .get(&format!("{PERSON}{person}"), Some(&cookie))
        .await;
    let form = format!("csrf={}", shown.after_head(r#"name="csrf" value=""#));
    let path = format!("{PERSON}{person}/erase");
    let id = identity::PersonId::parse(&person).unwrap();
    let key = fixture.key_of_people(&connection, &[id]);
    let (_, by_link) = fixture.browse(&format!("{PERSON}{person}?key={key}")).await;
    let by_link = by_link.unwrap();
    for (target, cookie, form, site, status) in [
        (path.as_str(), None, form.as_str(), "same-origin", 404),
        (&path, Some(&*by_link), &form, "same-origin", 404),
        (&path, Some(&*cookie), &form, "cross-site", 403),
        (&path, Some(&cookie), "csrf=x", "same-origin", 403),
        (&path, Some(&cookie), "", "same-origin", 403),
        (
            "/people/p_other/erase",
            Some(&cookie),
            &form,
            "same-origin",
            403,
        ),
    ] {
        let headers = [("sec-fetch-site", site)];
        let answer = fixture
            .send(Method::POST, target, cookie, form, &headers)
            .await;
        assert_eq!(answer.status, status, "{target} {form}");
    }
    assert_eq!(queued(&fixture), []);
}

#[tokio::test]
async fn other_names_that_go_along_are_told_and_confirmed_by_themselves() {
    let (fixture, connection, person) = shop().await;
    let chunk = (0, page("https://shop.example/", 0));
    let aliases = [email("ada@example.com"), email("old@example.com")];
    fixture
        .record(&connection.organization, "s2", &aliases, &[chunk])
        .await;
    let cookie = fixture.cookie(&connection);
    let shown = fixture
        .get(&format!("{PERSON}{person}"), Some(&cookie))
        .await;
    let path = shown.after_head(r#"method="post" action=""#);
    let token = shown.after_head(r#"name="csrf" value=""#);
    let confirmed = format!("csrf={token}&confirmed=yes");
    let asked = fixture.post(&path, Some(&cookie), &confirmed).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains("<li>old@example.com</li>"));
    assert_eq!(queued(&fixture), []);
    let understood = format!("{confirmed}&with_other_names=on");
    let answer = fixture.post(&path, Some(&cookie), &understood).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(queued(&fixture).len(), 1);
}
