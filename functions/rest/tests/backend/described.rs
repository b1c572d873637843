//! The description of the API, `docs/openapi.yaml`, is whole: every route, every field, every answer.

use std::collections::BTreeSet;

use identity::{Alias, SessionId};
use intercom::fake::{Directory, FakeCompany, FakeContact, Role, Workspace};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::Method;
use mirror::{
    AsOf, Attachment, Company, Contact, Conversation, DataEvent, Moment, Named, Part, PartAuthor,
    SessionLine, Side, What,
};
use outbox::Outcome;
use replay::MomentKind;
use serde_json::{Value, json};
use store::{Identification, ImportPart, PartProgress};
use test_support::{Call, Description, QueueName, RETENTION_DAYS, new_connection};

use crate::api::Taken;
use crate::intercoms_data::KEPT;
use crate::{Backend, mirror};

/// What the function `record` answers with the secret key; its tests hold it against the description as well.
const OF_RECORD: [(&str, &str); 4] = [
    ("DELETE", "/v1/people"),
    ("GET", "/v1/people/erasure-preview"),
    ("POST", "/v1/identity-tokens"),
    ("GET", "/v1/identity-keys"),
];

/// Fields that are missing where there is nothing to say, which is said on the page.
const OPTIONAL: [&str; 1] = ["write_key"];

/// Objects whose fields a workspace chooses, or that come in one by one.
const FREE: [&str; 3] = ["custom_attributes", "metadata", "parts"];

fn routes() -> BTreeSet<(String, String)> {
    let routes = rest::ROUTES.iter();
    let routes = routes.map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
    routes.collect()
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let others = OF_RECORD.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let described = Description::of_the_api().operations();
    let expected: BTreeSet<_> = routes().into_iter().chain(others).collect();
    assert_eq!(described, expected);
}

