//! Sessions that bring problems.

use identity::{OrganizationId, SessionId};
use jiff::SignedDuration;
use replay::{Counts, Device, Fingerprint, MomentKind, Page, Problem, Summary};
use store::{Advance, SaveOutcome};

use super::{RETENTION_DAYS, TestStack};

/// A problem of a kind, named by a number, twenty seconds after the beginning of a session.
pub fn problem(kind: MomentKind, number: u64) -> Problem {
    Problem {
        fingerprint: Fingerprint::parse(&format!("{number:016x}")).unwrap(),
        kind,
        label: format!("Problem number {number}"),
        first_at_ms: 20_000,
        last_at_ms: 20_000,
        count: 1,
    }
}

impl TestStack {
    /// A session of the last minute whose summary tells of these problems, counted.
    pub async fn brings(&self, organization: &OrganizationId, session: &str, problems: &[Problem]) {
        let now = self.now();
        let session = SessionId::parse(session).unwrap();
        let sessions = self.store.of(organization).sessions();
        let asked = sessions.request_summary(&session, RETENTION_DAYS, now, true);
        asked.await.unwrap();
        let begun = sessions.begin_summary(&session, now).await;
        let progress = begun.unwrap().unwrap();
        let started_at = now - SignedDuration::from_mins(1);
        let page = Page {
            url: "https://shop.example/cart".to_owned(),
            at_ms: 0,
            dwell_ms: 60_000,
        };
        let summary = Summary {
            started_at,
            ended_at: now,
            duration_ms: 60_000,
            active_ms: 30_000,
            landing_url: Some(page.url.clone()),
            last_url: Some(page.url.clone()),
            events: 100,
            chunks: 1,
            device: Device {
                browser: Some("Firefox".to_owned()),
                browser_version: Some("145".to_owned()),
                ..Device::default()
            },
            pages: vec![page],
            story: String::new(),
            problems: problems.to_vec(),
            counts: Counts::default(),
            not_recorded: Vec::new(),
            timeline: Vec::new(),
            timeline_total: 0,
            incomplete: false,
            definitions: 1,
        };
        let advance = Advance {
            next_seq: progress.next_seq + 1,
            state: None,
            summary: Some(summary),
            before: None,
            received_at: now,
            skipped: Vec::new(),
        };
        let saved = self.recordings.save_summary(&progress, &advance, now).await;
        assert_eq!(saved.unwrap(), SaveOutcome::Saved);
        let counted = sessions.count_problems(&progress, &advance).await;
        counted.unwrap();
    }
}
