//! Recordings that somebody wrote to do harm: too deep, too many, too large once unpacked, or against all
//! rules.

use replay::{Analyzer, ChunkError, inspect_chunk};

use crate::events::{
    START, added, click, element, event, gzipped, logged, meta, packed, page, payload,
};
use crate::survival::assert_survived;

/// More than any bound has room for.
const MANY: u64 = 100_000;

/// Arrays and objects may stand in one another so deep.
const MAX_DEPTH: usize = 1_024;

/// The summary of a payload that can be read.
fn summary(payload: &str) -> replay::Summary {
    replay::summarize(payload.as_bytes()).unwrap().unwrap()
}

#[test]
fn a_hundred_thousand_clicks_are_counted() {
    let button = element("button", 4, "");
    let clicks = (0..MANY).map(|n| click(START + 100 * n, 4));
    let events = payload(
        [meta(START, "https://a.example/"), page(&button)]
            .into_iter()
            .chain(clicks),
    );
    assert_survived(events.as_bytes());
    assert_eq!(summary(&events).counts.clicks, MANY);
}

#[test]
fn a_hundred_thousand_different_messages_are_counted_and_some_are_kept() {
    let letters = |n: u64| {
        n.to_string()
            .bytes()
            .map(|digit| char::from(digit - b'0' + b'a'))
            .collect::<String>()
    };
    let events = payload((0..MANY).map(|n| logged(START + n, &format!("failed: {}", letters(n)))));
    assert_survived(events.as_bytes());
    let summary = summary(&events);
    assert_eq!(summary.counts.console_errors, Some(MANY));
    assert!(summary.timeline.len() <= replay::definitions::MAX_TIMELINE);
}

#[test]
fn of_a_hundred_thousand_pages_the_first_and_the_latest_are_kept() {
    let address = |n: u64| format!("https://a.example/{n}");
    let events = payload((0..MANY).map(|n| meta(START + 10 * n, &address(n))));
    assert_survived(events.as_bytes());
    let summary = summary(&events);
    assert_eq!(summary.pages.len(), replay::definitions::MAX_PAGES);
    assert_eq!(summary.landing_url, Some(address(0)));
    assert_eq!(summary.last_url, Some(address(MANY - 1)));
}

#[test]
fn long_texts_are_cut_wherever_they_end_up() {
    for character in ["a", "\u{1F600}", "\u{1}", "\"", "%", "@", "/", "a@b."] {
        let long = character.repeat(2_000);
        let text = serde_json::json!({"type": 3, "textContent": long, "id": 5}).to_string();
        let mut events = vec![
            meta(START, "https://a.example/"),
            page(&element("button", 4, &text)),
        ];
        for n in 0..60 {
            let at = START + 40_000 * n;
            events.push(click(at, 4));
            events.push(logged(at + 1, &format!("{n}{long}")));
            let address = format!("https://a.example/{n}/{long}");
            events.push(event(
                4,
                at + 2,
                &serde_json::json!({"href": address, "width": 1, "height": 1}).to_string(),
            ));
        }
        assert_survived(payload(events).as_bytes());
    }
}

#[test]
fn nesting_is_bounded_by_an_error_and_not_by_the_stack() {
    let array = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let data = |levels: usize| payload([event(9, START, &array(levels))]);
    assert_eq!(summary(&data(MAX_DEPTH / 2)).events, 1);
    for levels in [MAX_DEPTH, MAX_DEPTH + 1, 1_000_000] {
        let error = inspect_chunk(data(levels).as_bytes()).unwrap_err();
        assert!(
            matches!(error, ChunkError::TooDeep { .. }),
            "{levels}: {error}"
        );
        assert_survived(data(levels).as_bytes());
    }
    for opening in [
        "[",
        "{\"data\":[",
        "[\"w\",[",
        "{\"type\":2,\"data\":{\"node\":{\"childNodes\":[",
    ] {
        assert_survived(opening.repeat(100_000).as_bytes());
    }
    let page = |levels: usize| {
        (0..levels).fold(String::new(), |inner, id| {
            element("p", 10 + id as u64, &inner)
        })
    };
    for levels in [400, 600] {
        assert_survived(
            payload([crate::events::page(&page(levels)), click(START + 1, 10)]).as_bytes(),
        );
    }
}

