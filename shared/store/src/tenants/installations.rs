//! A workspace comes, stays, and goes.
//!
//! Every change of a connection counts up its `epoch` and holds only if nobody else has changed it since it
//! was read, so changes at the same time end as if they had come one after the other.

use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use table::{Conditional, PARTITION, SORT, SecretText, Transaction, nested, number, text};

use crate::Error;
use crate::tenants::connection::{
    Connection, ConnectionStatus, Installer, LastSync, SyncOutcome, WorkspaceProfile,
};
use crate::tenants::preferences::Preferences;
use crate::tenants::tokens::TokenRow;
use crate::tenants::{ApiKeys, Connections, rows};

/// Rounds of reading and changing. Each that fails is one that somebody else has won.
const MAX_ROUNDS: usize = 12;

/// A workspace whose admin has just let us in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    /// Which one.
    pub workspace: WorkspaceId,
    /// What Intercom says about it.
    pub profile: WorkspaceProfile,
    /// What lets us in.
    pub token: SecretText,
    /// Who let us in.
    pub installer: Installer,
}

/// What came of disconnecting a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disconnection {
    /// It is disconnected, and the token is gone.
    Done(Connection),
    /// It was disconnected before; nothing has changed.
    Already(Connection),
    /// It was connected anew meanwhile; nothing has changed.
    Outrun,
    /// It was never connected.
    Unknown,
}

