//! Details as a teammate reads them.

use identity::AliasKind;
use identity::matching::Reason;
use replay::{Moment, MomentKind, NotRecorded};
use serde_json::Value;

use super::*;
use crate::view::testing::{components, frame, json, moment, person, possible, row, rows_of_table};

const START: &str = "2026-11-20T10:15:02Z";

fn drawn(row: &SessionRow) -> Vec<Value> {
    components(
        &details(
            row,
            &MatchEvidence::default(),
            &Others::new(),
            &frame(),
            &Position::default(),
        )
        .unwrap(),
    )
}

fn texts(components: &[Value]) -> Vec<&str> {
    components
        .iter()
        .filter_map(|component| component["text"].as_str())
        .collect()
}

/// The table below *In numbers*.
fn numbers_of(components: &[Value]) -> Vec<String> {
    let title = components
        .iter()
        .position(|component| component["text"] == "In numbers");
    rows_of_table(&components[title.unwrap() + 1])
}

fn moments_of(components: &[Value]) -> Vec<&str> {
    let title = components
        .iter()
        .position(|component| component["text"] == "Timeline");
    components[title.unwrap() + 1]["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["title"].as_str())
        .collect()
}

#[test]
fn a_session_is_told_from_top_to_bottom() {
    insta::assert_json_snapshot!(json(
        &details(
            &row("s1", START),
            &MatchEvidence::default(),
            &Others::new(),
            &frame(),
            &Position::default()
        )
        .unwrap()
    ));
}

fn link_to_copy() -> LinkToCopy {
    LinkToCopy {
        url: HttpsUrl::parse("https://app.example.com/sessions/s1?share=token").unwrap(),
        until: Some(moment("2026-11-27T12:00:00Z")),
    }
}

#[test]
fn the_link_can_be_selected_and_copied() {
    insta::assert_json_snapshot!(json(
        &link(
            &row("s1", START),
            &link_to_copy(),
            &frame(),
            &Position::default()
        )
        .unwrap()
    ));
}

#[test]
fn the_way_back_leads_to_where_the_list_was_left() {
    let row = row("s1", START);
    let there = Position::default()
        .more()
        .followed_by(Some(row.cursor.clone()))
        .more();
    let evidence = MatchEvidence::default();
    for canvas in [
        details(&row, &evidence, &Others::new(), &frame(), &there),
        link(&row, &link_to_copy(), &frame(), &there),
    ] {
        let json = json(&canvas.unwrap());
        assert_eq!(Position::of(&json["canvas"]["stored_data"]), there);
    }
}

#[test]
fn counts_of_an_incomplete_recording_are_lower_bounds() {
    let mut row = row("s1", START);
    row.summary.incomplete = true;
    let drawn = drawn(&row);
    assert!(texts(&drawn)[1].starts_with("Part of this recording was lost"));
    let rows = numbers_of(&drawn);
    assert!(rows.contains(&"Clicks at least 27".to_owned()));
    assert!(rows.contains(&"Duration 41s".to_owned()));
}

#[test]
fn what_the_recorder_does_not_tell_is_not_recorded_and_never_0() {
    let mut row = row("s1", START);
    row.summary.not_recorded = vec![NotRecorded::Errors, NotRecorded::Requests];
    row.summary.counts = Counts {
        error_clicks: None,
        js_errors: None,
        failed_requests: None,
        ..Counts::default()
    };
    let drawn = drawn(&row);
    assert_eq!(
        numbers_of(&drawn),
        [
            "Error clicks not recorded",
            "JS errors not recorded",
            "Failed requests not recorded",
            "Pages 2",
            "Duration 41s",
            "Active time 30s",
        ]
    );
}

#[test]
fn a_session_of_which_nothing_is_known_is_still_drawn() {
    let mut row = row("s1", START);
    let Summary {
        started_at,
        ended_at,
        ..
    } = row.summary;
    row.summary = Summary {
        duration_ms: 0,
        active_ms: 0,
        landing_url: None,
        last_url: None,
        events: 1,
        chunks: 1,
        device: Device::default(),
        pages: Vec::new(),
        counts: Counts::default(),
        timeline: Vec::new(),
        not_recorded: Vec::new(),
        incomplete: false,
        definitions: 1,
        story: String::new(),
        problems: Vec::new(),
        timeline_total: 0,
        started_at,
        ended_at,
    };
    assert_eq!(
        texts(&drawn(&row)),
        ["Nov 20, 2026 at 10:15AM UTC", "In numbers"]
    );
}

#[test]
fn what_is_not_certain_is_said_above_the_details() {
    let nobody = MatchEvidence::default();
    let possible = MatchEvidence {
        possible: Some(possible("ada", &[Reason::SamePage])),
        ..MatchEvidence::default()
    };
    let unverified = MatchEvidence {
        unverified: vec![person("ada")],
        ..MatchEvidence::default()
    };
    let conflict = MatchEvidence {
        certain: vec![AliasKind::VisitorId],
        conflict: Some(AliasKind::UserId),
        ..MatchEvidence::default()
    };
    for (evidence, note) in [
        (&nobody, "Timeline"),
        (
            &possible,
            "**Possible match (80%)**: same page at that moment. It may be somebody else’s.",
        ),
        (
            &unverified,
            "**Matched by email, not verified**: this session may be somebody else’s.",
        ),
        (
            &conflict,
            "**Several people used this browser**: this session may be any of theirs.",
        ),
    ] {
        let row = row("s1", START);
        let drawn = details(
            &row,
            evidence,
            &Others::new(),
            &frame(),
            &Position::default(),
        )
        .unwrap();
        assert!(texts(&components(&drawn)).contains(&note), "{note}");
    }
}

#[test]
fn where_not_everything_fits_the_worst_of_each_stretch_is_told_and_the_rest_is_counted() {
    let mut row = row("s1", START);
    let moment = |n: u64, kind, label: &str| Moment::new(n * 100, kind, format!("{label} {n}"), 1);
    row.summary.timeline = (0..38)
        .map(|n| moment(n, MomentKind::Page, "page"))
        .collect();
    row.summary
        .timeline
        .push(moment(38, MomentKind::RageClick, "Rage click"));
    row.summary
        .timeline
        .push(moment(39, MomentKind::Page, "page"));
    row.summary.timeline_total = 1_000;
    let components = drawn(&row);
    let titles = moments_of(&components);
    assert_eq!(titles.len(), MAX_MOMENTS);
    assert_eq!(
        (titles[0], titles[18], titles[19]),
        ("Opened page 0", "Rage click 38", "Opened page 39")
    );
    assert!(texts(&components).contains(&"980 more moments: open the recording"));

    row.summary.timeline = (0..40)
        .map(|n| moment(n, MomentKind::JsError, "Error"))
        .collect();
    assert_eq!(moments_of(&drawn(&row)).len(), MAX_MOMENTS);
}

#[test]
fn the_longest_summary_of_a_hostile_site_still_fits() {
    let mut row = row(&"s".repeat(128), START);
    let hostile = "[x](https://evil.example) **\u{202E}\"\n".repeat(20);
    for moment in &mut row.summary.timeline {
        moment.label.clone_from(&hostile);
    }
    row.summary.timeline = row
        .summary
        .timeline
        .iter()
        .cycle()
        .take(40)
        .cloned()
        .collect();
    for page in &mut row.summary.pages {
        page.url = format!("https://shop.example/{}", "\"é".repeat(150));
    }
    row.summary.pages = row.summary.pages.iter().cycle().take(50).cloned().collect();
    row.summary.device.browser = Some(hostile.clone());
    row.summary.device.os = Some(hostile);
    let components = drawn(&row);
    for text in texts(&components) {
        assert!(
            !text.contains("evil"),
            "foreign text belongs where no markup is drawn: {text}"
        );
    }
}
