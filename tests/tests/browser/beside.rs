//! What stands around the picture of a recording: the bar, all that happened, the console, the network.

use std::path::Path;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

use crate::accessibility::grave_findings;
use crate::recordings::{counting_page, mouse, second};
use crate::viewer::an_hour_ago;
use crate::window::Window;

/// How long a visit is that has everything in it, minutes.
const MINUTES: i64 = 75;

/// An event of a recorder's plugin.
fn plugged(at: i64, plugin: &str, payload: &Value) -> Value {
    json!({ "type": 6, "timestamp": at, "data": { "plugin": plugin, "payload": payload } })
}

/// A line of the console, whose text is unlike that of any other.
fn logged(at: i64, level: &str, text: &str) -> Value {
    let trace = ["apply (https://shop.example/app.js:12:3)"];
    let payload = json!({ "level": level, "trace": trace, "payload": [json!(text).to_string()] });
    plugged(at, "rrweb/console@1", &payload)
}

fn asked(at: i64, name: &str, status: u16, duration: i64) -> Value {
    let request = json!({ "name": name, "initiatorType": "fetch", "entryType": "resource", "method": "GET",
        "status": status, "startTime": 0, "endTime": duration, "duration": duration });
    plugged(at, "rrweb/network@1", &json!({ "requests": [request] }))
}

/// A name of two letters, for what is told apart by words alone.
fn name(number: i64) -> String {
    let letter = |place: i64| char::from(b'a' + u8::try_from(place % 26).unwrap());
    format!("{}{}", letter(number / 26), letter(number))
}

/// A visit of 75 minutes, a chunk a minute, in which something new goes wrong every few seconds; nobody is at
/// the controls from the 20th minute to the 30th.
fn long_visit(start: i64) -> Vec<Vec<Value>> {
    let minute = |number: i64| {
        let first = number * 60;
        let mut events = counting_page(start, first);
        if (20..30).contains(&number) {
            return events;
        }
        events.extend(
            (first..first + 60)
                .step_by(3)
                .flat_map(|at| second(start, at)),
        );
        for part in 0..6 {
            let at = start + (first + part * 10) * 1_000 + 500;
            let name = name(number * 6 + part);
            events.push(logged(at, "error", &format!("Part {name} is not there")));
            events.push(logged(at + 10, "warn", &format!("Part {name} is old")));
            let status = if part == 0 { 500 } else { 200 };
            let url = format!("https://shop.example/api/{name}?token=secret");
            events.push(asked(at + 20, &url, status, 40 + part * 300));
        }
        events.sort_by_key(|event| event["timestamp"].as_i64());
        events
    };
    (0..MINUTES).map(minute).collect()
}

/// The page in both schemes, narrow and wide, and in colours that somebody has chosen for all pages.
async fn look_everywhere(viewer: &Window, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    let browser = &viewer.browser;
    for (scheme, is_forced) in [("light", false), ("dark", false), ("dark", true)] {
        browser.emulate_colours(scheme, is_forced).await;
        for (width, height) in [(1440, 1000), (320, 800)] {
            browser.lay_out(width, height).await;
            tokio::time::sleep(Duration::from_millis(250)).await;
            let forced = if is_forced { "-forced" } else { "" };
            let page = format!("{name}-{scheme}{forced}-{width}");
            let shot = BASE64_STANDARD.decode(browser.screenshot().await).unwrap();
            std::fs::write(folder.join(format!("{page}.png")), shot).unwrap();
            // axe cannot tell colours that the system has put in the place of the page's.
            if !is_forced {
                let findings = grave_findings(browser).await;
                assert!(findings.is_empty(), "{page}: {findings:#?}");
            }
            let overflow = "document.documentElement.scrollWidth > window.innerWidth";
            assert_eq!(
                browser.run(overflow).await,
                false,
                "{page} scrolls sideways"
            );
        }
    }
    browser.emulate_colours("light", false).await;
    browser.lay_out(1440, 1000).await;
}

/// What is at so many places of the bar, from its beginning to its end.
const UNDER_THE_POINTER: &str = "(() => {
    const { left, width, top, height } = document.querySelector('.track').getBoundingClientRect();
    const places = [...Array(41).keys()].map((place) => left + 1 + (place / 40) * (width - 2));
    return [...new Set(places.map((x) => document.elementFromPoint(x, top + height / 2).tagName))].join();
})()";

