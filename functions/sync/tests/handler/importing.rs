//! The copy of what Intercom has: what is in it, and what is not.

use intercom::fake::{
    Author, Fault, FakeCompany, FakeContact, FakeConversation, FakePart, FakeSource, FakeTag,
    Message, Role, Writer,
};
use jiff::SignedDuration;
use mirror::{Choices, MomentKind};
use store::ImportPart;

use crate::fixture::Fixture;

const DAY: i64 = 24 * 60;

/// Companies: two that are seen, one of a lead's, one not seen for a year, one without people. Each of the two
/// has people; a lead has written.
pub(crate) fn seed(fixture: &Fixture) {
    let company = |id: &str, company_id: &str, seen_days_ago: i64| {
        let made = fixture.ago(500 * DAY);
        FakeCompany {
            name: Some(format!("Company {id}")),
            last_request_at: Some(fixture.ago(seen_days_ago * DAY)),
            updated_at: fixture.ago(seen_days_ago * DAY),
            ..FakeCompany::new(id.to_owned(), company_id.to_owned(), made)
        }
    };
    let user = |id: &str, company: &str| FakeContact {
        name: Some(format!("User {id}")),
        email: Some(format!("{id}@shop.example")),
        external_id: Some(format!("id-{id}")),
        companies: vec![company.to_owned()],
        ..FakeContact::new(id.to_owned(), Role::User, fixture.ago(3 * DAY))
    };
    let lead = || FakeContact {
        email: Some("lead@shop.example".to_owned()),
        ..FakeContact::new("lead".to_owned(), Role::Lead, fixture.ago(2 * DAY))
    };
    let talk = |id: &str, source: FakeSource, parts: Vec<FakePart>| FakeConversation {
        messages: vec![Message {
            from: Author::Contact,
            text: format!("Help with {id}"),
            at: fixture.ago(2 * DAY),
        }],
        source,
        parts,
        ..FakeConversation::new(id.to_owned(), lead())
    };
    let source = |kind: &str, delivered_as: &str| FakeSource {
        kind: kind.to_owned(),
        delivered_as: delivered_as.to_owned(),
        author: Writer::Admin("7".to_owned()),
        ..FakeSource::default()
    };
    let part = |id: &str, kind: &str, author: Writer, body: &str| {
        FakePart::new(id, kind, author, Some(body), fixture.ago(2 * DAY))
    };
    let parts = vec![
        part("p-1", "comment", Writer::Ai, "It is so"),
        part("p-2", "note", Writer::Admin("7".to_owned()), "Hm"),
        part("p-3", "operator_workflow_event", Writer::Bot, "x"),
    ];
    let added = fixture.stack.intercom.write("acme", |directory| {
        directory.add_tag(FakeTag::new("1", "VIP"));
        directory.add_company(company("c-1", "one", 1));
        directory.add_company(company("c-2", "two", 2));
        directory.add_company(company("c-3", "3f-qualification-company", 1));
        directory.add_company(company("c-4", "four", 365));
        directory.add_company(company("c-5", "five", 1));
        for (id, company) in [("u-1", "c-1"), ("u-2", "c-1"), ("u-3", "c-2"), ("u-4", "c-3"), ("u-5", "c-4")] {
            directory.add_contact(user(id, company));
        }
        directory.add_conversation(talk("t-1", FakeSource::default(), parts));
        directory.add_conversation(talk("t-2", source("conversation", "automated"), Vec::new()));
        directory.add_conversation(talk("t-3", source("email", "admin_initiated"), Vec::new()));
        let mut ticket = talk("t-4", FakeSource::default(), Vec::new());
        ticket.is_ticket = true;
        directory.add_conversation(ticket);
    });
    added.unwrap();
}

/// What is copied, in words.
pub(crate) async fn copied(fixture: &Fixture) -> Vec<String> {
    let now = fixture.now();
    fixture
        .mirror(async |mirror| {
            let mut all = Vec::new();
            for listed in mirror.companies().list(now).await.unwrap() {
                let id = &listed.company.id;
                let members = mirror.memberships();
                let mut people = Vec::new();
                for contact in mirror.contacts().ids_after(None, 100).await.unwrap() {
                    if members.is_member((&contact, id), now).await.unwrap() {
                        people.push(contact);
                    }
                }
                people.sort();
                all.push(format!("company {id}: {}", people.join(" ")));
            }
            for id in mirror.contacts().ids_after(None, 100).await.unwrap() {
                all.push(format!("contact {id}"));
            }
            let page = mirror.conversations().changed_since(None, None, 100, now);
            for conversation in page.await.unwrap().conversations {
                let parts = mirror.conversations().parts(&conversation.id, now).await.unwrap();
                let kinds: Vec<_> = parts.iter().map(|part| part.kind.as_str()).collect();
                all.push(format!("conversation {}: {}", conversation.id, kinds.join(" ")));
            }
            for tag in mirror.vocabulary().tags(now).await.unwrap() {
                all.push(format!("tag {}", tag.name));
            }
            all.sort();
            all
        })
        .await
}

pub(crate) const ALL: [&str; 8] = [
    "company c-1: u-1 u-2",
    "company c-2: u-3",
    "contact lead",
    "contact u-1",
    "contact u-2",
    "contact u-3",
    "conversation t-1: source comment note",
    "tag VIP",
];

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
        .mirror(async |mirror| mirror.companies().listed("c-1", fixture.now()).await.unwrap())
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
    fixture.stack.intercom.fail_once("/conversations/t-1", broken);
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
    assert!(!copied.iter().any(|line| line.contains("t-1")), "{copied:?}");
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
            mirror.moments().of_contact("lead", kind, None, 10, fixture.now()).await.unwrap()
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
    queue.send(task.to_body(), std::time::Duration::ZERO).await.unwrap();
    fixture.work().await;
    assert_eq!(copied(&fixture).await, [""; 0]);
    fixture.later(60);
    fixture.run().await;
    assert_eq!(copied(&fixture).await, [""; 0]);
    assert_eq!(fixture.progress().await.import, store::Import::default());
}
