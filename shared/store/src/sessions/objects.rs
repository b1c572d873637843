//! Where a session's objects lie in the bucket.
//!
//! `{recordings|state}/{retention, days}/{organization}/{session}/{number}-{sha256}.zst`: the bucket's
//! lifecycle rules expire by the first two parts. The digest makes a path mean one content for good: two
//! writers of the same number never overwrite each other.

use identity::{OrganizationId, SessionId};
use jiff::SignedDuration;
use object_store::path::Path;

use crate::tenants::retention::RetentionDays;

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

/// Where the object with this content belongs.
pub(crate) fn path(
    class: Class,
    retention_days: RetentionDays,
    organization: &OrganizationId,
    session: &SessionId,
    number: u64,
    digest: &str,
) -> Path {
    folder(class, retention_days.get(), organization, session)
        .join(format!("{number:06}-{digest}.zst"))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use object_store::local::LocalFileSystem;
    use table::{Bucket, parse_path};

    use super::*;

    #[test]
    fn a_path_says_how_long_its_object_is_kept() {
        let (organization, session) = (
            OrganizationId::parse("org_a").unwrap(),
            SessionId::parse("90").unwrap(),
        );
        for class in Class::ALL {
            let path = path(
                class,
                RetentionDays::DEFAULT,
                &organization,
                &session,
                0,
                "d",
            );
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
        let path = path(
            Class::Recording,
            RetentionDays::DEFAULT,
            &organization,
            &session,
            0,
            "d",
        );
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
