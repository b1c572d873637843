//! An organization that has one of everything of which the API tells, and asks for all of it.

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
use test_support::{RETENTION_DAYS, new_connection};

use crate::intercoms_data::KEPT;
use crate::{Backend, mirror};

impl Backend {
    /// One of everything of which the API tells, with all that can be known of it, and another.
    pub(crate) async fn fill(&self) {
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
                problems: Vec::new(),
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
            companies: vec!["1".to_owned()],
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
    pub(crate) async fn ask_everything(&self) {
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