/// Marks that lie over each other, or over the slider.
const OVERLAPS: &str = "(() => {
    const boxes = [...document.querySelectorAll('.marks .sign, .bar input')].map((mark) => mark.getBoundingClientRect());
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom && b.top < a.bottom;
    return boxes.filter((box, index) => boxes.slice(index + 1).some((other) => meet(box, other))).length;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn a_long_visit_is_told_whole_and_its_sixtieth_minute_plays_at_once() {
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    viewer
        .record("long", &long_visit(an_hour_ago() - 3_600_000))
        .await;

    viewer.go("/sessions/long?t=3603").await;
    viewer.wait_for("playing").await;
    viewer.wait_for_recorded("second 36").await;
    browser.press(" ").await;
    viewer.wait_for("paused").await;
    let loaded = viewer.pieces_loaded().await;
    assert!(loaded <= 3, "{loaded} pieces of {MINUTES}");

    // All that happened is listed, of which little is in the page; the row of this minute is in sight.
    browser
        .wait_until(
            "Number(document.querySelector('#happened .count')?.innerText.split(' ')[0]) > 400",
        )
        .await;
    assert_eq!(browser.text("#happened .note").await, "");
    assert!(browser.count("#happened li").await < 150);
    let current = browser.text("#happened .moment[aria-current]").await;
    assert!(current.starts_with("1:00:"), "{current}");
    let current = "document.querySelector('#happened [aria-current]').getBoundingClientRect()";
    let list = "document.querySelector('#happened .scroll').getBoundingClientRect()";
    let is_in_sight = format!("{current}.top >= {list}.top && {current}.bottom <= {list}.bottom");
    browser.wait_until(&is_in_sight).await;

    // The bar takes the pointer everywhere, and says when it is.
    assert_eq!(browser.run(UNDER_THE_POINTER).await, "INPUT");
    assert_eq!(browser.run(OVERLAPS).await, 0);
    browser.click_at_share(".track", 0.333).await;
    let told = browser.text(".hint").await;
    assert!(told.starts_with("24:5"), "{told}");
    assert_eq!(viewer.position().await / 60, 24);
    assert_eq!(browser.text(".visited b").await, "https://shop.example/");
    browser
        .wait_until("location.search.includes('t=149')")
        .await;

    // The next problem, and the one before.
    browser.press("n").await;
    assert_eq!(viewer.position().await, 1_800);
    browser.press("p").await;
    assert_eq!(viewer.position().await, 1_190);
    browser.press("j").await;
    assert_eq!(viewer.position().await, 1_180);
    browser.press("l").await;
    assert_eq!(viewer.position().await, 1_190);

    look_everywhere(&viewer, "beside").await;

    // Through the list by the keyboard alone: to the last of it, and there.
    browser
        .inject("document.querySelector('#happened [tabindex=\"0\"]').focus()")
        .await;
    browser.press("End").await;
    browser.press("Enter").await;
    assert_eq!(viewer.position().await / 60, 74);
    let focused = browser
        .run("document.activeElement.closest('li').ariaPosInSet")
        .await;
    let all = browser
        .run("document.activeElement.closest('li').ariaSetSize")
        .await;
    assert_eq!(focused, all);

    // Filtered, and found.
    browser
        .find("#happened input")
        .await
        .send_keys("Part aa is")
        .await
        .unwrap();
    browser
        .wait_until("document.querySelector('#happened .count').innerText.startsWith('1 of ')")
        .await;
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn console_and_network_follow_the_recording_and_lead_through_it() {
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    let visit = long_visit(an_hour_ago()).into_iter().take(5);
    viewer.record("five", &visit.collect::<Vec<_>>()).await;
    viewer.go("/sessions/five?t=130").await;
    viewer.wait_for("playing").await;
    browser.press(" ").await;

    browser.click_label("Console").await;
    browser
        .wait_until("document.querySelector('#console .count').innerText === '60 lines'")
        .await;
    let current = browser.text("#console .moment[aria-current]").await;
    assert!(current.starts_with("2:"), "{current}");
    browser.click("#console option[value=Errors]").await;
    browser
        .wait_until("document.querySelector('#console .count').innerText === '30 of 60'")
        .await;
    browser
        .find("#console input")
        .await
        .send_keys("part ab")
        .await
        .unwrap();
    browser
        .wait_until("document.querySelector('#console .count').innerText === '1 of 60'")
        .await;
    browser.click("#console summary").await;
    let stack = browser.text("#console .stack li").await;
    assert_eq!(stack, "apply (https://shop.example/app.js:12:3)");
    browser.click("#console .moment").await;
    assert_eq!(viewer.position().await, 10);
    look_everywhere(&viewer, "console").await;

    browser.press("ArrowRight").await;
    browser
        .inject("document.querySelector('#console-tab').focus()")
        .await;
    browser.press("ArrowRight").await;
    browser
        .wait_until("document.querySelector('#network .count').innerText === '30 requests'")
        .await;
    for (choice, count) in [("Failed", 5), ("Slow", 10)] {
        browser
            .click(&format!("#network option[value={choice}]"))
            .await;
        let is_so =
            format!("document.querySelector('#network .count').innerText === '{count} of 30'");
        browser.wait_until(&is_so).await;
    }
    let row = browser.text("#network .moment").await;
    assert!(
        row.contains("slow: 1.2 s") && !row.contains("secret"),
        "{row}"
    );
    look_everywhere(&viewer, "network").await;
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_is_remembered_and_what_was_found_is_handed_on() {
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    let visit: Vec<_> = long_visit(an_hour_ago()).into_iter().take(2).collect();
    viewer.record("two", &visit).await;
    viewer.go("/sessions/two?t=65").await;
    viewer.wait_for("playing").await;
    browser.press(" ").await;
    browser.press(">").await;
    browser.press("s").await;
    browser.press("?").await;
    browser.find("#help[open]").await;
    look_everywhere(&viewer, "help").await;
    browser.press("?").await;

    // A browser that lets no page copy.
    browser.inject("navigator.clipboard.write = navigator.clipboard.writeText = () => Promise.reject(new Error('no'))").await;
    browser.press("c").await;
    browser.find("#by-hand[open]").await;
    let text = "document.querySelector('#by-hand textarea').value";
    let link = format!("{}/sessions/two?t=6", viewer.bundle.url());
    let copied = browser.run(text).await;
    assert!(copied.as_str().unwrap().starts_with(&link), "{copied}");
    let is_selected = "getSelection().toString() !== '' || document.activeElement.selectionEnd > 0";
    assert_eq!(browser.run(is_selected).await, true);
    browser.click("#by-hand .button").await;

    browser.click_label("Copy report to engineering").await;
    browser
        .wait_until(&format!("{text}.includes('### Environment')"))
        .await;
    let report = browser.run(text).await;
    let report = report.as_str().unwrap();
    for part in [
        "## Failed request: GET",
        "### Steps",
        "apply (https://shop.example/app.js:12:3)",
        "`GET https://shop.example/api/ag`: 500, 40 ms",
        "- Window: 1024 × 640",
        &link,
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    browser.click("#by-hand .button").await;

    viewer.go("/sessions/two").await;
    viewer.wait_for("playing").await;
    let chosen = "`${document.querySelector('.speed select').value} ${document.querySelector('.skip-idle input').checked}`";
    assert_eq!(browser.run(chosen).await, "2 false");
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_in_which_nobody_did_anything_are_leapt_over() {
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    let start = an_hour_ago() - 4 * 3_600_000;
    let three_hours = 3 * 3_600;
    let mut first = counting_page(start, 0);
    first.extend((0..5).flat_map(|at| second(start, at)));
    let mut chunks = vec![first];
    // The page goes on by itself, a piece every five minutes.
    chunks.extend((1..36).map(|part| counting_page(start, part * 300)));
    let mut last = counting_page(start, three_hours);
    last.extend((three_hours..three_hours + 20).flat_map(|at| second(start, at)));
    last.push(mouse(start + (three_hours + 21) * 1_000, 5));
    chunks.push(last);
    viewer.record("hours", &chunks).await;

    viewer.go("/sessions/hours?t=3").await;
    viewer.wait_for_recorded("second 108").await;
    assert!(viewer.position().await >= 10_800);
    let loaded = viewer.pieces_loaded().await;
    assert!(loaded <= 6, "{loaded} pieces of {}", chunks.len());
    assert_eq!(browser.run(UNDER_THE_POINTER).await, "INPUT");
    viewer.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_to_load_says_so_and_can_be_tried_again() {
    let viewer = Window::of_admin().await;
    let browser = &viewer.browser;
    let visit: Vec<_> = long_visit(an_hour_ago()).into_iter().take(40).collect();
    viewer.record("fails", &visit).await;
    for (blocked, said, place) in [
        ("*/recording", "The recording could not be loaded.", ".veil"),
        ("*/events/*", "The recording could not be loaded.", ".veil"),
        (
            "*/timeline",
            "The others could not be loaded.",
            "#happened .note",
        ),
    ] {
        browser.block(&[blocked]).await;
        viewer.go("/sessions/fails?t=1500").await;
        let is_said = format!("document.querySelector({place:?})?.innerText.includes({said:?})");
        browser.wait_long_until(&is_said).await;
        assert!(browser.count("#happened .moment").await > 5);
        browser.block(&[]).await;
        browser.click_label("Try again").await;
        browser.wait_until(&format!("!({is_said})")).await;
        viewer.wait_for("playing").await;
    }
    browser
        .wait_until("document.querySelector('#happened .note').innerText === ''")
        .await;
    // The console of a page whose requests are blocked is not quiet.
    browser.complaints().await;
    viewer.close().await;
}
