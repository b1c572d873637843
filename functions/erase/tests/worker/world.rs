//! Two people who share a browser, one of whom is erased; and what comes too late of her.

use identity::{Alias, ContactEmail, ContactId, OrganizationId, SessionId, Statement, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use replay::ChunkFacts;
use store::{Advance, Error, NewChunk, Progress, ShareId, ShareLinkDays};
use tasks::EraseTask;
use test_support::{RETENTION_DAYS, connection, profile, provision};

use crate::stack::Stack;

/// What comes too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Late {
    /// A chunk of a session that was listed long ago.
    Chunk,
    /// Somebody says again whose session it is.
    Identify,
    /// Intercom's notification of what happened before.
    Statement,
    /// A run that had begun before saves what it has made.
    Run,
}

impl Late {
    pub(crate) const ALL: [Self; 4] = [Self::Chunk, Self::Identify, Self::Statement, Self::Run];
}

/// The world, with what is under way in it.
pub(crate) struct World {
    pub(crate) stack: Stack,
    running: Progress,
    began_at: Timestamp,
}

pub(crate) fn shop() -> OrganizationId {
    OrganizationId::of_first_workspace(&workspace())
}

fn workspace() -> WorkspaceId {
    WorkspaceId::parse("shop").unwrap()
}

fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@shop.example")).unwrap()
}

fn browser(name: &str) -> Alias {
    Alias::anonymous_id(name).unwrap()
}

fn id(session: &str) -> SessionId {
    SessionId::parse(session).unwrap()
}

impl World {
    /// Everybody but the one who is erased.
    pub(crate) async fn of_others() -> Self {
        let stack = Stack::start().await;
        let shop_connection = connection("shop", profile("Shop", "US", "UTC"));
        let provision = provision(shop_connection);
        let provisioned = stack.store.provision(&provision, stack.clock.now());
        provisioned.await.unwrap();
        let elsewhere = OrganizationId::parse("org_other").unwrap();
        record(&stack, &elsewhere, "ada-elsewhere", &[email("ada")]).await;
        record(&stack, &shop(), "bob-1", &[email("bob"), browser("b2")]).await;
        record(&stack, &shop(), "bob-2", &[email("bob")]).await;
        let running = begin(&stack, &shop(), "bob-1").await;
        let began_at = stack.clock.now();
        Self {
            stack,
            running,
            began_at,
        }
    }

    /// With her: sessions by three names, one that was never summarized, a contact, a link.
    pub(crate) async fn with_ada() -> Self {
        let mut world = Self::of_others().await;
        let stack = &world.stack;
        record(stack, &shop(), "ada-1", &[email("ada"), browser("b1")]).await;
        let user_id = Alias::user_id("1").unwrap();
        record(stack, &shop(), "ada-2", &[email("ada"), user_id]).await;
        record(stack, &shop(), "ada-3", &[browser("b1")]).await;
        send_chunk(stack, "ada-4", 0).await.unwrap();
        identify(stack, &shop(), "ada-4", &[email("ada")])
            .await
            .unwrap();
        world.say().await;
        let link = (
            ShareId::from_random([7; 16]),
            ShareLinkDays::parse("7").unwrap(),
        );
        let (shop, session) = (shop(), id("ada-2"));
        let shared =
            stack
                .store
                .of(&shop)
                .share_links()
                .create(&session, "canvas", link, stack.clock.now());
        shared.await.unwrap().unwrap();
        world.running = begin(stack, &shop, "ada-1").await;
        world
    }

    /// Her erasure is asked for.
    pub(crate) async fn ask(&self) {
        self.stack.clock.advance(SignedDuration::from_secs(1));
        let now = self.stack.clock.now();
        let erasure = self
            .stack
            .store
            .of(&shop())
            .erasures()
            .begin(&email("ada"), now);
        self.stack.send(&EraseTask::person(erasure)).await;
    }

