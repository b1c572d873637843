//! Somebody's page where Intercom knows them as well.

use identity::Alias;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::StatusCode;
use mirror::{
    AsOf, Company, Contact, Conversation, ConversationState, DataEvent, Moment, Named, Part,
    PartAuthor, SessionLine, Side, What, WorkspaceMirror,
};
use serde_json::json;
use store::Connection;
use test_support::RETENTION_DAYS;

use crate::fixture::{Fixture, START, page};

/// Long after everything here.
const KEPT: i64 = 4_000_000_000;

/// Minutes after the recording began.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millisecond(START).unwrap() + SignedDuration::from_mins(minutes)
}

fn of<'a>(fixture: &'a Fixture, connection: &'a Connection) -> WorkspaceMirror<'a> {
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    fixture.state.mirror.of(organization, workspace)
}

/// Ada of Acme, who was on the site and then wrote; and Bob, who was never recorded.
async fn account() -> (Fixture, Connection) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let now = fixture.now();
    let here = of(&fixture, &connection);
    let company = Company {
        id: "1".to_owned(),
        name: Some("Acme <b>".to_owned()),
        plan: Some("Pro".to_owned()),
        ..Company::default()
    };
    let companies = here.companies();
    companies.put(&company, AsOf::at(now), KEPT).await.unwrap();
    for (id, user_id, name) in [("c1", "42", "Ada"), ("c2", "43", "Bob")] {
        let contact = Contact {
            id: id.to_owned(),
            is_user: true,
            external_id: Some(user_id.to_owned()),
            name: Some(name.to_owned()),
            email: Some(format!("{id}@example.com")),
            tags: vec!["t1".to_owned()],
            custom_attributes: [("seats".to_owned(), json!(12))].into_iter().collect(),
            ..Contact::default()
        };
        let contacts = here.contacts();
        let put = contacts.put(&contact, AsOf::at(now), now);
        Box::pin(put).await.unwrap();
        let belongs = here.memberships();
        let set = belongs.set((id, "1"), true, AsOf::at(now), now);
        Box::pin(set).await.unwrap();
    }
    let tag = Named {
        id: "t1".to_owned(),
        name: "VIP".to_owned(),
    };
    here.vocabulary().put_tags(&[tag], now).await.unwrap();
    let written = write(&fixture, &connection, ("v1", "The <i> button"), at(5));
    Box::pin(written).await;
    let event = DataEvent {
        id: "e1".to_owned(),
        name: "placed-order".to_owned(),
        created_at: Some(at(-5)),
        contact: Some("c1".to_owned()),
        ..DataEvent::default()
    };
    let events = here.events();
    Box::pin(events.put(&event, now, KEPT, now)).await.unwrap();
    let user = Alias::user_id("42").unwrap();
    let chunk = (0, page("https://shop.example/", 0));
    let owner = &connection.organization;
    Box::pin(fixture.record(owner, "known", &[user], &[chunk])).await;
    (fixture, connection)
}

/// Ada begins a conversation.
async fn write(
    fixture: &Fixture,
    connection: &Connection,
    (id, title): (&str, &str),
    at: Timestamp,
) {
    let conversation = Conversation {
        id: id.to_owned(),
        title: Some(title.to_owned()),
        state: ConversationState::Open,
        created_at: Some(at),
        updated_at: Some(at),
        contacts: vec!["c1".to_owned()],
        ..Conversation::default()
    };
    let part = Part {
        id: "1".to_owned(),
        kind: "source".to_owned(),
        body: Some("It does nothing".to_owned()),
        created_at: Some(at),
        author: PartAuthor {
            side: Side::Contact,
            id: Some("c1".to_owned()),
            name: None,
        },
        ..Part::default()
    };
    let parts = [part];
    let here = of(fixture, connection);
    let conversations = here.conversations();
    let put = conversations.put((&conversation, &parts), AsOf::at(at), KEPT, fixture.now());
    put.await.unwrap();
}

/// Where texts stand in a page, which is to be in this order.
fn in_order(page: &str, texts: &[&str]) {
    let mut from = 0;
    for text in texts {
        let found = page[from..].find(text);
        from += found.unwrap_or_else(|| panic!("{text} after {from} in {page}"));
    }
}

