//! The copy of what Intercom has: what is in it, and what is not.

use intercom::fake::Fault;
use jiff::SignedDuration;
use mirror::{Choices, MomentKind};
use store::ImportPart;

use crate::fixture::Fixture;
use crate::workspace::{ALL, copied, seed};

#[tokio::test]
async fn nothing_is_copied_that_nobody_chose() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.run().await;
    assert_eq!(copied(&fixture).await, [""; 0]);
    let asked = fixture.take_asked();
    assert_eq!(asked, ["/contacts/search", "/conversations/search"]);
}

#[tokio::test]
async fn companies_people_and_conversations_are_copied_and_what_is_excluded_is_not() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.schedule().await;
    fixture.settle().await;
    assert_eq!(copied(&fixture).await, ALL);
    let parts = fixture.progress().await.import.parts;
    for (part, count) in [
        (ImportPart::Companies, 2),
        (ImportPart::Members, 3),
        (ImportPart::Conversations, 1),
        (ImportPart::Tags, 1),
    ] {
        assert!(parts[&part].done, "{part:?}");
        assert_eq!(parts[&part].count, count, "{part:?}");
    }
    let figures = fixture
        .mirror(async |mirror| {
            mirror
                .companies()
                .listed("c-1", fixture.now())
                .await
                .unwrap()
        })
        .await;
    assert_eq!(figures.unwrap().figures.people, 2);
}

#[tokio::test]
async fn without_companies_and_users_only_conversations_and_who_wrote_them_are_copied() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    let mut choices = Choices::everything();
    choices.companies_and_users = false;
    fixture.choose(&choices).await;
    fixture.schedule().await;
    fixture.settle().await;
    let expected = [
        "contact lead",
        "conversation t-1: source comment note",
        "tag VIP",
    ];
    assert_eq!(copied(&fixture).await, expected);
    let email = identity::Alias::email("lead@shop.example").unwrap();
    let found = fixture
        .mirror(async |mirror| mirror.contacts().find(&email, fixture.now()).await.unwrap())
        .await;
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn pages_of_any_length_give_the_same() {
    for largest in [1, 2, 7] {
        let fixture = Fixture::with_pages(largest).await;
        seed(&fixture);
        fixture.choose(&Choices::everything()).await;
        fixture.schedule().await;
        fixture.settle().await;
        assert_eq!(copied(&fixture).await, ALL, "{largest} to a page");
    }
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named_and_stops_nothing_else() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    let forbidden = Fault::refusal(403, "forbidden");
    fixture.stack.intercom.fail_always("/segments", forbidden);
    fixture.schedule().await;
    fixture.settle().await;
    assert_eq!(copied(&fixture).await, ALL);
    let parts = fixture.progress().await.import.parts;
    assert!(parts[&ImportPart::Segments].is_refused);
    assert!(!parts[&ImportPart::Segments].done);
}

#[tokio::test]
async fn failures_and_full_windows_are_waited_out() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    let full = Fault::full(fixture.now() + SignedDuration::from_secs(10));
    fixture.stack.intercom.fail_once("/companies/list", full);
    let broken = Fault::refusal(500, "server_error");
    fixture
        .stack
        .intercom
        .fail_once("/conversations/t-1", broken);
    let empty = Fault::text(200, "");
    fixture.stack.intercom.fail_once("/admins", empty);
    fixture.schedule().await;
    fixture.settle().await;
    assert_eq!(copied(&fixture).await, ALL);
}

#[tokio::test]
async fn what_changes_and_is_deleted_later_comes_with_the_next_pass() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.schedule().await;
    fixture.settle().await;
    fixture.later(120);
    let now = fixture.now();
    let changed = fixture.stack.intercom.write("acme", |directory| {
        directory.delete_conversation("t-1", now);
        directory.update("u-3", |contact| {
            contact.name = Some("Renamed".to_owned());
            contact.updated_at = now;
        });
    });
    changed.unwrap();
    fixture.later(60);
    fixture.schedule().await;
    fixture.settle().await;
    let copied = copied(&fixture).await;
    assert!(
        !copied.iter().any(|line| line.contains("t-1")),
        "{copied:?}"
    );
    let renamed = fixture
        .mirror(async |mirror| mirror.contacts().get("u-3", fixture.now()).await.unwrap())
        .await;
    assert_eq!(renamed.unwrap().name.as_deref(), Some("Renamed"));
}

#[tokio::test]
async fn a_conversation_stands_on_the_time_line_of_who_wrote() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.schedule().await;
    fixture.settle().await;
    let moments = fixture
        .mirror(async |mirror| {
            let kind = MomentKind::Conversation;
            mirror
                .moments()
                .of_contact("lead", kind, None, 10, fixture.now())
                .await
                .unwrap()
        })
        .await;
    assert_eq!(moments.len(), 1);
}

#[tokio::test]
async fn what_is_turned_off_is_forgotten() {
    let fixture = Fixture::start().await;
    seed(&fixture);
    fixture.choose(&Choices::everything()).await;
    fixture.schedule().await;
    fixture.settle().await;
    fixture.choose(&Choices::default()).await;
    let connection = fixture.connection().await;
    let task = tasks::SyncTask::forget(&connection.organization, &connection.workspace);
    let queue: &dyn platform::queue::Queue = &*fixture.queue;
    queue
        .send(task.to_body(), std::time::Duration::ZERO)
        .await
        .unwrap();
    fixture.work().await;
    assert_eq!(copied(&fixture).await, [""; 0]);
    fixture.later(60);
    fixture.run().await;
    assert_eq!(copied(&fixture).await, [""; 0]);
    assert_eq!(fixture.progress().await.import, store::Import::default());
}
