//! Where in the list of sessions a teammate is. Intercom keeps it for us, as the canvas's stored data.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::SessionCursor;

/// Most sessions on one page of the list; Intercom names no limit, and its partners stay at ten.
pub(crate) const PAGE_SESSIONS: usize = 10;

/// Sessions that are counted for the first view, which shows a few of them: more are "30+".
pub(crate) const COUNTED_SESSIONS: usize = 30;

/// Pages that can be leafed back one by one: a thousand sessions, and far less than the 64 KB of stored data.
const MAX_TRAIL: usize = 100;

/// A place in the list: the first view, or a page after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// `None`: the first view. Otherwise where each page since the newest sessions began; empty on those.
    trail: Option<Vec<SessionCursor>>,
    /// Where the page after this one begins.
    next: Option<SessionCursor>,
}

/// A position as JSON.
#[derive(Default, Serialize, Deserialize)]
struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trail: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Position {
    /// The position in a canvas's stored data; the first view when there is none that makes sense.
    pub(crate) fn of(stored_data: &Value) -> Self {
        let stored = Stored::deserialize(stored_data).unwrap_or_default();
        let parse = |cursor: &String| SessionCursor::parse(cursor).ok();
        let trail = stored
            .trail
            .and_then(|trail| trail.iter().take(MAX_TRAIL).map(parse).collect());
        Self {
            trail,
            next: stored.next.as_ref().and_then(parse),
        }
    }

    /// Whether this is the view that a conversation opens with.
    pub(crate) fn is_first(&self) -> bool {
        self.trail.is_none()
    }

    /// Whether there is a page of newer sessions before this one.
    pub(crate) fn has_newer(&self) -> bool {
        self.before().is_some()
    }

    /// Whether there is a page of older sessions after this one.
    pub(crate) fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Only sessions older than this stand here.
    pub(crate) fn before(&self) -> Option<&SessionCursor> {
        self.trail.as_ref()?.last()
    }

    /// After "Show more": a full page instead of the first view, then the page after it.
    pub(crate) fn more(self) -> Self {
        let mut trail = self.trail.clone().unwrap_or_default();
        if !self.is_first() {
            trail.extend(self.next);
        }
        let surplus = trail.len().saturating_sub(MAX_TRAIL);
        trail.drain(..surplus);
        Self {
            trail: Some(trail),
            next: None,
        }
    }

    /// One page towards the newest sessions, and from there back to the first view.
    pub(crate) fn newer(self) -> Self {
        let mut trail = self.trail.filter(|trail| !trail.is_empty());
        if let Some(trail) = &mut trail {
            trail.pop();
        }
        Self { trail, next: None }
    }

    /// The same place, now that it is known where the next page begins.
    pub(crate) fn followed_by(self, next: Option<SessionCursor>) -> Self {
        Self { next, ..self }
    }
}

impl Serialize for Position {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = |trail: &Vec<SessionCursor>| trail.iter().map(ToString::to_string).collect();
        let stored = Stored {
            trail: self.trail.as_ref().map(texts),
            next: self.next.as_ref().map(ToString::to_string),
        };
        stored.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cursor(at: usize) -> SessionCursor {
        SessionCursor::parse(&format!("{at}:s")).unwrap()
    }

    fn stored(position: &Position) -> Value {
        serde_json::to_value(position).unwrap()
    }

    #[test]
    fn the_list_is_leafed_through_and_back() {
        let first = Position::default().followed_by(Some(cursor(95)));
        let newest = first.clone().more();
        assert_eq!(
            (first.is_first(), newest.is_first(), newest.before()),
            (true, false, None)
        );
        let second = newest.followed_by(Some(cursor(90))).more();
        let third = second.clone().followed_by(Some(cursor(80))).more();
        assert_eq!(third.before(), Some(&cursor(80)));
        assert_eq!(third.newer(), second);
        assert_eq!(second.newer().newer(), Position::default());
        assert_eq!(Position::default().newer(), Position::default());
    }

    #[test]
    fn the_last_page_has_no_more() {
        let last = Position::default()
            .more()
            .followed_by(Some(cursor(9)))
            .more()
            .followed_by(None);
        assert_eq!(last.clone().more(), last);
    }

    #[test]
    fn what_intercom_keeps_is_read_again() {
        let there = Position::default()
            .more()
            .followed_by(Some(cursor(9)))
            .more()
            .followed_by(Some(cursor(8)));
        assert_eq!(stored(&there), json!({ "trail": ["9:s"], "next": "8:s" }));
        assert_eq!(Position::of(&stored(&there)), there);
        assert_eq!(stored(&Position::default()), json!({}));
    }

    #[test]
    fn nonsense_leads_to_the_first_view() {
        for data in [
            json!(null),
            json!([]),
            json!({ "trail": 7 }),
            json!({ "trail": ["x"] }),
            json!({ "page": 2 }),
        ] {
            assert_eq!(Position::of(&data), Position::default(), "{data}");
        }
    }

    #[test]
    fn a_long_trail_forgets_its_newest_pages_and_stays_small() {
        let mut position = Position::default().more();
        for page in 0..3 * MAX_TRAIL {
            position = position.followed_by(Some(cursor(1_000 - page))).more();
        }
        assert_eq!(position.before(), Some(&cursor(1_000 - 3 * MAX_TRAIL + 1)));
        assert!(stored(&position).to_string().len() < 20_000);
        assert_eq!(Position::of(&stored(&position)), position);
    }
}
