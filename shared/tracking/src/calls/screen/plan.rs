//! Nothing.

use crate::{DropReason, Plan, SourceSettings, TrackedEvent};

pub(crate) fn plan(_: &TrackedEvent, _: &SourceSettings) -> Result<Plan, DropReason> {
    Err(DropReason::NothingToTell)
}
