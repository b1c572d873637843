//! Whether a chunk may hold what a teammate is to see at once: another page, something that went wrong, or
//! clicks that may be rage.
//!
//! It is decided without the analyzer's state. So it errs to one side: what is urgent is never missed, and
//! what only looks so costs a run too many.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chunk::Item;
use crate::definitions::{
    PRESS_BEFORE_CLICK_MS, RAGE_CLICKS, RAGE_GAP_MS, RAGE_RADIUS_PX, SYNTHETIC_CLICK_MS,
};
use crate::event::{self, Body, Event, Level, NodeId, Parsed, Pointer, PointerAction, Request};
use crate::json::Cursor;

/// No screen reaches farther, pixels: what a table cannot hold as a number stays out of it.
const FARTHEST_PX: f32 = 1e6;

/// A click, as far as rage is concerned.
///
/// Stored in every chunk's row, hence the short names.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct PlacedClick {
    x: f32,
    y: f32,
    /// Milliseconds since 1970.
    #[serde(rename = "t")]
    at: i64,
}

impl PlacedClick {
    /// Whether it follows so soon that both may be of one rage click.
    fn follows(&self, before: &Self) -> bool {
        self.at - before.at <= RAGE_GAP_MS
    }

    fn is_within(&self, other: &Self, pixels: f32) -> bool {
        (self.x - other.x).hypot(self.y - other.y) <= pixels
    }
}

/// Whether three clicks, one after another, may begin a rage click: every one begins with such three.
fn may_be_rage(first: &PlacedClick, second: &PlacedClick, third: &PlacedClick) -> bool {
    const { assert!(RAGE_CLICKS == 3) };
    let near = |click: &PlacedClick| click.is_within(first, RAGE_RADIUS_PX);
    second.follows(first) && third.follows(second) && near(second) && near(third)
}

/// The one or two clicks nearest to a chunk's edge: with those beyond it they may be a rage click.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EdgeClicks {
    #[serde(rename = "a")]
    first: PlacedClick,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    second: Option<PlacedClick>,
    /// Of a single one: whether it is so soon after the chunk's other edge that there may be one before.
    #[serde(rename = "o")]
    is_open: bool,
}

impl EdgeClicks {
    /// Whether these, with which a chunk begins, may be a rage click together with those before: `closing`
    /// are the last of the chunk before, which began `since`. One that began so shortly before that the
    /// clicks of yet another chunk may go on here counts as well.
    #[must_use]
    pub fn may_be_rage_after(&self, closing: Option<&Self>, since: Option<Timestamp>) -> bool {
        let Some(closing) = closing else {
            return since.is_none_or(|since| self.first.at - since.as_millisecond() <= RAGE_GAP_MS);
        };
        let last = closing.second.unwrap_or(closing.first);
        let with_one = match closing.second {
            Some(_) => may_be_rage(&closing.first, &last, &self.first),
            // Both are near a click that is not known.
            None => {
                closing.is_open
                    && self.first.follows(&last)
                    && self.first.is_within(&last, 2.0 * RAGE_RADIUS_PX)
            }
        };
        let with_two = |second| may_be_rage(&last, &self.first, &second);
        with_one || self.second.is_some_and(with_two)
    }
}

/// How urgent a chunk is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Urgency {
    /// It can wait.
    #[default]
    None,
    /// It can wait, unless the chunk before ends with clicks that this one goes on with.
    PerhapsRage(EdgeClicks),
    /// It is to be summarized at once.
    AtOnce,
}

/// Looks at a chunk's events, one after another.
#[derive(Debug, Default)]
pub(crate) struct Lookout {
    is_urgent: bool,
    /// Times of the earliest and the latest event.
    span: Option<(i64, i64)>,
    /// The first two clicks.
    first: (Option<PlacedClick>, Option<PlacedClick>),
    /// The last two.
    last: (Option<PlacedClick>, Option<PlacedClick>),
    last_press: Option<(i64, NodeId)>,
    last_click: Option<(i64, NodeId)>,
}

impl Lookout {
    /// Takes the next event.
    pub(crate) fn push(&mut self, item: &Item<'_>) {
        match item {
            Item::Plain { event, .. } => self.event(event),
            Item::Unpacked { text, .. } => {
                if let Ok(Parsed::Event(event)) = event::parse(&mut Cursor::new(text)) {
                    self.event(&event);
                }
            }
        }
    }

    pub(crate) fn urgency(&self) -> Urgency {
        match self.first {
            _ if self.is_urgent => Urgency::AtOnce,
            (Some(first), second) if self.begins_with(&first) => Urgency::PerhapsRage(EdgeClicks {
                first,
                second,
                is_open: false,
            }),
            _ => Urgency::None,
        }
    }

