//! Recordings of a demo shop, made with rrweb in a real browser, moved to another time and address.

use jiff::Timestamp;
use serde_json::Value;

/// Where the recordings were made, and where they pretend to be from.
const ADDRESSES: [(&str, &str); 2] = [
    ("http://127.0.0.1:8137", "https://shop.example"),
    ("http://127.0.0.1:9/", "https://status.shop.example/"),
];

/// A recording that the demo has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    /// Looks at the home page and leaves.
    Bounce,
    /// Presses a button that raises an error, again and again.
    ErrorsOnly,
    /// Taps on a phone.
    MobileTouch,
    /// Fills in the cart's form.
    PlainDefaults,
    /// Presses a button that does nothing until patience ends.
    ShopRage,
    /// Works in a single-page application, pauses, and goes on.
    SpaIdle,
}

impl Recording {
    fn json(self) -> &'static str {
        match self {
            Self::Bounce => include_str!("../../demo/recordings/bounce.json"),
            Self::ErrorsOnly => include_str!("../../demo/recordings/errors-only.json"),
            Self::MobileTouch => include_str!("../../demo/recordings/mobile-touch.json"),
            Self::PlainDefaults => include_str!("../../demo/recordings/plain-defaults.json"),
            Self::ShopRage => include_str!("../../demo/recordings/shop-rage.json"),
            Self::SpaIdle => include_str!("../../demo/recordings/spa-idle.json"),
        }
    }

    /// The recording as one chunk, moved so that its last event happens at `end`. The same bytes for the same
    /// `end`.
    pub(super) fn ending_at(self, end: Timestamp) -> Result<String, serde_json::Error> {
        let json = ADDRESSES
            .iter()
            .fold(self.json().to_owned(), |json, (from, to)| {
                json.replace(from, to)
            });
        let mut events: Vec<Value> = serde_json::from_str(&json)?;
        let last = events
            .iter()
            .filter_map(timestamp)
            .max()
            .unwrap_or_default();
        for event in &mut events {
            if let Some(at) = timestamp(event) {
                event["timestamp"] = Value::from(end.as_millisecond() - (last - at));
            }
        }
        serde_json::to_string(&events)
    }
}

/// Milliseconds since 1970.
fn timestamp(event: &Value) -> Option<i64> {
    event["timestamp"].as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Recording; 6] = [
        Recording::Bounce,
        Recording::ErrorsOnly,
        Recording::MobileTouch,
        Recording::PlainDefaults,
        Recording::ShopRage,
        Recording::SpaIdle,
    ];

    #[test]
    fn every_recording_ends_when_it_is_told_to_and_keeps_its_length() {
        let end = Timestamp::from_second(1_800_000_000).unwrap();
        for recording in ALL {
            let chunk = recording.ending_at(end).unwrap();
            let moved = parse(&chunk);
            let original = parse(recording.json());
            assert_eq!(moved.len(), original.len(), "{recording:?}");
            assert_eq!(range(&moved).1, end.as_millisecond(), "{recording:?}");
            assert_eq!(length(&moved), length(&original), "{recording:?}");
            assert!(!chunk.contains("http://127.0.0.1"), "{recording:?}");
        }
    }

    #[test]
    fn the_same_end_gives_the_same_bytes() {
        let end = Timestamp::from_second(1_800_000_000).unwrap();
        assert_eq!(
            Recording::ShopRage.ending_at(end).unwrap(),
            Recording::ShopRage.ending_at(end).unwrap()
        );
    }

    fn parse(json: &str) -> Vec<Value> {
        serde_json::from_str(json).unwrap()
    }

    fn range(events: &[Value]) -> (i64, i64) {
        let all = || events.iter().filter_map(timestamp);
        (all().min().unwrap(), all().max().unwrap())
    }

    fn length(events: &[Value]) -> i64 {
        let (first, last) = range(events);
        last - first
    }
}
