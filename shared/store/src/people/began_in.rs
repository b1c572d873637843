//! The session in which a conversation began.

use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};

use crate::people::contact_lookup::ContactQuery;
use crate::sessions::person_list::SessionRow;
use crate::{Error, Store};

/// A conversation belongs to the session that was going on when it began, or had just ended.
const JUST_ENDED: SignedDuration = SignedDuration::from_mins(30);

/// Most people of a conversation whose sessions are looked for.
const MAX_LOOKED_FOR: usize = 3;

impl Store {
    /// The session in which a conversation began, of the first of its contacts who is known for certain and
    /// was there; the first few are looked for.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn began_in(
        &self,
        (organization, workspace): (&OrganizationId, &WorkspaceId),
        contacts: &[ContactQuery],
        began: Timestamp,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, Error> {
        // Intercom counts seconds: a session of that very second had begun.
        let second = began + SignedDuration::from_secs(1);
        for query in contacts.iter().take(MAX_LOOKED_FOR) {
            let people = self.find_contact(workspace, query).await?.people();
            let sessions = self.of(organization).sessions();
            let last = sessions.last_before(&people, second, now).await?;
            let going_on = last.filter(|row| began <= row.summary.ended_at + JUST_ENDED);
            if going_on.is_some() {
                return Ok(going_on);
            }
        }
        Ok(None)
    }
}
