//! What stands in the table when functions are measured: one organization, whose workspace `bench` has a
//! contact with five sessions.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use identity::{Alias, OrganizationId, SessionId};
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use replay::{Counts, Device, Moment, MomentKind, Page, Summary};
use store::{Advance, KeyScope, NewKey, Provision, Recordings, SaveOutcome, Store};
use test_support::{connection, master_key, profile, provision};

use crate::samples::NOW;

pub(crate) const TABLE: &str = "recapt-bench";
/// The organization's key for recordings.
pub(crate) const WRITE_KEY: &str = "bench-write-key";
/// Its backend's.
const SECRET_KEY: &str = "bench-secret-key";

const WORKSPACE: &str = "bench";
const EMAIL: &str = "ada@example.com";
const SESSIONS: i64 = 5;
const RETENTION_DAYS: store::RetentionDays = store::RetentionDays::DEFAULT;

/// Makes the table and fills it.
pub(crate) async fn fill(client: &Client) {
    store::create_table(client, TABLE).await.unwrap();
    let store = Store::new(client.clone(), TABLE, master_key());
    let connection = connection(WORKSPACE, profile("Bench", "US", "America/New_York"));
    let organization = connection.organization.clone();
    let provision = Provision {
        retention_days: RETENTION_DAYS,
        keys: [(WRITE_KEY, KeyScope::Write), (SECRET_KEY, KeyScope::Secret)]
            .map(|(key, scope)| NewKey {
                key: key.to_owned(),
                scope,
                source: None,
                expires_at: None,
            })
            .to_vec(),
        ..provision(connection)
    };
    let now: Timestamp = NOW.parse().unwrap();
    store.provision(&provision, now).await.unwrap();
    let recordings = Recordings::new(store, Arc::new(InMemory::new()));
    for n in 0..SESSIONS {
        record(&recordings, &organization, n, now).await;
    }
}

/// The `n`th session, which began so many hours before a quarter to twelve.
async fn record(recordings: &Recordings, organization: &OrganizationId, n: i64, now: Timestamp) {
    let store = recordings.store();
    let session = SessionId::parse(&format!("session-{n}")).unwrap();
    let email = Alias::email(EMAIL).unwrap();
    let aliases = std::slice::from_ref(&email);
    // The times of the events are fixed, the clock of the functions is not: what is kept is kept from now.
    let received_at = Timestamp::now();
    let said = store::Identification::verified(aliases);
    let identified =
        store
            .of(organization)
            .sessions()
            .identify(&session, &said, RETENTION_DAYS, received_at);
    identified.await.unwrap();
    let progress = store
        .of(organization)
        .sessions()
        .begin_summary(&session, received_at)
        .await;
    let progress = progress.unwrap().unwrap();
    let started_at = now - SignedDuration::from_mins(15) - SignedDuration::from_hours(n);
    let advance = Advance {
        next_seq: 1,
        state: recordings
            .write_state(&progress, b"state")
            .await
            .unwrap()
            .into(),
        summary: Some(summary(started_at)),
        received_at,
        before: None,
        skipped: Vec::new(),
    };
    let saved = recordings.save_summary(&progress, &advance, now).await;
    assert_eq!(saved.unwrap(), SaveOutcome::Saved);
}

/// A session like many: some pages, and enough in its timeline to make a row of about 3 KB.
fn summary(started_at: Timestamp) -> Summary {
    let moment = |n: u64| Moment {
        at_ms: 5_065 + 1_000 * n,
        kind: MomentKind::RageClick,
        label: format!("Rage click on \"Add to wishlist {n}\""),
        count: 5,
        last_at_ms: None,
        fingerprint: None,
    };
    let page = |n: u64| Page {
        url: format!("https://shop.example/products/{n}"),
        at_ms: 4_000 * n,
        dwell_ms: 4_000,
    };
    Summary {
        started_at,
        ended_at: started_at + SignedDuration::from_secs(41),
        duration_ms: 41_000,
        active_ms: 30_120,
        landing_url: Some("https://shop.example/products/0".to_owned()),
        last_url: Some("https://shop.example/products/9".to_owned()),
        events: 269,
        chunks: 1,
        device: Device::default(),
        pages: (0..10).map(page).collect(),
        counts: Counts {
            clicks: 27,
            rage_clicks: 20,
            js_errors: Some(1),
            ..Counts::default()
        },
        not_recorded: Vec::new(),
        timeline: (0..20).map(moment).collect(),
        incomplete: false,
        definitions: 1,
        story: String::new(),
        problems: Vec::new(),
        timeline_total: 0,
    }
}
