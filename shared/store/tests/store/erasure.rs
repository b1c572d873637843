//! Somebody is erased: whose sessions go, whose stay, and what comes too late.

use std::collections::BTreeSet;

use futures::TryStreamExt;
use identity::{Alias, ContactEmail, ContactId, OrganizationId, Presence, Statement, WorkspaceId};
use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt};
use replay::ChunkFacts;
use store::{Error, NewChunk, PersonErasure, ShareId, ShareLinkDays};

use crate::fixture::{Fixture, RETENTION_DAYS, TABLE, id};

mod old_sessions;
mod people;

fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@shop.example")).unwrap()
}

fn user(name: &str) -> Alias {
    Alias::user_id(name).unwrap()
}

fn browser(name: &str) -> Alias {
    Alias::anonymous_id(name).unwrap()
}

/// The text of everything that is stored.
pub(crate) type Everything = BTreeSet<String>;

impl Fixture {
    /// A session of one chunk that is summarized and identified.
    async fn record(&self, organization: &OrganizationId, session: &str, aliases: &[Alias]) {
        self.send_chunk(organization, session, 0).await.unwrap();
        self.summarize(organization, session, self.now).await;
        self.identify(organization, session, aliases).await;
    }

    /// A chunk as `record` takes it.
    async fn send_chunk(
        &self,
        organization: &OrganizationId,
        session: &str,
        seq: u32,
    ) -> Result<(), Error> {
        let session = id(session);
        let payload = format!("{session} {seq}");
        let facts = ChunkFacts::default();
        let chunk = NewChunk {
            seq,
            sent: payload.as_bytes(),
            payload: payload.as_bytes(),
            is_masked: false,
            is_unsure: false,
            editables: None,
            facts: &facts,
        };
        let stored = self.recordings.of(organization).accept_chunk(
            &session,
            &chunk,
            RETENTION_DAYS,
            self.now,
        );
        stored.await?;
        let asked = self
            .store
            .of(organization)
            .sessions()
            .request_summary(&session, RETENTION_DAYS, self.now, false)
            .await;
        match asked {
            Err(Error::Erased) => {
                self.recordings
                    .of(organization)
                    .discard_chunk(&session, seq)
                    .await?;
                Err(Error::Erased)
            }
            asked => asked.map(drop),
        }
    }

    /// What the worker does with an erasure, to its end: both times.
    pub(crate) async fn erase(&self, organization: &OrganizationId, alias: &Alias) {
        let erasure = self
            .store
            .of(organization)
            .erasures()
            .begin(alias, self.now);
        self.finish_erasure(erasure).await;
    }

    pub(crate) async fn finish_erasure(&self, erasure: PersonErasure) {
        let organization = erasure.organization().clone();
        let mut next = Some(erasure);
        let mut erased = Vec::new();
        while let Some(erasure) = next {
            // As it travels through a queue.
            let text = serde_json::to_string(&erasure).unwrap();
            let erasure: PersonErasure = serde_json::from_str(&text).unwrap();
            let step = self.store.erasure_step(erasure, self.now).await.unwrap();
            for session in &step.sessions {
                self.erase_session(&organization, session.as_str(), false)
                    .await;
            }
            erased.extend(step.sessions);
            next = step.next;
        }
        for session in erased {
            self.erase_session(&organization, session.as_str(), true)
                .await;
        }
    }

    async fn erase_session(&self, organization: &OrganizationId, session: &str, is_last: bool) {
        let session = id(session);
        loop {
            let erased = self
                .recordings
                .of(organization)
                .erase_session(&session, is_last, self.now);
            if erased.await.unwrap() {
                return;
            }
        }
    }

    /// All rows and objects but tombstones, as text.
    pub(crate) async fn everything(&self) -> Everything {
        let rows = self.dump().await.into_iter();
        let mut everything: Everything = rows.filter(|row| !is_tombstone(row)).collect();
        let objects: Vec<_> = self.bucket.list(None).try_collect().await.unwrap();
        for object in objects {
            let content = self.bucket.get(&object.location).await.unwrap();
            let content = content.bytes().await.unwrap();
            everything.insert(format!("{} {content:?}", object.location));
        }
        everything
    }

    async fn say(&self, workspace: &WorkspaceId, organization: &OrganizationId, said: &Statement) {
        let applied =
            self.store
                .of(organization)
                .apply_statement(workspace, said, RETENTION_DAYS, self.now);
        applied.await.unwrap();
    }
}

/// Whether a row, as text, holds nothing but that something was erased, when, and for how long that is known.
fn is_tombstone(row: &str) -> bool {
    let names: BTreeSet<&str> = row
        .split_whitespace()
        .filter_map(|attribute| Some(attribute.split_once('=')?.0))
        .collect();
    let known = BTreeSet::from(["PK", "SK", "erased_at", "expires", "closed"]);
    names.contains("erased_at") && names.is_subset(&known)
}

