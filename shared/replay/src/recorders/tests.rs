//! Bodies as recorders send them, and what is none.

mod bodies;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{ChunkError, inspect_chunk, plain_events, summarize};
use bodies::{AT, bodies, form, gzip, hyperdx, log_records, page, scroll, sentry_envelope, zlib};

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
fn an_event_whose_fragments_are_in_two_bodies_is_not_lost() {
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
    assert_eq!((summary.events, summary.duration_ms), (2, 500));
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
            (summary.events, summary.duration_ms, summary.pages.len()),
            (2, 500, 1)
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
    assert_eq!((summary.events, summary.duration_ms), (600, 599 * 2_000));
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
        json!({"e": [page()], "a": 1, "p": "page"}),
        json!({"events": [page()], "formula": "x^2 + y^2", "company": "eNoPowerCorporationLtd12"}),
        json!(["x^2", page()]),
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
        json!({"operationName": "PushMetrics", "variables": {"metrics": []}}),
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
