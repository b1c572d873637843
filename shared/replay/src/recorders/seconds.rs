//! Events whose time is in seconds, as Sentry writes its spans among others in milliseconds: a player
//! and the order of events know one unit.

use crate::error::Fault;
use crate::event::SECONDS;
use crate::json::Cursor;

/// The event that comes next, with its time in whole milliseconds.
pub(super) fn in_milliseconds(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    let mut text = String::new();
    let mut copied = cursor.position();
    cursor.object(|cursor, key| {
        cursor.skip_whitespace();
        let start = cursor.position();
        let mut number = cursor.clone();
        cursor.skip()?;
        if key == "timestamp"
            && let Some(seconds) = number.number_if_any()?
            && SECONDS.contains(&(seconds as i64))
        {
            let value = cursor.since(start).len();
            let before = cursor.since(copied);
            text.push_str(before.get(..before.len() - value).unwrap_or_default());
            text.push_str(&((seconds * 1_000.0).round() as i64).to_string());
            copied = cursor.position();
        }
        Ok(())
    })?;
    text.push_str(cursor.since(copied));
    Ok(text)
}
