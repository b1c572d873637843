//! The recording itself: chunks, and their manifests in the table. A small chunk stands in its manifest.

use identity::{OrganizationKey, SessionId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use replay::{ChunkFacts, EdgeClicks, Editables, Piece};
use serde::{Deserialize, Serialize};
use table::{Attempt, Conditional, Packed, Read, parse, text};

use crate::Error;
use crate::sessions::chunk_body::ChunkBody;
use crate::sessions::object_path::ObjectPath;
use crate::sessions::objects::Class;
use crate::sessions::recordings::{OrganizationRecordings, Recordings};
use crate::sessions::{Sessions, objects, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// A chunk as it arrived.
#[derive(Debug, Clone, Copy)]
pub struct NewChunk<'a> {
    /// Its number in the session, from 0.
    pub seq: u32,
    /// What was sent, unpacked: the same bytes under the same number are the same chunk.
    pub sent: &'a [u8],
    /// The events, as they are stored: at most [`NewChunk::MAX_BYTES`]. They are `sent`, unless that had
    /// to be made plain or masked.
    pub payload: &'a [u8],
    /// Whether what somebody may have typed was masked.
    pub is_masked: bool,
    /// Whether it was not known where somebody may type at its beginning.
    pub is_unsure: bool,
    /// Where something may be typed at its end, for the next one; `None` where that is as it was before, or
    /// not known.
    pub editables: Option<&'a Editables>,
    /// What [`replay::inspect_chunk`] found in it.
    pub facts: &'a ChunkFacts,
}

impl NewChunk<'_> {
    /// Most bytes of a payload: 100 MB, the public limit.
    pub const MAX_BYTES: u64 = table::MAX_BYTES;
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChunkOutcome {
    /// It is stored for good.
    Stored,
    /// The same bytes were stored under this number before; nothing has changed.
    Duplicate,
    /// Other bytes were stored under this number before; nothing has changed.
    Conflict,
}

/// What the table knows of a stored chunk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChunkManifest {
    /// Its number in the session, from 0.
    pub seq: u32,
    /// SHA-256 of the payload, hexadecimal.
    pub sha256: String,
    /// Bytes of the payload.
    pub bytes: u64,
    /// Events in it.
    pub events: u64,
    #[serde(flatten)]
    body: ChunkBody,
    /// Time of its earliest event, by the visitor's clock.
    #[serde(with = "millisecond::optional", default)]
    pub first_at: Option<Timestamp>,
    /// Time of its latest event, by the visitor's clock.
    #[serde(with = "millisecond::optional", default)]
    pub last_at: Option<Timestamp>,
    /// Whether a player can start here.
    pub has_full_snapshot: bool,
    /// What a player loads one by one; none for a chunk that was stored before there were any.
    #[serde(default)]
    pub pieces: Vec<Piece>,
    /// The clicks with which it ends: the next one may make them a rage click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<EdgeClicks>,
    /// Whether it was looked through for what somebody typed, as far as that was known then.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_masked: bool,
    /// Stands for the payload as it was sent, where another one is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent: Option<String>,
    /// Whether it was not known where somebody may type at its beginning.
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unsure: bool,
    /// Where something may be typed at its end; `None` where it changes nothing about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editables: Option<Editables>,
    /// When it arrived.
    #[serde(with = "millisecond::required")]
    pub stored_at: Timestamp,
    expires: i64,
}

impl ChunkManifest {
    /// Path of the compressed payload in the bucket; `None` when it stands in the row.
    #[must_use]
    pub fn object(&self) -> Option<&ObjectPath> {
        match &self.body {
            ChunkBody::Object { object } => Some(object),
            ChunkBody::Row { .. } => None,
        }
    }

    /// Bytes of the payload that stand in the row, compressed; none of one in the bucket.
    #[must_use]
    pub fn row_bytes(&self) -> u64 {
        match &self.body {
            ChunkBody::Object { .. } => 0,
            ChunkBody::Row { packed } => packed.len() as u64,
        }
    }
}

