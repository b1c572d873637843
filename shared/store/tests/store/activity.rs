//! Which sessions may be somebody's who is not known: what is noted, what it costs, and who is found.

use identity::matching::Visit;
use identity::{Alias, ClientDetails, OrganizationId, PageAddress};
use jiff::{SignedDuration, Timestamp};
use replay::{Device, Page, Summary};
use store::{Advance, Candidates, PageRequest};

use crate::fixture::{Fixture, RETENTION_DAYS, id, summary};

const CART: &str = "https://shop.example/cart";
const HELP: &str = "https://shop.example/help";
const FRONT: &str = "https://shop.example/";

fn page(url: &str) -> PageAddress {
    PageAddress::of(url).unwrap()
}

/// A session that opened these pages so many seconds after it began, and ended so many seconds after it
/// began.
fn visit(began_at: Timestamp, pages: &[(&str, u64)], seconds: u64) -> Summary {
    let ends = pages.iter().skip(1).map(|(_, at)| *at).chain([seconds]);
    let pages = pages.iter().zip(ends).map(|((url, at), until)| Page {
        url: (*url).to_owned(),
        at_ms: at * 1_000,
        dwell_ms: (until - at) * 1_000,
    });
    Summary {
        ended_at: began_at + SignedDuration::from_secs(seconds.cast_signed()),
        pages: pages.collect(),
        device: Device {
            browser: Some("Chrome".to_owned()),
            browser_version: Some("156".to_owned()),
            os: Some("macOS".to_owned()),
            language: Some("en-US".to_owned()),
            ..Device::default()
        },
        ..summary(began_at, 1)
    }
}

impl Fixture {
    /// A run that makes this summary of what has arrived at `received_at`; answers the write units of noting
    /// it.
    async fn note(
        &self,
        organization: &OrganizationId,
        session: &str,
        before: Option<&Summary>,
        summary: &Summary,
        received_at: Timestamp,
    ) -> f64 {
        let progress = self.begin(organization, session).await;
        let state = self.recordings.write_state(&progress, b"state").await;
        let advance = Advance {
            next_seq: progress.next_seq + 1,
            state: Some(state.unwrap()),
            summary: Some(summary.clone()),
            before: before.cloned(),
            received_at,
            skipped: Vec::new(),
        };
        self.calls.take();
        let noted = self
            .store
            .of(&progress.organization)
            .sessions()
            .note_activity(&progress, &advance, received_at);
        noted.await.unwrap();
        let usage = self.calls.take_usage();
        assert_eq!(usage.read_units, 0.0);
        let saved = self
            .recordings
            .save_summary(&progress, &advance, received_at);
        saved.await.unwrap();
        usage.write_units
    }

    async fn candidates(
        &self,
        organization: &OrganizationId,
        url: &str,
        at: Timestamp,
    ) -> Candidates {
        let page = page(url);
        let found = self
            .store
            .of(organization)
            .matching()
            .candidates(&page, at, at)
            .await;
        found.unwrap()
    }

    async fn found(&self, organization: &OrganizationId, url: &str, at: Timestamp) -> Vec<String> {
        let found = self.candidates(organization, url, at).await;
        let names = found.candidates.iter();
        names.map(|found| found.session.to_string()).collect()
    }
}

#[tokio::test]
async fn who_was_on_the_page_is_found_with_all_that_is_compared() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let began_at = fixture.now;
    let seen = visit(began_at, &[(FRONT, 0), (CART, 20), (HELP, 50)], 70);
    fixture
        .note(&organization, "s1", None, &seen, fixture.later(75))
        .await;
    let found = fixture
        .candidates(&organization, CART, fixture.later(80))
        .await;
    assert_eq!((found.candidates.len(), found.live_sessions), (1, 1));
    let there = &found.candidates[0];
    assert_eq!(there.session, id("s1"));
    assert_eq!(there.last_active_at, fixture.later(70));
    assert_eq!(
        there.visits,
        [(FRONT, 0, Some(20)), (CART, 20, Some(50)), (HELP, 50, None)].map(|(url, from, until)| {
            Visit {
                page: page(url),
                from: fixture.later(from),
                until: until.map(|until| fixture.later(until)),
            }
        })
    );
    let known = |text: &str| Some(text.to_owned());
    assert_eq!(
        there.client,
        ClientDetails {
            browser: known("Chrome"),
            browser_version: known("156"),
            os: known("macOS"),
            language: known("en-US"),
        }
    );
    for (url, minutes, is_found) in [
        (HELP, 20, true),
        ("https://shop.example/terms", 1, false),
        (FRONT, 1, false),
        (CART, 29, true),
        (CART, 61, false),
        (CART, -1, true),
        (CART, -20, false),
    ] {
        let at = fixture.later(60 * minutes);
        let found = fixture.found(&organization, url, at).await;
        assert_eq!(!found.is_empty(), is_found, "{url} {minutes}");
    }
    let (rival, _) = fixture.connected("rival").await;
    let at = fixture.later(80);
    assert!(fixture.found(&rival, CART, at).await.is_empty());
}

