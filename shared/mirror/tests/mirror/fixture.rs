//! A mirror in a table of its own, and what Intercom might say.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use identity::{MasterKey, OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use mirror::{
    AsOf, Company, Contact, Conversation, ConversationState, Mirror, Moment, Part, PartAuthor,
    SessionLine, Side, What, WorkspaceMirror,
};

const TABLE: &str = "mirror";

/// Long after everything that the tests put.
pub(crate) const KEPT: i64 = 4_000_000_000;

pub(crate) struct Fixture {
    pub(crate) client: Client,
    pub(crate) mirror: Mirror,
    organization: OrganizationId,
    workspace: WorkspaceId,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let (client, _calls) = test_support::embedded_dynamodb().await;
        table::create_table(&client, TABLE).await.unwrap();
        let master = MasterKey::new([7; 32]).unwrap();
        Self {
            mirror: Mirror::new(&client, TABLE, master),
            client,
            organization: OrganizationId::parse("org_a").unwrap(),
            workspace: WorkspaceId::parse("ab12").unwrap(),
        }
    }

    pub(crate) fn here(&self) -> WorkspaceMirror<'_> {
        self.mirror.of(&self.organization, &self.workspace)
    }

    /// The kinds of all rows: what stands behind the last `#` of both keys is left out.
    pub(crate) async fn keys(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut pages = self
            .client
            .scan()
            .table_name(TABLE)
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            for item in page.unwrap().items.unwrap_or_default() {
                let is_gone = item.get("gone").and_then(|gone| gone.as_bool().ok());
                if is_gone != Some(&true) {
                    let key = table::key_of(&item).unwrap();
                    keys.insert(format!("{} {}", key.partition, key.sort));
                }
            }
        }
        keys
    }
}

/// Minutes after noon of some day.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_795_176_000).unwrap() + SignedDuration::from_mins(minutes)
}

/// What Intercom says it changed, and was asked for, at that minute.
pub(crate) fn as_of(minutes: i64) -> AsOf {
    AsOf::new(Some(at(minutes)), at(minutes))
}

pub(crate) fn company(id: &str, name: &str, minutes: i64) -> Company {
    Company {
        id: id.to_owned(),
        company_id: Some(format!("own-{id}")),
        name: Some(name.to_owned()),
        updated_at: Some(at(minutes)),
        last_request_at: Some(at(minutes)),
        ..Company::default()
    }
}

pub(crate) fn contact(id: &str, email: &str, minutes: i64) -> Contact {
    Contact {
        id: id.to_owned(),
        is_user: true,
        external_id: Some(format!("user-{id}")),
        email: Some(email.to_owned()),
        name: Some(format!("Person {id}")),
        updated_at: Some(at(minutes)),
        last_seen_at: Some(at(minutes)),
        ..Contact::default()
    }
}

pub(crate) fn conversation(id: &str, contacts: &[&str], minutes: i64) -> Conversation {
    Conversation {
        id: id.to_owned(),
        title: Some(format!("About {id}")),
        state: ConversationState::Open,
        created_at: Some(at(0)),
        updated_at: Some(at(minutes)),
        contacts: contacts.iter().map(|id| (*id).to_owned()).collect(),
        ..Conversation::default()
    }
}

pub(crate) fn part(id: &str, body: &str, said: i64, changed: i64) -> Part {
    Part {
        id: id.to_owned(),
        kind: "comment".to_owned(),
        body: Some(body.to_owned()),
        created_at: Some(at(said)),
        updated_at: Some(at(changed)),
        author: PartAuthor {
            side: Side::Contact,
            id: Some("c1".to_owned()),
            name: None,
        },
        ..Part::default()
    }
}

pub(crate) fn session(id: &str, contact: &str, minutes: i64, rage_clicks: u32) -> Moment {
    Moment {
        at: at(minutes),
        id: id.to_owned(),
        contact: contact.to_owned(),
        what: What::Session(SessionLine {
            story: format!("Visit {id}"),
            duration_ms: 60_000,
            rage_clicks,
            errors: 0,
            is_claimed: false,
        }),
    }
}