impl OrganizationRecordings<'_> {
    /// Stores a chunk of a session unless its number is taken.
    ///
    /// An object is written before its manifest: what has a manifest can be read. Its path names its content,
    /// so of two writers with different bytes neither touches the other's object, and the manifest decides.
    ///
    /// # Errors
    /// [`table::Error::TooLarge`] above [`NewChunk::MAX_BYTES`]; [`table::Error::Unavailable`] when it may
    /// not be stored.
    pub async fn accept_chunk(
        self,
        session: &SessionId,
        chunk: &NewChunk<'_>,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<ChunkOutcome, Error> {
        if chunk.payload.len() as u64 > NewChunk::MAX_BYTES {
            let limit = NewChunk::MAX_BYTES;
            return Err(table::Error::TooLarge { limit }.into());
        }
        let sha256 = table::digest(chunk.payload);
        let sent = Sent::of(chunk, &sha256, &self.scope.key());
        let came_otherwise = sent.sha256 != sha256;
        let packed = Packed::of(chunk.payload)?;
        let body = if ChunkBody::belongs_in_a_row(&packed, retention_days) {
            ChunkBody::Row { packed }
        } else {
            let (class, organization) = (Class::Recording, self.scope.organization);
            let seq = u64::from(chunk.seq);
            let path = objects::path(class, retention_days, organization, session, seq, &sha256);
            self.bucket.put_packed(&path, packed).await?;
            ChunkBody::Object {
                object: ObjectPath::of(&path),
            }
        };
        let manifest = ChunkManifest {
            seq: chunk.seq,
            sha256,
            bytes: chunk.payload.len() as u64,
            events: chunk.facts.events,
            body,
            first_at: chunk.facts.first_at,
            last_at: chunk.facts.last_at,
            has_full_snapshot: chunk.facts.has_full_snapshot,
            pieces: chunk.facts.pieces.clone(),
            closing: chunk.facts.closing,
            is_masked: chunk.is_masked,
            is_unsure: chunk.is_unsure,
            sent: came_otherwise.then(|| sent.keyed.clone()),
            editables: chunk.editables.cloned(),
            stored_at: now,
            expires: expires_at(now, retention_days),
        };
        let put = self.sessions();
        let put = put.put_manifest(session, &manifest, &sent).await?;
        if let (false, Some(object)) = (put.is_our_payload, manifest.object()) {
            self.bucket.discard(&object.path()?).await;
        }
        Ok(put.outcome)
    }

    /// Deletes a chunk that was stored for a session which is erased.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table or the bucket does not answer; it may be repeated.
    pub async fn discard_chunk(self, session: &SessionId, seq: u32) -> Result<(), Error> {
        let key = rows::chunk(self.scope.organization, session, seq);
        let stored = self
            .scope
            .table
            .get("discard a chunk", &key, Read::Consistent)
            .await?;
        let Some(item) = stored else {
            return Ok(());
        };
        let manifest: ChunkManifest = parse("chunk", item)?;
        // The manifest last: it is how the object is found.
        if let Some(object) = manifest.object() {
            self.bucket.delete_all(vec![object.path()?]).await?;
        }
        Ok(self
            .scope
            .table
            .delete_all("discard a chunk", &[key])
            .await?)
    }
}

impl Recordings {
    /// The payload of a stored chunk.
    ///
    /// # Errors
    /// [`table::Error::Vanished`] when it has expired, [`table::Error::Corrupt`] when it is not what was
    /// stored.
    pub async fn read_chunk(&self, manifest: &ChunkManifest) -> Result<Vec<u8>, Error> {
        let payload = match &manifest.body {
            ChunkBody::Row { packed } => packed.unpack()?,
            ChunkBody::Object { object } => self.bucket.get(&object.path()?).await?,
        };
        if table::digest(&payload) == manifest.sha256 {
            Ok(payload)
        } else {
            Err(table::Error::corrupt("chunk", "its digest differs from its manifest's").into())
        }
    }
}

