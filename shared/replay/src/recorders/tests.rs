//! Bodies as recorders send them, small, with two events each.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{ChunkError, inspect_chunk, plain_events, summarize};

const AT: i64 = 1_795_983_857_615;

fn page() -> Value {
    json!({"type": 4, "data": {"href": "https://shop.example/", "width": 1280, "height": 800}, "timestamp": AT})
}

fn scroll() -> Value {
    json!({"type": 3, "data": {"source": 3, "id": 1, "x": 0, "y": 750}, "timestamp": AT + 500})
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn sentry_envelope(recording: &[u8]) -> Vec<u8> {
    let head = concat!(
        "{\"event_id\":\"0\",\"sdk\":{\"name\":\"sentry.javascript.browser\"}}\n",
        "{\"type\":\"replay_event\"}\n{\"type\":\"replay_event\",\"timestamp\":1795983863.121,\"urls\":[]}\n",
        "{\"type\":\"replay_recording\",\"length\":1}\n{\"segment_id\":0}\n"
    );
    [head.as_bytes(), recording, b"\n"].concat()
}

fn rollbar() -> Value {
    let span_event = |event: Value| {
        json!({"timeUnixNano": event["timestamp"].as_i64().unwrap() * 1_000_000, "name": "rrweb-replay-events",
            "attributes": [{"key": "eventType", "value": {"intValue": event["type"].to_string()}},
                {"key": "json", "value": {"stringValue": event["data"].to_string()}}]})
    };
    let events = [
        json!({"timeUnixNano": 5, "name": "rollbar-click-event", "attributes": [{"key": "type",
            "value": {"stringValue": "click"}}]}),
        span_event(page()),
        span_event(scroll()),
    ];
    json!({"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": [
        {"name": "rrweb-replay-recording", "attributes": [], "events": events}]}]}]})
}

/// A field of protobuf.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut length = Vec::new();
    let mut rest = bytes.len();
    while rest > 0x7f {
        length.push(0x80 | (rest & 0x7f) as u8);
        rest >>= 7;
    }
    length.push(rest as u8);
    [&[number << 3 | 2][..], &length, bytes].concat()
}

/// An `ExportLogsServiceRequest` with these records: number of the event, piece, of how many, text.
fn hyperdx(records: &[(u8, u8, u8, &str)]) -> Vec<u8> {
    let number = |name: &str, number: u8| {
        let value = [&[0x21][..], &f64::from(number).to_bits().to_le_bytes()].concat();
        field(6, &[field(1, name.as_bytes()), field(2, &value)].concat())
    };
    let records = records.iter().map(|(event, piece, of, text)| {
        let nanoseconds = (AT as u64 * 1_000_000).to_le_bytes();
        let record = [
            [&[0x09][..], &nanoseconds].concat(),
            field(5, &field(1, text.as_bytes())),
            number("rr-web.event", *event),
            number("rr-web.chunk", *piece),
            number("rr-web.total-chunks", *of),
        ];
        field(2, &record.concat())
    });
    let scope = [
        field(1, &field(1, b"rum.rr-web")),
        records.collect::<Vec<_>>().concat(),
    ]
    .concat();
    field(1, &[field(1, &[]), field(2, &scope)].concat())
}

