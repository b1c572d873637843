//! A visit, and what may happen in it.

use crate::event;

/// Milliseconds since 1970 when visits begin: November 20th, 2026.
pub const BEGAN_AT: u64 = 1_795_215_107_000;

/// The site that is visited.
const SITE: &str = "https://shop.example";

/// A visit, as the events that tell it. Times are milliseconds from its beginning.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// When, and the JSON.
    events: Vec<(u64, String)>,
    /// When something went wrong.
    trouble: Vec<u64>,
}

impl Visit {
    /// Somebody opens a page.
    #[must_use]
    pub fn begin(path: &str) -> Self {
        let mut visit = Self::default();
        visit.push(0, event::context());
        visit.open(0, path);
        visit
    }

    /// Another page is opened, which has the same buttons.
    pub fn open(&mut self, at: u64, path: &str) {
        self.push(at, event::meta(&format!("{SITE}{path}")));
        self.push(at, event::page());
        self.push(at + 50, event::moved());
    }

    /// Five clicks on a button that does nothing, one soon after another.
    pub fn rage(&mut self, at: u64, button: &str) {
        self.trouble.push(at);
        for click in 0..5 {
            self.click(at + click * 300, button);
        }
    }

    /// One click on a button that does nothing.
    pub fn dead(&mut self, at: u64, button: &str) {
        self.trouble.push(at);
        self.click(at, button);
    }

    /// A click after which a script throws.
    pub fn throws_after_click(&mut self, at: u64, button: &str, error: &str) {
        self.click(at, button);
        self.throws(at + 40, error);
    }

    /// A script throws, and nobody catches it.
    pub fn throws(&mut self, at: u64, error: &str) {
        self.trouble.push(at);
        self.push(at, event::line("error", true, &format!("Uncaught {error}")));
    }

    /// The page logs an error.
    pub fn logs(&mut self, at: u64, text: &str) {
        self.trouble.push(at);
        self.push(at, event::line("error", false, text));
    }

    /// A request ends with this status.
    pub fn fails(&mut self, at: u64, method: &str, path: &str, status: u16) {
        self.trouble.push(at);
        self.push(at, event::request(method, &format!("{SITE}{path}"), status));
    }

    /// Somebody clicks a button.
    pub fn click(&mut self, at: u64, button: &str) {
        for kind in [1, 0, 2] {
            self.push(at, event::mouse(kind, button));
        }
    }

    /// The last thing that is seen of somebody.
    pub fn end(&mut self, at: u64) {
        self.push(at, event::moved());
    }

    fn push(&mut self, at: u64, event: event::Event) {
        self.events.push((at, event.json(BEGAN_AT + at)));
    }

    /// When something went wrong, in order.
    #[must_use]
    pub fn trouble_ms(&self) -> Vec<u64> {
        let mut trouble = self.trouble.clone();
        trouble.sort_unstable();
        trouble
    }

    /// The whole of it, as the payload of one chunk.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let events = self.in_order();
        payload(events.iter().map(|(_, json)| json.as_str()))
    }

    /// The payloads of its chunks, as a recorder sends one every so many milliseconds in which there is
    /// something to tell.
    #[must_use]
    pub fn chunks(&self, every_ms: u64) -> Vec<Vec<u8>> {
        let events = self.in_order();
        let chunks = events.chunk_by(|(one, _), (next, _)| one / every_ms == next / every_ms);
        chunks
            .map(|chunk| payload(chunk.iter().map(|(_, json)| json.as_str())))
            .collect()
    }

    fn in_order(&self) -> Vec<(u64, String)> {
        let mut events = self.events.clone();
        events.sort_by_key(|(at, _)| *at);
        events
    }
}

fn payload<'e>(events: impl Iterator<Item = &'e str>) -> Vec<u8> {
    let events: Vec<&str> = events.collect();
    format!("[{}]", events.join(",")).into_bytes()
}
