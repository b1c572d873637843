//! Panels that are opened are counted, behind the answers.

use canvas::Views;
use jiff::civil::Date;
use jiff::{SignedDuration, tz::TimeZone};
use store::ConnectionStatus::{Connected, Disconnected};

use crate::fixture::{Fixture, request};

/// The handler, which counts views.
async fn counting() -> Fixture {
    let mut fixture = Fixture::start().await;
    fixture.state.views = Views::counted(fixture.state.store.clone(), Views::WRITE_INTERVAL);
    fixture.connect("shop", Connected).await;
    fixture
}

/// Opens a panel; the writes that this led to.
async fn open(fixture: &Fixture, workspace: &str) -> usize {
    fixture.calls();
    fixture
        .initialize(&request(workspace, "ada@example.com"))
        .await;
    fixture.state.views.written().await;
    let calls = fixture.calls();
    calls.iter().filter(|call| *call == "UpdateItem").count()
}

async fn views(fixture: &Fixture, day: Date) -> u64 {
    let organization = identity::OrganizationId::parse("org_shop").unwrap();
    let counts = fixture
        .state
        .store
        .of(&organization)
        .sessions()
        .day_counts(day)
        .await;
    counts.unwrap().canvas_views
}

#[tokio::test]
async fn views_are_written_at_most_once_a_minute() {
    let fixture = counting().await;
    let today = fixture.now().to_zoned(TimeZone::UTC).date();
    for (seconds, writes, written) in [(0, 1, 1), (1, 0, 1), (58, 0, 1), (1, 1, 4), (30, 0, 4)] {
        fixture
            .state
            .clock
            .advance(SignedDuration::from_secs(seconds));
        assert_eq!(open(&fixture, "shop").await, writes);
        assert_eq!(views(&fixture, today).await, written);
    }

    // What the old day has left is written with the first view of the new one.
    fixture.state.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(open(&fixture, "shop").await, 2);
    assert_eq!(views(&fixture, today).await, 5);
    assert_eq!(views(&fixture, today.tomorrow().unwrap()).await, 1);
}

#[tokio::test]
async fn only_panels_of_connected_workspaces_are_counted_and_only_when_they_are_opened() {
    let fixture = counting().await;
    fixture.connect("gone", Disconnected).await;
    for workspace in ["gone", "unknown"] {
        assert_eq!(open(&fixture, workspace).await, 0, "{workspace}");
    }
    let list = fixture
        .initialize(&request("shop", "ada@example.com"))
        .await;
    fixture.state.views.written().await;
    fixture.state.clock.advance(SignedDuration::from_hours(1));
    fixture.calls();
    let again = list.button("Check again").or(list.button("Try again"));
    fixture
        .submit(&request("shop", "ada@example.com"), &list, again.unwrap())
        .await;
    fixture.state.views.written().await;
    assert!(!fixture.calls().contains(&"UpdateItem".to_owned()));
}

#[tokio::test]
async fn a_panel_is_drawn_whether_its_view_can_be_counted_or_not() {
    let fixture = counting().await;
    fixture.fail_next("UpdateItem");
    assert_eq!(open(&fixture, "shop").await, 0);
}