#[tokio::test]
async fn a_run_writes_only_what_is_new_and_nothing_about_who_is_known() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let began_at = fixture.now;
    let first = visit(began_at, &[(FRONT, 0), (CART, 20)], 30);
    let stays = visit(began_at, &[(FRONT, 0), (CART, 20)], 60);
    let moves = visit(began_at, &[(FRONT, 0), (CART, 20), (HELP, 65)], 70);
    let next_quarter = visit(began_at, &[(FRONT, 0), (CART, 20), (HELP, 65)], 920);
    for (before, after, write_units) in [
        (None, &first, 2.0),
        (Some(&first), &stays, 0.0),
        (Some(&stays), &moves, 1.0),
        (Some(&moves), &next_quarter, 2.0),
    ] {
        let received_at = after.ended_at + SignedDuration::from_secs(3);
        let written = fixture
            .note(&organization, "s1", before, after, received_at)
            .await;
        assert_eq!(written, write_units, "{:?}", after.duration_ms);
    }
    for (session, alias, write_units) in [
        ("s2", Alias::anonymous_id("browser-2").unwrap(), 2.0),
        ("s3", Alias::user_id("customer-3").unwrap(), 0.0),
        ("s4", Alias::email("ada@example.com").unwrap(), 0.0),
        ("s5", Alias::visitor_id("visitor-5").unwrap(), 0.0),
    ] {
        fixture.identify(&organization, session, &[alias]).await;
        let received_at = fixture.later(33);
        let written = fixture
            .note(&organization, session, None, &first, received_at)
            .await;
        assert_eq!(written, write_units, "{session}");
    }
}

#[tokio::test]
async fn whoever_becomes_known_later_is_no_candidate_any_more() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let seen = visit(fixture.now, &[(CART, 0)], 30);
    let browser = |name: &str| Alias::anonymous_id(name).unwrap();
    for (session, aliases) in [
        ("nobody", vec![]),
        ("browser", vec![browser("b-1")]),
        ("user", vec![browser("b-2")]),
        ("lead", vec![browser("b-3")]),
    ] {
        fixture.identify(&organization, session, &aliases).await;
        fixture
            .note(&organization, session, None, &seen, fixture.later(31))
            .await;
    }
    let at = fixture.later(40);
    assert_eq!(
        fixture.found(&organization, CART, at).await,
        ["browser", "lead", "nobody", "user"]
    );
    for (session, alias) in [
        ("user", Alias::user_id("customer-2").unwrap()),
        ("lead", Alias::visitor_id("visitor-3").unwrap()),
    ] {
        fixture.identify(&organization, session, &[alias]).await;
    }
    assert_eq!(
        fixture.found(&organization, CART, at).await,
        ["browser", "nobody"]
    );
    let elsewhere = [browser("b-1"), Alias::email("ada@example.com").unwrap()];
    fixture.identify(&organization, "later", &elsewhere).await;
    assert_eq!(fixture.found(&organization, CART, at).await, ["nobody"]);
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected_and_one_that_is_not_is_believed() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    for (session, behind, arrives, last_active) in [
        ("right", 0, 130, 120),
        ("held-up", 0, 131, 131),
        ("ahead", -3_600, 125, 125),
        ("an-hour-behind", 3_600, 125, 125),
        ("years-behind", 600_000_000, 125, 125),
    ] {
        let seen = visit(fixture.later(-behind), &[(CART, 0)], 120);
        fixture
            .note(&organization, session, None, &seen, fixture.later(arrives))
            .await;
        let found = fixture
            .candidates(&organization, CART, fixture.later(140))
            .await;
        let there = found
            .candidates
            .iter()
            .find(|there| there.session.as_str() == session)
            .unwrap();
        assert_eq!(
            there.last_active_at,
            fixture.later(last_active),
            "{session}"
        );
        assert_eq!(
            there.visits[0].from,
            fixture.later(last_active - 120),
            "{session}"
        );
    }
}

#[tokio::test]
async fn more_than_can_be_told_apart_are_none_and_cost_no_reading() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let seen = visit(fixture.now, &[(CART, 0)], 30);
    for n in 0..=50 {
        let session = format!("s{n}");
        let before = fixture.found(&organization, CART, fixture.later(40)).await;
        assert_eq!(before.len(), n);
        fixture
            .note(&organization, &session, None, &seen, fixture.later(31))
            .await;
    }
    fixture.calls.take();
    let found = fixture
        .candidates(&organization, CART, fixture.later(40))
        .await;
    assert_eq!((found.candidates.len(), found.live_sessions), (0, 51));
    let calls = fixture.calls.take();
    assert!(calls.iter().all(|call| call == "Query"), "{calls:?}");
}

#[tokio::test]
async fn a_session_of_nobody_gets_an_owner_once_and_is_listed() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let seen = visit(fixture.now, &[(CART, 0)], 30);
    let at = fixture.later(40);
    fixture
        .note(&organization, "s1", None, &seen, fixture.later(31))
        .await;
    let session = id("s1");
    let own = || {
        fixture
            .store
            .of(&organization)
            .matching()
            .assign_owner(&session, RETENTION_DAYS, at)
    };
    let owner = own().await.unwrap();
    assert_eq!(own().await.unwrap(), owner, "again");
    let request = PageRequest {
        limit: 10,
        before: None,
    };
    let listed = fixture
        .store
        .of(&organization)
        .sessions()
        .of_people(std::slice::from_ref(&owner), &request, at)
        .await;
    assert_eq!(listed.unwrap().sessions.len(), 1);

    let ada = Alias::email("ada@example.com").unwrap();
    fixture
        .identify(&organization, "s1", std::slice::from_ref(&ada))
        .await;
    let found = fixture.sessions_of(&workspace, &ada).await;
    assert_eq!(found.len(), 1, "an identification finds it");
    let named = own().await.unwrap();
    assert!(named.is_verified(), "whoever it is known by");
    let listed = fixture
        .store
        .of(&organization)
        .sessions()
        .of_people(&[owner], &request, at)
        .await;
    assert_eq!(listed.unwrap().sessions, [], "it has moved");
}