    /// Something comes too late; it may be refused.
    pub(crate) async fn come(&self, late: Late) {
        let stack = &self.stack;
        match late {
            Late::Chunk => match send_chunk(stack, "ada-1", 1).await {
                Ok(()) | Err(Error::Erased) => {}
                Err(error) => panic!("{error}"),
            },
            Late::Identify => {
                let said = [email("ada"), browser("b9")];
                match identify(stack, &shop(), "ada-3", &said).await {
                    Ok(()) => {}
                    // As `record` does.
                    Err(Error::Erased) => {
                        let task = EraseTask::session(&shop(), &id("ada-3"));
                        stack.send(&task).await;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            Late::Statement => self.say().await,
            Late::Run => {
                finish(stack, &self.running).await;
            }
        }
    }

    async fn say(&self) {
        let mut said = Statement::about(ContactId::parse("c1").unwrap(), self.began_at);
        said.email = Some(ContactEmail::OfUser(email("ada")));
        said.visitor_id = Alias::visitor_id("v1").ok();
        let (now, store) = (self.stack.clock.now(), &self.stack.store);
        let (shop, workspace) = (shop(), workspace());
        let applied = store
            .of(&shop)
            .apply_statement(&workspace, &said, RETENTION_DAYS, now);
        applied.await.unwrap();
    }
}

/// A session of one chunk that is summarized and identified.
async fn record(stack: &Stack, organization: &OrganizationId, session: &str, aliases: &[Alias]) {
    let asked = send_chunk_of(stack, organization, session, 0).await;
    asked.unwrap();
    let progress = begin(stack, organization, session).await;
    finish(stack, &progress).await;
    identify(stack, organization, session, aliases)
        .await
        .unwrap();
}

async fn identify(
    stack: &Stack,
    organization: &OrganizationId,
    session: &str,
    aliases: &[Alias],
) -> Result<(), Error> {
    let (session, now) = (id(session), stack.clock.now());
    let store = &stack.store;
    store
        .of(organization)
        .sessions()
        .identify(
            &session,
            &store::Identification::verified(aliases),
            RETENTION_DAYS,
            now,
        )
        .await
        .map(drop)
}

async fn send_chunk(stack: &Stack, session: &str, seq: u32) -> Result<(), Error> {
    send_chunk_of(stack, &shop(), session, seq).await
}

/// A chunk as `record` takes it.
async fn send_chunk_of(
    stack: &Stack,
    organization: &OrganizationId,
    session: &str,
    seq: u32,
) -> Result<(), Error> {
    let (session, now) = (id(session), stack.clock.now());
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
    let recordings = &stack.recordings;
    let stored = recordings
        .of(organization)
        .accept_chunk(&session, &chunk, RETENTION_DAYS, now);
    stored.await?;
    let store = &stack.store;
    let asked =
        store
            .of(organization)
            .sessions()
            .request_summary(&session, RETENTION_DAYS, now, false);
    if let Err(error) = asked.await {
        let discarded = recordings.of(organization).discard_chunk(&session, seq);
        discarded.await?;
        return Err(error);
    }
    Ok(())
}

async fn begin(stack: &Stack, organization: &OrganizationId, session: &str) -> Progress {
    let begun = stack
        .store
        .of(organization)
        .sessions()
        .begin_summary(&id(session), stack.clock.now())
        .await;
    begun.unwrap().unwrap()
}

/// Saves a summary of one event.
async fn finish(stack: &Stack, progress: &Progress) {
    let now = stack.clock.now();
    let event = format!(
        r#"[{{"type":4,"timestamp":{},"data":{{"href":"https://shop.example/cart","width":1,"height":1}}}}]"#,
        now.as_millisecond()
    );
    let state = stack.recordings.write_state(progress, b"state").await;
    let advance = Advance {
        next_seq: progress.next_seq + 1,
        state: Some(state.unwrap()),
        summary: replay::summarize(event.as_bytes()).unwrap(),
        before: None,
        received_at: now,
        skipped: Vec::new(),
    };
    let noted = stack
        .store
        .of(&progress.organization)
        .sessions()
        .note_activity(progress, &advance, now);
    noted.await.unwrap();
    let saved = stack.recordings.save_summary(progress, &advance, now);
    saved.await.unwrap();
}
