//! What somebody did right before they wrote.

use identity::PersonId;
use intercom::canvas::{CanvasError, Component, DataTable, FieldValue, Markdown, Text};
use jiff::{SignedDuration, Timestamp};
use pages::format;
use replay::{Moment, MomentKind, Summary};
use store::SessionRow;

use super::frame::Frame;
use super::moment;
use crate::beginning::Beginning;

/// Longest silence between a session's end and a conversation that it still led to. Sessions end after as
/// much.
const MAX_SILENCE_BEFORE: SignedDuration = SignedDuration::from_mins(30);

/// Most key events shown: the first view is small.
pub(crate) const MAX_EVENTS: usize = 3;

/// The session that was under way when, or shortly before, a conversation began.
#[derive(Debug)]
pub(crate) struct PrecedingSession<'a> {
    session: &'a SessionRow,
    beginning: &'a Beginning,
}

impl<'a> PrecedingSession<'a> {
    /// Of these sessions, the one with activity closest before the conversation began.
    pub(crate) fn find(
        sessions: impl IntoIterator<Item = &'a SessionRow>,
        beginning: &'a Beginning,
    ) -> Option<Self> {
        let began = beginning.at;
        let led_to_it = |summary: &Summary| {
            summary.started_at < began
                && began.duration_since(summary.ended_at) <= MAX_SILENCE_BEFORE
        };
        let session = sessions
            .into_iter()
            .filter(|row| led_to_it(&row.summary))
            .max_by_key(|row| (row.summary.ended_at.min(began), row.summary.started_at))?;
        Some(Self { session, beginning })
    }

    /// Whose session it is.
    pub(crate) fn person(&self) -> &PersonId {
        &self.session.person
    }

    /// The last key events before the conversation, at most so many of them, and the recording at the second
    /// it began. `mark` says what is not certain about it.
    pub(crate) fn draw(
        &self,
        mark: Option<&str>,
        events: usize,
        frame: &Frame,
    ) -> Result<Vec<Component>, CanvasError> {
        let moment = format::wall_clock(self.session.summary.started_at, self.offset_ms());
        let watch = format!("Watch {}", format::time(moment, &frame.timezone));
        let url = frame
            .links
            .recording(&self.session.session_id, self.offset_ms() / 1_000);
        let mut title = Markdown::new().bold("Before this conversation");
        if let Some(mark) = mark {
            title = title.plain(&format!(" · {mark}"));
        }
        let title = match url {
            Some(url) => title.plain(" · ").link(&watch, &url),
            None => title,
        };
        Ok(vec![
            Text::paragraph(title).without_margin().into(),
            DataTable::new(self.rows(events, frame))?.into(),
        ])
    }

    /// Where in the recording the conversation began; its end if that came first.
    fn offset_ms(&self) -> u64 {
        let summary = &self.session.summary;
        let since_start = self
            .beginning
            .at
            .duration_since(summary.started_at)
            .as_millis();
        u64::try_from(since_start)
            .unwrap_or(0)
            .min(summary.duration_ms)
    }

    fn rows(&self, events: usize, frame: &Frame) -> Vec<FieldValue> {
        let row =
            |at, label| FieldValue::new(format::time_to_the_second(at, &frame.timezone), label);
        let mut rows: Vec<_> = self
            .events(events)
            .into_iter()
            .map(|(at, label)| row(at, label))
            .collect();
        rows.extend(self.beginning.page.as_ref().map(|page| {
            let page = format::clip(&format::page_address(page), moment::MAX_LABEL_CHARS);
            row(self.beginning.at, format!("Conversation began on {page}"))
        }));
        rows
    }

    /// The last key events before the conversation; where the visitor was when there are none.
    fn events(&self, most: usize) -> Vec<(Timestamp, String)> {
        let summary = &self.session.summary;
        let event = |at_ms: u64, label| (format::wall_clock(summary.started_at, at_ms), label);
        let earlier = summary
            .timeline
            .iter()
            .filter(|moment| moment.at_ms <= self.offset_ms());
        let key = earlier.filter(|moment| is_key(moment.kind));
        let key: Vec<&Moment> = key
            .filter(|moment| !is_dead_rage(moment, summary))
            .collect();
        let last = &key[key.len().saturating_sub(most)..];
        if last.is_empty() {
            let page = summary
                .pages
                .iter()
                .rfind(|page| page.at_ms <= self.offset_ms());
            let url = page.map(|page| &page.url).or(summary.last_url.as_ref());
            let name = url.map_or("the site".to_owned(), |url| format::page(url));
            return vec![event(
                page.map_or(0, |page| page.at_ms),
                format!("On {name}"),
            )];
        }
        last.iter()
            .map(|moment| event(moment.at_ms, moment::line(moment)))
            .collect()
    }
}

/// Whether a moment tells why somebody might have written.
fn is_key(kind: MomentKind) -> bool {
    !matches!(kind, MomentKind::Resize | MomentKind::Idle)
}

/// Whether a dead click is told already: as the rage click that the same clicks make.
fn is_dead_rage(moment: &Moment, summary: &Summary) -> bool {
    let is_rage = |other: &Moment| {
        other.kind == MomentKind::RageClick
            && other.at_ms == moment.at_ms
            && other.count == moment.count
    };
    moment.kind == MomentKind::DeadClick && summary.timeline.iter().any(is_rage)
}

#[cfg(test)]
mod tests {
    use identity::PageAddress;

