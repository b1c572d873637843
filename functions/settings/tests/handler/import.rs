//! What is imported is chosen, ignored, and turned off.

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
