//! Hosts that a recorded page would load from: one that the organization allows, and one that it does not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, COOKIE, REFERER, SET_COOKIE};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::recordings::{BODY, HEAD, add, change, element, mouse, page, text};
use crate::viewer::an_hour_ago;
use crate::window::Window;

/// What the hosts answer to everything: a picture.
const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><rect id='a' width='20' height='20'/></svg>";

/// What is loaded of a host that is allowed.
const LOADED: [&str; 20] = [
    "img",
    "srcset",
    "cors",
    "background",
    "cursor",
    "image-set",
    "escaped",
    "border",
    "content",
    "video",
    "poster",
    "audio",
    "table",
    "input",
    "font",
    "picture",
    "source",
    "fe-image",
    "image",
    "xlink",
];

/// What of that stands in another element, or in styles.
const INNER: [&str; 10] = [
    "image-set",
    "escaped",
    "border",
    "content",
    "font",
    "picture",
    "source",
    "fe-image",
    "image",
    "xlink",
];

/// What is loaded of nobody.
const REFUSED: [&str; 15] = [
    "stylesheet",
    "empty",
    "preload",
    "set",
    "prefetch",
    "icon",
    "import",
    "object",
    "embed",
    "frame",
    "inner",
    "ping",
    "attribution",
    "use",
    "link",
];

/// A host that notes who asks it for what.
#[derive(Clone)]
struct TrapHost {
    origin: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

struct Asked {
    path: String,
    /// Who asks: a referrer, a cookie.
    tells: Vec<String>,
}

impl TrapHost {
    async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Not the address of our own page: another site.
        let port = listener.local_addr().unwrap().port();
        let trap = Self {
            origin: format!("http://localhost:{port}"),
            asked: Arc::default(),
        };
        let asked = Arc::clone(&trap.asked);
        let answer = move |request: Request| async move {
            let tells = [REFERER, COOKIE].map(|name| request.headers().get(name).cloned());
            asked.lock().unwrap().push(Asked {
                path: request.uri().path().to_owned(),
                tells: tells
                    .iter()
                    .flatten()
                    .map(|value| format!("{value:?}"))
                    .collect(),
            });
            let headers = [
                (CONTENT_TYPE, "image/svg+xml"),
                (SET_COOKIE, "trap=set; Path=/"),
                (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, PICTURE)
        };
        let router = Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        trap
    }

    /// Paths that were asked for, without their folder.
    fn paths(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|asked| asked.path.clone()).collect()
    }

    /// What anybody told about themselves.
    fn told(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let told = asked.iter().flat_map(|asked| {
            let path = &asked.path;
            asked
                .tells
                .iter()
                .map(move |tells| format!("{path}: {tells}"))
        });
        told.collect()
    }

