//! What stands beside a recording: all that happened, what the page logged and what it asked for.

use lambda_http::http::StatusCode;
use replay::Analyzer;
use serde_json::{Value, json};
use store::{Advance, Connection};

use crate::fixture::{Fixture, START, page};

const TIMELINE: &str = "/sessions/s1/timeline";

/// A line of the console, with a stack whose address has a query.
fn logged(at: i64, level: &str, text: &str) -> Value {
    let trace = ["apply (https://shop.example/app.js?key=secret:12:3)"];
    let payload = json!({ "level": level, "trace": trace, "payload": [json!(text).to_string()] });
    let data = json!({ "plugin": "rrweb/console@1", "payload": payload });
    json!({ "type": 6, "timestamp": START + at, "data": data })
}

fn asked(at: i64, url: &str, status: u16) -> Value {
    let request = json!({ "name": url, "initiatorType": "fetch", "entryType": "resource", "method": "POST",
        "status": status, "startTime": 0, "endTime": 70, "duration": 70 });
    let data = json!({ "plugin": "rrweb/network@1", "payload": { "requests": [request] } });
    json!({ "type": 6, "timestamp": START + at, "data": data })
}

/// A name of letters alone: by numbers no two problems differ.
fn name(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| char::from(digit - b'0' + b'k'))
        .collect()
}

/// Chunks of ten seconds, in each of which so many things go wrong that no two are alike.
fn much(chunks: u32, errors: usize) -> Vec<(u32, Vec<Value>)> {
    let chunk = |seq: u32| {
        let at = i64::from(seq) * 10_000;
        let mut events = page(&format!("https://shop.example/{}", name(seq as usize)), at);
        events.extend((0..errors).map(|number| {
            let place = at + 600 + i64::try_from(number).unwrap();
            let name = name(seq as usize * errors + number);
            logged(place, "error", &format!("No {name}"))
        }));
        (seq, events)
    };
    (0..chunks).map(chunk).collect()
}

async fn shop(chunks: &[(u32, Vec<Value>)]) -> (Fixture, Connection, String) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let organization = &connection.organization;
    fixture.record(organization, "s1", &[], chunks).await;
    let cookie = fixture.cookie(&connection);
    (fixture, connection, cookie)
}

fn analyzer(chunks: &[(u32, Vec<Value>)]) -> Analyzer {
    let mut analyzer = Analyzer::default();
    for (_, events) in chunks {
        let payload = json!(events).to_string();
        analyzer.push_chunk(payload.as_bytes()).unwrap();
    }
    analyzer
}

/// Keeps the analyzer's state after these chunks, as a run does.
async fn keep_state(fixture: &Fixture, connection: &Connection, chunks: &[(u32, Vec<Value>)]) {
    let sessions = fixture.store().of(&connection.organization).sessions();
    let session = identity::SessionId::parse("s1").unwrap();
    let begun = sessions.begin_summary(&session, fixture.now()).await;
    let progress = begun.unwrap().unwrap();
    let analyzer = analyzer(chunks);
    let recordings = &fixture.state.recordings;
    let state = analyzer.to_state();
    let state = recordings.write_state(&progress, &state).await;
    let advance = Advance {
        next_seq: u32::try_from(chunks.len()).unwrap(),
        state: Some(state.unwrap()),
        summary: analyzer.summary(),
        before: None,
        received_at: fixture.now(),
        skipped: Vec::new(),
    };
    let saved = recordings.save_summary(&progress, &advance, fixture.now());
    saved.await.unwrap();
}

/// The moments of an answer without what the viewer adds to them.
fn bare(timeline: &Value) -> Value {
    let mut moments = timeline["moments"].clone();
    for moment in moments.as_array_mut().unwrap() {
        let moment = moment.as_object_mut().unwrap();
        assert!(moment.remove("text").is_some_and(|text| text.is_string()));
        moment.remove("idle_ms");
    }
    moments
}

#[tokio::test]
async fn the_whole_timeline_is_that_of_all_chunks_wherever_it_begins() {
    let chunks = much(6, 50);
    let (fixture, connection, cookie) = shop(&chunks).await;
    let expected = analyzer(&chunks).timeline();
    assert!(expected.is_complete && expected.moments.len() > 300);
    // A state that nobody can read, then a good one, then one that is lost.
    for kept in [0, 4, 6] {
        if kept > 0 {
            keep_state(&fixture, &connection, &chunks[..kept]).await;
        }
        let answer = fixture.get(TIMELINE, Some(&cookie)).await;
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        let timeline = answer.json();
        assert_eq!(timeline["complete"], true, "{kept}");
        assert_eq!(bare(&timeline), json!(expected.moments), "{kept}");
    }
    let index = fixture.get("/sessions/s1/recording", Some(&cookie)).await;
    let index = index.json();
    assert_eq!(index["timeline_total"], expected.moments.len());
    assert!(index["timeline"].as_array().unwrap().len() < 200);
}

