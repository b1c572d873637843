//! What holds whatever is sent.

#![allow(clippy::unwrap_used, clippy::panic)] // All of it is tests.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tracking::{
    Batch, BodyError, DropReason, Entry, Envelope, Nested, SourceSettings, Step, TrackedEvent,
};

const RECEIVED_AT: &str = "2026-11-30T12:00:00Z";

fn read(body: &[u8]) -> Result<Batch, BodyError> {
    let received_at = RECEIVED_AT.parse().unwrap();
    tracking::read(
        body,
        Envelope {
            call: None,
            received_at,
        },
    )
}

fn only_event(body: &str) -> TrackedEvent {
    match read(body.as_bytes()).unwrap().entries.remove(0) {
        Entry::Event(event) => event,
        Entry::Refused { reason, .. } => panic!("{reason}"),
    }
}

/// Any JSON, not too deep.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "20[0-9]{2}-0[1-9]-1[0-9](T10:00:00Z)?".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any_key(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Keys that mean something, and others.
fn any_key() -> impl Strategy<Value = String> {
    const WORDS: [&str; 37] = [
        "type",
        "messageId",
        "userId",
        "anonymousId",
        "groupId",
        "previousId",
        "event",
        "traits",
        "properties",
        "context",
        "integrations",
        "Intercom",
        "All",
        "timestamp",
        "originalTimestamp",
        "sentAt",
        "email",
        "name",
        "company",
        "companies",
        "createdAt",
        "phone",
        "revenue",
        "currency",
        "price",
        "id",
        "remove",
        "batch",
        "writeKey",
        "active",
        "ip",
        "device",
        "url",
        "value",
        "amount",
        "a.b",
        "$c",
    ];
    prop_oneof![
        4 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ]
}

fn any_event() -> impl Strategy<Value = Map<String, Value>> {
    let calls =
        prop::sample::select(&["identify", "track", "page", "screen", "group", "alias"][..]);
    (calls, vec((any_key(), any_value()), 0..12)).prop_map(|(call, pairs)| {
        let mut event: Map<String, Value> = pairs.into_iter().collect();
        event.insert("type".to_owned(), call.into());
        // With that it would be a batch.
        event.remove("batch");
        event
    })
}

/// What Intercom would refuse, or keep silent about.
fn assert_intercom_takes(step: &Step) {
    let is_flat = |value: &Value| !value.is_array() && !value.is_object();
    match step {
        Step::Contact(contact) => {
            assert!(contact.custom_attributes.len() <= 250);
            assert!(contact.custom_attributes.values().all(is_flat));
            assert!(
                !contact
                    .custom_attributes
                    .keys()
                    .any(|name| name.contains(['.', '$']))
            );
        }
        Step::Company { company, .. } => {
            assert!(!company.company_id.is_empty());
            assert!(company.custom_attributes.values().all(is_flat));
        }
        Step::Event(event) => {
            assert!(!event.event_name.is_empty());
            let metadata = &event.metadata.0;
            assert!(metadata.len() <= 10);
            let mut keys: Vec<&String> = metadata.iter().map(|(key, _)| key).collect();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), metadata.len());
        }
        Step::Alias {
            previous_id,
            user_id,
        } => assert_ne!(previous_id, user_id),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200), text in r#"[\[\]{}",:a-zN\\u0-9\-]{0,80}"#) {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
        let _ = read(format!("{{\"batch\":[{text}]}}").as_bytes());
    }

    #[test]
    fn whatever_an_event_says_intercom_is_told_what_it_takes(event in any_event(), flatten: bool) {
        let settings = SourceSettings {
            nested: if flatten { Nested::Flatten } else { Nested::Drop },
            include_context: true,
            ..SourceSettings::default()
        };
        let event = only_event(&Value::Object(event).to_string());
        prop_assert!(event.timestamp <= RECEIVED_AT.parse().unwrap());
        prop_assert!(!event.message_id.is_empty());
        if let Ok(plan) = tracking::plan(&event, &settings) {
            plan.steps.iter().for_each(assert_intercom_takes);
        }
    }

    #[test]
    fn a_stored_event_is_the_event(event in any_event()) {
        let event = only_event(&Value::Object(event).to_string());
        prop_assert!(TrackedEvent::from_stored(&event.to_stored()) == Ok(event));
    }

    #[test]
    fn bytes_that_are_no_stored_event_do_not_panic(bytes in vec(any::<u8>(), 0..80)) {
        let _ = TrackedEvent::from_stored(&bytes);
        let _ = TrackedEvent::from_stored(&[&[tracking::STORED_VERSION], bytes.as_slice()].concat());
    }

    /// The order of an event's keys says nothing, and of a key that comes twice the last one counts.
    #[test]
    fn keys_may_come_in_any_order_and_twice(event in any_event(), seed: u64) {
        let pairs: Vec<(&String, &Value)> = event.iter().collect();
        let written = |pairs: &[(&String, &Value)]| {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
            format!("{{{}}}", pairs.join(","))
        };
        let mut other = pairs.clone();
        let half = usize::try_from(seed % (other.len() as u64)).unwrap();
        other.rotate_left(half);
        let noise = json!("noise");
        let first = [(other[half / 2].0, &noise)];
        let twice: Vec<_> = first.into_iter().chain(other).collect();
        let mut one = only_event(&written(&pairs));
        let mut another = only_event(&written(&twice));
        // Without an id of its own, an event of other bytes is another.
        for event in [&mut one, &mut another] {
            if event.message_id.starts_with("derived-") {
                event.message_id.clear();
            }
        }
        prop_assert!(one == another);
    }

    /// What one event is does not depend on those beside it, whatever is wrong with them.
    #[test]
    fn the_other_events_of_a_batch_are_taken(
        event in any_event(),
        broken in prop::sample::select(&[
            "7", "null", "[]", "{}", r#"{"type":"other"}"#, "{\"type\":undefined}", "{'type':'track'}", "{\"a\":}",
            r#"{"type":"track","event":NaN}"#, r#"{"type":"track","event":"\ud83c"}"#, "{\"a\":\"\n\"}", "nope",
            r#"{"type":"track","traits":{"a":1,}}"#,
        ][..]),
    ) {
        let text = Value::Object(event).to_string();
        let batch = read(format!("{{\"batch\":[{broken},{text},{broken}]}}").as_bytes()).unwrap();
        prop_assert_eq!(batch.entries.len(), 3);
        let Entry::Event(taken) = &batch.entries[1] else { panic!("it was refused") };
        prop_assert!(*taken == only_event(&text));
    }
}