    /// All ways to ask for something, each with a path of its own in a folder.
    fn elements(&self, folder: &str, first_id: u32) -> Vec<Value> {
        let at = |name: &str| format!("{}/{folder}/{name}", self.origin);
        let tell = "unsafe-url";
        // Names of its own: the styles of another folder or host say something else of theirs.
        let own = format!("{folder}{first_id}");
        let styles = format!(
            "@import url({}); @font-face {{ font-family: {own}; src: url({}) }} \
             .font{own} {{ font-family: {own}, serif }} .image-set{own} {{ background: image-set('{}' 1x); }} \
             .escaped{own} {{ background: \\75 rl('{}') }} .border{own} {{ border: 3px solid; border-image: url({}) 3 }} \
             .mark{own}::before {{ content: url({}) }}",
            at("import"),
            at("font"),
            at("image-set"),
            at("escaped"),
            at("border"),
            at("content"),
        );
        let elements = [
            ("meta", json!({ "name": "referrer", "content": tell })),
            (
                "meta",
                json!({ "http-equiv": "Referrer-Policy", "content": tell }),
            ),
            (
                "img",
                json!({ "class": "picture", "src": at("img"), "referrerpolicy": tell, "width": "300", "height": "200" }),
            ),
            (
                "img",
                json!({ "srcset": format!("{} 1x", at("srcset")), "referrerpolicy": tell }),
            ),
            (
                "img",
                json!({ "src": at("cors"), "crossorigin": "use-credentials", "referrerpolicy": tell }),
            ),
            (
                "link",
                json!({ "rel": "stylesheet", "href": at("stylesheet"), "referrerpolicy": tell }),
            ),
            (
                "link",
                json!({ "rel": "stylesheet", "href": at("empty"), "_cssText": "" }),
            ),
            (
                "link",
                json!({ "rel": "preload", "as": "image", "href": at("preload"), "imagesrcset": at("set") }),
            ),
            ("link", json!({ "rel": "prefetch", "href": at("prefetch") })),
            ("link", json!({ "rel": "icon", "href": at("icon") })),
            ("style", json!({ "_cssText": styles })),
            (
                "p",
                json!({ "style": format!("background: url({})", at("background")) }),
            ),
            (
                "p",
                json!({ "style": format!("cursor: url({}), auto", at("cursor")) }),
            ),
            ("p", json!({ "class": format!("image-set{own}") })),
            ("p", json!({ "class": format!("escaped{own}") })),
            ("p", json!({ "class": format!("border{own}") })),
            ("p", json!({ "class": format!("font{own} mark{own}") })),
            (
                "video",
                json!({ "src": at("video"), "poster": at("poster"), "referrerpolicy": tell }),
            ),
            (
                "audio",
                json!({ "src": at("audio"), "controls": true, "preload": "auto" }),
            ),
            ("table", json!({ "background": at("table") })),
            (
                "input",
                json!({ "type": "image", "src": at("input"), "referrerpolicy": tell }),
            ),
            (
                "object",
                json!({ "data": at("object"), "type": "image/svg+xml" }),
            ),
            (
                "embed",
                json!({ "src": at("embed"), "type": "image/svg+xml" }),
            ),
            (
                "iframe",
                json!({ "src": at("frame"), "referrerpolicy": tell }),
            ),
            (
                "iframe",
                json!({ "srcdoc": format!("<img src='{}'>", at("inner")) }),
            ),
            (
                "a",
                json!({ "href": at("link"), "ping": at("ping"), "attributionsrc": at("attribution"), "referrerpolicy": tell }),
            ),
        ];
        let elements = elements.into_iter().zip(first_id..);
        let elements = elements.map(|((name, attributes), id)| {
            element(id, name, attributes, vec![text(id + 500, "text")])
        });
        let mut elements: Vec<_> = elements.collect();
        let source = |id, attributes| element(id, "source", attributes, Vec::new());
        let parts = vec![
            source(first_id + 101, json!({ "srcset": at("picture") })),
            element(first_id + 102, "img", json!({}), Vec::new()),
        ];
        elements.push(element(first_id + 100, "picture", json!({}), parts));
        let parts = vec![
            source(first_id + 104, json!({ "src": at("source") })),
            element(
                first_id + 105,
                "track",
                json!({ "src": at("track"), "default": true }),
                Vec::new(),
            ),
        ];
        elements.push(element(first_id + 103, "video", json!({}), parts));
        elements.push(svg(first_id + 110, &at));
        elements
    }
}

fn svg(first_id: u32, at: &impl Fn(&str) -> String) -> Value {
    let element = |id, name: &str, attributes: Value, children: Vec<Value>| {
        let mut node = element(first_id + id, name, attributes, children);
        node["isSVG"] = json!(true);
        node
    };
    let leaf = |id, name: &str, attributes: Value| element(id, name, attributes, Vec::new());
    let filter = leaf(1, "feImage", json!({ "href": at("fe-image") }));
    let parts = vec![
        element(2, "filter", json!({ "id": "own" }), vec![filter]),
        leaf(
            3,
            "image",
            json!({ "href": at("image"), "referrerpolicy": "unsafe-url", "width": "20", "height": "20" }),
        ),
        leaf(
            4,
            "image",
            json!({ "xlink:href": at("xlink"), "width": "20", "height": "20" }),
        ),
        leaf(5, "use", json!({ "href": format!("{}#a", at("use")) })),
        leaf(
            6,
            "rect",
            json!({ "width": "20", "height": "20", "filter": "url(#own)" }),
        ),
        leaf(
            7,
            "rect",
            json!({ "width": "20", "height": "20", "fill": format!("url({}#a)", at("fill")) }),
        ),
        leaf(
            8,
            "rect",
            json!({ "width": "20", "height": "20", "mask": format!("url({})", at("mask")) }),
        ),
    ];
    element(0, "svg", json!({ "width": "20", "height": "20" }), parts)
}

