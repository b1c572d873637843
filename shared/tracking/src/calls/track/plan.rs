//! An event, with what is known of it.

use intercom::write::EventWrite;

use super::metadata::metadata;
use crate::notes::Notes;
use crate::plan::Identifiers;
use crate::{DropReason, Plan, SourceSettings, Step, TrackedEvent, date};

pub(crate) fn plan(event: &TrackedEvent, settings: &SourceSettings) -> Result<Plan, DropReason> {
    let name = event.event.as_deref().ok_or(DropReason::NoEventName)?;
    settings.events.accept(name)?;
    let person = Identifiers::of(event, settings).somebody()?;
    let mut notes = Notes::default();
    let write = EventWrite {
        event_name: notes.fit("event", name.to_owned()),
        created_at: date::whole_seconds(event.timestamp),
        metadata: metadata(event, &person, settings, &mut notes),
        ..EventWrite::default()
    };
    Ok(Plan {
        person,
        steps: vec![Step::Event(write)],
        warnings: notes.into_warnings(),
    })
}
