//! The list as a teammate meets it.

mod doubts;

use std::sync::LazyLock;

use identity::AliasKind;
use replay::{Counts, NotRecorded};
use serde_json::Value;

use super::*;
use crate::view::testing::{began, components, frame, json, row};

/// `count` sessions, an hour apart, the latest at eleven.
fn sessions(count: usize) -> Vec<SessionRow> {
    let session = |n: usize| {
        row(
            &format!("s{n}"),
            &format!("2026-11-20T{:02}:05:00Z", 11 - n),
        )
    };
    (0..count).map(session).collect()
}

static BY_EMAIL: LazyLock<MatchEvidence> = LazyLock::new(|| MatchEvidence {
    certain: vec![AliasKind::Email],
    ..MatchEvidence::default()
});

static NO_OTHERS: LazyLock<Others> = LazyLock::new(Others::new);

fn list(sessions: &[SessionRow]) -> SessionList<'_> {
    SessionList {
        evidence: &BY_EMAIL,
        told: None,
        others: &NO_OTHERS,
        position: Position::default(),
        sessions,
    }
}

fn labels(components: &[Value]) -> Vec<&str> {
    components
        .iter()
        .filter_map(|component| component["label"].as_str())
        .collect()
}

fn item_ids(components: &[Value]) -> Vec<&str> {
    let list = components
        .iter()
        .find(|component| component["type"] == "list");
    let items = list
        .and_then(|list| list["items"].as_array())
        .map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect()
}

#[test]
fn the_first_view_previews_the_latest_sessions() {
    let sessions = sessions(2);
    insta::assert_json_snapshot!(json(&draw(&list(&sessions), &frame()).unwrap()));
}

#[test]
fn the_first_view_starts_with_what_is_urgent() {
    let mut sessions = sessions(5);
    sessions[0] = row("s0", "2026-11-20T11:59:00Z");
    let beginning = began("2026-11-20T11:59:30Z");
    let mut list = list(&sessions);
    list.told = ToldSession::before(&sessions, &beginning);
    insta::assert_json_snapshot!(json(&draw(&list, &frame()).unwrap()));
}

#[test]
fn as_many_quiet_sessions_are_listed_as_fit() {
    let mut sessions = sessions(5);
    for row in &mut sessions {
        row.summary.counts = Counts::default();
        row.summary.problems.clear();
        row.summary.last_url = None;
    }
    let drawn = components(&draw(&list(&sessions), &frame()).unwrap());
    assert_eq!(item_ids(&drawn).len(), 5);
    assert_eq!(labels(&drawn), ["All 5 sessions"]);
}

#[test]
fn what_did_not_fit_is_behind_show_more() {
    let sessions = sessions(10);
    let drawn = components(&draw(&list(&sessions), &frame()).unwrap());
    assert!(item_ids(&drawn).len() < 10);
    assert_eq!(labels(&drawn), ["Show more", "All 10 sessions"]);
}

#[test]
fn no_button_of_the_first_view_is_primary() {
    let sessions = sessions(10);
    for component in components(&draw(&list(&sessions), &frame()).unwrap()) {
        assert!(
            component["type"] != "button" || component["style"] == "link",
            "{component}"
        );
    }
}

#[test]
fn a_page_shows_ten_and_the_ways_on_and_back() {
    let sessions = sessions(10);
    let mut list = list(&sessions);
    let oldest = sessions[9].cursor.clone();
    list.position = Position::default().more().followed_by(Some(oldest.clone()));
    let drawn = components(&draw(&list, &frame()).unwrap());
    assert_eq!(item_ids(&drawn).len(), 10);
    assert_eq!(labels(&drawn), ["Show more", "All sessions", "Back"]);

    list.position = list.position.more().followed_by(None);
    let canvas = draw(&list, &frame()).unwrap();
    assert_eq!(labels(&components(&canvas)), ["All sessions", "Newer"]);
    let trail = json(&canvas)["canvas"]["stored_data"]["trail"].clone();
    assert_eq!(trail, serde_json::json!([oldest.to_string()]));
}

#[test]
fn a_page_whose_sessions_are_gone_says_so_and_leads_back() {
    let mut list = list(&[]);
    let gone = row("s1", "2026-11-20T10:00:00Z").cursor;
    list.position = Position::default().more().followed_by(Some(gone)).more();
    let drawn = components(&draw(&list, &frame()).unwrap());
    assert_eq!(drawn[0]["text"], "There are no older sessions.");
    assert_eq!(labels(&drawn), ["All sessions", "Newer"]);
}

#[test]
fn what_went_wrong_is_told_in_words_and_what_did_not_happen_is_left_out() {
    let mut summary = row("s1", "2026-11-20T10:00:00Z").summary;
    assert_eq!(
        preview(&summary),
        "Pressed \"Add to wishlist\" 5 times and nothing happened; then POST /api/pay failed · \
         41s (30s active)"
    );
    summary.problems.clear();
    assert_eq!(
        preview(&summary),
        "41s (30s active) · 2 pages · 5 errors · 1 rage click · 2 dead clicks"
    );
    summary.counts = Counts {
        dead_clicks: 1,
        ..Counts::default()
    };
    summary.incomplete = true;
    assert_eq!(
        preview(&summary),
        "41s (30s active) · 2 pages · 1 dead click · incomplete"
    );
    summary.counts.js_errors = None;
    summary.not_recorded = vec![NotRecorded::Errors];
    assert_eq!(
        preview(&summary),
        "41s (30s active) · 2 pages · 1 dead click · JS errors not recorded · incomplete"
    );
}