/// A page with all of it from the beginning, and again by later changes.
fn recording(traps: &[TrapHost; 2], start: i64) -> Vec<Value> {
    let [first, later]: [Vec<Value>; 2] =
        [("first", 1_000), ("later", 5_000)].map(|(folder, id)| {
            let ids = [id, id + 2_000];
            traps
                .iter()
                .zip(ids)
                .flat_map(|(trap, id)| trap.elements(folder, id))
                .collect()
        });
    let head: Vec<_> = first
        .iter()
        .filter(|node| node["tagName"] == "meta")
        .cloned()
        .collect();
    let mut body = first;
    body.push(element(90, "h1", json!({}), vec![text(91, "first")]));
    body.push(element(
        92,
        "meta",
        json!({ "content": "unsafe-url" }),
        Vec::new(),
    ));
    body.push(element(93, "img", json!({}), Vec::new()));
    let mut events = page(start, body);
    let adds = later.into_iter().map(|node| add(BODY, node));
    let head = head.into_iter().zip(9_000..).map(|(mut node, id)| {
        node["id"] = json!(id);
        add(HEAD, node)
    });
    let named = json!({ "id": 92, "attributes": { "name": "referrer" } });
    let telling = |trap: &TrapHost| {
        let source = format!("{}/changed/img", trap.origin);
        json!({ "id": 93, "attributes": { "src": source, "referrerpolicy": "unsafe-url" } })
    };
    events.push(change(
        start + 200,
        head.collect(),
        json!([]),
        json!([named]),
    ));
    events.push(change(start + 400, adds.collect(), json!([]), json!([])));
    for trap in traps.iter().rev() {
        events.push(change(
            start + 600,
            Vec::new(),
            json!([]),
            json!([telling(trap)]),
        ));
    }
    let says = json!([{ "id": 91, "value": "last" }]);
    events.push(change(start + 1_200, Vec::new(), says, json!([])));
    events.push(mouse(start + 1_500, 9));
    events
}

impl Window {
    /// Chooses the sites of the organization on its settings page.
    async fn allow(&self, origin: &str) {
        self.go("/settings/integrations/intercom").await;
        let fill = "document.querySelector('#allowed_origins').value";
        self.browser
            .inject(&format!("{fill} = {}", json!(origin)))
            .await;
        self.browser.click_label("Save preferences").await;
        self.browser.wait_for_text("Preferences saved.").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_page_asks_allowed_hosts_alone_and_tells_them_nothing() {
    let traps = [TrapHost::set().await, TrapHost::set().await];
    let [allowed, foreign] = &traps;
    let viewer = Window::of_admin().await;
    viewer
        .record("trap", &[recording(&traps, an_hour_ago())])
        .await;
    viewer.allow(&allowed.origin).await;
    viewer.browser.complaints().await;

    viewer.go("/sessions/trap").await;
    viewer.wait_for_recorded("last").await;
    tokio::time::sleep(Duration::from_secs(1)).await;

    let none = Vec::<String>::new();
    assert_eq!(foreign.paths(), none, "asked of a host that is not allowed");
    assert_eq!(allowed.told(), none, "told to a host that is");
    let asked = allowed.paths();
    let [mut loaded, refused] = [LOADED.to_vec(), REFUSED.to_vec()];
    for folder in ["first", "later"] {
        for name in &loaded {
            let path = format!("/{folder}/{name}");
            assert!(asked.contains(&path), "{path} was not loaded: {asked:?}");
        }
        for name in &refused {
            assert!(!asked.contains(&format!("/{folder}/{name}")), "{name}");
        }
        // Of what is added later rrweb builds the elements, but not what is in them.
        loaded.retain(|name| !INNER.contains(name));
    }
    assert!(asked.contains(&"/changed/img".to_owned()), "{asked:?}");

    let kept = "[...recorded.querySelectorAll('[referrerpolicy], meta[name=referrer], [attributionsrc]')].length";
    assert_eq!(viewer.recorded(kept).await, 0);
    let boxes = "[...recorded.querySelectorAll('.picture')].map(({ src, width, height, naturalWidth }) => \
        src.startsWith('data:') ? [width, height, naturalWidth] : [width, height, 20])";
    let [own, placed] = [json!([300, 200, 20]), json!([300, 200, 300])];
    assert_eq!(
        viewer.recorded(boxes).await,
        json!([own, placed, own, placed])
    );
    let complaints = viewer.browser.complaints().await;
    let is_refusal = |said: &&String| said.contains("Content Security Policy");
    let refused: Vec<_> = complaints.iter().filter(is_refusal).collect();
    assert!(refused.is_empty(), "tried in vain: {refused:#?}");
    viewer.look("foreign-media").await;
    viewer.browser.complaints().await;
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_trap_looks_for_it_would_find() {
    let trap = TrapHost::set().await;
    let viewer = Window::with_settings().await;
    viewer.browser.open(&format!("{}/page", trap.origin)).await;
    let load = "new Promise((done) => Object.assign(new Image(), { onload: () => done(true), src: '/picture' }))";
    viewer.browser.run_to_its_end(load).await;
    let told = trap.told();
    let is_found = |part: &str| {
        told.iter()
            .any(|told| told.starts_with("/picture") && told.contains(part))
    };
    assert!(is_found("/page") && is_found("trap=set"), "{told:?}");
    viewer.close().await;
}
