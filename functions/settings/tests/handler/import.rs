//! What is imported is chosen, ignored, and turned off.

use intercom::fake::{FakeContact, Fault, Role};
use jiff::SignedDuration;
use mirror::DataEvent;
use test_support::QueueName;

use crate::fixture::Fixture;

const IMPORT: &str = "/settings/import";

#[tokio::test]
async fn what_is_chosen_is_saved_and_begun_and_turned_off_again() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let mirror = &fixture.state.mirror;
    let mirror = mirror.of(&connection.organization, &connection.workspace);
    let event = DataEvent {
        id: "e-1".to_owned(),
        name: "opened-page".to_owned(),
        created_at: Some(fixture.now()),
        contact: Some("5f".to_owned()),
        ..DataEvent::default()
    };
    let later = fixture.now() + SignedDuration::from_hours(24);
    let (now, expires) = (fixture.now(), later.as_second());
    let put = mirror.events().put(&event, now, expires, now);
    put.await.unwrap();

    let said = [
        ("conversations", "on"),
        ("write_back", "on"),
        ("seen_within_days", "30"),
    ];
    let saved = browser
        .submit_to(IMPORT, "/settings/import/choices", &said)
        .await;
    assert_eq!(saved.location, "/settings/import?done=saved");
    let chosen = mirror.choices().await.unwrap();
    assert!(chosen.conversations && chosen.write_back && !chosen.companies_and_users);
    assert_eq!(chosen.seen_within_days.get(), 30);

    browser
        .submit_to(IMPORT, "/settings/import/ignore", &[])
        .await;
    assert!(
        mirror
            .choices()
            .await
            .unwrap()
            .ignored_events
            .contains("opened-page")
    );

    browser
        .submit_to(IMPORT, "/settings/import/erase", &[])
        .await;
    assert!(!mirror.choices().await.unwrap().is_anything());
    let queue = fixture.stack.queues.get(QueueName::Sync);
    fixture.state.clock.advance(SignedDuration::from_mins(5));
    for message in queue.receive(10).unwrap() {
        queue
            .delete(message.receipt_handle.as_deref().unwrap())
            .unwrap();
    }
}

#[tokio::test]
async fn what_would_be_in_the_way_is_shown_before_anything_begins() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let added = fixture.stack.intercom.write("abcd1234", |directory| {
        directory.add_contact(FakeContact {
            name: Some("Ada <b>".to_owned()),
            ..FakeContact::new("5f".to_owned(), Role::User, fixture.now())
        });
    });
    added.unwrap();
    let page = browser.get("/settings/import/check").await;
    for shown in [
        "Users without a user id</th><td>1<",
        "The workspace has no companies with people",
        "Ada &#60;b&#62;",
        "They have no user id",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    for (status, shown) in [
        (503, "Intercom does not answer"),
        (401, "Connect it again first"),
        (403, "the app lacks the permission"),
    ] {
        let refusal = Fault::refusal(status, "unavailable");
        fixture
            .stack
            .intercom
            .fail_always("/companies/list", refusal);
        let page = browser.get("/settings/import/check").await;
        assert!(page.body.contains(shown), "{status}: {}", page.body);
    }
}
