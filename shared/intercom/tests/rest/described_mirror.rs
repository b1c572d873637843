//! What the fake Intercom answers of what is mirrored, and what the client asks for, against Intercom's own
//! description.

use axum::http::Method;
use intercom::Region;
use intercom::fake::{
    Directory, FakeCompany, FakeContact, FakeConversation, FakePart, FakeSegment, FakeTag, Role,
    Workspace, Writer,
};
use intercom::openapi::Description;
use intercom::rest::{
    ContactRole, ConversationSearch, MessageChannel, MessageWrite, ReplyKind, ReplyWrite,
};
use serde_json::{Map, Value, json};

use crate::companies::{noon, options, token};
use crate::described::answered;
use crate::fixture::Fixture;

const US: Region = Region::Us;

/// A workspace with one of everything; but no contact has a tag, because the description takes the type of a
/// contact's tag for an address, and its own example has none.
async fn fixture() -> Fixture {
    let ada = FakeContact {
        email: Some("ada@b.example".to_owned()),
        name: Some("Ada".to_owned()),
        external_id: Some("42".to_owned()),
        segments: vec!["s1".to_owned()],
        companies: vec!["6310".to_owned()],
        ..FakeContact::new("c1".to_owned(), Role::User, noon())
    };
    let part = FakePart {
        attachments: vec!["https://files.example/a.png".to_owned()],
        ..FakePart::new(
            "3",
            "comment",
            Writer::Admin("1".to_owned()),
            Some("Hi"),
            noon(),
        )
    };
    let mut directory = Directory::new(vec![FakeConversation {
        parts: vec![part],
        tags: vec![FakeTag::new("7", "VIP")],
        ..FakeConversation::new("7".to_owned(), ada)
    }]);
    directory.add_tag(FakeTag::new("7", "VIP"));
    directory.add_segment(FakeSegment::new("s1", "Active"));
    directory.add_company(FakeCompany {
        last_request_at: Some(noon()),
        ..FakeCompany::new("6310".to_owned(), "acme".to_owned(), noon())
    });
    let fixture = Fixture::with(options()).await;
    fixture
        .intercom
        .add(Workspace::new("acme", "Acme"), directory);
    fixture
}

#[tokio::test]
async fn what_is_answered_of_what_is_mirrored_is_what_intercom_describes() {
    let Some(description) = Description::beside_the_project() else {
        return;
    };
    let fixture = fixture().await;
    let reply =
        json!({ "message_type": "comment", "type": "admin", "admin_id": "1", "body": "Hi" });
    let message = json!({ "message_type": "email", "subject": "Hi", "template": "plain", "body": "Hi",
                          "from": { "type": "admin", "id": 1 }, "to": { "type": "user", "id": "c1" },
                          "create_conversation_without_contact_reply": true });
    for (method, path, body) in [
        (Method::GET, "/admins", &Value::Null),
        (Method::GET, "/tags", &Value::Null),
        (Method::GET, "/segments", &Value::Null),
        (Method::GET, "/contacts", &Value::Null),
        (Method::GET, "/contacts/c1/tags", &Value::Null),
        (Method::GET, "/contacts/c1/segments", &Value::Null),
        (Method::GET, "/contacts/c1/companies", &Value::Null),
        (
            Method::POST,
            "/companies/list?page=1&per_page=60",
            &Value::Null,
        ),
        (Method::GET, "/companies/scroll", &Value::Null),
        (Method::GET, "/companies/6310/contacts", &Value::Null),
        (Method::PUT, "/companies/6310", &json!({ "name": "Acme" })),
        (Method::GET, "/conversations/7", &Value::Null),
        (Method::POST, "/conversations/7/reply", &reply),
        (Method::POST, "/messages", &message),
    ] {
        assert!(
            description.knows(&method, path.split('?').next().unwrap()),
            "{path}"
        );
        let (status, said) = answered(&fixture, &description, (method, path, body)).await;
        assert_eq!(status, 200, "{path}: {said}");
    }
}

/// What the documentation tells, and the description does not.
const UNDESCRIBED: [&str; 1] = ["POST /conversations/search /sort: not described"];

#[tokio::test]
async fn what_is_asked_of_what_is_mirrored_is_what_intercom_describes() {
    let Some(description) = Description::beside_the_project() else {
        return;
    };
    let fixture = fixture().await;
    let (client, token) = (fixture.client(), token());
    client.list_admins(US, &token).await.ok().unwrap();
    client.list_tags(US, &token).await.ok().unwrap();
    client.list_segments(US, &token).await.ok().unwrap();
    client.list_contacts(US, &token, None).await.ok().unwrap();
    client.tags_of_contact(US, &token, "c1").await.ok().unwrap();
    client
        .segments_of_contact(US, &token, "c1")
        .await
        .ok()
        .unwrap();
    client
        .companies_of_contact(US, &token, "c1", 1)
        .await
        .ok()
        .unwrap();
    client.list_companies(US, &token, 1).await.ok().unwrap();
    client
        .scroll_companies(US, &token, None)
        .await
        .ok()
        .unwrap();
    client
        .contacts_of_company(US, &token, "6310", 1)
        .await
        .ok()
        .unwrap();
    let nothing = Map::new();
    let updated = client.update_company_attributes(US, &token, "6310", &nothing);
    updated.await.ok().unwrap();
    client.conversation(US, &token, "7").await.ok().unwrap();
    client
        .events_of_contact(US, &token, "c1", None)
        .await
        .ok()
        .unwrap();
    let sought = ConversationSearch::with_contact("c1");
    client
        .search_conversations(US, &token, &sought, None)
        .await
        .ok()
        .unwrap();
    let reply = ReplyWrite {
        kind: ReplyKind::Note,
        admin_id: "1".to_owned(),
        body: "Psst".to_owned(),
        attachment_urls: vec!["https://files.example/a.png".to_owned()],
    };
    client.reply(US, &token, "7", &reply).await.ok().unwrap();
    let message = MessageWrite {
        channel: MessageChannel::Email {
            subject: "Hi".to_owned(),
        },
        admin_id: "1".to_owned(),
        contact: "c1".to_owned(),
        role: ContactRole::User,
        body: "<p>Hi</p>".to_owned(),
    };
    client
        .send_message(US, &token, &message)
        .await
        .ok()
        .unwrap();
    let calls = fixture.intercom.calls();
    let found = calls.iter().flat_map(|call| {
        let violations = description.request_violations(&call.request).into_iter();
        violations.map(|found| format!("{} {} {found}", call.method(), call.path()))
    });
    assert_eq!(found.collect::<Vec<_>>(), UNDESCRIBED);
}