#[test]
fn an_event_that_is_too_large_or_too_deep_is_refused_by_itself() {
    let track = |text: &str| {
        format!(r#"{{"type":"track","messageId":"m-1","event":"E","properties":{{"a":{text}}}}}"#)
    };
    let large = track(&json!("x".repeat(tracking::MAX_EVENT_BYTES)).to_string());
    let deep = track(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)));
    for (event, expected) in [
        (large, DropReason::TooLarge),
        (deep, DropReason::Unreadable),
    ] {
        let batch = read(format!("[{event},{}]", track("1")).as_bytes()).unwrap();
        let [
            Entry::Refused {
                message_id,
                call,
                reason,
            },
            Entry::Event(_),
        ] = &batch.entries[..]
        else {
            panic!("{} entries", batch.entries.len());
        };
        assert_eq!((message_id.as_str(), *reason), ("m-1", expected));
        assert_eq!(call.map(tracking::Call::name), Some("track"));
    }
}

#[test]
fn a_context_that_is_not_quite_json_is_mended_and_a_broken_one_refuses_its_event() {
    for traits in [
        r#"{"email":"a@b.example","bio":"\ud83c"}"#,
        r#"{"email":"a@b.example","bio":"a","\ud83c":1}"#,
    ] {
        let event = only_event(&format!(
            r#"{{"type":"track","event":"E","context":{{"traits":{traits}}}}}"#
        ));
        assert_eq!(event.email.as_deref(), Some("a@b.example"), "{traits}");
        let batch = format!(
            r#"{{"batch":[{{"type":"track","event":"E"}}],"context":{{"traits":{traits}}}}}"#
        );
        assert_eq!(only_event(&batch).email.as_deref(), Some("a@b.example"));
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for broken in ["1e999", deep.as_str()] {
        let body = format!(
            r#"{{"type":"track","messageId":"m-1","event":"E","context":{{"traits":{{"a":{broken}}}}}}}"#
        );
        let entries = read(body.as_bytes()).unwrap().entries;
        assert!(
            matches!(&entries[..], [Entry::Refused { message_id, reason, .. }]
                if message_id == "m-1" && *reason == DropReason::Unreadable),
            "{broken}"
        );
    }
}

#[test]
fn a_batch_may_have_so_many_events_and_no_more() {
    let batch = |events: usize| format!("[{}]", vec!["{}"; events].join(","));
    assert_eq!(
        read(batch(tracking::MAX_EVENTS).as_bytes())
            .unwrap()
            .entries
            .len(),
        tracking::MAX_EVENTS
    );
    for body in [batch(tracking::MAX_EVENTS + 1), batch(1_000_000)] {
        assert_eq!(read(body.as_bytes()).err(), Some(BodyError::TooManyEvents));
    }
    assert!(read(br#"{"batch":[]}"#).unwrap().entries.is_empty());
}

#[test]
fn what_holds_no_event_is_refused_whole() {
    for (body, expected) in [
        ("", BodyError::NotJson),
        ("event=1", BodyError::NotJson),
        ("\"track\"", BodyError::NotJson),
        ("{\"type\":\"track\"", BodyError::NotJson),
        ("{}", BodyError::NoEvents),
        ("{\"batch\":7}", BodyError::NoEvents),
    ] {
        assert_eq!(read(body.as_bytes()).err(), Some(expected), "{body}");
    }
}
