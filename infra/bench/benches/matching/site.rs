//! The real thing that a day happens to: the store over an embedded DynamoDB, used as the functions use it.

use std::sync::Arc;

use identity::matching::{self, Occasion, Scored};
use identity::{
    Alias, ContactEmail, ContactId, ConversationId, ConversationStart, OrganizationId, SessionId,
    Statement, WorkspaceId,
};
use jiff::Timestamp;
use object_store::memory::InMemory;
use replay::Summary;
use store::{
    Advance, Applied, ContactQuery, ContactRole, PageRequest, Recordings, SaveOutcome, Store,
};
use test_support::{RETENTION_DAYS, connection, master_key, profile, provision};

use crate::world::{Visitor, World};

const TABLE: &str = "recapt-bench";

/// One organization with one workspace.
pub(crate) struct Site {
    store: Store,
    recordings: Recordings,
    organization: OrganizationId,
    workspace: WorkspaceId,
}

/// What the canvas would show of a contact as certain.
pub(crate) struct Certain {
    pub(crate) sessions: Vec<SessionId>,
    pub(crate) is_conflict: bool,
}

impl Site {
    pub(crate) async fn open(world: &World) -> Self {
        let (client, _) = test_support::embedded_dynamodb().await;
        store::create_table(&client, TABLE).await.unwrap();
        let store = Store::new(client, TABLE, master_key());
        let connection = connection("bench", profile("Bench", "US", "America/New_York"));
        let workspace = connection.workspace.clone();
        let organization = connection.organization.clone();
        let provision = provision(connection);
        let opened_at = world.visitors[0].track.began_at();
        store.provision(&provision, opened_at).await.unwrap();
        Self {
            recordings: Recordings::new(store.clone(), Arc::new(InMemory::new())),
            store,
            organization,
            workspace,
        }
    }

    /// The recorder says who it is, as far as it can.
    pub(crate) async fn identify(&self, session: &SessionId, aliases: &[Alias], now: Timestamp) {
        let said = store::Identification::claimed(aliases);
        let identified = self.store.of(&self.organization).sessions().identify(
            session,
            &said,
            RETENTION_DAYS,
            now,
        );
        identified.await.unwrap();
    }

    /// A run of `summarize`, which takes what has arrived since `before`.
    pub(crate) async fn summarize(
        &self,
        session: &SessionId,
        before: Option<&Summary>,
        (summary, received_at): (&Summary, Timestamp),
    ) {
        let (store, organization) = (&self.store, &self.organization);
        if before.is_none() {
            let first = store.of(organization).sessions().request_summary(
                session,
                RETENTION_DAYS,
                received_at,
                true,
            );
            first.await.unwrap();
        }
        let progress = store
            .of(organization)
            .sessions()
            .begin_summary(session, received_at)
            .await
            .unwrap()
            .unwrap();
        let advance = Advance {
            next_seq: progress.next_seq + 1,
            state: self
                .recordings
                .write_state(&progress, b"state")
                .await
                .unwrap()
                .into(),
            summary: Some(summary.clone()),
            before: before.cloned(),
            received_at,
            skipped: Vec::new(),
        };
        let noted = store.of(&progress.organization).sessions().note_activity(
            &progress,
            &advance,
            received_at,
        );
        noted.await.unwrap();
        let saved = self
            .recordings
            .save_summary(&progress, &advance, received_at);
        assert_eq!(saved.await.unwrap(), SaveOutcome::Saved);
    }

    /// Intercom says that somebody wrote. Answers whether it is known who that is.
    pub(crate) async fn hear_of_conversation(&self, world: &World, visitor: &Visitor) -> bool {
        let conversation = visitor.conversation.as_ref().unwrap();
        let mut statement = about(visitor);
        statement.client = conversation.client.clone();
        let id = format!("conversation-{}", conversation.at.as_millisecond());
        statement.conversation = Some(ConversationStart {
            id: ConversationId::parse(&id).unwrap(),
            at: conversation.at,
            page: Some(world.pages[conversation.page].clone()),
            by_contact: true,
        });
        let applied = self.apply(&statement, conversation.heard_at).await;
        !applied.people.is_empty()
    }

