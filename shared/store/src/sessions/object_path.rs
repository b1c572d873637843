//! Where an object lies in the bucket, as it stands in a row.

use object_store::path::Path;
use serde::{Deserialize, Serialize};

/// The path of a chunk or of an analyzer's state. Only writing one makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectPath(String);

impl ObjectPath {
    pub(crate) fn of(path: &Path) -> Self {
        Self(path.to_string())
    }

    /// The text that stands in the row.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it is.
    ///
    /// # Errors
    /// [`table::Error::Corrupt`] when what stands in the row is no path.
    pub(crate) fn path(&self) -> Result<Path, table::Error> {
        table::parse_path(&self.0)
    }
}
