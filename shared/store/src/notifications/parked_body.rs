//! What a parked notification says, at rest: sealed under the organization's key, bound to its place, and cut
//! into pieces that fit into rows.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use identity::WorkspaceId;
use serde::{Deserialize, Serialize};
use table::{Key, Read, Sealer, SecretText, random_nonce};

use crate::Error;
use crate::notifications::parked_id::ParkedId;
use crate::notifications::{Notifications, rows};
use crate::tenants::connection::Connection;

/// The longest body, bytes: what a message on a queue may have (SQS's quotas).
const MAX_BYTES: usize = 1 << 20;

/// Bytes in a row. DynamoDB takes 400 KB, keys and names included.
const PIECE_BYTES: usize = 350 << 10;

const PIECE: &str = "piece";

/// Where a body stands. Every writing of it has a name of its own, so that two at the same time are not
/// mixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredBody {
    /// The nonce, hexadecimal, which no other writing has.
    name: String,
    pieces: u8,
}

/// A piece, apart from its key and its bytes.
#[derive(Serialize)]
struct PieceRow {
    expires: i64,
}

impl StoredBody {
    /// What tells it from every other writing.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn keys<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a ParkedId,
    ) -> impl Iterator<Item = Key> + 'a {
        (0..self.pieces).map(|piece| rows::parked_piece(workspace, id, &self.name, piece))
    }
}

impl Notifications<'_> {
    pub(crate) async fn put_parked_body(
        self,
        connection: &Connection,
        id: &ParkedId,
        body: &str,
        expires: i64,
    ) -> Result<StoredBody, Error> {
        if body.len() > MAX_BYTES {
            let limit = MAX_BYTES as u64;
            return Err(table::Error::TooLarge { limit }.into());
        }
        let nonce = random_nonce()?;
        let sealed = self.parked_sealer(connection, id).seal(nonce, body)?;
        let stored = StoredBody {
            name: hex::encode(nonce),
            // Three at most.
            pieces: sealed.chunks(PIECE_BYTES).len() as u8,
        };
        let keys = stored.keys(&connection.workspace, id);
        for (key, piece) in keys.zip(sealed.chunks(PIECE_BYTES)) {
            self.store
                .table
                .put(&key, &PieceRow { expires })?
                .item(PIECE, AttributeValue::B(Blob::new(piece)))
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("park a notification", &error))?;
        }
        Ok(stored)
    }

    /// `None` when somebody is removing it.
    pub(crate) async fn parked_body(
        self,
        connection: &Connection,
        id: &ParkedId,
        stored: &StoredBody,
    ) -> Result<Option<SecretText>, Error> {
        let sealer = self.parked_sealer(connection, id);
        let mut sealed = Vec::new();
        for key in stored.keys(&connection.workspace, id) {
            let operation = "read a parked notification";
            let item = self
                .store
                .table
                .get(operation, &key, Read::Consistent)
                .await?;
            match item.and_then(|mut item| item.remove(PIECE)) {
                Some(AttributeValue::B(piece)) => sealed.extend_from_slice(piece.as_ref()),
                Some(_) => return Err(sealer.corrupt().into()),
                None => return Ok(None),
            }
        }
        Ok(Some(SecretText::new(sealer.open(&sealed)?)))
    }

    /// Pieces that stay because this fails expire.
    pub(crate) async fn delete_parked_body(
        self,
        workspace: &WorkspaceId,
        id: &ParkedId,
        stored: &StoredBody,
    ) -> Result<(), Error> {
        for key in stored.keys(workspace, id) {
            self.store
                .table
                .remove("remove a parked notification", &key)
                .await?;
        }
        Ok(())
    }

    fn parked_sealer(self, connection: &Connection, id: &ParkedId) -> Sealer {
        let Connection {
            organization,
            workspace,
            ..
        } = connection;
        // A sealed alias has one slash in its place, this has more: neither opens as the other.
        let place = format!("{organization}/parked/{workspace}/{id}");
        Sealer::new(
            &self.store.scope(organization).key(),
            "parked notification",
            place,
        )
    }
}