    /// The clicks with which the chunk ends.
    pub(crate) fn closing(&self) -> Option<EdgeClicks> {
        let (_, ended_at) = self.span?;
        let last = self.last.1?;
        let (first, second) = match self.last.0 {
            Some(before) => (before, Some(last)),
            None => (last, None),
        };
        (ended_at - last.at <= RAGE_GAP_MS).then_some(EdgeClicks {
            first,
            second,
            is_open: second.is_none() && self.begins_with(&first),
        })
    }

    /// Whether the click is so soon in the chunk that others may have come right before it.
    fn begins_with(&self, click: &PlacedClick) -> bool {
        self.span
            .is_some_and(|(begun_at, _)| click.at - begun_at <= RAGE_GAP_MS)
    }

    fn event(&mut self, event: &Event<'_>) {
        let (begun_at, ended_at) = self.span.unwrap_or((event.at, event.at));
        self.span = Some((begun_at.min(event.at), ended_at.max(event.at)));
        self.is_urgent |= match &event.body {
            Body::Meta { href, .. } => href.is_some(),
            Body::Navigation { .. } => true,
            Body::Log(line) => line.level == Level::Error,
            Body::Requests(requests) => requests.iter().any(Request::may_have_failed),
            Body::Pointer(pointer) if pointer.action == PointerAction::Press => {
                self.last_press = Some((event.at, pointer.id));
                false
            }
            Body::Pointer(pointer) if pointer.action == PointerAction::Click => {
                !self.is_synthetic(*pointer, event.at) && self.is_rage(*pointer, event.at)
            }
            _ => false,
        };
    }

    /// A click on a label is followed by one on its field, which nobody made.
    fn is_synthetic(&mut self, click: Pointer, at: i64) -> bool {
        let is_pressed = self
            .last_press
            .is_some_and(|(then, id)| id == click.id && at - then <= PRESS_BEFORE_CLICK_MS);
        let follows = self
            .last_click
            .is_some_and(|(then, id)| id != click.id && at - then <= SYNTHETIC_CLICK_MS);
        if is_pressed || !follows {
            self.last_click = Some((at, click.id));
        }
        follows && !is_pressed
    }

    /// Whether the click may be the third of a rage click.
    fn is_rage(&mut self, click: Pointer, at: i64) -> bool {
        let [x, y] = [click.x, click.y].map(|pixels| pixels.clamp(-FARTHEST_PX, FARTHEST_PX));
        let click = PlacedClick { x, y, at };
        let (before, last) = self.last;
        match self.first {
            (None, _) => self.first.0 = Some(click),
            (Some(_), None) => self.first.1 = Some(click),
            _ => {}
        }
        self.last = (last, Some(click));
        let two = before.zip(last);
        two.is_some_and(|(first, second)| may_be_rage(&first, &second, &click))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ChunkFacts, inspect_chunk, summarize};

    const PAGE: &str =
        r#"{"type":4,"data":{"href":"https://a.example/","width":9,"height":9},"timestamp":0}"#;