/// What became of a manifest.
struct Put {
    outcome: ChunkOutcome,
    /// Whether what is stored under the number is the payload of this one: then its object is needed.
    is_our_payload: bool,
}

/// What tells whether the same chunk came before, whatever was stored of it.
struct Sent {
    /// SHA-256 of the payload as it was sent: what a chunk is known by that was stored so.
    sha256: String,
    /// What stands for it where something else was stored.
    keyed: String,
}

impl Sent {
    fn of(chunk: &NewChunk<'_>, stored: &str, key: &OrganizationKey) -> Self {
        let sha256 = match chunk.sent == chunk.payload {
            true => stored.to_owned(),
            false => table::digest(chunk.sent),
        };
        let keyed = key.hash_sent(&sha256);
        Self { sha256, keyed }
    }
}

impl Sessions<'_> {
    async fn put_manifest(
        self,
        session: &SessionId,
        manifest: &ChunkManifest,
        sent: &Sent,
    ) -> Result<Put, Error> {
        let key = rows::chunk(self.scope.organization, session, manifest.seq);
        let put = self
            .scope
            .table
            .put(&key, manifest)?
            .condition_expression("attribute_not_exists(PK)")
            .attempt("store a chunk")
            .await?;
        let Attempt::Refused(stored) = put else {
            return Ok(Put {
                outcome: ChunkOutcome::Stored,
                is_our_payload: true,
            });
        };
        let text = |name: &str| stored.get(name).and_then(|value| value.as_s().ok());
        let Some(sha256) = text("sha256") else {
            return Err(table::Error::corrupt("chunk", "its manifest has no digest").into());
        };
        let came_before = match text("sent") {
            Some(keyed) => *keyed == sent.keyed,
            None => *sha256 == sent.sha256,
        };
        Ok(Put {
            outcome: match came_before {
                true => ChunkOutcome::Duplicate,
                false => ChunkOutcome::Conflict,
            },
            is_our_payload: *sha256 == manifest.sha256,
        })
    }

    /// The manifest of one chunk; `None` when it has not come, or is gone. Half the price for one that is
    /// known for longer than a second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn chunk(
        self,
        session: &SessionId,
        seq: u32,
        now: Timestamp,
    ) -> Result<Option<ChunkManifest>, Error> {
        let key = rows::chunk(self.scope.organization, session, seq);
        let item = self
            .scope
            .table
            .find("read a chunk's manifest", &key)
            .await?;
        let manifest: Option<ChunkManifest> = item.map(|item| parse("chunk", item)).transpose()?;
        Ok(manifest.filter(|manifest| manifest.expires > now.as_second()))
    }

    /// At most `limit` manifests with numbers from `seq`, ascending; there may be gaps between them.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn chunks_from(
        self,
        session: &SessionId,
        seq: u32,
        limit: usize,
    ) -> Result<Vec<ChunkManifest>, Error> {
        let mut manifests = Vec::new();
        let mut start = None;
        while manifests.len() < limit {
            let missing = i32::try_from(limit - manifests.len()).unwrap_or(i32::MAX);
            let page = self
                .scope
                .table
                .query(
                    rows::session_partition(self.scope.organization, session),
                    "SK BETWEEN :first AND :last",
                )
                .expression_attribute_values(
                    ":first",
                    text(rows::chunk(self.scope.organization, session, seq).sort),
                )
                .expression_attribute_values(
                    ":last",
                    text(rows::chunk(self.scope.organization, session, u32::MAX).sort),
                )
                .consistent_read(true)
                .limit(missing)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("list chunks", &error))?;
            for item in page.items.unwrap_or_default() {
                manifests.push(parse("chunk", item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(manifests)
    }
}