#[test]
fn a_page_of_one_long_chain_is_walked() {
    let nodes: Vec<_> = (0..5_000)
        .map(|n| (n.max(3).to_string(), element("p", n + 1, "")))
        .collect();
    let adds = nodes
        .iter()
        .skip(3)
        .map(|(parent, node)| (parent.as_str(), "null", node.as_str()));
    let clicks = (0..20).map(|n| click(START + 100 * n, 5_000));
    let events = [page(""), added(START + 1, adds)].into_iter().chain(clicks);
    assert_survived(payload(events).as_bytes());
}

#[test]
fn nodes_that_are_their_own_parents_or_siblings_end_no_walk() {
    let ids = [
        "0",
        "-1",
        "1",
        "2",
        "3",
        "4",
        "5",
        "4294967295",
        "9007199254740992",
        "null",
        "\"4\"",
        "1.5",
    ];
    for parent in ids {
        for next in ids {
            for id in ids {
                let node = format!(
                    r#"{{"type":2,"tagName":"button","childNodes":[{}],"id":{id}}}"#,
                    element("p", 4, "")
                );
                let add = || {
                    [
                        (parent, next, node.as_str()),
                        (id, next, node.as_str()),
                        (id, parent, node.as_str()),
                    ]
                };
                let clicked = event(
                    3,
                    START + 5,
                    &format!(r#"{{"source":2,"type":2,"id":{id}}}"#),
                );
                let events = [
                    page(&node),
                    added(START + 2, add()),
                    added(START + 3, add()),
                    clicked,
                ];
                assert_survived(payload(events).as_bytes());
            }
        }
    }
}

#[test]
fn times_that_no_clock_shows_are_survived() {
    let times = [
        "0",
        "-1",
        "-1e300",
        "1e300",
        "0.5",
        "1795215107989.7",
        "9223372036854775807",
        "253402300799999",
        "253402300800000",
        "NaN",
        "null",
        "\"1795215107989\"",
        "true",
        "[]",
    ];
    for first in times {
        for second in times {
            let event = |at: &str| {
                format!(r#"{{"type":4,"data":{{"href":"https://a.example/"}},"timestamp":{at}}}"#)
            };
            assert_survived(
                payload([event(first), event(second), event("1795215107990")]).as_bytes(),
            );
        }
    }
}

#[test]
fn a_zip_bomb_is_refused_and_what_came_before_it_is_kept() {
    let bomb = " ".repeat(replay::definitions::MAX_UNPACKED_BYTES + 1);
    let good = meta(START, "https://a.example/");
    let as_event = serde_json::json!(packed(&bomb)).to_string();
    let data = serde_json::json!({"source": 0, "adds": gzipped(&bomb)});
    let as_field = format!(r#"{{"type":3,"data":{data},"timestamp":{START},"cv":"2024-10"}}"#);
    for bomb in [as_event, as_field] {
        assert!(bomb.len() < 600_000, "small as sent");
        let payload = payload([good.clone(), bomb]);
        let mut analyzer = Analyzer::default();
        let error = analyzer.push_chunk(payload.as_bytes()).unwrap_err();
        assert!(matches!(error, ChunkError::TooLarge { .. }), "{error}");
        let summary = analyzer.summary().unwrap();
        assert_eq!((summary.events, summary.incomplete), (1, true));
    }
}

#[test]
fn many_small_bombs_share_one_allowance() {
    let megabytes = replay::definitions::MAX_UNPACKED_BYTES / 1_000_000;
    let bomb = serde_json::json!(packed(&" ".repeat(1_000_000))).to_string();
    let payload = payload(vec![bomb; megabytes + 1]);
    assert!(matches!(
        inspect_chunk(payload.as_bytes()),
        Err(ChunkError::TooLarge { .. })
    ));
}