    /// Intercom says that a lead gave an e-mail address.
    pub(crate) async fn hear_of_email(&self, visitor: &Visitor, email: &Alias, now: Timestamp) {
        let mut statement = about(visitor);
        statement.email = Some(ContactEmail::OfLead(email.clone()));
        self.apply(&statement, now).await;
    }

    async fn apply(&self, statement: &Statement, now: Timestamp) -> Applied {
        let applied = self.store.of(&self.organization).apply_statement(
            &self.workspace,
            statement,
            RETENTION_DAYS,
            now,
        );
        applied.await.unwrap()
    }

    /// What is certain about whoever wrote, as the canvas asks for it.
    pub(crate) async fn certain(
        &self,
        visitor: &Visitor,
        email: Option<&Alias>,
        now: Timestamp,
    ) -> Certain {
        let role = match visitor.account {
            Some(_) => ContactRole::User,
            None => ContactRole::Lead,
        };
        let external = external_id(visitor);
        let query = ContactQuery {
            contact: Some(contact(visitor)),
            role: Some(role),
            aliases: [external].into_iter().chain(email.cloned()).collect(),
            conversation: None,
        };
        let found = self.store.find_contact(&self.workspace, &query).await;
        let found = found.unwrap();
        let page = PageRequest {
            limit: 50,
            before: None,
        };
        let listed = self
            .store
            .of(&self.organization)
            .sessions()
            .of_people(&found.people(), &page, now)
            .await;
        let sessions = listed.unwrap().sessions.into_iter();
        Certain {
            sessions: sessions.map(|row| row.session_id).collect(),
            is_conflict: found.conflict.is_some(),
        }
    }

    /// The session that may be that of whoever wrote.
    pub(crate) async fn possible(&self, world: &World, visitor: &Visitor) -> Option<Scored> {
        let conversation = visitor.conversation.as_ref().unwrap();
        let page = &world.pages[conversation.page];
        let found = self
            .store
            .of(&self.organization)
            .matching()
            .candidates(page, conversation.at, conversation.heard_at)
            .await
            .unwrap();
        let occasion = Occasion {
            at: conversation.at,
            page,
            client: &conversation.client,
        };
        matching::best(&occasion, &found.candidates, found.live_sessions)
    }
}

/// What the recorder knows of who it is.
pub(crate) fn recorded_aliases(visitor: &Visitor) -> Vec<Alias> {
    let mut aliases = Vec::new();
    if visitor.has_anonymous_id {
        aliases.extend(Alias::anonymous_id(&format!("browser-{}", visitor.device)));
    }
    match visitor.account {
        Some(account) => {
            aliases.extend(Alias::user_id(&format!("customer-{account}")));
            aliases.push(email_of(account));
        }
        // Intercom gives none of somebody who is signed in.
        None if visitor.has_visitor_id => aliases.push(external_id(visitor)),
        None => {}
    }
    aliases
}

/// The address of a human.
pub(crate) fn email_of(human: usize) -> Alias {
    Alias::email(&format!("human-{human}@example.com")).unwrap()
}

fn about(visitor: &Visitor) -> Statement {
    let conversation = visitor.conversation.as_ref().unwrap();
    let mut statement = Statement::about(contact(visitor), conversation.at);
    match visitor.account {
        Some(_) => statement.user_id = Some(external_id(visitor)),
        None => statement.visitor_id = Some(external_id(visitor)),
    }
    statement
}

/// Intercom knows a browser, or whoever is signed in.
fn contact(visitor: &Visitor) -> ContactId {
    let id = match visitor.account {
        Some(account) => format!("user-{account}"),
        None => format!("lead-{}", visitor.device),
    };
    ContactId::parse(&id).unwrap()
}

fn external_id(visitor: &Visitor) -> Alias {
    match visitor.account {
        Some(account) => Alias::user_id(&format!("customer-{account}")).unwrap(),
        None => Alias::visitor_id(&format!("visitor-{}", visitor.device)).unwrap(),
    }
}