fn log_records(records: &[(u8, u8, u8, &str)]) -> Value {
    let records: Vec<Value> = records
        .iter()
        .map(|(event, piece, of, text)| {
            json!({"timeUnixNano": (AT * 1_000_000).to_string(), "body": {"stringValue": text}, "attributes": [
                {"key": "rr-web.event", "value": {"doubleValue": event}},
                {"key": "rr-web.chunk", "value": {"doubleValue": piece}},
                {"key": "rr-web.total-chunks", "value": {"intValue": of.to_string()}}]})
        })
        .collect();
    json!({"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"logRecords": records}]}]})
}

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--boundary--\r\n");
    body
}

/// The same two events, as each recorder sends them.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let (page, scroll) = (page(), scroll());
    let events = json!([page, scroll]);
    let list = events.to_string();
    let texts = json!([page.to_string(), scroll.to_string()]);
    let cut = scroll.to_string();
    let (begun, ended) = cut.split_at(cut.len() / 2);
    let (whole, first, second) = (page.to_string(), (2, 1, 2, begun), (2, 2, 2, ended));
    let records = [(1, 1, 1, whole.as_str()), second, first];
    let highlight = json!({"events": {"events": events}, "messages": "{\"messages\":[]}",
        "resources": "{\"resources\":[{\"name\":\"https://shop.example/v.js\"}]}", "errors": []});
    let highlight = STANDARD.encode(gzip(highlight.to_string().as_bytes()));
    let text = |value: Value| value.to_string().into_bytes();
    vec![
        ("rrweb's guide", text(json!({"events": events}))),
        ("a list below an object", text(json!({"snapshots": events}))),
        (
            "a file of PostHog's",
            text(json!({"data": {"snapshots": events}})),
        ),
        ("lists in a list", text(json!([[page], [scroll]]))),
        ("a list as text", text(json!({"data": list}))),
        ("zlib", zlib(list.as_bytes())),
        ("gzip", gzip(list.as_bytes())),
        ("gzip twice", gzip(&gzip(list.as_bytes()))),
        (
            "PostHog",
            text(
                json!([{"event": "$snapshot", "properties": {"$snapshot_data": [page], "$lib": "web"}},
                {"event": "$snapshot", "properties": {"$snapshot_data": [scroll]}}]),
            ),
        ),
        (
            "one event of PostHog's",
            text(json!({"event": "$snapshot", "properties": {"$snapshot_data": events}})),
        ),
        ("Amplitude", text(json!({"version": 1, "events": texts}))),
        ("Sentry's envelope", sentry_envelope(&zlib(list.as_bytes()))),
        (
            "Sentry's envelope, not packed",
            sentry_envelope(list.as_bytes()),
        ),
        (
            "Sentry's recording",
            [&b"{\"segment_id\":3}\n"[..], &zlib(list.as_bytes())].concat(),
        ),
        ("Sentry's segments", text(json!([[page, scroll], []]))),
        ("Rollbar", text(rollbar())),
        (
            "highlight",
            text(
                json!({"operationName": "PushSessionEvents", "query": "mutation PushSessionEvents { }",
                "variables": {"payload_id": "5", "data": highlight}}),
            ),
        ),
        (
            "highlight before",
            text(
                json!({"operationName": "PushPayload", "variables": {"events": {"events": events},
                "messages": "{\"messages\":[]}", "errors": []}}),
            ),
        ),
        ("HyperDX", hyperdx(&records)),
        ("HyperDX, packed", gzip(&hyperdx(&records))),
        ("the same in JSON", text(log_records(&records))),
        (
            "Faro",
            text(json!({"meta": {"sdk": {"name": "faro"}}, "events": [
                {"name": "faro.session_recording.event", "attributes": {"event": page.to_string()}},
                {"name": "faro.session_recording.event", "attributes": {"event": scroll.to_string()}}]})),
        ),
        (
            "Statsig",
            text(
                json!({"events": [{"eventName": "statsig::session_replay", "metadata": {"rrweb_events": list}}]}),
            ),
        ),
        (
            "a form",
            form(&[("meta", b"{\"id\":7}"), ("events", &gzip(list.as_bytes()))]),
        ),
    ]
}

