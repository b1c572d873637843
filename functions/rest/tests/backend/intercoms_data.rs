//! Companies, conversations and events of Intercom's, as they are imported.

use std::collections::BTreeSet;

use identity::{Alias, SessionId};
use jiff::{SignedDuration, Timestamp};
use mirror::{
    AsOf, Company, Contact, Conversation, DataEvent, Moment, Named, Part, PartAuthor, SessionLine,
    Side, What,
};
use serde_json::{Value, json};
use store::Identification;
use test_support::{Organization, RETENTION_DAYS};

use crate::{Backend, mirror};

/// Long after everything here.
const KEPT: i64 = 4_000_000_000;

impl Backend {
    fn minutes(&self, minutes: i64) -> Timestamp {
        self.stack.now() + SignedDuration::from_mins(minutes)
    }

    fn company(&self, id: &str, minutes: i64) -> Company {
        Company {
            id: id.to_owned(),
            company_id: Some(format!("own/{id}")),
            name: Some(format!("Company {id}")),
            plan: Some("Pro".to_owned()),
            monthly_spend: Some(49.5),
            updated_at: Some(self.minutes(minutes)),
            last_request_at: Some(self.minutes(minutes)),
            tags: vec!["t1".to_owned(), "t2".to_owned()],
            ..Company::default()
        }
    }

    async fn put_company(&self, of: &Organization, id: &str, minutes: i64) {
        let workspace = of.id.first_workspace().unwrap();
        let mirror = mirror(&self.stack);
        let mirror = mirror.of(&of.id, &workspace);
        let company = self.company(id, minutes);
        let as_of = AsOf::new(company.updated_at, self.minutes(minutes));
        mirror.companies().put(&company, as_of, KEPT).await.unwrap();
    }

    async fn put_contact(&self, id: &str, company: &str) {
        let workspace = self.workspace();
        let mirror = mirror(&self.stack);
        let mirror = mirror.of(&self.organization.id, &workspace);
        let now = self.stack.now();
        let contact = Contact {
            id: id.to_owned(),
            is_user: true,
            external_id: Some(format!("user-{id}")),
            email: Some(format!("{id}@b.example")),
            last_seen_at: Some(now),
            ..Contact::default()
        };
        mirror
            .contacts()
            .put(&contact, AsOf::at(now), now)
            .await
            .unwrap();
        let belongs = mirror.memberships();
        belongs
            .set((id, company), true, AsOf::at(now), now)
            .await
            .unwrap();
    }

    async fn put_conversation(&self, id: &str, contact: &str, minutes: i64) {
        let workspace = self.workspace();
        let mirror = mirror(&self.stack);
        let mirror = mirror.of(&self.organization.id, &workspace);
        let at = self.minutes(minutes);
        let conversation = Conversation {
            id: id.to_owned(),
            title: Some(format!("About {id}")),
            created_at: Some(at),
            updated_at: Some(at),
            contacts: vec![contact.to_owned()],
            parts_missing: 3,
            ..Conversation::default()
        };
        let part = Part {
            id: "p1".to_owned(),
            kind: "source".to_owned(),
            body: Some("The button does nothing".to_owned()),
            created_at: Some(at),
            author: PartAuthor {
                side: Side::Contact,
                id: Some(contact.to_owned()),
                name: None,
            },
            ..Part::default()
        };
        let said = (&conversation, &[part][..]);
        let now = self.stack.now();
        let conversations = mirror.conversations();
        conversations
            .put(said, AsOf::at(at), KEPT, now)
            .await
            .unwrap();
    }

