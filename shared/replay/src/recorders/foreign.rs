//! Recordings that are not rrweb's, told by their shapes: they are refused by name, not counted wrongly.

use super::walk::Keys;
use crate::error::{ChunkError, Fault};
use crate::event::{self, Body, Event};
use crate::json::{Cursor, Kind};

const DATADOG: &str = "the format of Datadog or its fork OpenObserve";
const CLARITY: &str = "the format of Microsoft Clarity";
const FULLSTORY: &str = "the format of FullStory";
const OPENREPLAY: &str = "the format of OpenReplay";
pub(super) const SPLUNK: ChunkError = ChunkError::NotRrweb {
    format: "the format of Splunk's recorder 3",
};
const BINARY: &str = "a binary format";

/// What events show of a recorder that only looks like rrweb.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// Full snapshots with a page in them.
    pages: u64,
    /// Full snapshots without one.
    pageless: u64,
}

impl Evidence {
    /// Looks at an event. Types, times and clicks of Datadog's are rrweb's; its pages and changes are
    /// not.
    #[inline]
    pub(super) fn look(&mut self, event: &Event<'_>, text: &str) -> Result<(), Fault> {
        match &event.body {
            Body::FullSnapshot(page) if !page.nodes.is_empty() => self.pages += 1,
            Body::FullSnapshot(_) | Body::Other => return self.look_closely(text),
            _ => {}
        }
        Ok(())
    }

    #[cold]
    fn look_closely(&mut self, text: &str) -> Result<(), Fault> {
        let kind = event::find_number(&Cursor::new(text), "type")?;
        let (mut data, mut keys) = (None, Vec::new());
        if matches!(kind, Some(2 | 6..=12)) {
            Cursor::new(text).object(|cursor, key| {
                if key == "data" {
                    data = Some(cursor.kind()?);
                    if data == Some(Kind::Object) {
                        return cursor.object(|cursor, key| {
                            keys.push((key, cursor.kind()?));
                            cursor.skip()
                        });
                    }
                }
                cursor.skip()
            })?;
        }
        let has = |key| keys.iter().any(|(found, _)| *found == key);
        let is_datadog = match (kind, data) {
            (Some(2), Some(Kind::Array)) => true,
            (Some(2), Some(Kind::Object)) if keys.contains(&("node", Kind::Object)) => {
                self.pages += 1;
                false
            }
            (Some(2), Some(Kind::Object)) => {
                self.pageless += 1;
                false
            }
            (Some(6), Some(Kind::Object)) => has("has_focus") && !has("plugin"),
            // The end of a view has no data; an asset of rrweb's has.
            (Some(7), None) => true,
            (Some(8), Some(Kind::Object)) => has("pageLeft") || has("offsetLeft"),
            (Some(9), Some(Kind::Object)) => has("frustrationTypes"),
            (Some(10..=12), Some(Kind::Array)) => true,
            _ => false,
        };
        match is_datadog {
            true => Err(ChunkError::NotRrweb { format: DATADOG }.into()),
            false => Ok(()),
        }
    }

    /// What all events together show.
    pub(super) fn weigh(&self) -> Result<(), Fault> {
        match self.pages == 0 && self.pageless > 0 {
            true => Err(ChunkError::NotRrweb { format: DATADOG }.into()),
            false => Ok(()),
        }
    }
}

/// Whose format an object is that stands around events of its own.
pub(super) fn wrapper(cursor: &mut Cursor<'_>, keys: &Keys) -> Result<Option<&'static str>, Fault> {
    let format = if keys.has(&["records", "creation_reason"])
        || keys.has(&["records_count", "creation_reason"])
    {
        Some(DATADOG)
    } else if keys.has(&["Evts", "When"]) {
        Some(FULLSTORY)
    } else if (keys.has(&["e", "a"]) || keys.has(&["e", "p"])) && begins_with_a_text(cursor, "e")? {
        // The envelope of Clarity's begins with its version.
        Some(CLARITY)
    } else {
        None
    };
    Ok(format)
}

/// Whether the object that comes next has a list under this key that begins with a text.
fn begins_with_a_text(cursor: &mut Cursor<'_>, wanted: &str) -> Result<bool, Fault> {
    let mut first = None;
    cursor.object(|cursor, key| match key == wanted {
        true => cursor.array_if_any(|cursor| {
            first = first.or(Some(cursor.kind()?));
            cursor.skip()
        }),
        false => cursor.skip(),
    })?;
    Ok(first == Some(Kind::String))
}

/// Whose format bytes are that are no text; `None` when they may be a text that was damaged.
pub(super) fn binary(bytes: &[u8]) -> Option<&'static str> {
    /// Type of the message with which a batch begins, and the versions that there have been.
    const BATCH: u8 = 81;
    const LONGEST_HEADER: usize = 512;
    const LEAST_CONTROLS: usize = 4;
    if let [BATCH, 1..=9, ..] = bytes
        && bytes.len() > 8
    {
        return Some(OPENREPLAY);
    }
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=31);
    let header = bytes.iter().take(LONGEST_HEADER);
    (header.filter(is_control).count() >= LEAST_CONTROLS).then_some(BINARY)
}
