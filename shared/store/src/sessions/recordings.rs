//! The store together with the bucket.

use std::sync::Arc;

use identity::OrganizationId;
use object_store::ObjectStore;
use table::Bucket;

use crate::Store;
use crate::scope::Scope;
use crate::sessions::Sessions;

/// The raw recordings and the analyzers' states, and what the table says of them. Cheap to clone; one per
/// process.
///
/// Its functions stand beside those of [`Store`] that they belong with: chunks in `chunks`, states in
/// `progress`.
#[derive(Debug, Clone)]
pub struct Recordings {
    pub(crate) store: Store,
    pub(crate) bucket: Bucket,
}

impl Recordings {
    /// The recordings that the table of `store` knows, in this bucket.
    pub fn new(store: Store, bucket: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            bucket: Bucket::new(bucket),
        }
    }

    /// The table alone.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What is one organization's. Nothing that it gives can reach another's recordings.
    #[must_use]
    pub fn of<'a>(&'a self, organization: &'a OrganizationId) -> OrganizationRecordings<'a> {
        OrganizationRecordings {
            scope: self.store.scope(organization),
            bucket: &self.bucket,
        }
    }
}

/// The recordings of one organization's sessions.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationRecordings<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) bucket: &'a Bucket,
}

impl<'a> OrganizationRecordings<'a> {
    /// The same sessions as the table has them.
    pub(crate) fn sessions(self) -> Sessions<'a> {
        Sessions::of(self.scope)
    }
}
