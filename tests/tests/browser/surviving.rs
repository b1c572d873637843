//! The recorder where something gets in its way: nothing that was seen is lost, and no session is cut in two.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::collector::{Collector, clicks, told};
use crate::visitor::Visitor;

/// Between what a visitor does on one page and on the next.
const MOMENT: Duration = Duration::from_millis(500);

/// A page that says whether it has come back as it was left.
const PAGE: &str = r#"{tag}<button id="b">Buy</button>
    <script>addEventListener("pageshow", (event) => { window.hasComeBack = event.persisted; })</script>"#;

/// Clicks and waits.
async fn press(visitor: &Visitor, control: &str) {
    visitor.click(control).await;
    sleep(MOMENT).await;
}

/// How many pages were opened, or came back.
fn pages(events: &[Value]) -> usize {
    events.iter().filter(|event| event["type"] == 4).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn back_and_forth_through_pages_that_come_back_is_one_session_in_which_nothing_is_lost() {
    let site = Collector::serve(&[("/", PAGE), ("/page", PAGE)], None).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        // Firefox's driver keeps pages from coming back that it has clicked on.
        let click = "document.querySelector('#b').click()";
        visitor.run_soon(click).await;
        sleep(MOMENT).await;
        // Also when nobody waits until anything is settled.
        for (step, path) in [
            ("location.href = '/page'", "/page"),
            ("history.back()", "/"),
            ("history.forward()", "/page"),
            ("history.back()", "/"),
        ] {
            visitor.run_soon(step).await;
            let is_there = format!("location.pathname === {path:?}");
            visitor.wait_until(&is_there).await;
            visitor.wait_until_recorded().await;
            let came_back = visitor.run("hasComeBack");
            assert_eq!(
                came_back.await,
                step.starts_with("history"),
                "{step} {}",
                visitor.is_chromium()
            );
            visitor
                .run_soon("document.querySelector('#b').click()")
                .await;
            sleep(MOMENT).await;
        }
        visitor.open("about:blank").await;
        let events = site.wait_for(|events| clicks(events) == 5).await;
        assert_eq!(site.sessions(), 1);
        assert_eq!(pages(&events), 5);
        let numbers = site.numbers();
        let without_gaps: Vec<_> = (0..).take(numbers.len()).collect();
        assert_eq!(numbers, without_gaps);
        visitor.close().await;
    }
}

