//! Recorded pages that want out of their frame. Whatever ran in one would write a name into the window around
//! it, or ask this test for something.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::recordings::{BODY, HEAD, add, change, element, mouse, page, text};
use crate::viewer::an_hour_ago;
use crate::window::Window;

/// Marks the window that is not to be marked.
const MARK: &str = "try{top.name='ran';top.document.title='ran'}catch(e){};fetch('ASKED')";

/// A server that nobody is to ask for anything.
struct Trap {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Trap {
    async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { url, asked }
    }

    /// The script that would tell on whoever runs it.
    fn script(&self) -> String {
        MARK.replace("ASKED", &self.url)
    }

    /// Elements that would run it, load a document, or lead elsewhere.
    fn elements(&self, first_id: u32) -> Vec<Value> {
        let (url, script) = (&self.url, &self.script());
        let address = format!("javascript:{script}");
        let document = format!("data:text/html,<script>{script}</script>");
        let inner = format!("<script>{script}</script>");
        let elements = [
            ("script", json!({ "src": url })),
            (
                "img",
                json!({ "src": url, "onerror": script, "onload": script }),
            ),
            (
                "img",
                json!({ "src": "x", "srcset": format!("{url} 2x"), "onerror": script }),
            ),
            ("iframe", json!({ "src": url })),
            ("iframe", json!({ "src": address })),
            ("iframe", json!({ "src": document })),
            (
                "iframe",
                json!({ "srcdoc": inner, "sandbox": "allow-scripts allow-same-origin" }),
            ),
            ("frameset", json!({ "onload": script })),
            ("object", json!({ "data": document, "type": "text/html" })),
            ("embed", json!({ "src": document, "type": "text/html" })),
            ("portal", json!({ "src": url })),
            ("base", json!({ "href": url, "target": "_top" })),
            (
                "meta",
                json!({ "http-equiv": "refresh", "content": format!("0;url={url}") }),
            ),
            (
                "meta",
                json!({ "http-equiv": "Content-Security-Policy", "content": "script-src *" }),
            ),
            ("link", json!({ "rel": "stylesheet", "href": url })),
            (
                "link",
                json!({ "rel": "preload", "as": "script", "href": url }),
            ),
            ("link", json!({ "rel": "prefetch", "href": url })),
            (
                "link",
                json!({ "rel": "stylesheet", "_cssText": format!("@import url({url}); p {{}}") }),
            ),
            ("style", json!({ "_cssText": format!("@import '{url}';") })),
            (
                "a",
                json!({ "id": "link", "href": address, "target": "_top", "ping": url }),
            ),
            ("form", json!({ "action": address, "target": "_top" })),
            (
                "button",
                json!({ "formaction": address, "onclick": script, "autofocus": true }),
            ),
            (
                "input",
                json!({ "type": "image", "src": url, "onfocus": script, "autofocus": true }),
            ),
            (
                "video",
                json!({ "src": url, "poster": url, "onerror": script, "autoplay": true }),
            ),
            (
                "audio",
                json!({ "src": url, "onerror": script, "autoplay": true }),
            ),
            ("details", json!({ "open": true, "ontoggle": script })),
            ("marquee", json!({ "onstart": script })),
            (
                "p",
                json!({ "style": format!("background: url({url})"), "title": "x".repeat(3_000_000) }),
            ),
            ("p", json!({ format!("x{}", "y".repeat(100_000)): "z" })),
            ("<script>", json!({ "src": url })),
        ];
        let elements = elements.into_iter().zip(first_id..);
        let elements = elements.map(|((name, attributes), id)| {
            let body = text(id + 500, script);
            element(id, name, attributes, vec![body])
        });
        let mut elements: Vec<_> = elements.collect();
        elements.push(self.svg(first_id + 200));
        elements
    }

