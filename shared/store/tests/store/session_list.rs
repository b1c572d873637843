//! All sessions of an organization: listed, filtered, paged; and whose they are.

mod search;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use identity::{Alias, AliasKind, OrganizationId};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use replay::{NotRecorded, Page, Summary};
use store::{
    Advance, Identification, ListCursor, PageFilter, SaveOutcome, SessionFilter, SessionListPage,
};

use crate::fixture::{Fixture, RETENTION_DAYS, id, summary};

fn organization() -> &'static OrganizationId {
    static SHOP: LazyLock<OrganizationId> =
        LazyLock::new(|| OrganizationId::parse("org_shop").unwrap());
    &SHOP
}

fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@shop.example")).unwrap()
}

impl Fixture {
    /// A run that makes this summary, after the one that made `before`.
    async fn run(&self, session: &str, before: Option<&Summary>, summary: &Summary) {
        let progress = self.begin(organization(), session).await;
        let state = self.recordings.write_state(&progress, b"state").await;
        let advance = Advance {
            next_seq: progress.next_seq + 1,
            state: Some(state.unwrap()),
            summary: Some(summary.clone()),
            before: before.cloned(),
            received_at: self.now,
            skipped: Vec::new(),
        };
        let saved = self
            .recordings
            .save_summary(&progress, &advance, self.now)
            .await;
        assert_eq!(saved.unwrap(), SaveOutcome::Saved);
    }

    async fn page(
        &self,
        filter: &SessionFilter,
        before: Option<&ListCursor>,
        limit: usize,
    ) -> SessionListPage {
        let page = self
            .store
            .of(organization())
            .sessions()
            .list(filter, before, limit, self.now);
        page.await.unwrap()
    }

    /// Everything that a filter leaves, page after page.
    async fn all(&self, filter: &SessionFilter, limit: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut before = None;
        for _ in 0..100 {
            let page = self.page(filter, before.as_ref(), limit).await;
            assert!(page.sessions.len() <= limit);
            found.extend(page.sessions.iter().map(|row| row.session_id.to_string()));
            before = page.next;
            if before.is_none() {
                return found;
            }
            // As it travels through an address.
            before = before.map(|cursor| ListCursor::parse(&cursor.to_string()).unwrap());
        }
        panic!("the list does not end");
    }
}

fn on(page: &str, started_at: Timestamp) -> Summary {
    let mut summary = summary(started_at, 1);
    summary.pages = vec![Page {
        url: format!("https://shop.example{page}"),
        at_ms: 0,
        dwell_ms: 1_000,
    }];
    summary
}

#[tokio::test]
async fn every_session_is_listed_once_newest_first_whoevers_it_is() {
    let fixture = Fixture::start().await;
    let hours = [1, 2, 30, 49, 50, 51, 600];
    for ago in hours {
        let started_at = fixture.now - SignedDuration::from_hours(ago);
        fixture
            .run(&format!("s{ago}"), None, &on("/", started_at))
            .await;
    }
    fixture
        .identify(organization(), "s49", &[email("ada")])
        .await;
    let expected = hours.map(|ago| format!("s{ago}"));
    for limit in [1, 2, 3, 50] {
        let all = fixture.all(&SessionFilter::default(), limit).await;
        assert_eq!(all, expected, "{limit} a page");
    }
    let page = fixture.page(&SessionFilter::default(), None, 50).await;
    let of = |session: &str| {
        let mut rows = page.sessions.iter();
        rows.find(|row| row.session_id.as_str() == session).unwrap()
    };
    assert_eq!(of("s50").person, None);
    assert!(of("s49").person.is_some());
    assert_eq!(of("s49").aliases.email.as_deref(), Some("ada@shop.example"));
}

