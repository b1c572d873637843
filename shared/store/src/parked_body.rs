//! What a parked notification says, at rest: sealed with AES-256-GCM under the organization's key, bound to its place,
//! and cut into pieces that fit into rows.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use identity::{OrganizationKey, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::keys::{self, Key};
use crate::table::Read;
use crate::{Connection, Error, ParkedId, SecretText, Store};

const NONCE_BYTES: usize = 12;

/// The longest body, bytes: what a message on a queue may have (SQS's quotas).
const MAX_BYTES: usize = 1 << 20;

/// Bytes in a row. DynamoDB takes 400 KB, keys and names included.
const PIECE_BYTES: usize = 350 << 10;

const PIECE: &str = "piece";

/// Where a body stands. Every writing of it has a name of its own, so that two at the same time are not mixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredBody {
    /// The nonce, hexadecimal.
    name: String,
    pieces: u8,
}

/// A piece, apart from its key and its bytes.
#[derive(Serialize)]
struct PieceRow {
    expires: i64,
}

impl StoredBody {
    fn keys<'a>(
        &'a self,
        workspace: &'a WorkspaceId,
        id: &'a ParkedId,
    ) -> impl Iterator<Item = Key> + 'a {
        (0..self.pieces).map(|piece| keys::parked_piece(workspace, id, &self.name, piece))
    }
}

impl Store {
    pub(crate) async fn put_parked_body(
        &self,
        connection: &Connection,
        id: &ParkedId,
        body: &str,
        expires: i64,
    ) -> Result<StoredBody, Error> {
        if body.len() > MAX_BYTES {
            return Err(Error::TooLarge {
                limit: MAX_BYTES as u64,
            });
        }
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Error::NoEntropy)?;
        let key = self.key_of(&connection.organization);
        let sealed = seal(&key, nonce, body, &context(connection, id))?;
        let stored = StoredBody {
            name: hex::encode(nonce),
            // Three at most.
            pieces: sealed.chunks(PIECE_BYTES).len() as u8,
        };
        let keys = stored.keys(&connection.workspace, id);
        for (key, piece) in keys.zip(sealed.chunks(PIECE_BYTES)) {
            self.table
                .put(&key, &PieceRow { expires })?
                .item(PIECE, AttributeValue::B(Blob::new(piece)))
                .send()
                .await
                .map_err(|error| Error::from_sdk("park a notification", &error))?;
        }
        Ok(stored)
    }

    /// `None` when somebody is removing it.
    pub(crate) async fn parked_body(
        &self,
        connection: &Connection,
        id: &ParkedId,
        stored: &StoredBody,
    ) -> Result<Option<SecretText>, Error> {
        let mut sealed = Vec::new();
        for key in stored.keys(&connection.workspace, id) {
            let operation = "read a parked notification";
            let item = self.table.get(operation, &key, Read::Consistent).await?;
            match item.and_then(|mut item| item.remove(PIECE)) {
                Some(AttributeValue::B(piece)) => sealed.extend_from_slice(piece.as_ref()),
                Some(_) => return Err(corrupt()),
                None => return Ok(None),
            }
        }
        let key = self.key_of(&connection.organization);
        open(&key, &stored.name, &sealed, &context(connection, id)).map(Some)
    }

    /// Pieces that stay because this fails expire.
    pub(crate) async fn delete_parked_body(
        &self,
        workspace: &WorkspaceId,
        id: &ParkedId,
        stored: &StoredBody,
    ) -> Result<(), Error> {
        for key in stored.keys(workspace, id) {
            let deleted = self.table.delete(&key).send().await;
            deleted.map_err(|error| Error::from_sdk("remove a parked notification", &error))?;
        }
        Ok(())
    }
}

/// What the body is bound to. A sealed alias has one slash in its context, this has more: neither opens as the other.
fn context(connection: &Connection, id: &ParkedId) -> String {
    let Connection {
        organization,
        workspace,
        ..
    } = connection;
    format!("{organization}/parked/{workspace}/{id}")
}

fn seal(
    key: &OrganizationKey,
    nonce: [u8; NONCE_BYTES],
    body: &str,
    context: &str,
) -> Result<Vec<u8>, Error> {
    let payload = Payload {
        msg: body.as_bytes(),
        aad: context.as_bytes(),
    };
    Aes256Gcm::new(key.encryption().into())
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| Error::TooLarge {
            limit: MAX_BYTES as u64,
        })
}

fn open(
    key: &OrganizationKey,
    nonce: &str,
    sealed: &[u8],
    context: &str,
) -> Result<SecretText, Error> {
    let mut bytes = [0; NONCE_BYTES];
    hex::decode_to_slice(nonce, &mut bytes).map_err(|_| corrupt())?;
    let payload = Payload {
        msg: sealed,
        aad: context.as_bytes(),
    };
    let plain = Aes256Gcm::new(key.encryption().into())
        .decrypt(&Nonce::from(bytes), payload)
        .map_err(|_| corrupt())?;
    let plain = String::from_utf8(plain).map_err(|_| corrupt())?;
    Ok(SecretText::new(plain))
}

fn corrupt() -> Error {
    Error::corrupt(
        "parked notification",
        "it was not sealed here, or the master key has changed",
    )
}
