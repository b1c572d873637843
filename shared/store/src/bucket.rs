//! The bucket: compressed objects under paths that say how long they live and what is in them.
//!
//! `{recordings|state}/{retention, days}/{organization}/{session}/{number}-{sha256}.zst`: the bucket's
//! lifecycle rules expire by the first two parts. The digest makes a path mean one content for good: two
//! writers of the same number never overwrite each other.

use std::io::Read as _;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};
use identity::{OrganizationId, SessionId};
use jiff::SignedDuration;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};

use crate::Error;

/// Most bytes of an object once unpacked: what a chunk may hold, 100 MB.
pub(crate) const MAX_BYTES: u64 = 100 << 20;

/// zstd's default: 12 times smaller on recordings at some 300 MB/s; higher levels cost more than they save.
const LEVEL: i32 = 3;

/// What an object is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Class {
    Recording,
    State,
}

impl Class {
    pub(crate) const ALL: [Self; 2] = [Self::Recording, Self::State];

    fn as_str(self) -> &'static str {
        match self {
            Self::Recording => "recordings",
            Self::State => "state",
        }
    }
}

/// One bucket.
#[derive(Debug, Clone)]
pub(crate) struct Bucket(Arc<dyn ObjectStore>);

impl Bucket {
    pub(crate) fn new(bucket: Arc<dyn ObjectStore>) -> Self {
        Self(bucket)
    }

    /// Compresses and writes `content`.
    pub(crate) async fn put(&self, path: &Path, content: &[u8]) -> Result<(), Error> {
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
    pub(crate) async fn get(&self, path: &Path) -> Result<Vec<u8>, Error> {
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

    /// At most `limit` objects in the folder of a session.
    pub(crate) async fn list(&self, folder: &Path, limit: usize) -> Result<Vec<Path>, Error> {
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
    pub(crate) async fn delete_all(&self, paths: Vec<Path>) -> Result<(), Error> {
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
    pub(crate) async fn discard(&self, path: &Path) {
        if let Err(error) = self.0.delete(path).await {
            let error = failed("delete an object", path, &error);
            tracing::warn!(%error, "an object that nothing refers to stays until it expires");
        }
    }
}

/// Where the object with this content belongs.
pub(crate) fn path(
    class: Class,
    retention_days: u32,
    organization: &OrganizationId,
    session: &SessionId,
    number: u64,
    digest: &str,
) -> Path {
    folder(class, retention_days, organization, session).join(format!("{number:06}-{digest}.zst"))
}

/// Where everything of a class is that a session has.
pub(crate) fn folder(
    class: Class,
    retention_days: u32,
    organization: &OrganizationId,
    session: &SessionId,
) -> Path {
    // Taken as single parts, the ids are encoded where they could mean another folder (`..`).
    Path::from_iter([
        class.as_str(),
        &retention_days.to_string(),
        organization.as_str(),
        session.as_str(),
    ])
}

/// How long an object is kept after it was written, as the bucket's lifecycle rules have it, which local mode
/// has none of. `None` for an object that is not ours.
#[must_use]
pub fn kept_for(path: &Path) -> Option<SignedDuration> {
    let mut parts = path.parts();
    let class = parts.next()?;
    Class::ALL
        .iter()
        .find(|ours| ours.as_str() == class.as_ref())?;
    let days: u32 = parts.next()?.as_ref().parse().ok()?;
    Some(SignedDuration::from_hours(24 * i64::from(days)))
}

/// A path that stands in a row.
pub(crate) fn parse_path(stored: &str) -> Result<Path, Error> {
    Path::parse(stored).map_err(|_| Error::corrupt("object path", "not a path"))
}

/// SHA-256, hexadecimal.
pub(crate) fn digest(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
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
    use object_store::local::LocalFileSystem;

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

    #[test]
    fn a_path_says_how_long_its_object_is_kept() {
        let (organization, session) = (
            OrganizationId::parse("org_a").unwrap(),
            SessionId::parse("90").unwrap(),
        );
        for class in Class::ALL {
            let path = path(class, 30, &organization, &session, 0, "d");
            assert_eq!(kept_for(&path), Some(SignedDuration::from_hours(30 * 24)));
        }
        for foreign in ["", "other", "other/30/org_a/s/0.zst", "recordings/x/org_a"] {
            assert_eq!(kept_for(&Path::from(foreign)), None, "{foreign}");
        }
    }

    #[tokio::test]
    async fn a_session_named_almost_like_the_parent_folder_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let bucket = Bucket::new(Arc::new(
            LocalFileSystem::new_with_prefix(folder.path()).unwrap(),
        ));
        let organization = OrganizationId::parse("org_a").unwrap();
        let session = SessionId::parse("..a").unwrap();
        let path = path(Class::Recording, 30, &organization, &session, 0, "d");
        assert_eq!(path.as_ref(), "recordings/30/org_a/..a/000000-d.zst");
        bucket.put(&path, b"chunk").await.unwrap();
        assert_eq!(
            bucket
                .get(&parse_path(path.as_ref()).unwrap())
                .await
                .unwrap(),
            b"chunk"
        );
        assert!(folder.path().join("recordings/30/org_a/..a").is_dir());
    }
}