fn about(contact: &str, at: Timestamp) -> Statement {
    Statement::about(ContactId::parse(contact).unwrap(), at)
}

#[tokio::test]
async fn nothing_is_left_of_the_person_and_nothing_of_anybody_else_is_touched() {
    let fixture = Fixture::start().await;
    let (shop, workspace) = fixture.connected("shop").await;
    let (other, _) = fixture.connected("other").await;
    fixture
        .record(&shop, "bob-1", &[email("bob"), browser("b2")])
        .await;
    fixture
        .record(&other, "ada-elsewhere", &[email("ada")])
        .await;
    let before = fixture.everything().await;

    fixture
        .record(&shop, "ada-1", &[user("1"), email("ada")])
        .await;
    fixture
        .record(&shop, "ada-2", &[user("1"), browser("b1")])
        .await;
    fixture.record(&shop, "ada-3", &[browser("b1")]).await;
    // Identified, but never summarized; and identified before anything came.
    fixture.send_chunk(&shop, "ada-4", 0).await.unwrap();
    fixture.identify(&shop, "ada-4", &[email("ada")]).await;
    fixture.identify(&shop, "ada-5", &[user("1")]).await;
    let mut said = about("c1", fixture.now);
    said.user_id = Some(user("1"));
    said.email = Some(ContactEmail::OfUser(email("ada")));
    said.visitor_id = Alias::visitor_id("v1").ok();
    fixture.say(&workspace, &shop, &said).await;
    let link = (
        ShareId::from_random([7; 16]),
        ShareLinkDays::parse("7").unwrap(),
    );
    let session = id("ada-1");
    let shared =
        fixture
            .store
            .of(&shop)
            .share_links()
            .create(&session, "canvas", link, fixture.now);
    shared.await.unwrap().unwrap();

    for alias in [email("ada"), email("ada"), user("nobody")] {
        fixture.erase(&shop, &alias).await;
        let after = fixture.everything().await;
        let differ: Vec<_> = after.symmetric_difference(&before).collect();
        assert!(differ.is_empty(), "{alias:?}: {differ:#?}");
    }
}

#[tokio::test]
async fn whoever_shares_the_browser_keeps_what_is_theirs() {
    let fixture = Fixture::start().await;
    let (shop, workspace) = fixture.connected("shop").await;
    let shared = browser("family");
    fixture
        .record(&shop, "ada-1", &[email("ada"), shared.clone()])
        .await;
    fixture
        .record(&shop, "ada-2", &[user("1"), email("ada")])
        .await;
    fixture
        .record(&shop, "ada-3", &[user("1"), email("ada-old")])
        .await;
    fixture
        .record(&shop, "bob-1", &[email("bob"), shared.clone()])
        .await;
    fixture.record(&shop, "bob-2", &[email("bob")]).await;
    fixture
        .record(&shop, "nobody", std::slice::from_ref(&shared))
        .await;
    fixture.erase(&shop, &email("ada")).await;

    let left = |alias: Alias| {
        let (fixture, workspace) = (&fixture, &workspace);
        async move {
            let rows = fixture.sessions_of(workspace, &alias).await;
            let rows: BTreeSet<String> =
                rows.iter().map(|row| row.session_id.to_string()).collect();
            rows
        }
    };
    let bobs: BTreeSet<String> = ["bob-1", "bob-2"].map(str::to_owned).into();
    assert_eq!(left(email("bob")).await, bobs);
    assert_eq!(left(shared).await, bobs);
    for gone in [email("ada"), email("ada-old"), user("1")] {
        assert_eq!(left(gone).await, BTreeSet::new());
    }
    let everything = fixture.everything().await;
    for session in ["ada-1", "ada-2", "ada-3", "nobody"] {
        let found = everything.iter().find(|text| text.contains(session));
        assert_eq!(found, None);
    }
    // Nothing tells any more that there were several.
    let bob = fixture
        .store
        .of(&shop)
        .people()
        .called("bob@shop.example")
        .await;
    let bob = bob.unwrap();
    let profile = fixture
        .store
        .of(&shop)
        .people()
        .profile(&bob[0], fixture.now);
    assert_eq!(profile.await.unwrap().unwrap().conflict, None);
}

