//! Sessions that may be a contact's.

use identity::matching::PossibleMatch;
use identity::{Alias, ContactId, OrganizationId, WorkspaceId};
use jiff::Timestamp;
use table::{nested, number};

use crate::people::links::MARGIN;
use crate::people::rows;
use crate::{Error, Store, expires_at};

impl Store {
    /// Keeps the session that may be a contact's, or forgets it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn suggest(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        contact: &ContactId,
        possible: Option<&PossibleMatch>,
        retention_days: u32,
        now: Timestamp,
    ) -> Result<(), Error> {
        let contact = self
            .key_of(organization)
            .hash(&Alias::contact(workspace, contact));
        let expires = expires_at(now, retention_days) + MARGIN;
        let request = self
            .table
            .update(&rows::contact(organization, &contact))
            .expression_attribute_values(":expires", number(expires));
        let request = match possible {
            Some(possible) => request
                .update_expression(
                    "SET possible = :possible, expires = if_not_exists(expires, :expires)",
                )
                .expression_attribute_values(":possible", nested(possible)?),
            None => request.update_expression(
                "REMOVE possible SET expires = if_not_exists(expires, :expires)",
            ),
        };
        request
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("suggest a session", &error))?;
        Ok(())
    }
}
