//! Chunks: those that a player asks pieces of in a row are read once; of many, those that are there.

use std::fmt;
use std::sync::{Arc, Mutex};

use store::{ChunkManifest, Error, Recordings};

/// Largest payload that is kept, bytes: with a copy of a piece in hand, memory for one that is being read
/// must be left.
const MAX_CACHED_BYTES: usize = 64 << 20;

/// The chunk that was read last. Cheap to clone; one per process.
#[derive(Clone, Default)]
pub struct LastChunk(Arc<Mutex<Option<CachedChunk>>>);

struct CachedChunk {
    /// What names its content.
    sha256: String,
    payload: Arc<Vec<u8>>,
}

impl LastChunk {
    /// The payload of a chunk whose manifest was just read, so that what is erased is not shown.
    pub(crate) async fn read(
        &self,
        recordings: &Recordings,
        chunk: &ChunkManifest,
    ) -> Result<Arc<Vec<u8>>, Error> {
        if let Some(payload) = self.kept(&chunk.sha256) {
            return Ok(payload);
        }
        // Makes room first: the two together may be more than there is.
        self.keep(None);
        let payload = Arc::new(recordings.read_chunk(chunk).await?);
        if payload.len() <= MAX_CACHED_BYTES {
            self.keep(Some(CachedChunk {
                sha256: chunk.sha256.clone(),
                payload: Arc::clone(&payload),
            }));
        }
        Ok(payload)
    }

    fn kept(&self, sha256: &str) -> Option<Arc<Vec<u8>>> {
        let kept = self.0.lock().ok()?;
        let kept = kept.as_ref().filter(|kept| kept.sha256 == sha256)?;
        Some(Arc::clone(&kept.payload))
    }

    fn keep(&self, kept: Option<CachedChunk>) {
        // Whoever has panicked in between has left nothing that could be wrong.
        if let Ok(mut place) = self.0.lock() {
            *place = kept;
        }
    }
}

/// Chunks that are read ahead of the one in hand, by what goes through many.
pub(crate) const READ_AHEAD: usize = 4;

/// A chunk's payload; `None` when it is gone or damaged, and reading again would end the same.
pub(crate) async fn read_if_there(
    recordings: &Recordings,
    chunk: &ChunkManifest,
) -> Result<Option<Vec<u8>>, Error> {
    match recordings.read_chunk(chunk).await {
        Ok(payload) => Ok(Some(payload)),
        Err(error) if is_lost(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether reading again would end the same.
pub(crate) fn is_lost(error: &Error) -> bool {
    use table::Error::{Corrupt, TooLarge, Vanished};
    matches!(
        error,
        Error::Table(Vanished { .. } | Corrupt { .. } | TooLarge { .. })
    )
}

impl fmt::Debug for LastChunk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LastChunk(..)")
    }
}