    fn moved(at: i64) -> String {
        format!(r#"{{"type":3,"data":{{"source":1,"positions":[]}},"timestamp":{at}}}"#)
    }

    fn click(at: i64, x: i64) -> String {
        format!(
            r#"{{"type":3,"data":{{"source":2,"type":2,"id":7,"x":{x},"y":5}},"timestamp":{at}}}"#
        )
    }

    fn log(level: &str) -> String {
        format!(
            r#"{{"type":6,"data":{{"plugin":"rrweb/console@1","payload":{{"level":"{level}","payload":["\"m\""],"trace":[]}}}},"timestamp":0}}"#
        )
    }

    fn request(status: u16) -> String {
        format!(
            r#"{{"type":6,"data":{{"plugin":"rrweb/network@1","payload":{{"requests":[{{"name":"https://a.example/x","initiatorType":"fetch","status":{status}}}]}}}},"timestamp":0}}"#
        )
    }

    #[test]
    fn another_page_trouble_and_clicks_that_may_be_rage_are_urgent_and_nothing_else_is() {
        for (name, events, is_urgent) in [
            ("nothing", vec![], false),
            ("a movement", vec![moved(0)], false),
            ("another page", vec![PAGE.to_owned()], true),
            ("an error", vec![log("error")], true),
            ("a warning", vec![log("warn")], false),
            ("a failed request", vec![request(500)], true),
            ("a request", vec![request(200)], false),
            ("a click", vec![moved(0), click(2_000, 5)], false),
            (
                "three clicks at one place",
                vec![
                    moved(0),
                    click(2_000, 5),
                    click(3_000, 20),
                    click(3_900, 35),
                ],
                true,
            ),
            (
                "three clicks at two places",
                vec![moved(0), click(2_000, 5), click(3_000, 66), click(3_900, 5)],
                false,
            ),
            (
                "three clicks with a pause",
                vec![moved(0), click(2_000, 5), click(3_001, 5), click(4_002, 5)],
                false,
            ),
        ] {
            let chunk = format!("[{}]", events.join(","));
            let facts = inspect_chunk(chunk.as_bytes()).unwrap();
            let expected = match is_urgent {
                true => Urgency::AtOnce,
                false => Urgency::None,
            };
            assert_eq!(facts.urgency, expected, "{name}");
        }
    }

    #[test]
    fn what_is_packed_is_looked_at_as_well() {
        let chunk = serde_json::to_string(&[log("error")]).unwrap();
        let facts = inspect_chunk(chunk.as_bytes()).unwrap();
        assert_eq!(facts.urgency, Urgency::AtOnce);
    }

    #[test]
    fn a_label_and_its_field_are_clicked_once() {
        let on = |at, id| {
            format!(
                r#"{{"type":3,"data":{{"source":2,"type":2,"id":{id},"x":5,"y":5}},"timestamp":{at}}}"#
            )
        };
        let chunk = format!(
            "[{},{},{}]",
            moved(0),
            [on(2_000, 7), on(2_001, 8)].join(","),
            on(2_900, 7)
        );
        let facts = inspect_chunk(chunk.as_bytes()).unwrap();
        assert_eq!(facts.urgency, Urgency::None);
    }

    /// Whether any of the chunks is summarized at once, when they come one after another.
    fn is_seen(chunks: &[String]) -> bool {
        let facts: Vec<ChunkFacts> = chunks
            .iter()
            .map(|chunk| inspect_chunk(chunk.as_bytes()).unwrap())
            .collect();
        (0..facts.len()).any(|place| match facts[place].urgency {
            Urgency::AtOnce => true,
            Urgency::None => false,
            Urgency::PerhapsRage(opening) => {
                let before = place.checked_sub(1).map(|place| &facts[place]);
                before.is_some_and(|before| {
                    opening.may_be_rage_after(before.closing.as_ref(), before.first_at)
                })
            }
        })
    }

    #[test]
    fn clicks_at_the_same_place_in_three_chunks_are_seen() {
        let chunks = [0, 900, 1_800].map(|at| format!("[{},{}]", moved(at), click(at + 10, 5)));
        assert!(is_seen(&chunks));
        assert!(!is_seen(&chunks[1..2]));
    }

    #[test]
    fn what_no_table_holds_as_a_number_stays_out_of_a_burst() {
        let far =
            r#"{"type":3,"data":{"source":2,"type":2,"id":7,"x":1e39,"y":-1e39},"timestamp":9}"#;
        let chunk = format!("[{},{far}]", moved(0));
        let closing = inspect_chunk(chunk.as_bytes()).unwrap().closing.unwrap();
        assert_eq!(
            (closing.first.x, closing.first.y),
            (FARTHEST_PX, -FARTHEST_PX)
        );
    }

    proptest! {
        /// The law of urgency: what the summary calls a rage click has been urgent in one of the chunks.
        #[test]
        fn however_a_recording_is_cut_a_rage_click_is_summarized_at_once(
            clicks in prop::collection::vec((0_i64..1_500, 0_i64..150, 0_i64..90), 1..20),
            cuts in prop::collection::vec(0_usize..3, 20),
        ) {
            let page = r#"{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"div","attributes":{},"childNodes":[],"id":7}],"id":1},"initialOffset":{"left":0,"top":0}},"timestamp":0}"#;
            let mut chunks = vec![vec![page.to_owned()]];
            let mut at = 1_000;
            for ((after, x, y), cut) in clicks.iter().zip(cuts) {
                // A chunk without clicks before the next click, or after it.
                if cut == 2 {
                    chunks.push(vec![moved(at + after / 2)]);
                }
                at += after;
                if cut > 0 {
                    chunks.push(Vec::new());
                }
                let click = click(at, *x).replace("\"y\":5", &format!("\"y\":{y}"));
                chunks.last_mut().unwrap().push(click);
            }
            let whole = format!("[{}]", chunks.concat().join(","));
            let rage = summarize(whole.as_bytes()).unwrap().unwrap().counts.rage_clicks;
            let chunks: Vec<String> = chunks.iter().map(|events| format!("[{}]", events.join(","))).collect();
            prop_assert!(rage == 0 || is_seen(&chunks));
        }
    }
}
