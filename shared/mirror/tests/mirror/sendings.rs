//! What is sent from our pages is sent at most once.

use mirror::Sending;

use crate::fixture::{Fixture, at};

#[tokio::test]
async fn a_form_is_sent_once_until_it_is_known_that_nothing_was_sent() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let name = here.name_sending().unwrap();
    assert_ne!(name, here.name_sending().unwrap());
    let begin = async || here.begin_sending(&name, at(1)).await.unwrap();
    assert_eq!(begin().await, None);
    let before = begin().await.unwrap();
    assert!(!before.is_sent, "nobody knows");
    here.withdraw_sending(&name).await.unwrap();
    assert_eq!(begin().await, None);
    here.end_sending(&name, Some("v1"), at(2)).await.unwrap();
    let Sending {
        is_sent,
        conversation,
        ..
    } = begin().await.unwrap();
    assert_eq!((is_sent, conversation.as_deref()), (true, Some("v1")));
}

#[tokio::test]
async fn two_who_send_a_form_at_once_send_it_once() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let (one, other) = tokio::join!(
        here.begin_sending("form", at(1)),
        here.begin_sending("form", at(1))
    );
    let began = [one.unwrap(), other.unwrap()];
    assert_eq!(began.iter().filter(|before| before.is_none()).count(), 1);
}