#[test]
fn its_examples_are_what_its_schemas_say_and_answers_leave_nothing_open() {
    let faults = Description::of_the_api().faults(&OPTIONAL);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_field_and_every_word_stands_on_the_page() {
    // The settings of a source have a page of their own, to which the first leads.
    let page = include_str!("../../../../docs/api.md").to_owned();
    let page = page + include_str!("../../../../docs/sources.md");
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let on_page: BTreeSet<&str> = page.split(|c| !is_part(c)).collect();
    let description = Description::of_the_api();
    let names = description.fields().into_iter().chain(description.words());
    let missing = names.filter(|name| !on_page.contains(name.as_str()));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn every_route_answers_as_described_with_nothing_left_null() {
    let taken = everything_taken().await;
    let asked: BTreeSet<_> = taken.keys().cloned().collect();
    assert_eq!(asked, routes(), "each was asked, and answered");

    // A field that is null in every answer could be of any type.
    let mut nulls = BTreeSet::new();
    let mut known = BTreeSet::new();
    for ((method, path), exchanges) in &taken {
        let at = format!("{method} {path}");
        for exchange in exchanges {
            tell(&at, &exchange.answered, &mut nulls, &mut known);
        }
    }
    let unknown: Vec<_> = nulls.difference(&known).map(String::as_str).collect();
    assert_eq!(
        unknown,
        [
            // All sources stand on one page.
            "GET /v1/sources next_cursor",
            // A new source allows every event.
            "POST /v1/sources settings events allow",
            "POST /v1/sources/{source_id}/keys settings events allow",
        ]
    );
}

#[tokio::test]
async fn an_answer_with_a_field_more_or_less_is_none_that_is_described() {
    let description = Description::of_the_api();
    for ((method, path), exchanges) in everything_taken().await {
        let exchange = &exchanges[0];
        let is_described = |answered: &Value| {
            let found = description.violations(&Call {
                method: &method,
                target: &path,
                sent: &exchange.sent,
                status: exchange.status,
                answered,
            });
            found.is_empty()
        };
        assert!(is_described(&exchange.answered), "{method} {path}");
        let spoilt = spoilt(&exchange.answered);
        assert!(spoilt.len() > 1, "{method} {path}");
        for answer in spoilt {
            assert!(!is_described(&answer), "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn what_fails_on_our_side_is_described_too() {
    let backend = Backend::start().await;
    backend.stack.calls.fail_next("GetItem");
    let (status, failed) = backend.get("/v1/problems").await;
    let code = &failed["error"]["code"];
    assert_eq!((status, code), (503, &json!("unavailable")));
}

/// Every route, asked and answered by a backend that has one of everything.
async fn everything_taken() -> Taken {
    let backend = Backend::start().await;
    backend.fill().await;
    backend.ask_everything().await;
    backend.stack.queues.take(QueueName::Deliver);
    backend.stack.queues.take(QueueName::Sync);
    backend.api.taken()
}

/// An answer with one field too many, or one too few, in each place that has fields.
fn spoilt(answer: &Value) -> Vec<Value> {
    match answer {
        Value::Object(fields) => {
            let with = |name: &str, value: Value| {
                let mut changed = fields.clone();
                changed.insert(name.to_owned(), value);
                Value::Object(changed)
            };
            let mut all = vec![with("undescribed", Value::Null)];
            for (name, value) in fields {
                if !(value.is_object() && FREE.contains(&name.as_str())) {
                    all.extend(spoilt(value).into_iter().map(|value| with(name, value)));
                }
                if !OPTIONAL.contains(&name.as_str()) {
                    let mut less = fields.clone();
                    less.remove(name);
                    all.push(Value::Object(less));
                }
            }
            all
        }
        Value::Array(values) => {
            let Some((first, others)) = values.split_first() else {
                return Vec::new();
            };
            let with = |first| Value::Array([vec![first], others.to_vec()].concat());
            spoilt(first).into_iter().map(with).collect()
        }
        _ => Vec::new(),
    }
}

/// Which fields of an answer are null, and which are not.
fn tell(at: &str, answer: &Value, nulls: &mut BTreeSet<String>, known: &mut BTreeSet<String>) {
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at} {name}");
                match value {
                    Value::Null => nulls.insert(at.clone()),
                    _ => known.insert(at.clone()),
                };
                tell(&at, value, nulls, known);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| tell(at, value, nulls, known)),
        _ => {}
    }
}

impl Backend {
    /// One of everything of which the API tells, with all that can be known of it, and another.
    async fn fill(&self) {
        self.happens(MomentKind::JsError, 1, 1).await;
        self.happens(MomentKind::DeadClick, 2, 1).await;
        for id in ["m-1", "m-2", "m-3"] {
            self.delivered(id, Outcome::Failed).await;
        }
        let allow = json!({ "settings": { "events": { "allow": ["placed-order"] } } });
        self.put("/v1/sources/site", &allow).await;
        self.fill_mirror().await;
        self.fill_intercom().await;
        let workspace = self.workspace();
        let mut progress = self.stack.store.sync_progress(&workspace).await.unwrap();
        progress.import.complete_until = Some(self.stack.now());
        for part in ImportPart::ALL {
            let is_refused = part == ImportPart::Admins;
            let read = PartProgress {
                is_refused,
                ..PartProgress::default()
            };
            progress.import.parts.insert(part, read);
        }
        let saved = self
            .stack
            .store
            .save_sync_progress(&workspace, &mut progress);
        assert!(saved.await.unwrap());
    }

    /// Companies, people, conversations and events as they were imported.
    async fn fill_mirror(&self) {
        let (workspace, now) = (self.workspace(), self.stack.now());
        let mirror = mirror(&self.stack);
        let mirror = mirror.of(&self.organization.id, &workspace);
        let named = |id: &str, name: &str| Named {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let vocabulary = mirror.vocabulary();
        vocabulary
            .put_tags(&[named("t1", "VIP")], now)
            .await
            .unwrap();
        let segments = [named("g1", "Active")];
        vocabulary.put_segments(&segments, now).await.unwrap();
        for id in ["1", "2"] {
            let company = company(id, now);
            let companies = mirror.companies();
            companies.put(&company, AsOf::at(now), KEPT).await.unwrap();
            let contact = contact(id, now);
            mirror
                .contacts()
                .put(&contact, AsOf::at(now), now)
                .await
                .unwrap();
            let belongs = mirror.memberships();
            let membership = (contact.id.as_str(), "1");
            belongs
                .set(membership, true, AsOf::at(now), now)
                .await
                .unwrap();
            let (conversation, part) = conversation(id, &contact.id, now);
            let said = (&conversation, &[part][..]);
            let conversations = mirror.conversations();
            conversations
                .put(said, AsOf::at(now), KEPT, now)
                .await
                .unwrap();
            let event = DataEvent {
                id: format!("e{id}"),
                name: "placed-order".to_owned(),
                created_at: Some(now),
                contact: Some(contact.id.clone()),
                metadata: [("total".to_owned(), json!(7))].into_iter().collect(),
            };
            mirror.events().put(&event, now, KEPT, now).await.unwrap();
        }
        let session = Moment {
            at: now,
            id: "s-1".to_owned(),
            contact: "c1".to_owned(),
            what: What::Session(SessionLine {
                story: "Pressed pay.".to_owned(),
                duration_ms: 1,
                rage_clicks: 2,
                errors: 1,
                is_claimed: false,
            }),
        };
        mirror
            .moments()
            .put(&session, AsOf::at(now), KEPT, now)
            .await
            .unwrap();
        let name = Identification::verified(&[Alias::user_id("user-1").unwrap()]);
        let (id, owner) = (SessionId::parse("s-1").unwrap(), &self.organization.id);
        let sessions = self.stack.store.of(owner).sessions();
        sessions
            .identify(&id, &name, RETENTION_DAYS, now)
            .await
            .unwrap();
        self.stack.brings(owner, "s-1", &[]).await;
    }

    /// A workspace in which something is in the way of an import.
    pub(crate) async fn fill_intercom(&self) {
        let now = self.stack.now();
        let mut directory = Directory::default();
        directory.add_contact(FakeContact {
            name: Some("Ada".to_owned()),
            email: Some("ada@b.example".to_owned()),
            ..FakeContact::new("c1".to_owned(), Role::User, now)
        });
        directory.add_company(FakeCompany {
            last_request_at: Some(now),
            ..FakeCompany::new("1".to_owned(), "acme".to_owned(), now)
        });
        let workspace = Workspace::new("shop", "Shop");
        self.stack.intercom.add(workspace, directory);
        self.stack.connect(&new_connection("shop", "Shop")).await;
    }

    /// Asks every route once, and lists page by page.
    async fn ask_everything(&self) {
        let all = json!({ "companies_and_users": true, "conversations": true, "events": true });
        self.put("/v1/sync/settings", &all).await;
        let wanted = json!({ "name": "Backend" });
        let (_, source) = self.tell(Method::POST, "/v1/sources", &wanted).await;
        let source = format!("/v1/sources/{}", source["source_id"].as_str().unwrap());
        for target in [
            "/v1/sync",
            "/v1/sync/check",
            "/v1/deliveries/m-1/resend",
            &format!("{source}/keys"),
        ] {
            let (status, answer) = self.post(target).await;
            assert!(status < 300, "{target}: {answer}");
        }
        for target in [
            "/v1/companies?limit=1",
            "/v1/companies/own%2F1",
            "/v1/companies/1/people?limit=1",
            "/v1/conversations?limit=1",
            "/v1/conversations/v1",
            "/v1/deliveries?limit=1&outcome=failed",
            "/v1/deliveries/m-2",
            "/v1/events?limit=1&name=placed-order",
            "/v1/links?user_id=42",
            "/v1/problems?limit=1",
            "/v1/problems/0000000000000001",
            "/v1/sources",
            "/v1/sources/site",
            &source,
            "/v1/sync",
            "/v1/sync/settings",
        ] {
            let (status, answer) = self.get(target).await;
            assert_eq!(status, 200, "{target}: {answer}");
            if let Some(cursor) = answer["next_cursor"].as_str() {
                let next = format!("{target}&cursor={cursor}");
                assert_eq!(self.get(&next).await.0, 200, "{next}");
            }
        }
        let renamed = self.put(&source, &json!({ "name": "Server" })).await;
        assert_eq!(renamed.0, 200, "{}", renamed.1);
        let deleted = self.tell(Method::DELETE, &source, &Value::Null).await;
        assert_eq!(deleted.0, 200, "{}", deleted.1);
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn company(id: &str, now: Timestamp) -> Company {
    Company {
        id: id.to_owned(),
        company_id: Some(format!("own/{id}")),
        name: text("Acme"),
        plan: text("Pro"),
        monthly_spend: Some(49.5),
        size: Some(7),
        website: text("https://acme.example"),
        industry: text("Shipping"),
        user_count: Some(2),
        remote_created_at: Some(now),
        created_at: Some(now),
        updated_at: Some(now),
        last_request_at: Some(now),
        tags: vec!["t1".to_owned()],
        segments: vec!["g1".to_owned()],
        custom_attributes: [("seats".to_owned(), json!(3))].into_iter().collect(),
        ..Company::default()
    }
}

fn contact(id: &str, now: Timestamp) -> Contact {
    Contact {
        id: format!("c{id}"),
        is_user: true,
        external_id: Some(format!("user-{id}")),
        email: Some(format!("c{id}@b.example")),
        name: text("Ada"),
        last_seen_at: Some(now),
        ..Contact::default()
    }
}

fn conversation(id: &str, contact: &str, now: Timestamp) -> (Conversation, Part) {
    let conversation = Conversation {
        id: format!("v{id}"),
        title: text("The coupon"),
        channel: text("conversation"),
        page_url: text("https://shop.example/cart"),
        created_at: Some(now - SignedDuration::from_secs(30)),
        updated_at: Some(now),
        contacts: vec![contact.to_owned()],
        admin_assignee_id: text("7"),
        team_assignee_id: text("8"),
        priority: text("high"),
        tags: vec!["t1".to_owned()],
        rating: Some(5),
        rating_remark: text("Quick"),
        ai_resolution: text("assumed_resolution"),
        ..Conversation::default()
    };
    let part = Part {
        id: "p1".to_owned(),
        kind: "source".to_owned(),
        body: text("The button does nothing"),
        created_at: Some(now),
        author: PartAuthor {
            side: Side::Contact,
            id: Some(contact.to_owned()),
            name: text("Ada"),
        },
        attachments: vec![Attachment {
            name: "cart.png".to_owned(),
            content_type: text("image/png"),
            size: Some(48_213),
        }],
        ..Part::default()
    };
    (conversation, part)
}
