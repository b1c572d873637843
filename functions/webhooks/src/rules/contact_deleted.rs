//! A contact is gone for good (`contact.deleted`).
//!
//! Its Intercom aliases lead nowhere from now on, whatever else arrives about it: Intercom gives no id twice.
//! The sessions stay, and are found by what the site itself knows, unless the organization prefers to have
//! them erased. The notification holds two ids and no role, so the `external_id` is a visitor id to be closed
//! as much as a user id, which stays.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use identity::{Alias, Presence, Statement};
use intercom::request::Role;
use intercom::webhook::Notification;
use notification::{Error, Worker, contact, contact_statement};
use store::Connection;
use tasks::erasure::{self, AskedBy};

use crate::State;

/// What the notification says: the contact with this id is no more.
///
/// # Errors
/// When it is not about a contact that can be remembered.
pub fn rule(notification: &Notification) -> Result<Vec<Statement>, Error> {
    let contact = contact(notification)?;
    Ok(vec![Statement {
        presence: Some(Presence::Deleted),
        ..contact_statement(contact, Role::Unknown, notification.created_at)?
    }])
}

/// Works through a batch of notifications and reports those that failed.
pub async fn handle(state: &State, event: SqsEvent) -> SqsBatchResponse {
    let erase = |connection, statement| erase(state, connection, statement);
    notification::process_then(
        &state.notification,
        event,
        Worker::ContactDeleted,
        rule,
        erase,
    )
    .await
}

/// Asks for the erasure of the contact's person, if that is what the organization prefers.
async fn erase(state: &State, connection: Connection, statement: Statement) -> Result<(), Error> {
    if !connection.preferences.erase_deleted_contacts {
        return Ok(());
    }
    let contact = Alias::contact(&connection.workspace, &statement.contact);
    let State {
        notification,
        erase_queue,
    } = state;
    let now = notification.clock.now();
    let erasure = notification
        .store
        .of(&connection.organization)
        .erasures()
        .begin(&contact, now);
    erasure::ask(&**erase_queue, erasure, AskedBy::Intercom).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use identity::Alias;

    use super::*;

    fn said(item: &str) -> Statement {
        let body = format!(
            r#"{{"app_id":"acme","topic":"contact.deleted","id":"n1","created_at":1795175940,"data":{{"item":{item}}}}}"#
        );
        let notification = Notification::parse(body.as_bytes()).ok().unwrap();
        rule(&notification).unwrap().remove(0)
    }

    #[test]
    fn a_contact_with_nothing_but_its_ids_is_deleted() {
        let said = said(r#"{"type":"contact","id":"c1","external_id":"v-1","deleted":true}"#);
        assert_eq!(said.presence, Some(Presence::Deleted));
        assert_eq!(said.visitor_id, Alias::visitor_id("v-1").ok());
    }
}
