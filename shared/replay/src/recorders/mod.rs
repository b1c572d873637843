//! The bodies of other recorders, as they are sent: rrweb's events are found in whatever is around them.
//!
//! General shapes come first; a recorder has an adapter of its own only where it writes events in
//! another way.
//!
//! | module | what it reads |
//! |---|---|
//! | `bytes` | gzip, zlib, lines before something packed, `multipart/form-data`: Sentry's envelope, any |
//! | `walk` | events in lists, below objects, as JSON text, packed, in base64: most recorders |
//! | `seconds` | events whose time is in seconds: Sentry |
//! | `span_events` | span events of OpenTelemetry that hold an event: Rollbar |
//! | `log_records` | log records of OpenTelemetry, and events cut into fragments: HyperDX, Splunk |
//! | `slices` | lists of events cut into slices: Statsig |
//! | `fragments` | what is cut is put together again, for the two before |
//! | `foreign` | recordings that are no rrweb, refused by name: Datadog, Clarity, OpenReplay, and others |
//!
//! Whatever is unpacked on the way counts against one budget ([`MAX_UNPACKED_BYTES`]), and what is
//! around the events may be nested [`MAX_LEVELS`] deep.

mod bytes;
mod foreign;
pub(crate) mod fragments;
mod log_records;
mod protobuf;
mod seconds;
mod slices;
mod span_events;
mod walk;

#[cfg(test)]
mod tests;

use crate::chunk::Item;
use crate::definitions::MAX_UNPACKED_BYTES;
use crate::error::{ChunkError, Fault};
use crate::inflate::Inflater;
use foreign::Evidence;
use fragments::Fragments;

/// Objects, lists and packed texts that may stand around an event.
const MAX_LEVELS: u8 = 8;

/// Whom the events are handed to, where they do not stand as rrweb writes them: what is read often knows
/// it by its type.
type Take<'t, 'a> = &'t mut dyn FnMut(Item<'a>);

/// What is known while a body is read.
struct Reading {
    inflater: Inflater,
    events: u64,
    /// Values that are no events.
    others: u64,
    /// Whether there was a list, be it an empty one.
    has_list: bool,
    /// Whether every event stood where rrweb writes it.
    is_plain: bool,
    /// How many things stand around what is read.
    level: u8,
    fragments: Fragments,
    evidence: Evidence,
}

/// Hands every event of the payload to `take`, in the order in which they stand. Answers whether they
/// stood there as rrweb writes them, in lists or one after another, with nothing around them.
pub(crate) fn read<'a>(
    payload: &'a [u8],
    take: &mut impl FnMut(Item<'a>),
) -> Result<bool, ChunkError> {
    let mut reading = Reading {
        inflater: Inflater::new(MAX_UNPACKED_BYTES),
        events: 0,
        others: 0,
        has_list: false,
        is_plain: true,
        level: 0,
        fragments: Fragments::default(),
        evidence: Evidence::default(),
    };
    reading.bytes(payload, take).map_err(|fault| *fault)?;
    reading.end(take).map_err(|fault| *fault)
}

impl Reading {
    fn end<'a>(mut self, take: &mut impl FnMut(Item<'a>)) -> Result<bool, Fault> {
        self.evidence.weigh()?;
        for (text, at) in std::mem::take(&mut self.fragments).left() {
            self.events += 1;
            self.is_plain = false;
            take(Item::Unpacked { text, at });
        }
        if self.events == 0 && (self.others > 0 || !self.has_list) {
            return Err(ChunkError::NotEvents.into());
        }
        Ok(self.is_plain && self.others == 0)
    }

    /// Reads what stands within something else, if that is not too deep.
    fn within(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.is_plain = false;
        if self.level == MAX_LEVELS {
            self.others += 1;
            return Ok(());
        }
        self.level += 1;
        let result = read(self);
        self.level -= 1;
        result
    }

    /// Takes a fragment of what was cut, and reads what is whole with it.
    fn fragment(&mut self, fragment: fragments::Fragment, take: Take<'_, '_>) -> Result<(), Fault> {
        self.is_plain = false;
        match self.fragments.add(fragment) {
            Some(text) => self.unpacked(text, take),
            None => Ok(()),
        }
    }

    /// Reads what may be events or anything else: what cannot be read as events is passed over.
    fn perhaps(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        match read(self) {
            Err(fault) if !is_grave(&fault) => {
                self.others += 1;
                Ok(())
            }
            read => read,
        }
    }
}

/// Whether the whole body is to be refused for it, wherever it was found.
fn is_grave(error: &ChunkError) -> bool {
    match error {
        ChunkError::TooLarge { .. } | ChunkError::BrokenPack | ChunkError::NotRrweb { .. } => true,
        ChunkError::NotUtf8 { .. }
        | ChunkError::Malformed { .. }
        | ChunkError::TooDeep { .. }
        | ChunkError::NotEvents => false,
    }
}
