//! What a summary was made without.

use serde::{Deserialize, Serialize};

/// Chunk numbers that a summary was made without, because they never came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The first one.
    pub from: u32,
    /// One past the last one.
    pub until: u32,
}
