//! The body of a request becomes tracked events. What can be understood is taken, event by event.
//!
//! | module | what |
//! |---|---|
//! | [`body`] | the batch around the events, or the one event that is the body |
//! | [`event`], [`context`] | one event's keys |
//! | [`words`] | what single keys say |
//! | [`people`] | its ids and address |
//! | [`clock`] | when it happened |
//! | [`message_id`] | by which a repeat is known |
//! | [`mend`] | text that is not quite JSON, as clients write it |
//! | [`split`] | the events of a batch of which one is broken |

mod body;
mod clock;
mod context;
mod event;
mod mend;
mod message_id;
mod people;
mod split;
mod words;

use std::borrow::Cow;

use jiff::Timestamp;

use crate::{Call, DropReason, TrackedEvent};
use body::Body;
use event::Draft;

/// Most events of a request: Segment's limit for a batch.
pub const MAX_EVENTS: usize = 2_500;
/// Most bytes of an event as sent. Clients stop at 32 KB, or warn.
pub const MAX_EVENT_BYTES: usize = 64 * 1_024;

/// What is known of a request besides its body.
#[derive(Debug, Clone, Copy)]
pub struct Envelope {
    /// The call that its path names, for events that do not say themselves which they are.
    pub call: Option<Call>,
    /// When it came.
    pub received_at: Timestamp,
}

/// What a request brought.
pub struct Batch {
    /// The write key in the body, or in its first event that has one. Some clients mask it.
    pub write_key: Option<String>,
    /// In the order in which they were sent.
    pub entries: Vec<Entry>,
}

/// One event of a request.
// Nearly all are events, and boxes would cost an allocation for each.
#[allow(clippy::large_enum_variant)]
pub enum Entry {
    /// It can be delivered, as far as one can tell.
    Event(TrackedEvent),
    /// It cannot be understood.
    Refused {
        /// By which a repeat is known.
        message_id: String,
        /// Which call it was, as far as it says.
        call: Option<Call>,
        /// Why.
        reason: DropReason,
    },
}

/// Why nothing of a body can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It is no JSON, even for a lenient reader.
    #[error("the body is not JSON")]
    NotJson,
    /// It is neither an event nor a batch of events.
    #[error("the body is neither an event nor a batch of events")]
    NoEvents,
    /// More than [`MAX_EVENTS`].
    #[error("a batch may have at most {MAX_EVENTS} events")]
    TooManyEvents,
}

/// Reads a body: a batch of events, or a single one.
///
/// JSON is read as it is. What is not quite JSON is mended first: `NaN`, halves of characters, raw control
/// characters, bytes that are no UTF-8. An event that is still broken, too large, or of no known call is
/// refused by itself.
///
/// # Errors
/// [`BodyError`] when there is nothing in it that anybody could use.
pub fn read(body: &[u8], envelope: Envelope) -> Result<Batch, BodyError> {
    let text =
        std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) {
        return Err(BodyError::NotJson);
    }
    if let Some(body) = Body::parse(text) {
        return batch(text, &body, envelope);
    }
    let mended = mend::mend(text);
    if let Some(body) = Body::parse(&mended) {
        return batch(&mended, &body, envelope);
    }
    let (around, events) = split::split(&mended).ok_or(BodyError::NotJson)?;
    let mut body = Body::parse(&around).ok_or(BodyError::NotJson)?;
    body.events = Some(events);
    batch(&mended, &body, envelope)
}

fn batch(text: &str, body: &Body<'_>, envelope: Envelope) -> Result<Batch, BodyError> {
    let events = body
        .events
        .as_deref()
        .unwrap_or(std::slice::from_ref(&text));
    if events.len() > MAX_EVENTS {
        return Err(BodyError::TooManyEvents);
    }
    let mut write_key = body.write_key.clone();
    let mut entries = Vec::with_capacity(events.len());
    for text in events {
        let mended;
        let draft = match Draft::parse(text) {
            None if text.len() <= MAX_EVENT_BYTES => {
                mended = mend::mend(text);
                Draft::parse(&mended)
            }
            draft => draft,
        };
        entries.push(match draft {
            Some(draft) if body.events.is_none() && !draft.has_call(envelope) => {
                return Err(BodyError::NoEvents);
            }
            Some(mut draft) => {
                write_key = write_key.or_else(|| draft.take_write_key());
                draft.finish(text, body, envelope)
            }
            None => event::refused(text, envelope),
        });
    }
    Ok(Batch { write_key, entries })
}
