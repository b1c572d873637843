//! What is written to people: replies, notes, messages.

use intercom::Region;
use intercom::fake::{Directory, FakeAdmin, FakeContact, FakeConversation, Fault, Role, Workspace};
use intercom::oauth::AccessToken;
use intercom::rest::{
    Advice, ContactRole, Error, MessageChannel, MessageWrite, ReplyKind, ReplyWrite,
};
use intercom::webhook::{Item, MirroredItem, MirroredNotification, Notification, Topic};
use jiff::Timestamp;

use crate::fixture::Fixture;

const US: Region = Region::Us;

fn token() -> AccessToken {
    AccessToken::parse("dG9r").unwrap()
}

/// A workspace with the conversation `7` of the lead `c1`, and the admin `2`, who has no seat.
async fn fixture() -> Fixture {
    let fixture = Fixture::start().await;
    let lead = FakeContact::new("c1".to_owned(), Role::Lead, Timestamp::UNIX_EPOCH);
    let mut directory = Directory::new(vec![FakeConversation::new("7".to_owned(), lead)]);
    directory.add_admin(FakeAdmin::new("2", "Bob", false));
    fixture
        .intercom
        .add(Workspace::new("acme", "Acme"), directory);
    fixture
}

fn reply(kind: ReplyKind, admin: &str) -> ReplyWrite {
    ReplyWrite {
        kind,
        admin_id: admin.to_owned(),
        body: "Have a look".to_owned(),
        attachment_urls: vec!["https://files.example/a.png".to_owned()],
    }
}

fn message(channel: MessageChannel, role: ContactRole) -> MessageWrite {
    MessageWrite {
        channel,
        admin_id: "1".to_owned(),
        contact: "c1".to_owned(),
        role,
        body: "Hello".to_owned(),
    }
}

fn code(error: &Error) -> (u16, &str) {
    match error {
        Error::Refused { refusal, .. } => (
            refusal.status.as_u16(),
            refusal.code.as_deref().unwrap_or_default(),
        ),
        _ => (0, ""),
    }
}

#[tokio::test]
async fn a_reply_and_a_note_stand_in_the_conversation_and_are_told_once() {
    for (kind, topic, is_note) in [
        (ReplyKind::Comment, "conversation.admin.replied", false),
        (ReplyKind::Note, "conversation.admin.noted", true),
    ] {
        let fixture = fixture().await;
        let done = fixture
            .client()
            .reply(US, &token(), "7", &reply(kind, "1"))
            .await;
        let conversation = done.ok().unwrap().value;
        let part = conversation.parts.last().unwrap();
        assert!(part.is_message());
        assert_eq!(part.is_note(), is_note);
        assert_eq!(part.author.id.as_deref(), Some("1"));
        assert_eq!(part.app_package_code.as_deref(), Some("client & id"));
        assert_eq!(part.attachments.len(), usize::from(!is_note));

        let told = fixture.intercom.take_notifications();
        assert_eq!(told.len(), 1);
        let body = told[0].envelope([7; 16]).to_string();
        let read = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        assert_eq!(read.topic.as_str(), topic);
        let MirroredItem::Conversation(told) = read.item else {
            panic!("{topic}");
        };
        assert!(told.parts == [part.clone()], "the new part alone");
        assert!(fixture.intercom.take_notifications().is_empty());
    }
}

#[tokio::test]
async fn a_message_begins_a_conversation_by_either_way() {
    let email = MessageChannel::Email {
        subject: "Your cart".to_owned(),
    };
    for (channel, kind) in [(MessageChannel::InApp, "conversation"), (email, "email")] {
        let fixture = fixture().await;
        let client = fixture.client();
        let message = message(channel, ContactRole::Lead);
        let sent = client
            .send_message(US, &token(), &message)
            .await
            .ok()
            .unwrap();
        let id = sent.value.conversation_id.unwrap();
        let begun = client.conversation(US, &token(), &id).await.ok().unwrap();
        let source = begun.value.unwrap().source.unwrap();
        assert_eq!(source.kind.as_deref(), Some(kind));
        assert_eq!(source.delivered_as.as_deref(), Some("admin_initiated"));
        assert_eq!(source.body.as_deref(), Some("Hello"));
        assert_eq!(source.author.unwrap().id.as_deref(), Some("1"));

        let told = fixture.intercom.take_notifications();
        let body = told[0].envelope([7; 16]).to_string();
        let read = Notification::parse(body.as_bytes()).ok().unwrap();
        assert_eq!(read.topic, Topic::ConversationAdminSingleCreated);
        let Item::Conversation(conversation) = read.item else {
            panic!("a conversation");
        };
        assert_eq!(conversation.id, id);
    }
}

#[tokio::test]
async fn whoever_may_not_write_does_not() {
    let fixture = fixture().await;
    let (client, token) = (fixture.client(), token());
    for (conversation, admin, expected) in [
        ("7", "2", (403, "action_forbidden")),
        ("7", "3", (404, "admin_not_found")),
        ("8", "1", (404, "not_found")),
    ] {
        let reply = reply(ReplyKind::Comment, admin);
        let error = client
            .reply(US, &token, conversation, &reply)
            .await
            .err()
            .unwrap();
        assert_eq!(code(&error), expected);
        assert_eq!(error.advice(), Advice::GiveUp);
    }
    let as_user = message(MessageChannel::InApp, ContactRole::User);
    let error = client
        .send_message(US, &token, &as_user)
        .await
        .err()
        .unwrap();
    assert_eq!(
        code(&error),
        (404, "not_found"),
        "a lead is found as a lead"
    );
    fixture.intercom.write("acme", |directory| {
        directory.update("c1", |contact| contact.unsubscribed_from_emails = true);
    });
    let subject = "Your cart".to_owned();
    let email = message(MessageChannel::Email { subject }, ContactRole::Lead);
    let error = client.send_message(US, &token, &email).await.err().unwrap();
    assert_eq!(code(&error), (403, "action_forbidden"));
    assert!(fixture.intercom.take_notifications().is_empty());
}

#[tokio::test]
async fn what_may_have_been_written_is_not_written_again() {
    for fault in [
        Fault::CutOffAfter,
        Fault::CutOffBefore,
        Fault::refusal(502, "server_error"),
    ] {
        let fixture = fixture().await;
        let client = fixture.client();
        fixture.intercom.fail_next(fault.clone());
        let reply = reply(ReplyKind::Comment, "1");
        assert!(client.reply(US, &token(), "7", &reply).await.is_err());
        assert_eq!(fixture.asked(), 1, "{fault:?}");
        fixture.intercom.fail_next(fault.clone());
        let message = message(MessageChannel::InApp, ContactRole::Lead);
        assert!(client.send_message(US, &token(), &message).await.is_err());
        assert_eq!(fixture.asked(), 2, "{fault:?}");
    }
}
