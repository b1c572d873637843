//! One step.

use crate::plan::Identifiers;
use crate::{DropReason, Plan, SourceSettings, Step, TrackedEvent};

pub(crate) fn plan(event: &TrackedEvent, _: &SourceSettings) -> Result<Plan, DropReason> {
    let ids = event.user_id.as_ref().zip(event.previous_id.as_ref());
    let (user_id, previous_id) = ids
        .filter(|(user_id, previous_id)| user_id != previous_id)
        .ok_or(DropReason::NoOtherId)?;
    Ok(Plan {
        person: Identifiers {
            external_id: Some(user_id.clone()),
            // What is said of an address belongs into an identify.
            email: None,
        },
        steps: vec![Step::Alias {
            previous_id: previous_id.clone(),
            user_id: user_id.clone(),
        }],
        warnings: Vec::new(),
    })
}