#[test]
fn events_are_found_in_the_body_of_every_recorder() {
    let expected = [page(), scroll()];
    for (name, body) in bodies() {
        let facts = inspect_chunk(&body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((facts.events, facts.is_plain), (2, false), "{name}");
        let plain = plain_events(&body).unwrap();
        let events: Vec<Value> = serde_json::from_slice(&plain).unwrap();
        assert_eq!(events, expected, "{name}");
        assert!(inspect_chunk(&plain).unwrap().is_plain, "{name}");
        assert_eq!(summarize(&body), summarize(&plain), "{name}");
    }
}

#[test]
fn what_is_around_events_may_be_nested_a_little() {
    let nested =
        |levels: usize| (0..levels).fold(json!([page()]), |inner, _| json!({"data": inner}));
    let events =
        |levels| inspect_chunk(nested(levels).to_string().as_bytes()).map(|facts| facts.events);
    assert_eq!(events(usize::from(super::MAX_LEVELS)), Ok(1));
    assert_eq!(
        events(usize::from(super::MAX_LEVELS) + 1),
        Err(ChunkError::NotEvents)
    );
}

#[test]
fn plain_events_stay_as_they_are() {
    let event = page().to_string();
    for plain in [
        format!("[{event}]"),
        format!("{event}\n{event}"),
        "[]".to_owned(),
    ] {
        let events = plain_events(plain.as_bytes()).unwrap();
        assert!(matches!(events, std::borrow::Cow::Borrowed(_)), "{plain}");
    }
}

#[test]
fn a_time_in_seconds_is_written_in_milliseconds() {
    let span = r#"{"type":5, "timestamp" : 1795983895.8487003,"data":{"tag":"performanceSpan"}}"#;
    let plain = plain_events(span.as_bytes()).unwrap();
    let expected = r#"[{"type":5, "timestamp" : 1795983895849,"data":{"tag":"performanceSpan"}}]"#;
    assert_eq!(String::from_utf8_lossy(&plain), expected);
}

#[test]
fn an_event_whose_pieces_are_in_two_bodies_is_not_lost() {
    let (page, scroll) = (page().to_string(), scroll().to_string());
    let (begun, ended) = scroll.split_at(40);
    let bodies = [
        hyperdx(&[(1, 1, 1, &page), (2, 1, 2, begun)]),
        hyperdx(&[(2, 2, 2, ended)]),
    ];
    let mut analyzer = crate::Analyzer::default();
    for body in &bodies {
        // As it is stored, and as the next run takes it up.
        analyzer.push_chunk(&plain_events(body).unwrap()).unwrap();
        analyzer = crate::Analyzer::from_state(&analyzer.to_state()).unwrap();
    }
    let summary = analyzer.summary().unwrap();
    assert_eq!((summary.events, summary.counts.scrolls), (2, 1));
}

#[test]
fn a_list_whose_slices_are_in_two_bodies_is_not_lost() {
    let list = json!([page(), scroll()]).to_string();
    let (begun, ended) = list.split_at(99);
    let body = |slice: &str, index: u8| {
        let metadata = json!({"rrweb_events": slice, "sliced_id": "a", "slice_index": index.to_string(),
            "slice_count": "2", "session_end_ts": (AT + 500).to_string()});
        json!({"events": [{"eventName": "statsig::session_recording", "metadata": metadata}]})
            .to_string()
    };
    for order in [[0, 1], [1, 0]] {
        let mut analyzer = crate::Analyzer::default();
        for index in order {
            let body = body([begun, ended][usize::from(index)], index);
            analyzer
                .push_chunk(&plain_events(body.as_bytes()).unwrap())
                .unwrap();
        }
        let summary = analyzer.summary().unwrap();
        assert_eq!(
            (summary.events, summary.counts.scrolls, summary.pages.len()),
            (2, 1, 1)
        );
    }
}

#[test]
fn a_buffer_that_is_sent_again_counts_once() {
    let event = |n: i64| json!({"type": 3, "data": {"source": 3, "id": 1, "x": 0, "y": n}, "timestamp": AT + n * 2_000});
    let list = |to: i64| json!((0..to).map(event).collect::<Vec<_>>()).to_string();
    let mut analyzer = crate::Analyzer::default();
    for to in [200, 400, 600, 600] {
        analyzer.push_chunk(list(to).as_bytes()).unwrap();
        analyzer = crate::Analyzer::from_state(&analyzer.to_state()).unwrap();
    }
    let summary = analyzer.summary().unwrap();
    assert_eq!((summary.events, summary.counts.scrolls), (600, 600));
}

#[test]
fn recordings_that_are_no_rrweb_are_refused_by_name() {
    let event = |kind: u8, data: Value| json!({"type": kind, "data": data, "timestamp": AT});
    let records = json!([event(3, json!({"source": 3, "id": 0, "x": 0, "y": 5}))]);
    let segment = json!({"records": records, "creation_reason": "init", "records_count": 1});
    let segment = segment.to_string();
    for (name, body) in [
        (
            "Datadog",
            form(&[
                ("segment", &zlib(segment.as_bytes())),
                ("event", b"{\"source\":\"browser\"}"),
            ]),
        ),
        ("Datadog", segment.into_bytes()),
        (
            "Datadog",
            json!([page(), event(2, json!([[11, ["HTML"]]]))])
                .to_string()
                .into_bytes(),
        ),
        (
            "Datadog",
            json!([page(), event(12, json!([[2, 38]]))])
                .to_string()
                .into_bytes(),
        ),
        (
            "Datadog",
            json!([event(6, json!({"has_focus": true}))])
                .to_string()
                .into_bytes(),
        ),
        (
            "Datadog",
            json!([event(8, json!({"scale": 1, "pageLeft": 0}))])
                .to_string()
                .into_bytes(),
        ),
        (
            "Datadog",
            json!([scroll(), {"type": 7, "timestamp": AT}])
                .to_string()
                .into_bytes(),
        ),
        (
            "Datadog",
            json!([page(), event(2, json!({"wireframes": []}))])
                .to_string()
                .into_bytes(),
        ),
        (
            "Clarity",
            json!({"e": ["0.8.70", 2, 157], "a": [[3120, 12, 22]]})
                .to_string()
                .into_bytes(),
        ),
        (
            "Clarity",
            json!({"e": ["0.8.70", 1, 5], "a": [], "p": []})
                .to_string()
                .into_bytes(),
        ),
        (
            "Splunk",
            log_records(&[(1, 1, 1, "{}")])
                .to_string()
                .replace("rr-web.event", "segmentMetadata")
                .into_bytes(),
        ),
        (
            "OpenReplay",
            b"\x51\x01\0\0\x96\xcf\xa4\x90\xc5\x68\x15https://shop.example/".to_vec(),
        ),
        (
            "FullStory",
            json!({"Seq": 1, "When": 5, "Evts": []})
                .to_string()
                .into_bytes(),
        ),
        ("binary", (0..=255).chain(0..=255).collect()),
    ] {
        match inspect_chunk(&body) {
            Err(ChunkError::NotRrweb { format }) => {
                assert!(format.contains(name), "{name}: {format}")
            }
            other => panic!("{name}: {other:?}"),
        }
        let packed = inspect_chunk(&gzip(&body));
        assert!(
            matches!(packed, Err(ChunkError::NotRrweb { .. })),
            "{name}, packed"
        );
    }
}

#[test]
fn what_looks_a_little_like_another_format_is_taken() {
    let event = |kind: u8, data: Value| json!({"type": kind, "data": data, "timestamp": AT});
    for events in [
        json!([event(
            7,
            json!({"url": "https://shop.example/a.png", "payload": {}})
        )]),
        json!([event(99, json!([1]))]),
        json!([event(2, json!({"node": {}})), event(2, json!({}))]),
        json!([event(
            6,
            json!({"plugin": "own/focus@1", "payload": {"has_focus": true}})
        )]),
        json!([event(2, Value::Null)]),
    ] {
        assert!(
            inspect_chunk(events.to_string().as_bytes()).is_ok(),
            "{events}"
        );
    }
}

#[test]
fn what_is_damaged_is_an_error_and_what_is_no_event_none() {
    let list = json!([page()]).to_string();
    let packed = zlib(list.as_bytes());
    let cut = &packed[..packed.len() - 6];
    let base64 = STANDARD.encode(&gzip(list.as_bytes())[..40]);
    for body in [
        cut.to_vec(),
        sentry_envelope(cut),
        json!({"data": base64}).to_string().into_bytes(),
    ] {
        assert_eq!(inspect_chunk(&body).unwrap_err(), ChunkError::BrokenPack);
    }
    for body in [
        json!([{"event": "$pageview", "properties": {"$current_url": "https://shop.example/"}}]),
        json!({"operationName": "PushMetrics", "variables": {"metrics": []}}).clone(),
        log_records(&[]),
        json!({"text": "[not JSON", "more": "{neither"}),
        json!({"data": "H4sIAAAA, a text that only begins like a packed one"}),
    ] {
        let result = inspect_chunk(body.to_string().as_bytes()).map(|facts| facts.events);
        assert!(
            matches!(result, Err(ChunkError::NotEvents) | Ok(0)),
            "{body}: {result:?}"
        );
    }
}

#[test]
fn a_bomb_within_a_body_stops_at_the_limit_however_it_is_nested() {
    let zeros = vec![b' '; 60 << 20];
    let bomb = zlib(&zeros);
    for body in [
        gzip(&bomb),
        form(&[("a", &bomb), ("b", &bomb)]),
        [&b"{}\n"[..], &bomb, &bomb].concat(),
        json!([STANDARD.encode(&bomb), STANDARD.encode(&bomb)])
            .to_string()
            .into_bytes(),
    ] {
        let result = inspect_chunk(&body);
        let is_bounded = matches!(
            result,
            Err(ChunkError::TooLarge { .. } | ChunkError::NotEvents)
        );
        assert!(is_bounded, "{result:?}");
    }
    let mut nested = json!([page()]).to_string().into_bytes();
    for _ in 0..100 {
        nested = gzip(&nested);
    }
    assert_eq!(inspect_chunk(&nested).unwrap_err(), ChunkError::NotEvents);
}

proptest! {
    #[test]
    fn a_damaged_body_is_survived(
        body in prop::sample::select(bodies()),
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        length in any::<prop::sample::Index>(),
    ) {
        let (_, mut body) = body;
        for (at, byte) in damages {
            let at = at.index(body.len());
            body[at] ^= byte;
        }
        if length.index(4) == 0 {
            body.truncate(length.index(body.len()));
        }
        if let Ok(plain) = plain_events(&body) {
            prop_assert_eq!(
                inspect_chunk(&plain).map(|facts| facts.events),
                inspect_chunk(&body).map(|facts| facts.events)
            );
        }
    }
}