#[tokio::test]
async fn what_they_did_and_what_they_wrote_stand_in_one_order() {
    let (fixture, connection) = account().await;
    let cookie = fixture.cookie(&connection);
    let by_contact = fixture.get("/people/c1", Some(&cookie)).await;
    assert_eq!(by_contact.status, StatusCode::OK);
    in_order(
        &by_contact.body,
        &[
            "<h1>Ada</h1>",
            "https://app.eu.intercom.com/a/apps/shop/users/c1",
            "Known as",
            "42",
            "About them",
            "c1@example.com",
            "<a href=\"/companies/1\">Acme &#60;b&#62;</a>",
            "Pro",
            "VIP",
            "seats",
            "History",
            "/conversations/v1",
            "The &#60;i&#62; button",
            "/sessions/known",
            "placed-order",
        ],
    );
    // The same under our own id, which the recording leads to.
    let recording = fixture.get("/sessions/known", Some(&cookie)).await;
    let person = format!("/people/{}", recording.after(r#"<a href="/people/"#));
    let by_person = fixture.get(&person, Some(&cookie)).await;
    for part in ["<h1>Ada</h1>", "/companies/1", "/conversations/v1"] {
        assert!(by_person.body.contains(part), "{part}: {}", by_person.body);
    }
    assert!(
        by_contact
            .body
            .contains(&format!("action=\"{person}/erase\""))
    );
}

#[tokio::test]
async fn a_contact_who_was_never_recorded_has_a_page_with_nothing_to_erase() {
    let (fixture, connection) = account().await;
    let cookie = fixture.cookie(&connection);
    let answer = fixture.get("/people/c2", Some(&cookie)).await;
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "<h1>Bob</h1>",
        "/companies/1",
        "No sessions, no conversations and no events.",
    ] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(!answer.body.contains("Erase everything"));
}

#[tokio::test]
async fn more_than_a_page_is_a_link_away_and_nothing_is_left_out() {
    let (fixture, connection) = account().await;
    let cookie = fixture.cookie(&connection);
    let now = fixture.now();
    for number in 0..30 {
        let event = DataEvent {
            id: format!("n{number}"),
            name: format!("event-number-{number:02}"),
            created_at: Some(at(-10 - number)),
            contact: Some("c1".to_owned()),
            ..DataEvent::default()
        };
        let here = of(&fixture, &connection);
        here.events().put(&event, now, KEPT, now).await.unwrap();
    }
    let first = fixture.get("/people/c1", Some(&cookie)).await;
    let older = first.after(r#"<a class="button" href="/people/c1?"#);
    let second = fixture
        .get(&format!("/people/c1?{older}"), Some(&cookie))
        .await;
    for number in 0..30 {
        let name = format!("event-number-{number:02}");
        let shown = [&first, &second].map(|page| page.body.contains(&name));
        assert_eq!(shown, [number < 24, number >= 24], "{name}");
    }
    assert!(first.body.contains("/sessions/known") && !second.body.contains("/sessions/known"));
    assert!(!second.body.contains("?before="), "{}", second.body);
}

#[tokio::test]
async fn a_claim_leads_to_the_contact_and_not_to_what_it_wrote() {
    let (fixture, connection) = account().await;
    let owner = &connection.organization;
    let chunk = (0, page("https://shop.example/", -60_000));
    fixture.record(owner, "claimed", &[], &[chunk]).await;
    let session = identity::SessionId::parse("claimed").unwrap();
    let said = store::Identification::claimed(&[Alias::user_id("42").unwrap()]);
    let sessions = fixture.store().of(owner).sessions();
    let identified = sessions.identify(&session, &said, RETENTION_DAYS, fixture.now());
    identified.await.unwrap();
    let cookie = fixture.cookie(&connection);
    let recording = fixture.get("/sessions/claimed", Some(&cookie)).await;
    let person = format!("/people/{}", recording.after(r#"<a href="/people/"#));
    let page = fixture.get(&person, Some(&cookie)).await;
    assert!(
        page.body.contains("nobody has verified it"),
        "{}",
        page.body
    );
    assert!(page.body.contains(r#"<a href="/people/c1">Ada</a>"#));
    assert!(!page.body.contains("/conversations/") && !page.body.contains("/sessions/known"));
    // On the contact's own page it is marked.
    let page = fixture.get("/people/c1", Some(&cookie)).await;
    in_order(
        &page.body,
        &["/sessions/known", "/sessions/claimed", "not verified"],
    );
}

#[tokio::test]
async fn where_they_wrote_is_a_moment_of_the_recording_for_admins_alone() {
    let (fixture, connection) = account().await;
    let now = fixture.now();
    write(&fixture, &connection, ("v2", "While there"), at(0)).await;
    let here = of(&fixture, &connection);
    let session = Moment {
        at: at(0),
        id: "known".to_owned(),
        contact: "c1".to_owned(),
        what: What::Session(SessionLine {
            story: String::new(),
            duration_ms: 500,
            rage_clicks: 0,
            errors: 0,
            is_claimed: false,
            problems: Vec::new(),
        }),
    };
    let moments = here.moments();
    let put = moments.put(&session, AsOf::at(now), KEPT, now);
    put.await.unwrap();
    let index = "/sessions/known/recording";
    let cookie = fixture.cookie(&connection);
    let seen = fixture.get(index, Some(&cookie)).await.json();
    let wrote = json!([{
        "at_ms": 0, "kind": "wrote", "label": "Conversation", "text": "While there",
        "link": "/conversations/v2",
    }]);
    assert_eq!(seen["wrote"], wrote);
    let key = fixture.key(&connection, "known");
    let (_, cookie) = fixture.browse(&format!("/sessions/known?key={key}")).await;
    let seen = fixture.get(index, cookie.as_deref()).await.json();
    assert_eq!(seen["wrote"], json!([]));
    assert_eq!(seen["duration_ms"], 500);
}

#[tokio::test]
async fn nobody_else_sees_it() {
    let (fixture, connection) = account().await;
    let cookie = fixture.cookie(&connection);
    let rival = fixture.connect("rival").await;
    let of_rival = fixture.cookie(&rival);
    for (target, cookie) in [
        ("/people/c1", Some(&of_rival)),
        ("/people/c1", None),
        ("/people/c9", Some(&cookie)),
    ] {
        let answer = fixture.get(target, cookie.map(String::as_str)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{target}");
        assert!(!answer.body.contains("Ada"), "{}", answer.body);
    }
    // A link of the panel shows the history, and nothing of Intercom's.
    let people = fixture.people_called(&connection, "42").await;
    let key = fixture.key_of_people(&connection, &people);
    let target = format!("/people/{}?key={key}", people[0]);
    let (answer, _) = fixture.browse(&target).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("/sessions/known") && !answer.body.contains("Acme"));
    assert!(!answer.body.contains("/conversations/") && !answer.body.contains("c1@example.com"));
}
