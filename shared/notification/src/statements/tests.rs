use serde_json::{Value, json};

use super::*;

fn at() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn of_contact(contact: Value, role: Role) -> Result<Statement, Error> {
    contact_statement(&serde_json::from_value(contact).unwrap(), role, at())
}

fn of_conversation(conversation: Value) -> Vec<Statement> {
    let conversation = serde_json::from_value(conversation).unwrap();
    conversation_statements(&conversation, at()).unwrap()
}

#[test]
fn the_role_says_what_the_external_id_and_the_address_mean() {
    let (visitor_id, user_id) = (Alias::visitor_id("x-1").ok(), Alias::user_id("x-1").ok());
    let address = Alias::email("a@b.c").unwrap();
    let of_lead = Some(ContactEmail::OfLead(address.clone()));
    let of_user = Some(ContactEmail::OfUser(address));
    for (role, unless_said, expected) in [
        (
            "lead",
            Role::User,
            (visitor_id.clone(), None, of_lead.clone()),
        ),
        ("user", Role::Lead, (None, user_id.clone(), of_user.clone())),
        ("", Role::Lead, (visitor_id.clone(), None, of_lead.clone())),
        ("", Role::User, (None, user_id.clone(), of_user)),
        ("visitor", Role::Unknown, (visitor_id, user_id, of_lead)),
    ] {
        let contact = json!({ "id": "c1", "external_id": "x-1", "email": "A@b.c", "role": role });
        let said = of_contact(contact, unless_said).unwrap();
        assert_eq!(
            (said.visitor_id, said.user_id, said.email),
            expected,
            "{role} {unless_said:?}"
        );
    }
}

#[test]
fn what_cannot_be_an_alias_is_left_out() {
    let contact = json!({
        "id": "c1", "external_id": "undefined", "email": "none", "role": "lead",
        "custom_attributes": { "recapt_session_id": "no session" },
    });
    let said = of_contact(contact, Role::Unknown).unwrap();
    let contact = ContactId::parse("c1").unwrap();
    assert_eq!(said, Statement::about(contact, at()));
}

#[test]
fn a_contact_that_cannot_be_remembered_is_an_error() {
    let contact = json!({ "id": "c".repeat(129) });
    let error = of_contact(contact, Role::Lead).unwrap_err();
    assert!(matches!(error, Error::MalformedId(_)), "{error}");
}

#[test]
fn browser_and_session_come_along() {
    let said = of_contact(
        json!({
            "id": "c1", "browser": "chrome", "browser_version": "141", "os": "Windows 10", "browser_language": "en",
            "custom_attributes": { "recapt_session_url": "https://app.example/sessions/s-1" },
        }),
        Role::Lead,
    )
    .unwrap();
    assert_eq!(said.session_hint, SessionId::parse("s-1").ok());
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        said.client,
        ClientDetails {
            browser: text("chrome"),
            browser_version: text("141"),
            os: text("Windows 10"),
            language: text("en"),
        }
    );
}

#[test]
fn what_the_first_message_says_is_its_authors_only() {
    let said = of_conversation(json!({
        "id": 7, "created_at": 1_795_175_900, "custom_attributes": { "recapt_session_id": "s-1" },
        "source": {
            "url": "https://shop.example/cart?step=2",
            "author": { "type": "user", "id": "c1", "email": "a@b.c" },
        },
        "contacts": { "contacts": [{ "id": "c1", "external_id": "u-1" }, { "id": "c2", "external_id": "x-2" }] },
    }));
    let [author, other] = <[_; 2]>::try_from(said).unwrap();

    assert_eq!(author.user_id, Alias::user_id("u-1").ok());
    assert_eq!(author.visitor_id, None);
    assert_eq!(
        author.email,
        Alias::email("a@b.c").ok().map(ContactEmail::OfUser)
    );
    assert_eq!(author.session_hint, SessionId::parse("s-1").ok());
    let began = author.conversation.unwrap();
    assert_eq!(
        (began.id.as_str(), began.at.as_second(), began.by_contact),
        ("7", 1_795_175_900, true)
    );
    assert_eq!(began.page, PageAddress::of("https://shop.example/cart"));

    assert_eq!((other.email, other.session_hint), (None, None));
    assert_eq!(other.visitor_id, Alias::visitor_id("x-2").ok());
    assert_eq!(other.user_id, Alias::user_id("x-2").ok());
    let began = other.conversation.unwrap();
    assert_eq!((began.page, began.by_contact), (None, false));
}

#[test]
fn an_author_without_an_id_is_the_only_contact_there_is() {
    let by = |contacts: Value| {
        let author = json!({ "type": "lead" });
        let source = json!({ "url": "https://shop.example/cart", "author": author });
        let said = of_conversation(json!({ "id": "7", "source": source, "contacts": contacts }));
        let began = said.into_iter().filter_map(|said| said.conversation);
        began.map(|began| began.by_contact).collect::<Vec<_>>()
    };
    assert_eq!(by(json!([{ "id": "c1" }])), [true]);
    assert_eq!(by(json!([{ "id": "c1" }, { "id": "c2" }])), [false, false]);
}

#[test]
fn a_conversation_that_a_teammate_began_has_no_page_of_the_contacts() {
    let said = of_conversation(json!({
        "id": "7", "custom_attributes": { "recapt_session_id": "s-1" },
        "source": {
            "url": "https://shop.example/cart",
            "author": { "type": "admin", "id": "c1", "email": "teammate@acme.example" },
        },
        "contacts": [{ "id": "c1" }],
    }));
    let [said] = <[_; 1]>::try_from(said).unwrap();
    assert_eq!(
        (&said.email, &said.session_hint),
        (&None, &SessionId::parse("s-1").ok())
    );
    let began = said.conversation.unwrap();
    assert_eq!(
        (began.at, began.page, began.by_contact),
        (at(), None, false)
    );
}
