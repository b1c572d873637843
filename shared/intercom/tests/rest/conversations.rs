//! Conversations and events, read by the client from the fake Intercom.

use intercom::conversation::{Conversation, State};
use intercom::fake::{
    ConversationChange, Directory, FakeConversation, FakePart, Fault, Options, Writer,
};
use intercom::rest::{Client, ConversationSearch, EventWrite, Order};
use jiff::SignedDuration;

use crate::companies::{US, contact, noon, options, token, with};
use crate::fixture::Fixture;

/// A conversation of so many parts, of a contact of its own.
fn conversation(id: &str, parts: i64) -> FakeConversation {
    let at = |second| noon() + SignedDuration::from_secs(second);
    let parts = (0..parts).map(|number| {
        let (id, body) = (format!("{id}-{number}"), format!("Part {number}"));
        FakePart::new(&id, "comment", Writer::Contact, Some(&body), at(number))
    });
    FakeConversation {
        parts: parts.collect(),
        changed_at: Some(noon()),
        ..FakeConversation::new(id.to_owned(), contact(&format!("writer-of-{id}"), &[]))
    }
}

async fn read(client: &Client, id: &str) -> Option<Conversation> {
    let read = client.conversation(US, &token(), id).await;
    read.ok().unwrap().value
}

#[tokio::test]
async fn a_conversation_shows_its_newest_five_hundred_parts_and_says_how_many_there_are() {
    let fixture = with(options(), Directory::new(vec![conversation("7", 600)])).await;
    let client = fixture.client();
    let long = read(&client, "7").await.unwrap();
    assert_eq!(
        (long.parts.len(), long.parts_total, long.parts_missing()),
        (500, Some(600), 100)
    );
    assert_eq!(long.parts[499].body.as_deref(), Some("Part 599"));
    assert!(
        long.parts
            .iter()
            .all(|part| part.is_message() && !part.is_note())
    );
    assert!(read(&client, "made-up").await.is_none());
    let call = &fixture.intercom.calls()[0];
    assert_eq!(call.request.uri().query(), Some("display_as=plaintext"));
}

#[tokio::test]
async fn tickets_are_nowhere_for_an_app_that_may_not_read_them() {
    for may_read_tickets in [true, false] {
        let ticket = FakeConversation {
            is_ticket: true,
            ..conversation("7", 1)
        };
        let options = Options {
            may_read_tickets,
            ..options()
        };
        let fixture = with(options, Directory::new(vec![ticket])).await;
        let client = fixture.client();
        let read = read(&client, "7").await;
        assert_eq!(read.is_some_and(|it| it.is_ticket), may_read_tickets);
        let sought = ConversationSearch::with_contact("writer-of-7");
        let found = client
            .search_conversations(US, &token(), &sought, None)
            .await;
        assert_eq!(
            found.ok().unwrap().items.len(),
            usize::from(may_read_tickets)
        );
    }
}

#[tokio::test]
async fn conversations_are_searched_by_change_in_either_order_and_by_contact() {
    let day = |days: i64| noon() + SignedDuration::from_hours(24 * days);
    let changed = |id: &str, days| FakeConversation {
        changed_at: Some(day(days)),
        ..conversation(id, 0)
    };
    let conversations = vec![changed("a", 1), changed("b", 2), changed("c", 3)];
    let fixture = with(options(), Directory::new(conversations)).await;
    let (client, token) = (fixture.client(), token());
    let since = |order| ConversationSearch::updated_after(day(0), order);
    for (sought, expected) in [
        (since(Order::OldestFirst), vec!["a", "b", "c"]),
        (since(Order::NewestFirst), vec!["c", "b", "a"]),
        (
            ConversationSearch {
                updated_before: Some(day(3)),
                ..since(Order::OldestFirst)
            },
            vec!["a", "b"],
        ),
        (ConversationSearch::with_contact("writer-of-b"), vec!["b"]),
        (ConversationSearch::with_contact("nobody"), vec![]),
    ] {
        let found = client.search_conversations(US, &token, &sought, None).await;
        let found = found.ok().unwrap().items.into_iter();
        assert_eq!(found.map(|it| it.id).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn deleted_conversations_are_told_where_the_version_has_it() {
    for (tells_of_deleted, told) in [(true, Some(vec!["7".to_owned()])), (false, None)] {
        let options = Options {
            tells_of_deleted,
            ..options()
        };
        let fixture = with(options, Directory::new(vec![conversation("7", 1)])).await;
        let delete = fixture
            .intercom
            .change_conversation("acme", "7", ConversationChange::Delete);
        assert_eq!(delete.unwrap().item["conversation_id"], "7");
        let gone = fixture
            .client()
            .deleted_conversations(US, &token(), 1)
            .await;
        let gone = gone.ok().unwrap();
        let ids = gone.map(|page| page.items.into_iter().map(|it| it.id).collect::<Vec<_>>());
        assert_eq!(ids, told);
        let version = fixture.intercom.calls()[0].request.headers()["intercom-version"].clone();
        assert_eq!(version, "2.16");
    }
    let fixture = Fixture::answering([Fault::refusal(404, "not_found")]).await;
    let gone = fixture
        .client()
        .deleted_conversations(US, &token(), 1)
        .await;
    assert!(gone.ok().unwrap().is_none());
}

#[tokio::test]
async fn the_events_of_a_contact_come_in_pages_whose_address_is_not_followed() {
    let mut directory = Directory::default();
    directory.add_contact(contact("ada", &[]));
    let options = Options {
        largest_page: 2,
        ..options()
    };
    let fixture = with(options, directory).await;
    let (client, token) = (fixture.client(), token());
    for second in 0..5 {
        let event = EventWrite {
            event_name: format!("event-{second}"),
            created_at: noon().as_second() - second,
            id: Some("ada".to_owned()),
            ..EventWrite::default()
        };
        client.send_event(US, &token, &event).await.ok().unwrap();
    }
    let (mut names, mut cursor) = (Vec::new(), None);
    loop {
        let page = client
            .events_of_contact(US, &token, "ada", cursor.as_ref())
            .await;
        let page = page.ok().unwrap();
        names.extend(page.items.into_iter().map(|event| event.name));
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(
        names,
        ["event-0", "event-1", "event-2", "event-3", "event-4"]
    );
    let calls = fixture.intercom.calls();
    let query = calls[6].request.uri().query().unwrap();
    assert!(
        query.starts_with("type=user&intercom_user_id=ada&"),
        "{query}"
    );
    assert_eq!(query.matches("intercom_user_id").count(), 1, "{query}");
}

#[tokio::test]
async fn a_change_of_a_conversation_is_seen_at_once() {
    let fixture = with(options(), Directory::new(vec![conversation("7", 1)])).await;
    let (client, admin) = (fixture.client(), || "1".to_owned());
    for (change, state) in [
        (ConversationChange::Snooze(admin()), State::Snoozed),
        (ConversationChange::Close(admin()), State::Closed),
        (
            ConversationChange::ContactReplies("Hi".to_owned()),
            State::Open,
        ),
    ] {
        fixture
            .intercom
            .change_conversation("acme", "7", change)
            .unwrap();
        assert_eq!(read(&client, "7").await.unwrap().state, Some(state));
    }
    let read = read(&client, "7").await.unwrap();
    let kinds: Vec<&str> = read.parts.iter().map(|part| part.kind.as_str()).collect();
    assert_eq!(kinds, ["comment", "snoozed", "close", "comment"]);
    assert_eq!(read.parts_missing(), 0);
}
