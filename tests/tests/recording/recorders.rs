//! Bodies of other recorders, as they send them.

use std::io::Write;

use serde_json::{Value, json};

use crate::stack::{Stack, chunk_request, cut, payload, recording};

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn posthog(events: &[u8]) -> Vec<u8> {
    let events: Value = serde_json::from_slice(events).unwrap();
    let body = json!([{"event": "$snapshot", "properties": {"$snapshot_data": events}}]);
    gzip(body.to_string().as_bytes())
}

fn sentry(events: &[u8]) -> Vec<u8> {
    let head =
        b"{\"event_id\":\"0\"}\n{\"type\":\"replay_recording\",\"length\":9}\n{\"segment_id\":0}\n";
    [&head[..], &zlib(events)].concat()
}

fn amplitude(events: &[u8]) -> Vec<u8> {
    let events: Vec<Value> = serde_json::from_slice(events).unwrap();
    let events: Vec<String> = events.iter().map(Value::to_string).collect();
    json!({"version": 1, "events": events})
        .to_string()
        .into_bytes()
}

#[tokio::test]
async fn the_body_of_another_recorder_gives_the_summary_of_its_events() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 3);
    for (seq, chunk) in (0..).zip(&chunks) {
        stack.upload("plain", seq, chunk).await;
    }
    stack.settle().await;
    let mut expected = stack.summary("plain").await;
    for (session, wrap) in [
        ("posthog", posthog as fn(&[u8]) -> Vec<u8>),
        ("sentry", sentry),
        ("amplitude", amplitude),
    ] {
        for (seq, chunk) in (0..).zip(&chunks) {
            let body = wrap(chunk);
            for duplicate in [false, true] {
                let sent = chunk_request(session, seq, body.clone(), None);
                let answer = stack.send(sent).await;
                assert_eq!(answer.status, 202, "{session}: {}", answer.json);
                assert_eq!(answer.json["duplicate"], duplicate, "{session}");
            }
        }
        stack.settle().await;
        expected["session_id"] = json!(session);
        assert_eq!(stack.summary(session).await, expected);
        let other = stack
            .send(chunk_request(session, 0, wrap(&payload(&[])), None))
            .await;
        assert!([400, 409].contains(&other.status), "{session}");
    }
}

#[tokio::test]
async fn a_recording_that_is_no_rrweb_is_refused_by_name() {
    let stack = Stack::start().await;
    let segment = json!({"records": [{"type": 4, "timestamp": 1_795_984_182_252_i64, "data": {"href": "https://a.example/"}}],
        "creation_reason": "init", "records_count": 1});
    let form = b"--b\r\nContent-Disposition: form-data; name=\"segment\"\r\n\r\n";
    let form = [
        &form[..],
        &zlib(segment.to_string().as_bytes()),
        b"\r\n--b--\r\n",
    ]
    .concat();
    for (body, whose) in [
        (form, "Datadog"),
        (
            b"{\"e\":[\"0.8.70\",2],\"a\":[[3120,12]]}".to_vec(),
            "Clarity",
        ),
        (
            b"\x51\x01\0\0\x96\xcf\xa4\x90\xc5\x68".to_vec(),
            "OpenReplay",
        ),
    ] {
        let answer = stack.send(chunk_request("s-1", 0, body, None)).await;
        assert_eq!((answer.status, answer.code()), (415, "not_rrweb"));
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(whose), "{message}");
    }
    assert_eq!(stack.next_delivery(), None, "nothing was asked for");
}
