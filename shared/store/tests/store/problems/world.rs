//! Sessions that bring problems, one run at a time.

use identity::OrganizationId;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use replay::{Device, Fingerprint, MomentKind, Page, Problem, Summary};
use store::{Advance, CountedProblem, Days, Error, Progress, SaveOutcome, Tally};

use crate::fixture::{Fixture, summary};

/// An organization with sessions.
pub(crate) struct World {
    pub(crate) fixture: Fixture,
    pub(crate) organization: OrganizationId,
}

pub(crate) fn fingerprint(number: u64) -> Fingerprint {
    Fingerprint::parse(&format!("{number:016x}")).unwrap()
}

/// A problem five seconds after the session's start and once more half a minute later.
pub(crate) fn problem(number: u64) -> Problem {
    Problem {
        fingerprint: fingerprint(number),
        kind: MomentKind::JsError,
        label: format!("Error number {number}"),
        first_at_ms: 5_000,
        last_at_ms: 35_000,
        count: 2,
    }
}

pub(crate) fn exactly(people: u64, sessions: u64) -> Tally {
    Tally {
        people,
        sessions,
        is_exact: true,
        are_sessions_exact: true,
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        let fixture = Fixture::start().await;
        let (organization, _) = fixture.connected("shop").await;
        Self {
            fixture,
            organization,
        }
    }

    pub(crate) fn today(&self) -> Date {
        self.fixture.now.to_zoned(TimeZone::UTC).date()
    }

    /// A summary of the last 41 seconds.
    pub(crate) fn summary(&self, problems: &[Problem]) -> Summary {
        let page = |url: &str, at_ms| Page {
            url: url.to_owned(),
            at_ms,
            dwell_ms: 1_000,
        };
        let device = Device {
            browser: Some("Chrome".to_owned()),
            browser_version: Some("131".to_owned()),
            ..Device::default()
        };
        Summary {
            problems: problems.to_vec(),
            pages: vec![
                page("https://shop.example/", 0),
                page("https://shop.example/cart", 4_000),
                page("https://shop.example/thanks", 40_000),
            ],
            device,
            ..summary(self.began(), 1)
        }
    }

    fn began(&self) -> Timestamp {
        self.fixture.now - SignedDuration::from_secs(42)
    }

    /// What a run has made.
    pub(crate) fn advance(&self, progress: &Progress, summary: Summary) -> Advance {
        Advance {
            next_seq: progress.next_seq + 1,
            state: None,
            summary: Some(summary),
            before: None,
            received_at: self.fixture.now,
            skipped: Vec::new(),
        }
    }

    /// A run of a session that saves this summary and counts its problems.
    pub(crate) async fn run_with(&self, session: &str, summary: Summary) -> Result<(), Error> {
        let fixture = &self.fixture;
        let progress = fixture.begin(&self.organization, session).await;
        let advance = self.advance(&progress, summary);
        let saved = fixture
            .recordings
            .save_summary(&progress, &advance, fixture.now);
        assert_eq!(saved.await.unwrap(), SaveOutcome::Saved);
        let sessions = fixture.store.of(&self.organization).sessions();
        sessions.count_problems(&progress, &advance).await
    }

    pub(crate) async fn run(&self, session: &str, problems: &[Problem]) {
        let run = self.run_with(session, self.summary(problems));
        run.await.unwrap();
    }

    /// A problem over the last week.
    pub(crate) async fn found(&self, number: u64) -> Option<CountedProblem> {
        let days = Days::until(self.fixture.now, 7);
        let problems = self.fixture.store.of(&self.organization).problems();
        let found = problems.find(fingerprint(number), days, self.fixture.now);
        found.await.unwrap()
    }

    /// Who had it in the last week.
    pub(crate) async fn tally(&self, number: u64) -> Tally {
        let found = self.found(number).await;
        found.map_or(exactly(0, 0), |found| found.total)
    }
}