    use super::*;
    use crate::view::testing::{began, frame, moment, row, rows_of_table};

    /// The session runs from 10:15:02 to 10:15:43.
    const START: &str = "2026-11-20T10:15:02Z";

    fn found(at: &str) -> bool {
        PrecedingSession::find([&row("s1", START)], &began(at)).is_some()
    }

    #[test]
    fn a_session_leads_to_conversations_until_half_an_hour_after_its_end() {
        assert!(!found("2026-11-20T10:15:02Z"), "it has to start before");
        assert!(found("2026-11-20T10:15:03Z"));
        assert!(found("2026-11-20T10:45:43Z"));
        assert!(!found("2026-11-20T10:45:44Z"));
    }

    #[test]
    fn the_session_with_the_latest_activity_is_taken() {
        let (early, late) = (row("early", START), row("late", "2026-11-20T10:20:00Z"));
        let mut long = row("long", "2026-11-20T10:14:00Z");
        long.summary.ended_at = moment("2026-11-20T10:30:00Z");
        let taken = |at| {
            let beginning = began(at);
            let before = PrecedingSession::find([&late, &early, &long], &beginning).unwrap();
            before.session.session_id.as_str().to_owned()
        };
        assert_eq!(taken("2026-11-20T10:14:30Z"), "long");
        assert_eq!(
            taken("2026-11-20T10:15:20Z"),
            "early",
            "both are under way: the later start"
        );
        assert_eq!(taken("2026-11-20T10:19:00Z"), "long");
        assert_eq!(taken("2026-11-20T10:50:00Z"), "long");
    }

    fn drawn(at: &str) -> serde_json::Value {
        drawn_of(&row("s1", START), &began(at))
    }

    fn drawn_of(session: &SessionRow, beginning: &Beginning) -> serde_json::Value {
        let before = PrecedingSession::find([session], beginning).unwrap();
        let drawn = before.draw(None, MAX_EVENTS, &frame());
        serde_json::to_value(drawn.unwrap()).unwrap()
    }

    #[test]
    fn the_last_key_events_before_the_conversation_are_shown_by_the_wall_clock() {
        assert_eq!(
            rows_of_table(&drawn("2026-11-20T10:15:22Z")[1]),
            [
                "10:15:07AM 5× Rage click on \"Add to wishlist\"",
                "10:15:10AM Opened /cart",
                "10:15:20AM 2× Dead click on \"Pay\"",
            ]
        );
        assert_eq!(
            rows_of_table(&drawn("2026-11-20T10:15:04Z")[1]),
            ["10:15:02AM Opened shop.example"]
        );
    }

    #[test]
    fn clicks_that_are_rage_and_dead_are_one_event() {
        let mut session = row("s1", START);
        let mut rage = session.summary.timeline.iter();
        let rage = rage
            .position(|moment| moment.kind == MomentKind::RageClick)
            .unwrap();
        let mut dead = session.summary.timeline[rage].clone();
        dead.kind = MomentKind::DeadClick;
        session.summary.timeline.insert(rage + 1, dead);
        let drawn = drawn_of(&session, &began("2026-11-20T10:15:08Z"));
        assert_eq!(
            rows_of_table(&drawn[1]),
            [
                "10:15:02AM Opened shop.example",
                "10:15:07AM 5× Rage click on \"Add to wishlist\"",
            ]
        );
    }

    #[test]
    fn a_session_without_events_shows_its_page() {
        let mut session = row("s1", START);
        session.summary.timeline.clear();
        let drawn = drawn_of(&session, &began("2026-11-20T10:15:22Z"));
        assert_eq!(rows_of_table(&drawn[1]), ["10:15:10AM On /cart"]);
    }

    #[test]
    fn the_page_that_the_conversation_began_on_is_told_last() {
        let beginning = Beginning {
            page: PageAddress::of("https://shop.example/checkout?step=2"),
            ..began("2026-11-20T10:15:22Z")
        };
        let session = row("s1", START);
        let rows = rows_of_table(&drawn_of(&session, &beginning)[1]);
        assert_eq!(rows.len(), MAX_EVENTS + 1);
        assert_eq!(
            rows[MAX_EVENTS],
            "10:15:22AM Conversation began on /checkout"
        );
    }

    #[test]
    fn what_is_not_certain_is_marked_in_the_title() {
        let session = row("s1", START);
        let beginning = began("2026-11-20T10:15:22Z");
        let before = PrecedingSession::find([&session], &beginning).unwrap();
        let drawn = before.draw(Some("possible match"), 1, &frame()).unwrap();
        let drawn = serde_json::to_value(drawn).unwrap();
        let title = drawn[0]["text"].as_str().unwrap();
        assert!(title.starts_with("**Before this conversation** · possible match · [Watch"));
        assert_eq!(
            rows_of_table(&drawn[1]),
            ["10:15:20AM 2× Dead click on \"Pay\""]
        );
    }

    #[test]
    fn the_link_leads_to_the_very_second_and_never_past_the_end() {
        let url = |at| drawn(at)[0]["text"].as_str().unwrap().to_owned();
        assert!(
            url("2026-11-20T10:15:22.9Z")
                .ends_with("[Watch 10:15AM](https://app.example.com/sessions/s1?t=20)")
        );
        assert!(
            url("2026-11-20T10:40:00Z")
                .ends_with("[Watch 10:15AM](https://app.example.com/sessions/s1?t=41)")
        );
    }
}
