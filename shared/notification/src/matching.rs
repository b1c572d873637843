//! Whose session it may be, when nobody knows who wrote.

use identity::matching::{Occasion, PossibleMatch, best};
use identity::{ClientDetails, ConversationStart, Statement};
use intercom::contact::Contact;
use intercom::request::Role;
use jiff::Timestamp;
use platform::fault::Fault;
use platform::metrics;
use platform::telemetry::Chain;
use store::{Applied, Connection};

use crate::process::apply;
use crate::{Access, Error, State, contact_statement, note_refusal};

/// Looks for the session that an unknown contact had when it wrote, and remembers the one that fits. It is a
/// suggestion: nothing is linked, and readers ignore it once the contact is known.
///
/// What Intercom is asked may fail, and then nobody is matched: that is never an error of the notification.
pub(crate) async fn suggest(
    state: &State,
    connection: &Connection,
    statement: &Statement,
    applied: &Applied,
    now: Timestamp,
) -> Result<(), Error> {
    if !connection.preferences.show_possible_matches || !applied.people.is_empty() {
        return Ok(());
    }
    let Some(began) = began(state, connection, statement, now).await? else {
        return Ok(());
    };
    let Some(page) = &began.page else {
        return Ok(());
    };
    let organization = &connection.organization;
    let candidates = state
        .store
        .of(organization)
        .matching()
        .candidates(page, began.at, now);
    let candidates = candidates.await?;
    // Most often nobody was there, and then Intercom need not be asked.
    if candidates.candidates.is_empty() {
        return Ok(());
    }
    let Some(client) = client(state, connection, statement, applied, now).await? else {
        return Ok(());
    };
    let occasion = Occasion {
        at: began.at,
        page,
        client: &client,
    };
    let Some(best) = best(&occasion, &candidates.candidates, candidates.live_sessions) else {
        return Ok(());
    };
    let retention_days = connection.preferences.retention_days;
    let owner =
        state
            .store
            .of(organization)
            .matching()
            .assign_owner(&best.session, retention_days, now);
    let person = match owner.await {
        // Meanwhile.
        Err(store::Error::Erased) => return Ok(()),
        owner => owner?,
    };
    let possible = PossibleMatch {
        person,
        session: best.session,
        confidence: best.confidence,
        reasons: best.reasons,
        matched_at: now,
    };
    let (workspace, contact) = (&connection.workspace, &statement.contact);
    let kept = state.store.of(organization).contacts().suggest(
        workspace,
        contact,
        Some(&possible),
        retention_days,
        now,
    );
    kept.await?;
    tracing::info!(
        { metrics::POSSIBLE_MATCH_FOUND } = 1,
        confidence = possible.confidence,
        "a session may be the contact's"
    );
    Ok(())
}

/// The conversation that a statement is about. A statement about the contact's browser may arrive after the
/// conversation. It then concerns the contact's latest one, which could not be matched without it.
async fn began(
    state: &State,
    connection: &Connection,
    statement: &Statement,
    now: Timestamp,
) -> Result<Option<ConversationStart>, Error> {
    if statement.conversation.is_some() || statement.client.is_empty() {
        return Ok(statement.conversation.clone());
    }
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let latest = state.store.of(organization).contacts().latest_conversation(
        workspace,
        &statement.contact,
        now,
    );
    Ok(latest.await?)
}

/// The contact's browser and system, from a notification, else from Intercom's answer. `None` when they are
/// not known, or when Intercom's answer says who the contact is.
async fn client(
    state: &State,
    connection: &Connection,
    statement: &Statement,
    applied: &Applied,
    now: Timestamp,
) -> Result<Option<ClientDetails>, Error> {
    if !applied.client.is_empty() {
        return Ok(Some(applied.client.clone()));
    }
    // A notification that says it may be under way at the same time. Whoever of the two is later has to see
    // the other: so the conversation is written down before this is read, and there what is said of the
    // browser before [`began`].
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let known = state
        .store
        .of(organization)
        .contacts()
        .client_of(workspace, &statement.contact)
        .await?;
    if !known.is_empty() {
        return Ok(Some(known));
    }
    let Some(contact) = ask(state, connection, statement, now).await else {
        return Ok(None);
    };
    // As of the notification: it may be older than others that have been applied.
    let said = contact_statement(&contact, Role::Unknown, statement.at)?;
    let applied = apply(state, connection, &said, now).await?;
    Ok(applied.people.is_empty().then_some(applied.client))
}

/// The contact as Intercom has it; `None` when it does not say.
async fn ask(
    state: &State,
    connection: &Connection,
    statement: &Statement,
    now: Timestamp,
) -> Option<Contact> {
    let access = match Access::of(connection, &state.store, &state.secrets, now).await {
        Ok(access) => access?,
        Err(error) => {
            tracing::warn!(
                "error.type" = error.error_type(),
                error = %Chain(&error),
                "a token could not be had"
            );
            return None;
        }
    };
    let contact = statement.contact.as_str();
    let asked = state
        .intercom
        .contact(access.region, &access.token, contact)
        .await;
    match asked {
        Ok(contact) => contact,
        Err(error) => {
            tracing::info!(error = %Chain(&error), "Intercom does not say who wrote");
            note_refusal(connection, &state.store, &error).await;
            None
        }
    }
}
