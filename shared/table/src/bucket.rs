//! The bucket: objects that are compressed when they are written, and bounded when they are unpacked.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::Error;
use crate::packed::{Packed, unpack};

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
        self.put_packed(path, Packed::of(content)?).await
    }

    /// Writes what is compressed already.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the bucket does not answer; it may be repeated.
    pub async fn put_packed(&self, path: &Path, packed: Packed) -> Result<(), Error> {
        self.0
            .put(path, packed.into_bytes().into())
            .await
            .map_err(|error| failed("write an object", path, &error))?;
        Ok(())
    }

    /// Reads and unpacks an object.
    ///
    /// # Errors
    /// [`Error::Vanished`] when it is not there, [`Error::TooLarge`] above [`crate::MAX_BYTES`],
    /// [`Error::Corrupt`] when it does not unpack, [`Error::Unavailable`] when the bucket does not answer.
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
