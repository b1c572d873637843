//! A company, with the person if one is named.

use crate::notes::Notes;
use crate::plan::Identifiers;
use crate::{DropReason, Plan, SourceSettings, Step, TrackedEvent, company};

pub(crate) fn plan(event: &TrackedEvent, settings: &SourceSettings) -> Result<Plan, DropReason> {
    let group_id = event.group_id.as_deref().ok_or(DropReason::NoCompany)?;
    let mut notes = Notes::default();
    let person = Identifiers::of(event, settings);
    let member = (!person.is_nobody()).then_some(true);
    let company = company::of_group(group_id, &event.traits, settings, &mut notes);
    Ok(Plan {
        person,
        steps: vec![Step::Company { company, member }],
        warnings: notes.into_warnings(),
    })
}
