//! Sign-ins that admins have ended. A cookie cannot be taken back from whoever has copied it, so that it is
//! over is remembered for as long as it would have been good.

use identity::WorkspaceId;
use jiff::Timestamp;
use serde::Serialize;
use table::{Read, parse};

use crate::Error;
use crate::tenants::connection::{Connection, Installer};
use crate::tenants::{Connections, rows};

/// What tells a sign-in from all others of its workspace: who, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInName(String);

#[derive(Serialize)]
struct EndedSignInRow {
    expires: i64,
}

impl SignInName {
    /// The name of an admin's sign-in that began then.
    #[must_use]
    pub fn of(admin: &Installer, began: Timestamp) -> Self {
        let text = format!("{}\n{}", began.as_millisecond(), admin.admin_id);
        Self(table::digest(text.as_bytes()))
    }
}

impl Connections<'_> {
    /// The workspace's connection for whoever brings this sign-in; `None` when that was ended, and when the
    /// workspace was never connected. One round trip.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn of_sign_in(
        self,
        workspace: &WorkspaceId,
        sign_in: &SignInName,
    ) -> Result<Option<Connection>, Error> {
        let connection = rows::connection(workspace);
        let ended = rows::ended_sign_in(workspace, &sign_in.0);
        let wanted = [connection.clone(), ended.clone()];
        let table = &self.store.table;
        let mut found = table
            .get_all("read a connection for an admin", &wanted, Read::Consistent)
            .await?;
        if found.contains_key(&ended) {
            return Ok(None);
        }
        let item = found.remove(&connection);
        Ok(item.map(|item| parse("connection", item)).transpose()?)
    }

    /// Remembers that a sign-in is over, until it would be over by itself. Again changes nothing.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: end it again.
    pub async fn end_sign_in(
        self,
        workspace: &WorkspaceId,
        sign_in: &SignInName,
        until: Timestamp,
    ) -> Result<(), Error> {
        let row = EndedSignInRow {
            expires: until.as_second(),
        };
        let key = rows::ended_sign_in(workspace, &sign_in.0);
        let put = self.store.table.put(&key, &row)?.send().await;
        put.map_err(|error| table::Error::from_sdk("end a sign-in", &error))?;
        Ok(())
    }
}
