//! What only the recorder can know, as it reaches the server: in each browser that there is.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::collector::{Collector, lefts, told};
use crate::visitor::Visitor;

/// What happens on a page until the visitor does the next thing.
const MOMENT: Duration = Duration::from_millis(400);

/// Controls whose effects change nothing in the page.
const EFFECTS: &str = r#"{tag}
    <button id="popover" popovertarget="menu">Menu</button><div id="menu" popover>Orders</div>
    <button id="dialog" onclick="box.showModal(); setTimeout(() => box.close(), 100)">Ask</button>
    <dialog id="box">Sure?</dialog>
    <button id="alert" onclick="alert('Sold out')">Buy</button>
    <button id="confirm" onclick="confirm('Sure?')">Delete</button>
    <button id="detached" onclick="link('/status/200').click()">Export</button>
    <a id="attached" href="/status/200" download>Export</a>
    <button id="copy" onclick="getSelection().selectAllChildren(document.body); document.execCommand('copy')">Copy</button>
    <button id="sound" onclick="play()">Play</button>
    <button id="file" onclick="choose()">Attach</button>
    <button id="print" onclick="print()">Print</button>
    <button id="fullscreen" onclick="enlarge()">Enlarge</button>
    <button id="window" onclick="window.open('/other')">Help</button>
    <x-menu id="shadow"></x-menu>
    <script>
      function link(href) {
        return Object.assign(document.createElement("a"), { href, download: "orders.csv" });
      }
      function play() {
        const context = new AudioContext();
        const tone = context.createOscillator();
        tone.start();
        tone.stop(context.currentTime + 0.01);
      }
      async function enlarge() {
        await document.documentElement.requestFullscreen();
        setTimeout(() => document.exitFullscreen(), 150);
      }
      function choose() {
        Object.assign(document.createElement("input"), { type: "file" }).click();
      }
      customElements.define("x-menu", class extends HTMLElement {
        connectedCallback() {
          this.attachShadow({ mode: "open" }).innerHTML = "<button popovertarget=more>More</button><div id=more popover>Returns</div>";
        }
      });
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn effects_that_change_nothing_in_the_page_are_told() {
    let site = Collector::serve(&[("/", EFFECTS), ("/other", "")], None).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        for control in ["#popover", "#popover", "#dialog"] {
            visitor.click(control).await;
            sleep(MOMENT).await;
        }
        for control in ["#alert", "#confirm"] {
            visitor.click(control).await;
            sleep(MOMENT).await;
            visitor.accept_dialog().await;
        }
        let mut controls = vec![
            "#detached",
            "#attached",
            "#copy",
            "#sound",
            "#shadow",
            "#shadow",
        ];
        // A Firefox without a screen ends at what opens a window of the system.
        if visitor.is_chromium() {
            controls.extend(["#print", "#file", "#fullscreen"]);
        }
        controls.push("#window");
        for control in controls {
            visitor.click(control).await;
            sleep(MOMENT).await;
        }
        visitor.open("about:blank").await;
        let is_whole = |events: &[Value]| kinds(events).last().is_some_and(|kind| kind == "window");
        let events = site.wait_for(is_whole).await;

        let mut expected = vec![
            "popover open",
            "popover closed",
            "dialog open",
            "dialog closed",
            "alert",
            "confirm",
            "download",
            "download",
            "copy",
            "sound",
            "popover open",
            "popover closed",
        ];
        if visitor.is_chromium() {
            expected.extend(["print", "file", "fullscreen", "fullscreen"]);
        }
        expected.push("window");
        assert_eq!(kinds(&events), expected);
        let effects = told(&events, "recapt:effect");
        assert!(effects[4]["ms"].as_u64() > Some(100), "{}", effects[4]);
        assert!(effects[0]["id"].is_u64() && effects[10]["id"].is_u64());
        visitor.close().await;
    }
}