impl Connections<'_> {
    /// Connects a workspace, the first time or again: connection, token and organization at once or not at
    /// all.
    ///
    /// The first time makes its organization. Later times replace the token and what Intercom says about the
    /// workspace, and leave organization, preferences and keys alone. Returns the connection as it is now.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when others keep connecting the same workspace;
    /// [`table::Error::Unavailable`] when the table does not answer. Both may be tried again.
    pub async fn connect(self, new: &NewConnection, now: Timestamp) -> Result<Connection, Error> {
        for _ in 0..MAX_ROUNDS {
            let before = self.get(&new.workspace).await?;
            let after = connected(before.as_ref(), new, now);
            let token = self.seal_token(&after, &new.token)?;
            let connection = nested_connection(&after)?;
            let transaction = Transaction::new(&self.store.table, "connect a workspace")
                .update(&rows::connection(&new.workspace), |update| {
                    unless_changed(connection(update), before.as_ref())
                })?
                .put(&rows::token(&new.workspace), &TokenRow { sealed: token }, |put| {
                    put
                })?
                .put(&rows::connected(&new.workspace), &Nothing {}, |put| put)?
                .update(&rows::organization(&after.organization), |update| {
                    update
                        .update_expression(
                            "SET #name = if_not_exists(#name, :name), created_at = if_not_exists(created_at, :now)",
                        )
                        .expression_attribute_names("#name", "name")
                        .expression_attribute_values(":name", text(&new.profile.name))
                        .expression_attribute_values(":now", number(now.as_millisecond()))
                })?;
            if transaction.commit().await? {
                return Ok(after);
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Disconnects a workspace: its status says so, and its token is gone. Everything else stays. Doing it
    /// again changes nothing.
    ///
    /// With `of_epoch` only the connection of that epoch, so that whoever looked at an older one does not end
    /// the new one.
    ///
    /// # Errors
    /// [`table::Error::Contended`] and [`table::Error::Unavailable`], as with [`Self::connect`].
    pub async fn disconnect(
        self,
        workspace: &WorkspaceId,
        of_epoch: Option<u64>,
    ) -> Result<Disconnection, Error> {
        for _ in 0..MAX_ROUNDS {
            let Some(before) = self.get(workspace).await? else {
                return Ok(Disconnection::Unknown);
            };
            if before.status == ConnectionStatus::Disconnected {
                return Ok(Disconnection::Already(before));
            }
            if of_epoch.is_some_and(|epoch| epoch != before.epoch) {
                return Ok(Disconnection::Outrun);
            }
            let after = Connection {
                status: ConnectionStatus::Disconnected,
                epoch: before.epoch + 1,
                links_epoch: before.links_epoch + 1,
                ..before.clone()
            };
            let status = nested(&after.status)?;
            let transaction = Transaction::new(&self.store.table, "disconnect a workspace")
                .update(&rows::connection(workspace), |update| {
                    let update = update
                        .update_expression(
                            "SET #status = :status, epoch = :epoch, links_epoch = :links_epoch",
                        )
                        .expression_attribute_names("#status", "status")
                        .expression_attribute_values(":status", status)
                        .expression_attribute_values(":epoch", epoch(after.epoch))
                        .expression_attribute_values(":links_epoch", epoch(after.links_epoch));
                    unless_changed(update, Some(&before))
                })?
                .delete(&rows::token(workspace))?
                .delete(&rows::connected(workspace))?;
            if transaction.commit().await? {
                return Ok(Disconnection::Done(after));
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Ends every session of the settings page and every viewing link that was begun before. Returns
    /// the connection as it is now; `None` when the workspace was never connected.
    ///
    /// # Errors
    /// [`table::Error::Contended`] and [`table::Error::Unavailable`], as with [`Self::connect`].
    pub async fn sign_out_everywhere(
        self,
        workspace: &WorkspaceId,
    ) -> Result<Option<Connection>, Error> {
        for _ in 0..MAX_ROUNDS {
            let Some(before) = self.get(workspace).await? else {
                return Ok(None);
            };
            let after = Connection {
                epoch: before.epoch + 1,
                links_epoch: before.links_epoch + 1,
                ..before.clone()
            };
            let transaction = Transaction::new(&self.store.table, "sign out everywhere").update(
                &rows::connection(workspace),
                |update| {
                    let update = update
                        .update_expression("SET epoch = :epoch, links_epoch = :links_epoch")
                        .expression_attribute_values(":epoch", epoch(after.epoch))
                        .expression_attribute_values(":links_epoch", epoch(after.links_epoch));
                    unless_changed(update, Some(&before))
                },
            )?;
            if transaction.commit().await? {
                return Ok(Some(after));
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Notes that Intercom has refused the token of the connection of that epoch; `false` when it has been
    /// connected anew or disconnected since, and so nothing has changed.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn mark_needs_attention(
        self,
        workspace: &WorkspaceId,
        of_epoch: u64,
    ) -> Result<bool, Error> {
        let marked = self
            .store
            .table
            .update(&rows::connection(workspace))
            .update_expression("SET #status = :needs_attention")
            .condition_expression(format!(
                "{} AND #status <> :disconnected",
                is_epoch(of_epoch)
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(
                ":needs_attention",
                nested(&ConnectionStatus::NeedsAttention)?,
            )
            .expression_attribute_values(":disconnected", nested(&ConnectionStatus::Disconnected)?)
            .expression_attribute_values(":epoch_before", epoch(of_epoch))
            .attempt("mark a connection")
            .await?;
        Ok(marked.is_done())
    }

    /// Notes what came of a call to Intercom with the token of the connection of that epoch, unless a later
    /// call's result stands there.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn note_sync(
        self,
        workspace: &WorkspaceId,
        of_epoch: u64,
        sync: &LastSync,
    ) -> Result<(), Error> {
        self.store
            .table
            .update(&rows::connection(workspace))
            .update_expression("SET last_sync = :sync")
            .condition_expression(format!(
                "{} AND (attribute_not_exists(last_sync.#at) OR last_sync.#at <= :at)",
                is_epoch(of_epoch)
            ))
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":sync", nested(sync)?)
            .expression_attribute_values(":at", number(sync.at.as_millisecond()))
            .expression_attribute_values(":epoch_before", epoch(of_epoch))
            .attempt("note a sync")
            .await?;
        Ok(())
    }

    /// Writes what the organization chose for a workspace. What its keys record from now on is kept as long
    /// as it says, and taken from the sites that it names; what is there already is kept as long as it was to
    /// be.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: some of it may have been written, write
    /// it again. [`Error::Taken`] when the workspace is not the organization's.
    pub async fn update_preferences(
        self,
        connection: &Connection,
        preferences: &Preferences,
    ) -> Result<(), Error> {
        let organization = &connection.organization;
        // The keys first: should it break off, the page still shows the old choice.
        ApiKeys::of(self.store.scope(organization))
            .set_choices(preferences)
            .await?;
        let updated = self
            .store
            .table
            .update(&rows::connection(&connection.workspace))
            .update_expression("SET preferences = :preferences")
            .condition_expression("organization = :organization")
            .expression_attribute_values(":preferences", nested(preferences)?)
            .expression_attribute_values(":organization", text(organization))
            .attempt("update preferences")
            .await?;
        match updated.is_done() {
            true => Ok(()),
            false => Err(Error::Taken { what: "workspace" }),
        }
    }
}

/// A row that says all it has to say by being there.
#[derive(serde::Serialize)]
struct Nothing {}

/// The connection as it will be.
fn connected(before: Option<&Connection>, new: &NewConnection, now: Timestamp) -> Connection {
    let organization = before.map_or_else(
        || OrganizationId::of_first_workspace(&new.workspace),
        |before| before.organization.clone(),
    );
    // An admin of a workspace that is connected has only signed in.
    let signed_in = before.filter(|before| before.status == ConnectionStatus::Connected);
    Connection {
        preferences: before.map_or_else(Preferences::default, |before| before.preferences.clone()),
        epoch: before.map_or(0, |before| before.epoch) + 1,
        links_epoch: before.map_or(0, |before| before.links_epoch),
        connected_by: Some(new.installer.clone()),
        connected_at: signed_in
            .and_then(|before| before.connected_at)
            .or(Some(now)),
        // Intercom has just told us who let us in.
        last_sync: Some(LastSync {
            at: now,
            outcome: SyncOutcome::Succeeded,
        }),
        ..Connection::new(new.workspace.clone(), organization, new.profile.clone())
    }
}

/// Writes a connection attribute by attribute: preferences may change at the same time, and stay.
fn nested_connection(
    connection: &Connection,
) -> Result<impl FnOnce(UpdateBuilder) -> UpdateBuilder, Error> {
    let mut attributes = table::item(&rows::connection(&connection.workspace), connection)?;
    attributes.remove(PARTITION);
    attributes.remove(SORT);
    let mut changes = Vec::new();
    let mut names = Vec::new();
    for (number, (name, value)) in attributes.into_iter().enumerate() {
        changes.push(match name.as_str() {
            "preferences" => format!("#a{number} = if_not_exists(#a{number}, :a{number})"),
            _ => format!("#a{number} = :a{number}"),
        });
        names.push((format!("a{number}"), name, value));
    }
    Ok(move |update: UpdateBuilder| {
        let update = update.update_expression(format!("SET {}", changes.join(", ")));
        names
            .into_iter()
            .fold(update, |update, (place, name, value)| {
                update
                    .expression_attribute_names(format!("#{place}"), name)
                    .expression_attribute_values(format!(":{place}"), value)
            })
    })
}

/// Lets the change hold only while the connection is what was read.
fn unless_changed(update: UpdateBuilder, before: Option<&Connection>) -> UpdateBuilder {
    match before {
        None => update.condition_expression("attribute_not_exists(PK)"),
        Some(before) => update
            .condition_expression(is_epoch(before.epoch))
            .expression_attribute_values(":epoch_before", epoch(before.epoch)),
    }
}

/// The condition that a connection is of the epoch `:epoch_before`. Operators' connections begin without one.
fn is_epoch(before: u64) -> &'static str {
    match before {
        0 => "attribute_exists(PK) AND (attribute_not_exists(epoch) OR epoch = :epoch_before)",
        _ => "epoch = :epoch_before",
    }
}

fn epoch(epoch: u64) -> aws_sdk_dynamodb::types::AttributeValue {
    number(epoch.cast_signed())
}