    fn svg(&self, id: u32) -> Value {
        let script = self.script();
        let address = format!("javascript:{script}");
        let svg = |id, name: &str, attributes: Value, children: Vec<Value>| {
            let mut node = element(id, name, attributes, children);
            node["isSVG"] = json!(true);
            node
        };
        let parts = vec![
            svg(
                id + 1,
                "script",
                json!({ "href": self.url }),
                vec![text(id + 9, &script)],
            ),
            svg(id + 2, "a", json!({ "xlink:href": address }), Vec::new()),
            svg(
                id + 3,
                "image",
                json!({ "xlink:href": self.url, "onload": script }),
                Vec::new(),
            ),
            svg(
                id + 4,
                "use",
                json!({ "href": format!("data:image/svg+xml,<svg onload=\"{script}\"/>") }),
                Vec::new(),
            ),
            svg(
                id + 5,
                "animate",
                json!({ "attributeName": "href", "values": address, "onbegin": script, "dur": "1s" }),
                Vec::new(),
            ),
            svg(
                id + 6,
                "foreignObject",
                json!({}),
                vec![element(
                    id + 7,
                    "iframe",
                    json!({ "src": address }),
                    Vec::new(),
                )],
            ),
        ];
        svg(id, "svg", json!({ "onload": script }), parts)
    }

    fn assert_untouched(&self) {
        assert_eq!(
            self.asked.load(Ordering::Relaxed),
            0,
            "somebody asked for something"
        );
    }
}

