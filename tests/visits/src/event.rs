//! rrweb's events, as our recorder writes them.

use serde_json::{Value, json};

/// An event without its time.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    kind: u8,
    data: Value,
}

impl Event {
    pub(crate) fn json(&self, at: u64) -> String {
        json!({"type": self.kind, "data": self.data, "timestamp": at}).to_string()
    }
}

/// Buttons of every page; the first has the number 10.
const BUTTONS: [&str; 6] = ["Add to wishlist", "Apply", "Export", "Pay", "Buy", "Menu"];
const FIRST_BUTTON: u64 = 10;

pub(crate) fn context() -> Event {
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
    custom(
        "recapt:context",
        json!({"userAgent": agent, "language": "en-US", "timezone": "Europe/Dublin",
            "records": ["console", "requests"]}),
    )
}

fn custom(tag: &str, payload: Value) -> Event {
    Event {
        kind: 5,
        data: json!({"tag": tag, "payload": payload}),
    }
}

pub(crate) fn meta(href: &str) -> Event {
    Event {
        kind: 4,
        data: json!({"href": href, "width": 1_280, "height": 800}),
    }
}

/// A page with all buttons.
pub(crate) fn page() -> Event {
    let element = |tag: &str, id: u64, children: Vec<Value>| json!({"type": 2, "tagName": tag, "attributes": {}, "childNodes": children, "id": id});
    let buttons = BUTTONS.iter().zip(FIRST_BUTTON..).map(|(name, id)| {
        let text = json!({"type": 3, "textContent": name, "id": id + 100});
        element("button", id, vec![text])
    });
    let body = element("body", 3, buttons.collect());
    let html = element("html", 2, vec![body]);
    Event {
        kind: 2,
        data: json!({"node": {"type": 0, "childNodes": [html], "id": 1},
            "initialOffset": {"left": 0, "top": 0}}),
    }
}

/// The mouse has moved.
pub(crate) fn moved() -> Event {
    Event {
        kind: 3,
        data: json!({"source": 1, "positions": [{"x": 9, "y": 9, "id": 3, "timeOffset": 0}]}),
    }
}

/// What the mouse does to a button: 1 down, 0 up, 2 click.
pub(crate) fn mouse(kind: u8, button: &str) -> Event {
    let place = BUTTONS.iter().position(|name| *name == button);
    let id = FIRST_BUTTON + place.unwrap_or_default() as u64;
    Event {
        kind: 3,
        data: json!({"source": 2, "type": kind, "id": id, "x": 40, "y": 20 * id}),
    }
}

/// A line of the console.
pub(crate) fn line(level: &str, thrown: bool, text: &str) -> Event {
    plugin(
        "rrweb/console@1",
        json!({"level": level, "thrown": thrown, "payload": [format!("{text:?}")],
            "trace": ["applyCoupon (https://shop.example/js/cart.js:12:7)"]}),
    )
}

/// A request of a script that has ended.
pub(crate) fn request(method: &str, url: &str, status: u16) -> Event {
    plugin(
        "rrweb/network@1",
        json!({"requests": [{"name": url, "initiatorType": "fetch", "entryType": "resource",
            "method": method, "status": status, "startTime": 0, "endTime": 80, "duration": 80}]}),
    )
}

fn plugin(name: &str, payload: Value) -> Event {
    Event {
        kind: 6,
        data: json!({"plugin": name, "payload": payload}),
    }
}
