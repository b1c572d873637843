//! The bodies of recorders, small, with two events each.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Value, json};

pub(super) const AT: i64 = 1_795_983_857_615;

pub(super) fn page() -> Value {
    json!({"type": 4, "data": {"href": "https://shop.example/", "width": 1280, "height": 800}, "timestamp": AT})
}

pub(super) fn scroll() -> Value {
    json!({"type": 3, "data": {"source": 3, "id": 1, "x": 0, "y": 750}, "timestamp": AT + 500})
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn sentry_envelope(recording: &[u8]) -> Vec<u8> {
    let head = concat!(
        "{\"event_id\":\"0\",\"sdk\":{\"name\":\"sentry.javascript.browser\"}}\n",
        "{\"type\":\"replay_event\"}\n{\"type\":\"replay_event\",\"timestamp\":1795983863.121,\"urls\":[]}\n",
        "{\"type\":\"replay_recording\",\"length\":1}\n{\"segment_id\":0}\n"
    );
    [head.as_bytes(), recording, b"\n"].concat()
}

pub(super) fn rollbar() -> Value {
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
pub(super) fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut length = Vec::new();
    let mut rest = bytes.len();
    while rest > 0x7f {
        length.push(0x80 | (rest & 0x7f) as u8);
        rest >>= 7;
    }
    length.push(rest as u8);
    [&[number << 3 | 2][..], &length, bytes].concat()
}

/// An `ExportLogsServiceRequest` with these records: number of the event, fragment, of how many, text.
pub(super) fn hyperdx(records: &[(u8, u8, u8, &str)]) -> Vec<u8> {
    let number = |name: &str, number: u8| {
        let value = [&[0x21][..], &f64::from(number).to_bits().to_le_bytes()].concat();
        field(6, &[field(1, name.as_bytes()), field(2, &value)].concat())
    };
    let records = records.iter().map(|(event, fragment, of, text)| {
        let nanoseconds = (AT as u64 * 1_000_000).to_le_bytes();
        let record = [
            [&[0x09][..], &nanoseconds].concat(),
            field(5, &field(1, text.as_bytes())),
            number("rr-web.event", *event),
            number("rr-web.chunk", *fragment),
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

pub(super) fn log_records(records: &[(u8, u8, u8, &str)]) -> Value {
    let records: Vec<Value> = records
        .iter()
        .map(|(event, fragment, of, text)| {
            json!({"timeUnixNano": (AT * 1_000_000).to_string(), "body": {"stringValue": text}, "attributes": [
                {"key": "rr-web.event", "value": {"doubleValue": event}},
                {"key": "rr-web.chunk", "value": {"doubleValue": fragment}},
                {"key": "rr-web.total-chunks", "value": {"intValue": of.to_string()}}]})
        })
        .collect();
    json!({"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"logRecords": records}]}]})
}

pub(super) fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--boundary--\r\n");
    body
}

/// The same two events, as each recorder sends them.
pub(super) fn bodies() -> Vec<(&'static str, Vec<u8>)> {
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
