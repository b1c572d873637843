//! What the views' tests have in common: one session, made by hand.

use identity::matching::{PossibleMatch, Reason};
use identity::{OrganizationId, PersonId, SessionId, WorkspaceId};
use intercom::HttpsUrl;
use intercom::canvas::{Canvas, contract::violations};
use jiff::{SignedDuration, Timestamp};
use replay::{Counts, Device, Fingerprint, Moment, MomentKind, Page, Problem, Summary, Viewport};
use serde_json::Value;
use store::{Connection, SessionCursor, SessionRow, WorkspaceProfile};

use super::frame::{Frame, Links};
use crate::beginning::Beginning;
use pages::addresses::Pages;

/// A moment as RFC 3339 has it.
pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A conversation that began then, nobody knows where.
pub(crate) fn began(at: &str) -> Beginning {
    Beginning {
        at: moment(at),
        page: None,
    }
}

/// Somebody.
pub(crate) fn person(name: &str) -> PersonId {
    PersonId::parse(name).unwrap()
}

/// A session that may be this person's.
pub(crate) fn possible(name: &str, reasons: &[Reason]) -> PossibleMatch {
    PossibleMatch {
        session: SessionId::parse("s0").unwrap(),
        person: person(name),
        confidence: 80,
        reasons: reasons.to_vec(),
        matched_at: moment("2026-11-20T11:59:30Z"),
    }
}

/// A connected workspace in UTC.
pub(crate) fn connection() -> Connection {
    let workspace = WorkspaceId::parse("local").unwrap();
    let organization = OrganizationId::of_first_workspace(&workspace);
    Connection::new(
        workspace,
        organization,
        WorkspaceProfile {
            name: "Shop".to_owned(),
            region: store::WorkspaceRegion::Us,
            timezone: store::WorkspaceTimeZone::of("UTC"),
        },
    )
}

/// Noon in that workspace.
pub(crate) fn frame() -> Frame {
    let host = HttpsUrl::parse("https://app.example.com").unwrap();
    let links = Links::new(Pages::on(&host));
    Frame::new(&connection(), links, moment("2026-11-20T12:00:00Z"))
}

/// Ada's session of 41 seconds on a shop where most things went wrong.
pub(crate) fn row(session: &str, started_at: &str) -> SessionRow {
    let started_at = moment(started_at);
    let ended_at = started_at + SignedDuration::from_secs(41);
    SessionRow {
        cursor: SessionCursor::parse(&format!("{}:{session}", started_at.as_millisecond()))
            .unwrap(),
        person: person("ada"),
        session_id: SessionId::parse(session).unwrap(),
        summary: summary(started_at, ended_at),
        received_at: ended_at,
    }
}

fn summary(started_at: Timestamp, ended_at: Timestamp) -> Summary {
    let page = |url: &str, at_ms, dwell_ms| Page {
        url: url.to_owned(),
        at_ms,
        dwell_ms,
    };
    Summary {
        started_at,
        ended_at,
        duration_ms: 41_000,
        active_ms: 30_120,
        landing_url: Some("https://shop.example/".to_owned()),
        last_url: Some("https://shop.example/cart".to_owned()),
        events: 269,
        chunks: 3,
        device: Device {
            browser: Some("Chrome".to_owned()),
            browser_version: Some("156".to_owned()),
            os: Some("Linux".to_owned()),
            language: Some("en-US".to_owned()),
            timezone: Some("Europe/Dublin".to_owned()),
            viewport: Some(Viewport {
                width: 1_280,
                height: 800,
            }),
        },
        pages: vec![
            page("https://shop.example/", 0, 8_000),
            page("https://shop.example/cart", 8_000, 33_000),
        ],
        counts: Counts {
            clicks: 27,
            scrolls: 2,
            fields_edited: 4,
            rage_clicks: 1,
            dead_clicks: 2,
            slow_clicks: 1,
            error_clicks: Some(1),
            js_errors: Some(1),
            console_errors: Some(2),
            console_warnings: Some(0),
            failed_requests: Some(2),
        },
        not_recorded: Vec::new(),
        timeline: timeline(),
        incomplete: false,
        definitions: 1,
        story:
            "Pressed \"Add to wishlist\" 5 times and nothing happened; then POST /api/pay failed."
                .to_owned(),
        problems: problems(),
        timeline_total: 7,
    }
}

fn problems() -> Vec<Problem> {
    let problem = |fingerprint, kind, label: &str, at_ms, count| Problem {
        fingerprint: Fingerprint::parse(fingerprint).unwrap(),
        kind,
        label: label.to_owned(),
        first_at_ms: at_ms,
        last_at_ms: at_ms + 2_000 * (count - 1),
        count,
    };
    vec![
        problem(
            "00000000000000a1",
            MomentKind::RageClick,
            "Rage click on \"Add to wishlist\"",
            5_065,
            1,
        ),
        problem(
            "00000000000000a2",
            MomentKind::FailedRequest,
            "POST /api/pay answered 500",
            29_000,
            2,
        ),
    ]
}

/// Something that happened once.
pub(crate) fn happened(at_ms: u64, kind: MomentKind, label: &str) -> Moment {
    Moment::new(at_ms, kind, label.to_owned(), 1)
}

fn timeline() -> Vec<Moment> {
    let moment = |at_ms, kind, label: &str, count| Moment {
        count,
        ..happened(at_ms, kind, label)
    };
    vec![
        moment(0, MomentKind::Page, "https://shop.example/", 1),
        moment(
            5_065,
            MomentKind::RageClick,
            "Rage click on \"Add to wishlist\"",
            5,
        ),
        moment(8_000, MomentKind::Page, "https://shop.example/cart", 1),
        moment(18_000, MomentKind::DeadClick, "Dead click on \"Pay\"", 2),
        moment(19_000, MomentKind::Resize, "Resized to 800 × 600", 1),
        moment(
            30_500,
            MomentKind::JsError,
            "TypeError: total is undefined",
            1,
        ),
        moment(
            31_000,
            MomentKind::FailedRequest,
            "POST /api/pay answered 500",
            1,
        ),
    ]
}

/// The canvas as JSON, which must be one that Intercom draws.
pub(crate) fn json(canvas: &Canvas) -> Value {
    let json = serde_json::from_str(canvas.as_json()).unwrap();
    assert_eq!(violations(&json), Vec::<String>::new());
    json
}

/// The components of a canvas.
pub(crate) fn components(canvas: &Canvas) -> Vec<Value> {
    json(canvas)["canvas"]["content"]["components"]
        .as_array()
        .unwrap()
        .clone()
}

/// The rows of a data table, `field value`.
pub(crate) fn rows_of_table(table: &Value) -> Vec<String> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = table["items"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", text(row, "field"), text(row, "value")))
        .collect()
}