    /// The values of a field over all pages of a list.
    async fn paged(&self, target: &str, field: &str) -> Vec<String> {
        let mut values = Vec::new();
        let mut cursor = String::new();
        for _ in 0..20 {
            let (status, page) = self.get(&format!("{target}{cursor}")).await;
            assert_eq!(status, 200, "{page}");
            let data = page["data"].as_array().unwrap().iter();
            values.extend(data.map(|row| row[field].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return values,
            }
        }
        panic!("no last page")
    }
}

#[tokio::test]
async fn companies_are_listed_in_the_order_of_changes_and_a_cursor_survives_them() {
    let backend = Backend::start().await;
    for (id, minutes) in [("1", 1), ("2", 2), ("3", 3)] {
        backend
            .put_company(&backend.organization, id, minutes)
            .await;
    }
    let (_, first) = backend.get("/v1/companies?limit=2").await;
    let ids = |page: &Value| {
        let data = page["data"].as_array().unwrap().iter();
        let ids = data.map(|company| company["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ["1", "2"]);
    // One that was seen, and one that is to come, change meanwhile.
    backend.put_company(&backend.organization, "1", 9).await;
    backend.put_company(&backend.organization, "3", 8).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = format!("/v1/companies?limit=2&cursor={cursor}");
    let (_, second) = backend.get(&rest).await;
    assert_eq!(ids(&second), ["3", "1"]);
    assert_eq!(second["next_cursor"], Value::Null);
    let since = backend.minutes(8).as_second();
    let changed = backend
        .paged(&format!("/v1/companies?updated_since={since}"), "id")
        .await;
    assert_eq!(changed, ["3", "1"]);
}

#[tokio::test]
async fn a_company_has_its_figures_names_and_people() {
    let backend = Backend::start().await;
    backend.put_company(&backend.organization, "1", 1).await;
    for id in ["c1", "c2", "c3"] {
        backend.put_contact(id, "1").await;
    }
    backend.put_conversation("v1", "c1", 1).await;
    let workspace = backend.workspace();
    let mirror = mirror(&backend.stack);
    let mirror = mirror.of(&backend.organization.id, &workspace);
    let now = backend.stack.now();
    let tag = Named {
        id: "t1".to_owned(),
        name: "VIP".to_owned(),
    };
    mirror.vocabulary().put_tags(&[tag], now).await.unwrap();
    let session = Moment {
        at: now,
        id: "s1".to_owned(),
        contact: "c1".to_owned(),
        what: What::Session(SessionLine {
            story: "Pressed pay.".to_owned(),
            duration_ms: 1,
            rage_clicks: 2,
            errors: 1,
            is_claimed: false,
        }),
    };
    let moments = mirror.moments();
    moments
        .put(&session, AsOf::at(now), KEPT, now)
        .await
        .unwrap();

    for id in ["own%2F1", "1"] {
        let (status, company) = backend.get(&format!("/v1/companies/{id}")).await;
        assert_eq!(status, 200, "{company}");
        for (field, expected) in [
            ("id", json!("1")),
            ("company_id", json!("own/1")),
            ("plan", json!("Pro")),
            ("monthly_spend", json!(49.5)),
            ("people", json!(3)),
            ("sessions_30d", json!(1)),
            ("rage_clicks_30d", json!(2)),
            ("errors_30d", json!(1)),
            ("open_conversations", json!(1)),
            ("tags", json!(["VIP", "t2"])),
            (
                "url",
                json!("https://app.eu.intercom.com/a/apps/shop/companies/1"),
            ),
        ] {
            assert_eq!(company[field], expected, "{field}");
        }
    }
    let people = "/v1/companies/1/people?limit=2";
    let people: BTreeSet<_> = backend.paged(people, "email").await.into_iter().collect();
    let all = ["c1", "c2", "c3"].map(|id| format!("{id}@b.example"));
    assert_eq!(people, BTreeSet::from(all));
    let (status, unknown) = backend.get("/v1/companies/other").await;
    assert_eq!(
        (status, &unknown["error"]["code"]),
        (404, &json!("unknown_company"))
    );
}

#[tokio::test]
async fn a_conversation_has_its_parts_and_the_session_in_which_it_began() {
    let backend = Backend::start().await;
    backend.put_company(&backend.organization, "1", 1).await;
    backend.put_contact("c1", "1").await;
    backend.put_conversation("v1", "c1", 0).await;
    let stack = &backend.stack;
    let session = SessionId::parse("s1").unwrap();
    let named = Identification::verified(&[Alias::user_id("user-c1").unwrap()]);
    let owner = &backend.organization.id;
    let sessions = stack.store.of(owner).sessions();
    let identified = sessions.identify(&session, &named, RETENTION_DAYS, stack.now());
    identified.await.unwrap();
    stack.brings(owner, "s1", &[]).await;
    let (status, whole) = backend.get("/v1/conversations/v1").await;
    assert_eq!(status, 200, "{whole}");
    assert_eq!(whole["session"]["session_id"], "s1", "{whole}");
    assert_eq!(whole["session"]["at_ms"], 60_000);
    assert_eq!(whole["parts"][0]["body"], "The button does nothing");
    assert_eq!(whole["parts"][0]["author"]["type"], "contact");
    assert_eq!(whole["parts_missing"], 3);
    let (status, _) = backend.get("/v1/conversations/other").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn conversations_are_listed_by_change_by_contact_and_by_company() {
    let backend = Backend::start().await;
    backend.put_company(&backend.organization, "1", 1).await;
    for (conversation, contact, minutes) in [("v1", "c1", 1), ("v2", "c2", 2), ("v3", "c1", 3)] {
        backend.put_contact(contact, "1").await;
        backend
            .put_conversation(conversation, contact, minutes)
            .await;
    }
    for (query, expected) in [
        ("?limit=2", ["v1", "v2", "v3"].as_slice()),
        ("?limit=1&contact_id=c1", &["v3", "v1"]),
        ("?limit=2&company_id=own%2F1", &["v3", "v2", "v1"]),
        ("?limit=2&contact_id=nobody", &[]),
    ] {
        let listed = backend
            .paged(&format!("/v1/conversations{query}"), "id")
            .await;
        assert_eq!(listed, expected, "{query}");
    }
    for query in [
        "?contact_id=c1&company_id=1",
        "?cursor=x",
        "?contact_id=c1&cursor=x",
    ] {
        let (status, _) = backend.get(&format!("/v1/conversations{query}")).await;
        assert_eq!(status, 400, "{query}");
    }
}

#[tokio::test]
async fn events_are_listed_by_name_and_contact() {
    let backend = Backend::start().await;
    let workspace = backend.workspace();
    let mirror = mirror(&backend.stack);
    let mirror = mirror.of(&backend.organization.id, &workspace);
    for (id, name, contact, minutes) in [
        ("e1", "placed-order", "c1", -3),
        ("e2", "opened-page", "c2", -2),
        ("e3", "placed-order", "c2", -1),
    ] {
        let event = DataEvent {
            id: id.to_owned(),
            name: name.to_owned(),
            created_at: Some(backend.minutes(minutes)),
            contact: Some(contact.to_owned()),
            metadata: [("total".to_owned(), json!(7))].into_iter().collect(),
        };
        let now = backend.stack.now();
        mirror.events().put(&event, now, KEPT, now).await.unwrap();
    }
    for (query, expected) in [
        ("?limit=2", ["e3", "e2", "e1"].as_slice()),
        ("?name=placed-order", &["e3", "e1"]),
        ("?contact_id=c2", &["e3", "e2"]),
        ("?name=placed-order&contact_id=c2", &["e3"]),
    ] {
        let listed = backend.paged(&format!("/v1/events{query}"), "id").await;
        assert_eq!(listed, expected, "{query}");
    }
}

#[tokio::test]
async fn another_organization_sees_none_of_it() {
    let backend = Backend::start().await;
    let rival = backend.stack.organization("rival").await;
    backend.put_company(&rival, "7", 1).await;
    let (_, own) = backend.get("/v1/companies").await;
    assert_eq!(own["data"], json!([]));
    assert_eq!(backend.get("/v1/companies/7").await.0, 404);
    let foreign = rival.id.first_workspace().unwrap();
    for route in ["companies", "conversations", "events"] {
        let target = format!("/v1/{route}?workspace_id={}", foreign.as_str());
        assert_eq!(backend.get(&target).await.0, 404, "{route}");
    }
}
