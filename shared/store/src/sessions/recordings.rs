//! The store together with the bucket.

use std::sync::Arc;

use object_store::ObjectStore;
use table::Bucket;

use crate::Store;

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
}
