//! A session that changes its owner: out of the lists that it stood in, into the new one.
//!
//! `META` names the new owner first, and the ones before it until a run has been saved since. A run that
//! began before saves nothing any more, and takes back what it listed where the session was
//! ([`crate::Recordings::save_summary`]). So whoever dies in between leaves nothing but work for the next.

use identity::{PersonId, SessionId};
use jiff::Timestamp;
use table::{Key, Read, parse};

use crate::Error;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};

impl Sessions<'_> {
    /// Lists a session with its owner, and with nobody else.
    pub(crate) async fn rehome(
        self,
        session: &SessionId,
        meta: &Meta,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(owner) = &meta.person else {
            return Ok(());
        };
        if let Some(row) = &meta.unlisted {
            self.list_unlisted(owner, row, now).await?;
        }
        if let Some(sort_at) = meta.sort_at {
            for former in meta.former.iter().filter(|former| *former != owner) {
                self.move_listed(session, sort_at, (former, owner), now)
                    .await?;
            }
        }
        self.forget_former(session, meta).await
    }

    async fn move_listed(
        self,
        session: &SessionId,
        sort_at: u64,
        (former, owner): (&PersonId, &PersonId),
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = rows::listed_session(self.scope.organization, former, sort_at, session);
        let table = self.scope.table;
        let item = table.get("move a session", &key, Read::Consistent).await?;
        if let Some(item) = item {
            let row: ListedRow = parse("session", item)?;
            self.put_in_list(owner, &row, now).await?;
        }
        Ok(())
    }

    /// Takes a session out of the lists of everybody whose it was.
    pub(crate) async fn forget_former(self, session: &SessionId, meta: &Meta) -> Result<(), Error> {
        let former = meta.former.iter();
        let former = former.filter(|former| meta.person.as_ref() != Some(former));
        let rows: Vec<Key> = former
            .flat_map(|former| self.rows_of_list(session, former, meta.sort_at))
            .collect();
        Ok(self.scope.table.delete_all("move a session", &rows).await?)
    }

    /// Where a session may stand in somebody's list.
    pub(crate) fn rows_of_list(
        self,
        session: &SessionId,
        person: &PersonId,
        sort_at: Option<u64>,
    ) -> Vec<Key> {
        let organization = self.scope.organization;
        let listed =
            sort_at.map(|sort_at| rows::listed_session(organization, person, sort_at, session));
        let unlisted = rows::unlisted_session(organization, person, session);
        [Some(unlisted), listed].into_iter().flatten().collect()
    }
}
