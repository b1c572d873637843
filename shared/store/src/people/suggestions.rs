//! Sessions that may be a contact's.

use identity::matching::PossibleMatch;
use identity::{Alias, ContactId, WorkspaceId};
use jiff::Timestamp;
use table::{nested, number};

use crate::Error;
use crate::people::links::ALIAS_MARGIN_SECONDS;
use crate::people::{Contacts, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

impl Contacts<'_> {
    /// Keeps the session that may be a contact's, or forgets it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn suggest(
        self,
        workspace: &WorkspaceId,
        contact: &ContactId,
        possible: Option<&PossibleMatch>,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<(), Error> {
        let contact = self.scope.key().hash(&Alias::contact(workspace, contact));
        let expires = expires_at(now, retention_days) + ALIAS_MARGIN_SECONDS;
        let request = self
            .scope
            .table
            .update(&rows::contact(self.scope.organization, &contact))
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
