//! One page: read, and taken for true.

use futures::{StreamExt, TryStreamExt, stream};
use identity::{Presence, Statement};
use intercom::contact::Contact;
use intercom::conversation::Conversation;
use intercom::request::Role;
use intercom::rest::{self, Cursor};
use jiff::Timestamp;
use notification::{Access, contact_statement, conversation_statements};
use platform::telemetry::Chain;
use store::{Connection, SyncPart, SyncRun};

use crate::plan::{self, SEARCH_DAY_MARGIN};
use crate::{Error, State};

/// Statements applied at the same time.
const CONCURRENT_STATEMENTS: usize = 8;

/// What a page says.
pub(crate) struct Read {
    /// What is new since the last run.
    pub(crate) statements: Vec<Statement>,
    /// Where the next page begins, if there is anything on it.
    pub(crate) next: Option<String>,
}

/// Asks Intercom for the page at which a run stands.
pub(crate) async fn read(
    state: &State,
    access: &Access,
    run: &SyncRun,
    now: Timestamp,
) -> Result<Read, rest::Error> {
    let after = run.since - SEARCH_DAY_MARGIN;
    // One that we cannot have been given is as good as none: the part begins anew.
    let cursor = run
        .cursor
        .as_deref()
        .and_then(|text| Cursor::parse(text).ok());
    let (region, token, intercom) = (access.region, &access.token, &state.intercom);
    match run.part {
        SyncPart::Contacts => {
            let page = intercom.contacts_updated_after(region, token, after, cursor.as_ref());
            let updated_at = |contact: &Contact| contact.updated_at;
            Ok(take(page.await?, run, updated_at, |contact| {
                of_contact(contact, now).into_iter().collect()
            }))
        }
        SyncPart::Conversations => {
            let page = intercom.conversations_updated_after(region, token, after, cursor.as_ref());
            let updated_at = |conversation: &Conversation| conversation.updated_at;
            Ok(take(page.await?, run, updated_at, |conversation| {
                of_conversation(conversation, now)
            }))
        }
    }
}

/// What is new on a page, and whether there may be more on the next. What has no time counts as new.
fn take<T>(
    page: rest::Page<T>,
    run: &SyncRun,
    updated_at: impl Fn(&T) -> Option<Timestamp>,
    statements: impl Fn(&T) -> Vec<Statement>,
) -> Read {
    let changed: Vec<_> = page.items.iter().map(&updated_at).collect();
    let is_new = |item: &&T| updated_at(item).is_none_or(|at| at > run.since);
    let new = page.items.iter().filter(is_new);
    let next = page.next.filter(|_| !plan::is_past(&changed, run.since));
    Read {
        statements: new.flat_map(statements).collect(),
        next: next.map(|cursor| cursor.as_str().to_owned()),
    }
}

/// What the API says of a contact it says as of the last change. A contact that it finds is there.
fn of_contact(contact: &Contact, now: Timestamp) -> Option<Statement> {
    let at = contact.updated_at.unwrap_or(now);
    let statement = contact_statement(contact, Role::Unknown, at).ok()?;
    let presence = match contact {
        Contact { deleted: true, .. } => Presence::Deleted,
        Contact { archived: true, .. } => Presence::Archived,
        _ => Presence::Present,
    };
    Some(Statement {
        // Without a time it may be an old one.
        presence: contact.updated_at.map(|_| presence),
        ..statement
    })
}

fn of_conversation(conversation: &Conversation, now: Timestamp) -> Vec<Statement> {
    let at = conversation.updated_at.unwrap_or(now);
    conversation_statements(conversation, at).unwrap_or_default()
}

/// Takes the statements for true. One that the table will never take is logged and passed over: it would keep
/// all others back for ever.
pub(crate) async fn apply(
    state: &State,
    connection: &Connection,
    statements: &[Statement],
    now: Timestamp,
) -> Result<(), Error> {
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let retention_days = connection.preferences.retention_days;
    let applied = statements.iter().map(|statement| async move {
        let applied =
            state
                .store
                .of(organization)
                .apply_statement(workspace, statement, retention_days, now);
        match applied.await {
            Err(error) if !error.is_transient() => {
                tracing::error!(error = %Chain(&error), "a contact could not be reconciled");
                Ok(())
            }
            applied => applied.map(drop),
        }
    });
    stream::iter(applied.collect::<Vec<_>>())
        .buffer_unordered(CONCURRENT_STATEMENTS)
        .try_collect::<()>()
        .await?;
    Ok(())
}
