//! Whether a chunk may hold what a teammate is to see at once: another page, something that went wrong, or
//! clicks that may be rage.
//!
//! It is decided without the analyzer's state. So it errs to one side: what is urgent is never missed, and
//! what only looks so costs a run too many.

use serde::{Deserialize, Serialize};

use crate::chunk::Item;
use crate::definitions::{
    PRESS_BEFORE_CLICK_MS, RAGE_CLICKS, RAGE_GAP_MS, RAGE_RADIUS_PX, SYNTHETIC_CLICK_MS,
};
use crate::event::{self, Body, Event, Level, NodeId, Parsed, Pointer, PointerAction, Request};
use crate::json::Cursor;

/// Clicks that are each near the first one are this near to each other.
const NEAR_PX: f32 = 2.0 * RAGE_RADIUS_PX;

/// Clicks one soon after another at one place, which may go on in the next chunk or have begun in the one
/// before.
///
/// Stored in every chunk's row, hence the short names.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClickBurst {
    /// Where the first one was, pixels.
    x: f32,
    y: f32,
    /// Time of the first, milliseconds since 1970.
    #[serde(rename = "f")]
    first_at: i64,
    /// Time of the last.
    #[serde(rename = "l")]
    last_at: i64,
    /// How many.
    #[serde(rename = "n")]
    clicks: usize,
    /// Whether it begins so soon in its chunk that there may have been others before.
    #[serde(rename = "o")]
    is_open: bool,
}

impl ClickBurst {
    /// Whether this burst and the next chunk's first one may be a rage click together.
    #[must_use]
    pub fn may_be_rage_with(&self, next: &Self) -> bool {
        let goes_on = next.first_at - self.last_at <= RAGE_GAP_MS && self.is_near(next.x, next.y);
        goes_on && (self.is_open || self.clicks + next.clicks >= RAGE_CLICKS)
    }

    fn is_near(&self, x: f32, y: f32) -> bool {
        (x - self.x).hypot(y - self.y) <= NEAR_PX
    }
}

/// How urgent a chunk is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Urgency {
    /// It can wait.
    #[default]
    None,
    /// It can wait, unless the chunk before ends with clicks that this one goes on with.
    PerhapsRage(ClickBurst),
    /// It is to be summarized at once.
    AtOnce,
}

/// Looks at a chunk's events, one after another.
#[derive(Debug, Default)]
pub(crate) struct Lookout {
    is_urgent: bool,
    /// Times of the first and the latest event.
    span: Option<(i64, i64)>,
    opening: Option<ClickBurst>,
    latest: Option<ClickBurst>,
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
        match self.opening {
            _ if self.is_urgent => Urgency::AtOnce,
            Some(opening) => Urgency::PerhapsRage(opening),
            None => Urgency::None,
        }
    }

    /// The clicks with which the chunk ends.
    pub(crate) fn closing(&self) -> Option<ClickBurst> {
        let (_, ended_at) = self.span?;
        self.latest
            .filter(|burst| ended_at - burst.last_at <= RAGE_GAP_MS)
    }

    fn event(&mut self, event: &Event<'_>) {
        let (begun_at, ended_at) = self.span.unwrap_or((event.at, event.at));
        self.span = Some((begun_at, ended_at.max(event.at)));
        self.is_urgent |= match &event.body {
            Body::Meta { href, .. } => href.is_some(),
            Body::Navigation { .. } => true,
            Body::Log(line) => line.level == Level::Error,
            Body::Requests(requests) => requests.iter().any(Request::failed),
            Body::Pointer(pointer) if pointer.action == PointerAction::Press => {
                self.last_press = Some((event.at, pointer.id));
                false
            }
            Body::Pointer(pointer) if pointer.action == PointerAction::Click => {
                !self.is_synthetic(*pointer, event.at) && self.is_rage(*pointer, event.at, begun_at)
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

    /// Whether the click makes enough for a rage click.
    fn is_rage(&mut self, click: Pointer, at: i64, begun_at: i64) -> bool {
        let burst = self
            .latest
            .filter(|burst| at - burst.last_at <= RAGE_GAP_MS && burst.is_near(click.x, click.y));
        let burst = match burst {
            Some(burst) => ClickBurst {
                last_at: at,
                clicks: burst.clicks + 1,
                ..burst
            },
            None => ClickBurst {
                x: click.x,
                y: click.y,
                first_at: at,
                last_at: at,
                clicks: 1,
                is_open: self.latest.is_none() && at - begun_at <= RAGE_GAP_MS,
            },
        };
        self.latest = Some(burst);
        if burst.is_open {
            self.opening = Some(burst);
        }
        burst.clicks >= RAGE_CLICKS
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
                let before = place.checked_sub(1).and_then(|place| facts[place].closing);
                before.is_some_and(|closing| closing.may_be_rage_with(&opening))
            }
        })
    }

    #[test]
    fn clicks_at_the_same_place_in_three_chunks_are_seen() {
        let chunks = [0, 900, 1_800].map(|at| format!("[{},{}]", moved(at), click(at + 10, 5)));
        assert!(is_seen(&chunks));
        assert!(!is_seen(&chunks[1..2]));
    }

    proptest! {
        /// The law of urgency: what the summary calls a rage click has been urgent in one of the chunks.
        #[test]
        fn however_a_recording_is_cut_a_rage_click_is_summarized_at_once(
            clicks in prop::collection::vec((0_i64..1_500, 0_i64..50), 1..20),
            cuts in prop::collection::vec(any::<bool>(), 20),
        ) {
            let page = r#"{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"div","attributes":{},"childNodes":[],"id":7}],"id":1},"initialOffset":{"left":0,"top":0}},"timestamp":0}"#;
            let mut chunks = vec![vec![page.to_owned()]];
            let mut at = 1_000;
            for ((after, x), cut) in clicks.iter().zip(cuts) {
                at += after;
                if cut {
                    chunks.push(Vec::new());
                }
                chunks.last_mut().unwrap().push(click(at, *x));
            }
            let whole = format!("[{}]", chunks.concat().join(","));
            let rage = summarize(whole.as_bytes()).unwrap().unwrap().counts.rage_clicks;
            let chunks: Vec<String> = chunks.iter().map(|events| format!("[{}]", events.join(","))).collect();
            prop_assert!(rage == 0 || is_seen(&chunks));
        }
    }
}
