//! A workspace of companies, people and conversations of every kind, and what is to be copied of it.

use intercom::fake::{
    Author, FakeCompany, FakeContact, FakeConversation, FakePart, FakeSource, FakeTag, Message,
    Role, Writer,
};

use crate::fixture::Fixture;

const DAY: i64 = 24 * 60;

/// Companies: two that are seen, one of a lead's, one not seen for a year, one without people. Each of the
/// two has people; a lead has written.
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
        for (id, company) in [
            ("u-1", "c-1"),
            ("u-2", "c-1"),
            ("u-3", "c-2"),
            ("u-4", "c-3"),
            ("u-5", "c-4"),
        ] {
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
                let parts = mirror
                    .conversations()
                    .parts(&conversation.id, now)
                    .await
                    .unwrap();
                let kinds: Vec<_> = parts.iter().map(|part| part.kind.as_str()).collect();
                all.push(format!(
                    "conversation {}: {}",
                    conversation.id,
                    kinds.join(" ")
                ));
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