#[tokio::test]
async fn filters_leave_what_they_name_and_a_page_costs_three_round_trips() {
    let fixture = Fixture::start().await;
    let at = |hours| fixture.now - SignedDuration::from_hours(hours);
    let mut troubled = on("/checkout", at(1));
    troubled.counts.js_errors = Some(1);
    fixture.run("troubled", None, &troubled).await;
    let mut angry = on("/cart", at(26));
    angry.counts.rage_clicks = 2;
    angry.counts.dead_clicks = 1;
    fixture.run("angry", None, &angry).await;
    // Of this one nobody knows whether there was an error.
    let mut plain = on("/cart", at(60));
    plain.counts.js_errors = None;
    plain.counts.failed_requests = None;
    plain.not_recorded = vec![NotRecorded::Errors, NotRecorded::Requests];
    fixture.run("plain", None, &plain).await;
    fixture
        .identify(organization(), "plain", &[email("ada")])
        .await;
    fixture
        .identify(organization(), "angry", &[email("ada")])
        .await;
    let ada = fixture
        .store
        .of(organization())
        .people()
        .called(" ADA@shop.example")
        .await
        .unwrap();
    let all = SessionFilter::default;
    let day = fixture.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    assert_eq!(day, date(2026, 11, 20));
    for (filter, expected) in [
        (all(), &["troubled", "angry", "plain"][..]),
        (
            SessionFilter {
                errors: true,
                ..all()
            },
            &["troubled"],
        ),
        (
            SessionFilter {
                rage_clicks: true,
                ..all()
            },
            &["angry"],
        ),
        (
            SessionFilter {
                dead_clicks: true,
                errors: true,
                ..all()
            },
            &[],
        ),
        (
            SessionFilter {
                page: PageFilter::parse("/CART"),
                ..all()
            },
            &["angry", "plain"],
        ),
        (
            SessionFilter {
                from: Some(date(2026, 11, 19)),
                ..all()
            },
            &["troubled", "angry"],
        ),
        (
            SessionFilter {
                to: Some(date(2026, 11, 19)),
                ..all()
            },
            &["angry", "plain"],
        ),
        (
            SessionFilter {
                from: Some(date(2026, 11, 18)),
                to: Some(date(2026, 11, 18)),
                ..all()
            },
            &[],
        ),
        (
            SessionFilter {
                people: Some(ada.clone()),
                ..all()
            },
            &["angry", "plain"],
        ),
        (
            SessionFilter {
                people: Some(ada.clone()),
                rage_clicks: true,
                ..all()
            },
            &["angry"],
        ),
        (
            SessionFilter {
                people: Some(ada.clone()),
                to: Some(date(2026, 11, 18)),
                ..all()
            },
            &["plain"],
        ),
        (
            SessionFilter {
                people: Some(ada.clone()),
                from: Some(date(2026, 11, 19)),
                ..all()
            },
            &["angry"],
        ),
        (
            SessionFilter {
                people: Some(Vec::new()),
                ..all()
            },
            &[],
        ),
    ] {
        for limit in [1, 50] {
            assert_eq!(fixture.all(&filter, limit).await, expected, "{filter:?}");
        }
    }
    fixture.calls.take();
    fixture.page(&all(), None, 1).await;
    let calls = fixture.calls.take();
    let reads = calls.iter().filter(|call| call.as_str() == "BatchGetItem");
    assert!(reads.count() <= 2, "{calls:?}");
    let stored = fixture.page(&all(), None, 50).await.sessions;
    let read_back = stored.iter().find(|row| row.session_id.as_str() == "plain");
    assert_eq!(read_back.unwrap().summary, plain);
}

#[tokio::test]
async fn the_index_is_written_when_what_it_shows_has_changed() {
    let fixture = Fixture::start().await;
    let first = on("/", fixture.now);
    let mut second = first.clone();
    second.chunks = 2;
    let mut third = second.clone();
    third.counts.js_errors = Some(1);
    let mut written = Vec::new();
    for (before, after) in [
        (None, &first),
        (Some(&first), &second),
        (Some(&second), &third),
    ] {
        fixture.calls.take();
        fixture.run("s1", before, after).await;
        let calls = fixture.calls.take();
        written.push(
            calls
                .iter()
                .filter(|call| call.as_str() == "UpdateItem")
                .count(),
        );
    }
    let [first, second, third] = written[..] else {
        panic!("three runs");
    };
    assert_eq!(first - second, 2, "its place, and the index");
    assert_eq!(third - second, 1, "the index");
}