/// What a site may do to its storage before the recorder comes.
const STORAGES: [(&str, &str); 4] = [
    (
        "full",
        "let text = 'x'.repeat(1 << 20), at = 0;
         while (text) try { sessionStorage.setItem('fill' + at++, text) } catch { text = text.slice(0, text.length >> 1) }",
    ),
    (
        "read-only",
        "Storage.prototype.setItem = Storage.prototype.removeItem = () => { throw new DOMException('no', 'QuotaExceededError') }",
    ),
    (
        "forbidden",
        "for (const kind of ['sessionStorage', 'localStorage'])
           Object.defineProperty(window, kind, { get() { throw new DOMException('no', 'SecurityError') } })",
    ),
    // Not of storage, but of every page as well: an old library of dates.
    ("dates", "Date.now = () => new Date()"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_session_goes_on_from_page_to_page_whatever_its_site_has_done_to_storage_and_clock() {
    let page = |script: &str| {
        format!(
            "<script>{script}</script>{{tag}}<button id=b>One</button><a id=l href='?2'>Next</a>"
        )
    };
    let scripts = STORAGES.map(|(_, script)| page(script));
    let mut sites = Vec::new();
    for script in &scripts {
        sites.push(Collector::serve(&[("/", script)], None).await);
    }
    for visitor in Visitor::of_each_browser().await {
        for (site, (name, _)) in sites.iter().zip(STORAGES) {
            site.clear();
            visitor.visit(&site.url).await;
            for control in ["#b", "#l", "#b"] {
                press(&visitor, control).await;
                if control == "#l" {
                    visitor.wait_until("location.search === '?2'").await;
                }
                visitor.wait_until_recorded().await;
            }
            visitor.open("about:blank").await;
            let events = site.wait_for(|events| clicks(events) == 3).await;
            assert_eq!(site.sessions(), 1, "{name}");
            assert_eq!(pages(&events), 2, "{name}");
        }
        visitor.close().await;
    }
}

/// A page that writes itself anew, once with an end and once without.
const WIZARD: &str = r#"{tag}<button id="b" onclick="next('c', true)">Next</button>
    <script>
      function next(id, ends) {
        document.open();
        document.write(`<!doctype html><button id="${id}" onclick="next('d', false)">Next</button>`);
        if (ends) document.close();
      }
    </script>"#;

/// A frame of the same site, which is loaded anew.
const FRAMES: &str = r#"{tag}<button id="b" onclick="inner.contentDocument.querySelector('button').click()">Inner</button>
    <button id="c" onclick="inner.contentWindow.location.reload()">Reload</button>
    <script>window.loads = 0;</script><iframe id="inner" src="/inner" onload="loads += 1"></iframe>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_written_anew_and_a_frame_that_is_loaded_anew_go_on_being_recorded() {
    let inner = "<button onclick=\"document.execCommand('copy'); navigator.clipboard?.writeText('x')\">Copy</button>";
    let pages_of_site = [("/", WIZARD), ("/frames", FRAMES), ("/inner", inner)];
    let site = Collector::serve(&pages_of_site, None).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        for control in ["#b", "#c", "#d"] {
            press(&visitor, control).await;
        }
        visitor.visit(&format!("{}/frames", site.url)).await;
        for (control, loads) in [("#b", 1), ("#c", 1), ("#b", 2)] {
            visitor.wait_until(&format!("loads === {loads}")).await;
            press(&visitor, control).await;
        }
        visitor.open("about:blank").await;
        let events = site.wait_for(|events| clicks(events) == 8).await;
        assert_eq!(site.sessions(), 1);
        // The two inside of the frame are a script's.
        let by_script = vec![json!({ "what": "click" }); 2];
        assert_eq!(told(&events, "recapt:script"), by_script);
        visitor.close().await;
    }
}

/// What stands at the end of a visit.
fn left() -> Value {
    json!({ "tag": "recapt:visibility", "payload": { "state": "hidden", "left": true } })
}

/// As strict as a site can be that lets the recorder in.
const STRICT: &str = "default-src 'none'; base-uri 'none'; script-src {url}/recorder.js 'nonce-n'; \
    connect-src {url}; style-src 'nonce-n'; img-src 'self'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const STYLED: &str = r#"
    <script nonce="n">
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
    </script>{tag}
    <button id="b">Wider</button><p id="p">Text</p>
    <script nonce="n">
      let width = 0;
      b.onclick = () => {
        p.style.width = `${width += 10}px`;
        p.style.setProperty("color", "red", "important");
      };
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn no_policy_of_a_site_is_violated_and_a_visit_without_events_ends_when_it_is_left() {
    let site = Collector::serve(&[("/", STYLED)], Some(STRICT)).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        for _ in 0..2 {
            press(&visitor, "#b").await;
        }
        assert_eq!(visitor.run("violations").await, json!([]));
        // By then everything that has happened is sent.
        site.wait_for(|events| clicks(events) == 2).await;
        assert_eq!(
            told(&site.events(), "recapt:visibility"),
            Vec::<Value>::new()
        );
        visitor.run_soon("location.href = '/?again'").await;
        let has_left = |events: &[Value]| events.iter().any(|event| event["data"] == left());
        let events = site.wait_for(has_left).await;
        let styles = events.iter().filter_map(|event| {
            event["data"]["attributes"][0]["attributes"]["style"]["width"].as_str()
        });
        assert_eq!(styles.collect::<Vec<_>>(), ["20px"]);
        visitor.close().await;
    }
}
