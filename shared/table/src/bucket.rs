//! The bucket: objects that are compressed when they are written, and bounded when they are unpacked.

use std::io::Read as _;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::Error;

/// Most bytes of an object once unpacked: what a chunk may hold, 100 MB.
pub const MAX_BYTES: u64 = 100 << 20;

/// zstd's default: 12 times smaller on recordings at some 300 MB/s; higher levels cost more than they save.
const LEVEL: i32 = 3;

/// One bucket.
#[derive(Debug, Clone)]
pub struct Bucket(Arc<dyn ObjectStore>);

impl Bucket {
    /// What is written and read in `bucket`.
    pub fn new(bucket: Arc<dyn ObjectStore>) -> Self {
        Self(bucket)
    }

    /// Compresses and writes `content`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the bucket does not answer; it may be repeated.
    pub async fn put(&self, path: &Path, content: &[u8]) -> Result<(), Error> {
        let operation = "write an object";
        let packed = zstd::bulk::compress(content, LEVEL).map_err(|error| Error::Refused {
            operation,
            reason: error.kind().to_string(),
        })?;
        self.0
            .put(path, packed.into())
            .await
            .map_err(|error| failed(operation, path, &error))?;
        Ok(())
    }

    /// Reads and unpacks an object.
    ///
    /// # Errors
    /// [`Error::Vanished`] when it is not there, [`Error::TooLarge`] above [`MAX_BYTES`], [`Error::Corrupt`]
    /// when it does not unpack, [`Error::Unavailable`] when the bucket does not answer.
    pub async fn get(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let operation = "read an object";
        let failed = |error| failed(operation, path, &error);
        let packed = self
            .0
            .get(path)
            .await
            .map_err(failed)?
            .bytes()
            .await
            .map_err(failed)?;
        unpack(&packed)
    }

    /// At most `limit` objects in the folder.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the bucket does not answer.
    pub async fn list(&self, folder: &Path, limit: usize) -> Result<Vec<Path>, Error> {
        let operation = "list objects";
        let listed = self.0.list(Some(folder)).take(limit);
        let listed = listed.map_ok(|object| object.location).try_collect().await;
        match listed {
            // A folder of this machine that is not there.
            Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
            listed => listed.map_err(|error| failed(operation, folder, &error)),
        }
    }

    /// Deletes objects, those that are there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the bucket does not answer: some are deleted, and all of it may be
    /// repeated.
    pub async fn delete_all(&self, paths: Vec<Path>) -> Result<(), Error> {
        let paths = stream::iter(paths.into_iter().map(Ok)).boxed();
        let mut deleted = self.0.delete_stream(paths);
        while let Some(path) = deleted.next().await {
            match path {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => {
                    return Err(failed("delete objects", &Path::default(), &error));
                }
            }
        }
        Ok(())
    }

    /// Deletes an object that nothing refers to. A failure costs only space until the lifecycle rule comes
    /// by.
    pub async fn discard(&self, path: &Path) {
        if let Err(error) = self.0.delete(path).await {
            let error = failed("delete an object", path, &error);
            tracing::warn!(%error, "an object that nothing refers to stays until it expires");
        }
    }
}

/// A path that stands in a row.
///
/// # Errors
/// [`Error::Corrupt`] when it is none.
pub fn parse_path(stored: &str) -> Result<Path, Error> {
    Path::parse(stored).map_err(|_| Error::corrupt("object path", "not a path"))
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    let unreadable = |error: std::io::Error| Error::corrupt("object", error.kind());
    let mut content = Vec::new();
    zstd::stream::read::Decoder::new(packed)
        .map_err(unreadable)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    if content.len() as u64 > MAX_BYTES {
        return Err(Error::TooLarge { limit: MAX_BYTES });
    }
    Ok(content)
}

fn failed(operation: &'static str, path: &Path, error: &object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::Vanished {
            path: path.to_string(),
        },
        object_store::Error::PermissionDenied { .. }
        | object_store::Error::Unauthenticated { .. } => Error::Refused {
            operation,
            reason: "permission denied".to_owned(),
        },
        other => Error::Unavailable {
            operation,
            reason: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb =
            zstd::bulk::compress(&vec![0; usize::try_from(MAX_BYTES).unwrap() + 1], 1).unwrap();
        assert!(bomb.len() < 100_000);
        assert!(matches!(
            unpack(&bomb),
            Err(Error::TooLarge { limit: MAX_BYTES })
        ));
    }

    #[test]
    fn what_is_not_packed_is_corrupt() {
        assert!(matches!(unpack(b"plain"), Err(Error::Corrupt { .. })));
    }
}
