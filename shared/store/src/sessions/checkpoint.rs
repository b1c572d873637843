//! An analyzer's state that was kept, so that a run needs not begin with the first chunk.
//!
//! A run takes up the last checkpoint and the chunks since, those that earlier runs have taken among them.
//! Reading a few small chunks again costs less than keeping a state after each run.

use serde::{Deserialize, Serialize};

use crate::sessions::object_path::ObjectPath;

/// Where a run can begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The first chunk that is not in the state.
    pub next_seq: u32,
    /// Path of the state.
    pub state: ObjectPath,
}