/// The page from the beginning, or made so by later changes.
fn recording(trap: &Trap, start: i64) -> Vec<Value> {
    let mut body = trap.elements(100);
    body.push(element(90, "h1", json!({}), vec![text(91, "first")]));
    let mut events = page(start, body);
    events.push(mouse(start + 200, 5));
    let adds = trap.elements(2_000).into_iter().map(|node| add(BODY, node));
    let adds = adds.chain([add(
        HEAD,
        element(3_900, "base", json!({ "href": trap.url }), Vec::new()),
    )]);
    events.push(change(start + 400, adds.collect(), json!([]), json!([])));
    let script = trap.script();
    let attributes = [
        (
            103,
            json!({ "src": trap.url, "srcdoc": format!("<script>{script}</script>") }),
        ),
        (
            119,
            json!({ "href": format!("javascript:{script}"), "onclick": script }),
        ),
        (114, json!({ "href": trap.url })),
        (
            90,
            json!({ "onmouseover": script, "onanimationstart": script, "style": { "background": format!("url({})", trap.url) } }),
        ),
    ];
    let attributes =
        attributes.map(|(id, attributes)| json!({ "id": id, "attributes": attributes }));
    events.push(change(
        start + 600,
        Vec::new(),
        json!([]),
        json!(attributes),
    ));
    for kind in [1, 0, 2, 4, 5] {
        let click = json!({ "source": 2, "type": kind, "id": 119, "x": 5, "y": 5 });
        events.push(json!({ "type": 3, "timestamp": start + 800, "data": click }));
    }
    let rule = json!({ "rule": format!("@import url({});", trap.url), "index": 0 });
    let rules = json!({ "source": 8, "id": 118, "adds": [rule] });
    events.push(json!({ "type": 3, "timestamp": start + 900, "data": rules }));
    let command =
        json!({ "property": "constructor", "args": [{ "rr_type": "Function", "args": [script] }] });
    let canvas = json!({ "source": 9, "id": 90, "type": 0, "commands": [command] });
    events.push(json!({ "type": 3, "timestamp": start + 950, "data": canvas }));
    let says = json!([{ "id": 91, "value": "last" }]);
    events.push(change(start + 1_200, Vec::new(), says, json!([])));
    events.push(mouse(start + 1_500, 9));
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_page_runs_nothing_loads_nothing_and_leads_nowhere() {
    let trap = Trap::set().await;
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    viewer
        .record("hostile", &[recording(&trap, an_hour_ago())])
        .await;
    viewer.go("/sessions/hostile").await;
    let address = browser.run("location.href").await;
    viewer.wait_for_recorded("last").await;

    // By hand as well, with the keyboard and without our page in between.
    browser
        .inject("for (const a of document.querySelector('.stage iframe').contentDocument.querySelectorAll('a, button, details')) a.click?.()")
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(browser.run("window.name").await, "");
    assert_ne!(browser.run("document.title").await, "ran");
    assert_eq!(browser.run("location.href").await, address);
    assert_eq!(
        browser
            .run("document.querySelector('.stage iframe').getAttribute('sandbox')")
            .await,
        "allow-same-origin"
    );
    let loaders = "recorded.querySelectorAll('script, object, embed, base, iframe[src], iframe[srcdoc], [http-equiv], form[action]').length";
    assert_eq!(viewer.recorded(loaders).await, 0);
    let handlers = "[...recorded.querySelectorAll('*')].flatMap((element) => [...element.attributes])\
        .filter(({ name, value }) => /^on/.test(name) || /^\\s*javascript:/i.test(value)).length";
    assert_eq!(viewer.recorded(handlers).await, 0);
    let focused = "document.activeElement === document.querySelector('.stage iframe')";
    assert_eq!(browser.run(focused).await, false, "the keyboard stays here");
    trap.assert_untouched();
    // Refused by the policy: pictures in styles, which the sanitizer leaves to it.
    let complaints = browser.complaints().await;
    let is_refusal = |complaint: &String| complaint.contains("Content Security Policy");
    assert!(complaints.iter().all(is_refusal), "{complaints:#?}");
    browser
        .wait_until("document.querySelector('.times .now').innerText === '0:01'")
        .await;
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_these_tests_look_for_they_would_find() {
    let trap = Trap::set().await;
    let viewer = Window::of_admin().await;
    let script = trap.script();
    viewer.browser.inject(&script).await;
    assert_eq!(viewer.browser.run("window.name").await, "ran");
    // The page's own policy refuses the request; a page without one would not.
    assert!(reqwest::get(&trap.url).await.is_err(), "it hangs up");
    // And counts after that.
    let counted = async {
        while trap.asked.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), counted)
        .await
        .unwrap();
    viewer.browser.complaints().await;
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_make_no_sense_do_not_stop_the_rest() {
    let viewer = Window::of_admin().await;
    let start = an_hour_ago();
    let mut events = page(
        start,
        vec![element(90, "h1", json!({}), vec![text(91, "first")])],
    );
    let strange = [
        json!({ "source": 0 }),
        json!({ "source": 0, "adds": [{ "parentId": 90, "node": { "type": 2, "id": 7 } }], "removes": 5, "texts": null }),
        json!({ "source": 0, "removes": [{ "id": 12_345, "parentId": 90 }], "attributes": [{ "id": 90, "attributes": null }] }),
        json!({ "source": 1, "positions": [{ "x": 1, "y": 1, "id": 99_999, "timeOffset": 0 }] }),
        json!({ "source": 2, "type": 77, "id": 90 }),
        json!({ "source": 2, "type": 5, "id": 91 }),
        json!({ "source": 5, "id": 90, "text": {}, "isChecked": 7 }),
        json!({ "source": 7, "id": 90, "type": 0 }),
        json!({ "source": 8, "id": 90, "adds": [{ "rule": "{{{" }] }),
        json!({ "source": 10, "family": 5, "fontSource": [], "buffer": true }),
        json!({ "source": 13, "id": 90, "index": [1, 2], "set": { "property": 5 } }),
        json!({ "source": 14, "ranges": [{ "start": 91, "end": 5, "startOffset": 999, "endOffset": -1 }] }),
        json!({ "source": 15, "id": 90, "styleIds": "x", "styles": [{ "styleId": 1, "rules": [{ "rule": "a{" }] }] }),
    ];
    for (number, data) in (0_i64..).zip(strange) {
        events.push(json!({ "type": 3, "timestamp": start + 100 + number * 20, "data": data }));
    }
    let says = json!([{ "id": 91, "value": "last" }]);
    events.push(change(start + 900, Vec::new(), says, json!([])));
    events.push(mouse(start + 1_000, 9));
    viewer.record("strange", &[events]).await;

    viewer.go("/sessions/strange").await;
    viewer.wait_for_recorded("last").await;
    viewer.wait_for("ended").await;
    viewer.close().await;
}