/// The kinds of the effects, in their order.
fn kinds(events: &[Value]) -> Vec<String> {
    let effects = told(events, "recapt:effect");
    let kind = |effect: &Value| {
        let kind = effect["kind"].as_str().unwrap();
        match effect["open"].as_bool() {
            Some(true) => format!("{kind} open"),
            Some(false) => format!("{kind} closed"),
            None => kind.to_owned(),
        }
    };
    effects.iter().map(kind).collect()
}

/// Fields and buttons that a script is at, and places to type into.
const FIELDS: &str = r##"{tag}
    <input id="amount" type="number" value="1">
    <button id="more" onclick="amount.value = Number(amount.value) + 1">+</button>
    <button id="dead">Dead</button>
    <button id="by-script" onclick="dead.click()">Press the other</button>
    <input id="name">
    <p id="note" contenteditable>Note</p>
    <input id="ignored" data-recapt-ignore>
    <button id="flood" onclick="let left = 400; const go = () => { menu.togglePopover(); if (left--) setTimeout(go, 1); }; go()">Flood</button>
    <div id="menu" popover=manual>Menu</div>
    <a id="orders" href="#orders-of-secret-1">Orders</a>
    <a id="place" href="#note">Note</a>
    <a id="returns" href="#/returns?token=secret-2">Returns</a>"##;

#[tokio::test(flavor = "multi_thread")]
async fn whose_hand_it_was_what_changed_behind_the_stars_and_which_route_it_is_are_told() {
    let site = Collector::serve(&[("/", FIELDS), ("/other", "")], None).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        // The first change of a field rrweb tells by itself.
        for _ in 0..3 {
            visitor.click("#more").await;
            sleep(MOMENT).await;
        }
        visitor.click("#by-script").await;
        visitor.click("#dead").await;
        visitor.send_keys("#name", "secret-3").await;
        visitor.send_keys("#note", "secret-4").await;
        visitor.send_keys("#ignored", "secret-5").await;
        for link in ["#orders", "#place", "#returns", "#orders"] {
            visitor.click(link).await;
        }
        visitor.click("#flood").await;
        visitor
            .wait_until("menu.matches(':popover-open') === false")
            .await;
        sleep(2 * MOMENT).await;
        visitor.open(&format!("{}/other", site.url)).await;
        let has_left = |events: &[Value]| !lefts(events).is_empty();
        let events = site.wait_for(has_left).await;

        assert_eq!(
            marks(&events),
            [("input", "input by a script"), ("click", "click on Dead"),]
                .map(|(what, on)| format!("{what} before {on}"))
        );
        let edits = told(&events, "recapt:edit");
        let by = |by: &str| edits.iter().filter(|edit| edit["by"] == by).count();
        assert_eq!(by("script"), 2, "{edits:?}");
        assert!(by("hand") >= 2, "{edits:?}");
        assert!(told(&events, "recapt:hand").contains(&json!({ "by": "key" })));
        let routes = told(&events, "recapt:navigation");
        let numbers: Vec<_> = routes.iter().map(|route| route["route"].as_u64()).collect();
        assert_eq!(numbers, [Some(1), Some(2), Some(1)]);
        let toggles = told(&events, "recapt:effect").len();
        assert!((1..=12).contains(&toggles), "{toggles} of 400");
        let text = serde_json::to_string(&events).unwrap();
        assert!(!text.contains("secret-"), "{text}");
        let context = &told(&events, "recapt:context")[0];
        assert_eq!(context["records"], json!(["console", "requests"]));
        visitor.close().await;
    }
}

/// Each mark of a script, and what comes right after it.
fn marks(events: &[Value]) -> Vec<String> {
    let marked = events
        .windows(2)
        .filter(|pair| pair[0]["data"]["tag"] == "recapt:script");
    let mark = |pair: &[Value]| {
        let what = pair[0]["data"]["payload"]["what"].as_str().unwrap();
        let next = match (
            &pair[1]["data"]["source"],
            &pair[1]["data"]["userTriggered"],
        ) {
            (Value::Number(source), _) if source.as_u64() == Some(2) => "click on Dead",
            (_, Value::Bool(false)) => "input by a script",
            _ => "something else",
        };
        format!("{what} before {next}")
    };
    marked.map(mark).collect()
}
