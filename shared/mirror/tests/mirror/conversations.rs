//! Conversations, their parts, and their list by last change.

use std::collections::BTreeSet;

use mirror::{Absence, Conversation, MomentKind, Part};

use crate::fixture::{Fixture, KEPT, as_of, at, conversation, part};

async fn put(fixture: &Fixture, said: (&Conversation, &[Part]), minutes: i64) {
    let here = fixture.here();
    let conversations = here.conversations();
    conversations
        .put(said, as_of(minutes), KEPT, at(99))
        .await
        .unwrap();
}

async fn bodies(fixture: &Fixture, id: &str) -> Vec<Option<String>> {
    let here = fixture.here();
    let parts = here.conversations().parts(id, at(99)).await.unwrap();
    parts.into_iter().map(|part| part.body).collect()
}

#[tokio::test]
async fn parts_come_together_from_whatever_tells_of_some_of_them() {
    let parts = [part("p1", "one", 1, 1), part("p2", "two", 2, 2)];
    for order in [[0, 1], [1, 0]] {
        let fixture = Fixture::start().await;
        for index in order {
            let minutes = i64::try_from(index).unwrap() + 1;
            let said = conversation("v1", &["c1"], minutes);
            put(&fixture, (&said, &parts[index..=index]), minutes).await;
        }
        let said = [Some("one".to_owned()), Some("two".to_owned())];
        assert_eq!(bodies(&fixture, "v1").await, said, "{order:?}");
        let here = fixture.here();
        let there = here.conversations().get("v1", at(99)).await.unwrap();
        assert_eq!(there.unwrap().updated_at, Some(at(2)));
    }
}

/// Intercom's times are seconds, and its ids count up.
#[tokio::test]
async fn parts_of_one_second_are_in_the_order_of_their_ids_after_the_first_message() {
    let fixture = Fixture::start().await;
    let source = Part {
        kind: "source".to_owned(),
        ..part("99", "source", 1, 1)
    };
    let parts = [
        part("10", "ten", 1, 1),
        part("9", "nine", 1, 1),
        source,
        part("2", "two", 0, 0),
    ];
    put(&fixture, (&conversation("v1", &["c1"], 1), &parts), 1).await;
    let said = ["two", "source", "nine", "ten"].map(|said| Some(said.to_owned()));
    assert_eq!(bodies(&fixture, "v1").await, said);
}

#[tokio::test]
async fn what_was_redacted_is_not_brought_back_by_what_was_read_before() {
    let before = part("p1", "my password is", 1, 1);
    let redacted = Part {
        body: None,
        is_redacted: true,
        ..part("p1", "", 1, 5)
    };
    for order in [[1, 5], [5, 1]] {
        let fixture = Fixture::start().await;
        for minutes in order {
            let said = conversation("v1", &["c1"], minutes);
            let part = if minutes == 1 { &before } else { &redacted };
            put(&fixture, (&said, std::slice::from_ref(part)), minutes).await;
        }
        assert_eq!(bodies(&fixture, "v1").await, [None], "{order:?}");
    }
}

#[tokio::test]
async fn a_conversation_that_was_deleted_takes_its_parts_and_moments_along() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let said = conversation("v1", &["c1"], 1);
    put(&fixture, (&said, &[part("p1", "one", 1, 1)]), 1).await;
    let conversations = here.conversations();
    conversations
        .take_away("v1", as_of(2), Absence::Deleted, at(9))
        .await
        .unwrap();
    put(&fixture, (&said, &[part("p2", "late", 1, 1)]), 1).await;
    put(&fixture, (&conversation("v1", &["c1"], 3), &[]), 3).await;
    assert!(conversations.get("v1", at(9)).await.unwrap().is_none());
    assert!(bodies(&fixture, "v1").await.is_empty());
    let moments = here.moments();
    let kind = MomentKind::Conversation;
    assert!(
        moments
            .of_contact("c1", kind, None, 9, at(9))
            .await
            .unwrap()
            .is_empty()
    );
    let page = conversations
        .changed_since(None, None, 9, at(9))
        .await
        .unwrap();
    assert!(page.conversations.is_empty() && page.next.is_none());
}

#[tokio::test]
async fn whoever_leaves_a_conversation_has_it_on_their_time_line_no_more() {
    let fixture = Fixture::start().await;
    put(&fixture, (&conversation("v1", &["c1", "c2"], 1), &[]), 1).await;
    put(&fixture, (&conversation("v1", &["c2"], 2), &[]), 2).await;
    let here = fixture.here();
    let kind = MomentKind::Conversation;
    for (contact, there) in [("c1", 0), ("c2", 1)] {
        let moments = here.moments();
        let moments = moments.of_contact(contact, kind, None, 9, at(9)).await;
        assert_eq!(moments.unwrap().len(), there, "{contact}");
    }
}

/// Whoever pages through the list while it changes sees every conversation, those that changed once more.
#[tokio::test]
async fn a_cursor_of_the_list_survives_changes() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let conversations = here.conversations();
    for number in 0..6 {
        let said = conversation(&format!("v{number}"), &["c1"], number);
        put(&fixture, (&said, &[]), number).await;
    }
    let mut seen = BTreeSet::new();
    let mut place = None;
    let mut pages = 0;
    loop {
        let page = conversations
            .changed_since(Some(at(0)), place.as_ref(), 2, at(99))
            .await
            .unwrap();
        assert!(page.conversations.len() <= 2);
        seen.extend(page.conversations.iter().map(|there| there.id.clone()));
        if pages == 0 {
            // One that was listed, and one that is to come.
            for id in ["v0", "v5"] {
                put(&fixture, (&conversation(id, &["c1"], 20), &[]), 20).await;
            }
        }
        pages += 1;
        place = page.next;
        if place.is_none() {
            break;
        }
        let text = place.as_ref().unwrap().to_text();
        assert_eq!(mirror::ConversationPlace::parse(&text), place);
    }
    let all: BTreeSet<_> = (0..6).map(|number| format!("v{number}")).collect();
    assert_eq!(seen, all);
    let changed = conversations.changed_since(Some(at(20)), None, 9, at(99));
    let changed = changed.await.unwrap().conversations;
    let changed: BTreeSet<_> = changed.into_iter().map(|there| there.id).collect();
    assert_eq!(changed, BTreeSet::from(["v0".to_owned(), "v5".to_owned()]));
}

#[tokio::test]
async fn a_long_text_is_cut_between_two_characters_and_says_so() {
    let fixture = Fixture::start().await;
    let body = "ä".repeat(200_000);
    let said = conversation("v1", &["c1"], 1);
    put(&fixture, (&said, &[part("p1", &body, 1, 1)]), 1).await;
    let here = fixture.here();
    let parts = here.conversations().parts("v1", at(9)).await.unwrap();
    assert!(parts[0].is_cut);
    assert_eq!(parts[0].body.as_ref().unwrap().len(), 256 * 1024);
}