#[tokio::test]
async fn what_comes_too_late_leaves_nothing_and_a_new_visit_is_recorded() {
    let mut fixture = Fixture::start().await;
    let (shop, workspace) = fixture.connected("shop").await;
    fixture.record(&shop, "ada-1", &[email("ada")]).await;
    // Under way when the erasure begins: nobody has said yet whose it is.
    fixture.send_chunk(&shop, "unsaid", 0).await.unwrap();
    let running = fixture.begin(&shop, "ada-1").await;
    let said = Statement {
        user_id: Some(user("1")),
        email: Some(ContactEmail::OfUser(email("ada"))),
        ..about("c1", fixture.now)
    };
    let erased_at = fixture.now;
    fixture.erase(&shop, &email("ada")).await;
    let nothing = fixture.everything().await;

    fixture.now = fixture.later(1);
    let late = fixture.send_chunk(&shop, "ada-1", 1).await;
    assert!(matches!(late, Err(Error::Erased)), "{late:?}");
    let session = id("ada-1");
    let aliases = [email("ada"), browser("b9")];
    let again = store::Identification::verified(&aliases);
    let identified =
        fixture
            .store
            .of(&shop)
            .sessions()
            .identify(&session, &again, RETENTION_DAYS, fixture.now);
    assert!(matches!(identified.await, Err(Error::Erased)));
    let begun = fixture
        .store
        .of(&shop)
        .sessions()
        .begin_summary(&session, fixture.now);
    assert_eq!(begun.await.unwrap(), None);
    let shared = fixture.store.of(&shop).share_links().create(
        &session,
        "canvas",
        (
            ShareId::from_random([1; 16]),
            ShareLinkDays::parse("1").unwrap(),
        ),
        fixture.now,
    );
    assert_eq!(shared.await.unwrap(), None);
    let owned =
        fixture
            .store
            .of(&shop)
            .matching()
            .assign_owner(&session, RETENTION_DAYS, fixture.now);
    assert!(matches!(owned.await, Err(Error::Erased)));
    fixture.say(&workspace, &shop, &said).await;
    assert_eq!(fixture.everything().await, nothing);

    // A run that was under way is not saved, and takes back what it wrote.
    let outrun = fixture.finish(&running, erased_at).await.unwrap();
    assert_eq!(outrun, store::SaveOutcome::Outrun);
    assert_eq!(fixture.everything().await, nothing);

    // Now somebody says that the other session was hers, which had begun before.
    let (unsaid, hers) = (id("unsaid"), [email("ada")]);
    let said = store::Identification::verified(&hers);
    let identified =
        fixture
            .store
            .of(&shop)
            .sessions()
            .identify(&unsaid, &said, RETENTION_DAYS, fixture.now);
    assert!(matches!(identified.await, Err(Error::Erased)));
    for is_last in [false, true] {
        fixture.erase_session(&shop, "unsaid", is_last).await;
    }
    let left = fixture.everything().await;
    assert!(
        !left.iter().any(|text| text.contains("unsaid")),
        "{left:#?}"
    );

    fixture.record(&shop, "again", &[email("ada")]).await;
    let rows = fixture.sessions_of(&workspace, &email("ada")).await;
    assert_eq!(rows.len(), 1);
    // Late work of the erasure leaves that alone.
    let stale = fixture
        .store
        .of(&shop)
        .erasures()
        .begin(&email("ada"), erased_at);
    fixture.finish_erasure(stale).await;
    let rows = fixture.sessions_of(&workspace, &email("ada")).await;
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn a_deleted_contact_takes_its_person_along_and_stays_closed() {
    let fixture = Fixture::start().await;
    let (shop, workspace) = fixture.connected("shop").await;
    fixture.record(&shop, "ada-1", &[user("1")]).await;
    fixture
        .record(&shop, "lead-1", &[Alias::visitor_id("v1").unwrap()])
        .await;
    fixture.record(&shop, "bob-1", &[user("2")]).await;
    let said = Statement {
        user_id: Some(user("1")),
        visitor_id: Alias::visitor_id("v1").ok(),
        ..about("c1", fixture.now)
    };
    fixture.say(&workspace, &shop, &said).await;
    let gone = Statement {
        presence: Some(Presence::Deleted),
        ..about("c1", fixture.now)
    };
    fixture.say(&workspace, &shop, &gone).await;
    let contact = Alias::contact(&workspace, &ContactId::parse("c1").unwrap());
    fixture.erase(&shop, &contact).await;

    let everything = fixture.everything().await;
    for session in ["ada-1", "lead-1", "CONTACT#"] {
        assert!(!everything.iter().any(|text| text.contains(session)));
    }
    assert!(everything.iter().any(|text| text.contains("bob-1")));
    let scan = fixture
        .client
        .scan()
        .table_name(TABLE)
        .send()
        .await
        .unwrap();
    let closed = scan.items().iter().filter(|row| row.contains_key("closed"));
    assert_eq!(closed.count(), 2, "its id and its visitor id");
    // Whatever else was said of it before comes to nothing.
    fixture.say(&workspace, &shop, &said).await;
    assert_eq!(fixture.everything().await, everything);
}
