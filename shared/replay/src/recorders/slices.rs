//! Lists of events that Statsig cuts into slices of a megabyte, each in a request of its own.

use std::str::FromStr;

use super::fragments::Fragment;
use crate::error::Fault;
use crate::json::Cursor;

/// The slice in the object that comes next.
pub(super) fn slice(cursor: &mut Cursor<'_>) -> Result<Option<Fragment>, Fault> {
    let (mut event, mut text) = (None, None);
    let (mut index, mut of, mut at) = (None, None, None);
    cursor.object(|cursor, key| {
        match key {
            "rrweb_events" => text = cursor.string_if_any()?.map(|text| text.decode()),
            "sliced_id" => event = cursor.string_if_any()?.map(|id| id.decode()),
            "slice_index" => index = number(cursor)?,
            "slice_count" => of = number(cursor)?,
            // Slices have no time of their own: that of the last event is the same in all of them.
            "session_end_ts" => at = number(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    let (Some(event), Some(text), Some(index), Some(of), Some(at)) = (event, text, index, of, at)
    else {
        return Ok(None);
    };
    Ok(Some(Fragment {
        event: event.into_owned(),
        number: u32::saturating_add(index, 1),
        of,
        at,
        text: text.into_owned(),
    }))
}

/// A number, written as a text.
fn number<N: FromStr>(cursor: &mut Cursor<'_>) -> Result<Option<N>, Fault> {
    let text = cursor.string_if_any()?;
    Ok(text.and_then(|text| text.raw().parse().ok()))
}
