//! Notifications that failed for good: seen, and sent again.

use identity::NotificationId;
use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use notification::Worker;
use store::{Connection, Failure, ParkedId, ParkedNotification};
use test_support::QueueName;

use crate::fixture::{Fixture, PAGE};

const BODY: &str = r#"{"topic":"contact.merged","data":{"item":{"email":"ada@shop.example"}}}"#;

async fn park(fixture: &Fixture, connection: &Connection, number: i64, failure: Option<Failure>) {
    let name = NotificationId::parse(&format!("notif_{number}")).unwrap();
    let happened_at = fixture.now() - SignedDuration::from_mins(number);
    let parked = ParkedNotification {
        id: ParkedId::new(happened_at, name).unwrap(),
        topic: "contact.merged".to_owned(),
        parked_at: fixture.now(),
        attempts: 5,
        failure,
    };
    let store = &fixture.state.store;
    store
        .notifications()
        .park(connection, &parked, BODY)
        .await
        .unwrap();
}

fn malformed() -> Option<Failure> {
    Some(Failure {
        error_type: "notification.malformed".to_owned(),
        reason: "the notification lacks <data.item.id>".to_owned(),
    })
}

/// Bodies on the queue of the worker that deals with them, taken off it.
fn queued(fixture: &Fixture) -> Vec<String> {
    let queue = QueueName::Topic(Worker::ContactMerged);
    fixture.stack.queues.take(queue)
}

async fn left(fixture: &Fixture, connection: &Connection) -> usize {
    let store = &fixture.state.store;
    let left = store
        .notifications()
        .parked(&connection.workspace, None, 1_000, fixture.now());
    left.await.unwrap().len()
}

#[tokio::test]
async fn what_is_parked_is_shown_in_words_and_never_what_it_says() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    assert!(!browser.get(PAGE).await.body.contains("Parked"));
    park(&fixture, &acme, 30, malformed()).await;
    park(&fixture, &acme, 60, None).await;
    let page = browser.get(PAGE).await.body;
    for text in [
        "Parked notifications",
        "A lead was merged into a user",
        "Nov 20, 2026 at 11:30AM",
        "Nov 20, 2026 at 11:00AM",
        "in a form that we do not understand yet",
        "it crashed, ran out of time",
        "notification.malformed: the notification lacks &#60;data.item.id&#62;",
        "Send all again",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("ada@shop.example"));
}

#[tokio::test]
async fn a_long_list_is_cut_and_counted() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    for (parked, count, older) in [
        (23, ">23<", "And 3 older"),
        (101, ">100 or more<", "And 80 older"),
    ] {
        for number in 0..parked {
            park(&fixture, &acme, number, None).await;
        }
        let page = browser.get(PAGE).await.body;
        assert!(page.contains(count) && page.contains(older), "{parked}");
        assert_eq!(page.matches(">Send again<").count(), 20);
    }
}

#[tokio::test]
async fn one_is_sent_again_as_it_came() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    park(&fixture, &acme, 30, None).await;
    park(&fixture, &acme, 60, None).await;
    let id = format!(
        "{}:notif_60",
        (fixture.now() - SignedDuration::from_mins(60)).as_millisecond()
    );

    let answer = browser.submit("parked", &[("id", &id)]).await;

    assert_eq!(answer.location, format!("{PAGE}?done=sent-again"));
    assert_eq!(queued(&fixture), [BODY]);
    assert_eq!(left(&fixture, &acme).await, 1);
    // The form again, as from a page that was left open.
    let page = browser.get(PAGE).await;
    let mut form = page.form("parked", &[]);
    form.push(("id".to_owned(), id));
    let headers = [("sec-fetch-site", "same-origin")];
    let again = browser.post("parked", &form, &headers).await;
    assert_eq!(again.location, format!("{PAGE}?done=nothing-to-send"));
    assert_eq!(queued(&fixture), [""; 0]);
}

#[tokio::test]
async fn all_are_sent_again_a_hundred_at_a_time() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    for number in 0..101 {
        park(&fixture, &acme, number, None).await;
    }
    for (notice, sent) in [("more-to-send", 100), ("sent-again", 1)] {
        let answer = browser.submit("parked", &[]).await;
        assert_eq!(answer.location, format!("{PAGE}?done={notice}"));
        assert_eq!(queued(&fixture).len(), sent);
    }
    assert_eq!(left(&fixture, &acme).await, 0);
}

#[tokio::test]
async fn nobody_sends_what_is_not_theirs() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let other = fixture.connect("other", "Other", "Eve").await;
    park(&fixture, &acme, 30, None).await;
    park(&fixture, &other, 60, None).await;
    let mut eve = fixture.signed_in(&other).await;
    let form = eve.get(PAGE).await.form("parked", &[]);
    let own_headers = [("sec-fetch-site", "same-origin")];
    let named = |id: &str| {
        let mut form = form.clone();
        form.push(("id".to_owned(), id.to_owned()));
        form
    };
    let acmes = (fixture.now() - SignedDuration::from_mins(30)).as_millisecond();
    let acmes = format!("{acmes}:notif_30");
    let answer = eve.post("parked", &named(&acmes), &own_headers).await;
    assert_eq!(answer.location, format!("{PAGE}?done=nothing-to-send"));
    let malformed = eve.post("parked", &named("x"), &own_headers).await;
    assert_eq!(malformed.status, StatusCode::FORBIDDEN);
    let foreign = [("sec-fetch-site", "cross-site")];
    let forged = eve.post("parked", &form, &foreign).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let tokenless = eve.post("parked", &[], &own_headers).await;
    assert_eq!(tokenless.status, StatusCode::FORBIDDEN);
    assert_eq!(queued(&fixture), [""; 0]);
    assert_eq!(left(&fixture, &acme).await, 1);
    assert_eq!(left(&fixture, &other).await, 1);
}