#[tokio::test]
async fn what_was_lost_is_left_out_of_a_timeline_and_the_rest_is_there() {
    let mut chunks = much(4, 2);
    chunks.remove(1);
    let (fixture, _, cookie) = shop(&chunks).await;
    let timeline = fixture.get(TIMELINE, Some(&cookie)).await.json();
    assert_eq!(bare(&timeline), json!(analyzer(&chunks).timeline().moments));
}

#[tokio::test]
async fn a_timeline_that_would_take_too_long_is_the_summarys() {
    let mut chunks = much(2, 90);
    let noise = json!({ "source": 99, "noise": "a".repeat(66 << 20) });
    chunks[1]
        .1
        .push(json!({ "type": 3, "timestamp": START + 19_000, "data": noise }));
    let (fixture, _, cookie) = shop(&chunks).await;
    let timeline = fixture.get(TIMELINE, Some(&cookie)).await.json();
    assert_eq!(timeline["complete"], false);
    let index = fixture.get("/sessions/s1/recording", Some(&cookie)).await;
    assert_eq!(timeline["moments"], index.json()["timeline"]);
}

#[tokio::test]
async fn a_log_comes_in_parts_and_whole() {
    let chunks = much(4, 1_500);
    let (fixture, _, cookie) = shop(&chunks).await;
    let mut lines = Vec::new();
    let mut parts = 0;
    let mut next = json!(0);
    while let Some(from) = next.as_u64() {
        let target = format!("/sessions/s1/log?from={from}");
        let answer = fixture.get(&target, Some(&cookie)).await;
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        let log = answer.json();
        let told = log["lines"].as_array().unwrap().iter();
        lines.extend(told.map(|line| line["text"].clone()));
        assert_eq!(log["complete"], true);
        next = log["next"].clone();
        assert!(next.is_null() || log["until"] == next, "{next}");
        parts += 1;
    }
    let expected = (0..6_000).map(|number| json!(format!("No {}", name(number))));
    assert_eq!(lines, expected.collect::<Vec<_>>());
    assert_eq!(parts, 2);
}

#[tokio::test]
async fn a_log_tells_what_was_logged_and_asked_for_and_nothing_that_is_secret() {
    let mut events = page("https://shop.example/", 0);
    events.push(logged(600, "warn", "Old price of ada@example.com"));
    let url = "https://shop.example/api/cart?token=tok-secret-771";
    events.push(asked(700, url, 500));
    let (fixture, _, cookie) = shop(&[(0, events)]).await;
    let answer = fixture.get("/sessions/s1/log", Some(&cookie)).await;
    let log = answer.json();
    let line = &log["lines"][0];
    assert_eq!(line["at"], START + 600);
    assert_eq!(line["level"], "warn");
    assert_eq!(line["text"], "Old price of […]");
    let stack = json!(["apply (https://shop.example/app.js:12:3)"]);
    assert_eq!(line["stack"], stack);
    let request = &log["requests"][0];
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"], "https://shop.example/api/cart");
    assert_eq!(request["status"], 500);
    assert_eq!(request["duration_ms"], 70);
    assert_eq!(request["outcome"], "refused");
    assert_eq!(log["next"], Value::Null);
    assert_eq!(log["until"], 1);
    assert!(!answer.body.contains("secret") && !answer.body.contains("ada@"));
    for strange in ["x", "-1", "4294967296", "1.5"] {
        let target = format!("/sessions/s1/log?from={strange}");
        let answer = fixture.get(&target, Some(&cookie)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{strange}");
    }
    let beyond = fixture.get("/sessions/s1/log?from=7", Some(&cookie)).await;
    let empty = json!({ "lines": [], "requests": [], "complete": true, "next": null, "until": 7 });
    assert_eq!(beyond.json(), empty);
}

/// Lines of a thousand letters, each of which takes three bytes.
fn long_lines(seq: u32, lines: i64) -> (u32, Vec<Value>) {
    let at = i64::from(seq) * 10_000;
    let mut events = page("https://shop.example/", at);
    let long = "価格は高い ".repeat(200);
    events.extend((0..lines).map(|line| logged(at + line, "log", &format!("{line} {long}"))));
    (seq, events)
}

#[tokio::test]
async fn a_log_of_long_lines_is_bounded_by_its_bytes() {
    let chunks = [long_lines(0, 700), long_lines(1, 700), long_lines(2, 1_900)];
    let (fixture, _, cookie) = shop(&chunks).await;
    for (from, until, is_whole) in [(0, 1, true), (1, 2, true), (2, 3, false)] {
        let target = format!("/sessions/s1/log?from={from}");
        let answer = fixture.get(&target, Some(&cookie)).await;
        assert!(answer.body.len() < 3_200_000, "{}", answer.body.len());
        let log = answer.json();
        assert_eq!(log["until"], until);
        assert_eq!(log["complete"], is_whole, "{from}");
        let lines = log["lines"].as_array().unwrap();
        assert!(lines.len() >= 700, "{}", lines.len());
        assert!(lines[0]["text"].as_str().unwrap().starts_with("0 "));
    }
}