#[tokio::test]
async fn a_day_of_more_rows_than_a_request_looks_at_is_gone_through_page_by_page() {
    let fixture = Fixture::start().await;
    for number in 0..12_i64 {
        let started_at = fixture.now - SignedDuration::from_mins(number);
        fixture
            .run(&format!("s{number:02}"), None, &on("/", started_at))
            .await;
    }
    let mut seen = BTreeSet::new();
    let mut before = None;
    loop {
        let page = fixture
            .page(&SessionFilter::default(), before.as_ref(), 5)
            .await;
        for row in page.sessions {
            assert!(seen.insert(row.session_id.clone()), "{}", row.session_id);
        }
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 12);
}

#[tokio::test]
async fn nobody_sees_another_organizations_sessions() {
    let fixture = Fixture::start().await;
    fixture.run("s1", None, &on("/", fixture.now)).await;
    fixture
        .identify(organization(), "s1", &[email("ada")])
        .await;
    let other = OrganizationId::parse("org_other").unwrap();
    let store = &fixture.store;
    let all = SessionFilter::default();
    let page = store
        .of(&other)
        .sessions()
        .list(&all, None, 50, fixture.now);
    assert_eq!(page.await.unwrap().sessions, []);
    let people = store.of(organization()).people().called("ada@shop.example");
    let people = people.await.unwrap();
    assert_eq!(people.len(), 1);
    let theirs = store
        .of(&other)
        .people()
        .called("ada@shop.example")
        .await
        .unwrap();
    assert_eq!(theirs, []);
    let profile = store
        .of(&other)
        .people()
        .profile(&people[0], fixture.now)
        .await;
    assert_eq!(profile.unwrap(), None);
    let filter = SessionFilter {
        people: Some(people),
        ..all
    };
    let page = store
        .of(&other)
        .sessions()
        .list(&filter, None, 50, fixture.now);
    assert_eq!(page.await.unwrap().sessions, []);
}

#[tokio::test]
async fn a_profile_says_what_somebody_is_called_and_whether_they_are_several() {
    let fixture = Fixture::start().await;
    let browser = Alias::anonymous_id("b1").unwrap();
    for (session, who) in [("s1", "ada"), ("s2", "bob")] {
        fixture.run(session, None, &on("/", fixture.now)).await;
        fixture
            .identify(organization(), session, &[email(who), browser.clone()])
            .await;
    }
    let people = fixture
        .store
        .of(organization())
        .people()
        .called("b1")
        .await
        .unwrap();
    let profile = fixture
        .store
        .of(organization())
        .people()
        .profile(&people[0], fixture.now);
    let profile = profile.await.unwrap().unwrap();
    let expected = [
        (AliasKind::Email, "ada@shop.example"),
        (AliasKind::Email, "bob@shop.example"),
        (AliasKind::AnonymousId, "b1"),
    ];
    let aliases: Vec<_> = profile
        .aliases
        .iter()
        .map(|alias| (alias.kind, alias.value.clone()))
        .collect();
    assert_eq!(
        aliases,
        expected.map(|(kind, value)| (kind, value.to_owned()))
    );
    assert_eq!(profile.conflict, Some(AliasKind::Email));
    assert!(!format!("{profile:?}").contains("ada"));
    let by_id = fixture
        .store
        .of(organization())
        .people()
        .called(people[0].as_str())
        .await;
    assert_eq!(by_id.unwrap(), people);
}

#[tokio::test]
async fn what_has_expired_is_not_listed() {
    let mut fixture = Fixture::start().await;
    fixture.run("s1", None, &on("/", fixture.now)).await;
    fixture.now = fixture.later(i64::from(RETENTION_DAYS.get()) * 86_400 + 60);
    assert_eq!(fixture.all(&SessionFilter::default(), 50).await, [""; 0]);
    let session = id("s1");
    let gone = fixture
        .store
        .of(organization())
        .sessions()
        .read(&session, fixture.now);
    assert_eq!(gone.await.unwrap(), None);
}
