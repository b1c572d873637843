//! Runs of many pages, and of several at once.

use identity::Alias;
use intercom::fake::Directory;
use jiff::SignedDuration;
use serde_json::json;
use store::{SyncOutcome, SyncPart};

use crate::fixture::{Fixture, contact_id};

/// Where the page after the first four elements begins, as the fake Intercom has it: `[4]` in Base64.
const AFTER_FOUR: &str = "WzRd";

/// Leads, each with a recorded browser, a minute from each other; all of them are found at the end.
async fn leads(fixture: &Fixture, count: i64) {
    for number in 0..count {
        let browser = format!("visitor-{number}");
        fixture
            .recorded("acme", &Alias::visitor_id(&browser).unwrap())
            .await;
        let lead = json!({ "id": format!("c-{number}"), "role": "lead", "external_id": browser });
        fixture.contact("acme", 1 + number, lead);
    }
}

async fn found(fixture: &Fixture, count: i64) -> usize {
    let mut found = 0;
    for number in 0..count {
        let people = fixture.people_of("acme", contact_id(&format!("c-{number}")));
        found += people.await.0.len();
    }
    found
}

#[tokio::test]
async fn every_page_is_read_whatever_its_length() {
    for page in [1, 2, 7, 150] {
        let fixture = Fixture::with_pages(page).await;
        leads(&fixture, 11).await;
        fixture.schedule().await;
        let messages = fixture.work().await;
        assert_eq!(found(&fixture, 11).await, 11, "{page} to a page");
        let pages = 11_usize.div_ceil(page) + 1;
        assert_eq!(fixture.take_asked().len(), pages);
        assert_eq!(
            messages,
            pages.div_ceil(4).max(1),
            "four pages to a message"
        );
    }
}

#[tokio::test]
async fn nothing_is_asked_for_that_changed_too_long_ago() {
    let fixture = Fixture::with_pages(2).await;
    fixture.run().await;
    fixture.take_asked();
    for hours in 2..30 {
        let user = json!({ "id": format!("c-{hours}"), "role": "user", "external_id": "u" });
        fixture.contact("acme", 60 * hours, user);
    }
    fixture.contact(
        "acme",
        5,
        json!({ "id": "c-new", "role": "user", "external_id": "u-new" }),
    );
    fixture.later(15);
    fixture.run().await;
    assert_eq!(
        fixture.take_asked(),
        ["/contacts/search", "/conversations/search"]
    );
}

#[tokio::test]
async fn a_run_that_is_killed_between_two_pages_goes_on_with_the_second() {
    let fixture = Fixture::with_pages(2).await;
    leads(&fixture, 6).await;
    fixture.schedule().await;
    tokio::select! {
        _ = fixture.work() => panic!("it is killed before"),
        () = fixture.asked_for(3) => {}
    }
    let run = fixture.progress().await.run.unwrap();
    assert_eq!(
        (run.part, run.cursor.as_deref()),
        (SyncPart::Contacts, Some(AFTER_FOUR))
    );

    // The queue delivers the same message again.
    fixture.state.clock.advance(SignedDuration::from_secs(30));
    fixture.take_asked();
    fixture.work().await;

    assert_eq!(
        fixture.take_asked().len(),
        2,
        "a page of contacts, one of conversations"
    );
    assert_eq!(found(&fixture, 6).await, 6);
    assert_eq!(
        fixture.progress().await.complete_until,
        Some(run.started_at)
    );
}

#[tokio::test]
async fn a_run_that_nobody_goes_on_with_is_taken_over_by_the_schedule() {
    let fixture = Fixture::with_pages(1).await;
    leads(&fixture, 6).await;
    fixture.schedule().await;
    let first = fixture.queue.receive(1).unwrap().remove(0);
    let mut batch = aws_lambda_events::event::sqs::SqsEvent::default();
    batch.records = vec![first.clone()];
    let answer = reconcile::work(&fixture.state, batch).await;
    assert_eq!(answer.batch_item_failures.len(), 0);
    fixture
        .queue
        .delete(first.receipt_handle.as_deref().unwrap())
        .unwrap();
    // The message that was to go on is lost.
    let lost = fixture.queue.receive(1).unwrap().remove(0);
    fixture
        .queue
        .delete(lost.receipt_handle.as_deref().unwrap())
        .unwrap();
    assert_eq!(fixture.take_asked().len(), 4);

    fixture.later(15);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 0, "it may only be late");
    fixture.later(15);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 3, "the rest");
    assert_eq!(found(&fixture, 6).await, 6);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn two_runs_at_once_do_no_harm() {
    let fixture = Fixture::with_pages(1).await;
    leads(&fixture, 12).await;
    for _ in 0..4 {
        fixture.schedule().await;
    }
    tokio::join!(fixture.work(), fixture.work());
    assert_eq!(found(&fixture, 12).await, 12);
    assert_eq!(fixture.progress().await.run, None);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn contacts_that_go_while_they_are_read_are_no_trouble() {
    let fixture = Fixture::with_pages(4).await;
    leads(&fixture, 6).await;
    fixture.schedule().await;
    // When the second page is asked for, there is only one any more.
    let trimmed = async {
        fixture.answered(1).await;
        let trim = |directory: &mut Directory| {
            directory.remove_contact("c-4");
            directory.remove_contact("c-5");
        };
        fixture.stack.intercom.write("acme", trim).unwrap();
    };
    tokio::join!(fixture.work(), trimmed);
    assert_eq!(found(&fixture, 4).await, 4);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}
