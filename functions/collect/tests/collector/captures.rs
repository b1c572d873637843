//! What real clients have sent, sent once more: the requests lie beside the repository.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::Body;
use lambda_http::http::{Method, Request};
use outbox::EventType;
use serde_json::Value;

use crate::fixture::Collector;

/// The key that they were told.
const KEY: &str = "WK";

fn captured() -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/destinations");
    let mut requests = Vec::new();
    for file in ["client-captures.jsonl", "client-captures-2.jsonl"] {
        let text = std::fs::read_to_string(folder.join(file)).ok()?;
        requests.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
    }
    Some(requests)
}

fn request_of(captured: &Value) -> Option<Request<Body>> {
    let target = captured["url"].as_str()?.strip_prefix('/')?;
    let method: Method = captured["method"].as_str()?.parse().ok()?;
    let mut request = Request::builder()
        .method(method)
        .uri(format!("https://api.example/{target}"));
    let mut is_packed = false;
    for (name, value) in captured["headers"].as_object()? {
        let (name, value) = (name.to_lowercase(), value.as_str()?);
        is_packed |= name == "content-encoding" && value == "gzip";
        if name != "content-length" {
            request = request.header(name, value);
        }
    }
    let body = match &captured["decoded_body"] {
        Value::String(text) => text.clone(),
        body => body.to_string(),
    };
    let body = match is_packed {
        true => gzip(body.as_bytes()),
        false => body.into_bytes(),
    };
    Some(request.body(Body::Binary(body)).unwrap())
}

fn gzip(payload: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(payload).unwrap();
    encoder.finish().unwrap()
}

/// The events of a request that say their ids.
fn ids(captured: &Value) -> impl Iterator<Item = String> {
    let body = &captured["decoded_body"];
    let batch = body["batch"].as_array().cloned();
    let events = batch.unwrap_or_else(|| vec![body.clone()]);
    events
        .into_iter()
        .filter_map(|event| event["messageId"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn whatever_real_clients_send_is_stored() {
    let Some(captured) = captured() else {
        eprintln!("skipped: the captured requests are not there");
        return;
    };
    let collector = Collector::start().await;
    for (key, source) in [(KEY, "captured"), ("sk_us_abc123", "bearer")] {
        collector.add_server(key, source).await;
    }
    let (mut expected, mut sent) = (BTreeSet::new(), 0);
    // One client has no way to be told a key: it sends the word "object".
    let has_key = |request: &Value| {
        let authorization = request["headers"]["authorization"]
            .as_str()
            .unwrap_or_default();
        let encoded = authorization.strip_prefix("Basic ").unwrap_or_default();
        let decoded = STANDARD.decode(encoded).unwrap_or_default();
        !decoded.starts_with(b"[object")
    };
    for captured in captured.iter().filter(|request| has_key(request)) {
        let Some(request) = request_of(captured) else {
            continue;
        };
        let (what, is_told) = (captured["client"].clone(), request.method() == Method::POST);
        let wanted = request.headers().get("access-control-request-headers");
        let wanted = wanted.map(|names| names.to_str().unwrap().to_lowercase());
        let answer = collector.send(request).await;
        match &wanted {
            Some(wanted) => {
                let allowed = answer.header("access-control-allow-headers").unwrap();
                let allowed = allowed.to_lowercase();
                for name in wanted.split(',').map(str::trim) {
                    assert!(
                        allowed.split(", ").any(|allowed| allowed == name),
                        "{what} {name}"
                    );
                }
            }
            None if is_told => assert!(answer.is_taken(), "{what} {answer:?}"),
            None => assert!(answer.0.status().is_success(), "{what} {answer:?}"),
        }
        if is_told {
            sent += 1;
            expected.extend(ids(captured));
        }
    }
    assert!(sent > 80, "{sent} requests");
    let stored: BTreeSet<_> = collector.stored().await.into_keys().collect();
    let mut lost = Vec::new();
    for id in expected.difference(&stored) {
        let known = collector.delivery(id).await;
        let event_type = known.and_then(|delivery| delivery.event_type);
        // Those are decided at once.
        if !matches!(event_type, Some(EventType::Page | EventType::Screen)) {
            lost.push(id);
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}
