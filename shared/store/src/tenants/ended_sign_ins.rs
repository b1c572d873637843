//! Sign-ins that admins have ended. A cookie cannot be taken back from whoever has copied it, so that it is
//! over is remembered for as long as it would have been good.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::WorkspaceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Key, Read, parse};

use crate::Error;
use crate::tenants::connection::Connection;
use crate::tenants::{Connections, rows};

/// What tells a sign-in from all others: 16 random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInId(String);

#[derive(Serialize)]
struct EndedSignInRow {
    expires: i64,
}

impl SignInId {
    /// The id made of bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn key(&self, workspace: &WorkspaceId) -> Key {
        rows::ended_sign_in(workspace, &table::digest(self.0.as_bytes()))
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
        sign_in: &SignInId,
    ) -> Result<Option<Connection>, Error> {
        let connection = rows::connection(workspace);
        let ended = sign_in.key(workspace);
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
        sign_in: &SignInId,
        until: Timestamp,
    ) -> Result<(), Error> {
        let row = EndedSignInRow {
            expires: until.as_second(),
        };
        let key = sign_in.key(workspace);
        let put = self.store.table.put(&key, &row)?.send().await;
        put.map_err(|error| table::Error::from_sdk("end a sign-in", &error))?;
        Ok(())
    }
}
