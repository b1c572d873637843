//! The recording: chunks in, chunks out.

use identity::OrganizationId;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use replay::ChunkFacts;
use store::{ChunkManifest, ChunkOutcome, Error, NewChunk};

use crate::fixture::{Fixture, RETENTION_DAYS, id};

fn facts() -> ChunkFacts {
    ChunkFacts {
        events: 2,
        first_at: None,
        last_at: "2026-11-20T10:14:59.5Z".parse().ok(),
        has_full_snapshot: true,
        ..ChunkFacts::default()
    }
}

async fn accept(
    fixture: &Fixture,
    organization: &OrganizationId,
    seq: u32,
    payload: &[u8],
) -> ChunkOutcome {
    let chunk = NewChunk {
        seq,
        sent: payload,
        payload,
        is_masked: false,
        is_unsure: false,
        editables: None,
        facts: &facts(),
    };
    let (recordings, session) = (&fixture.recordings, id("s1"));
    let accepted =
        recordings
            .of(organization)
            .accept_chunk(&session, &chunk, RETENTION_DAYS, fixture.now);
    accepted.await.unwrap()
}

async fn manifest(fixture: &Fixture, organization: &OrganizationId, seq: u32) -> ChunkManifest {
    let chunks = fixture.store.of(organization).sessions();
    chunks
        .chunks_from(&id("s1"), seq, 1)
        .await
        .unwrap()
        .remove(0)
}

async fn objects(fixture: &Fixture) -> usize {
    use futures::StreamExt;
    fixture.bucket.list(None).count().await
}

/// A payload that costs less in the bucket than in a row, told from others by its number.
fn large(number: u64) -> Vec<u8> {
    format!("[{}]", test_support::noise(12_000, number)).into_bytes()
}

#[tokio::test]
async fn a_chunk_comes_back_as_it_went_in() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let repetitive = "[{\"type\":4}]".repeat(1_000).into_bytes();
    for (seq, payload, objects_then) in
        [(0, b"[]".to_vec(), 0), (1, repetitive, 0), (2, large(0), 1)]
    {
        assert_eq!(
            accept(&fixture, &organization, seq, &payload).await,
            ChunkOutcome::Stored
        );
        let manifest = manifest(&fixture, &organization, seq).await;
        assert_eq!(
            (manifest.seq, manifest.bytes, manifest.events),
            (seq, payload.len() as u64, 2)
        );
        assert_eq!(
            (manifest.first_at, manifest.last_at),
            (facts().first_at, facts().last_at)
        );
        assert_eq!(manifest.stored_at, fixture.now);
        assert_eq!(
            fixture.recordings.read_chunk(&manifest).await.unwrap(),
            payload
        );
        assert_eq!(objects(&fixture).await, objects_then, "{seq}");
    }
}

#[tokio::test]
async fn a_large_chunk_is_a_compressed_object_in_the_folder_that_expires_with_it() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let payload = large(0);
    accept(&fixture, &organization, 0, &payload).await;
    let manifest = manifest(&fixture, &organization, 0).await;
    let object = manifest.object().unwrap().as_str();
    assert!(
        object.starts_with("recordings/30/org_shop/s1/000000-"),
        "{object}"
    );
    let stored = fixture.bucket.head(&Path::parse(object).unwrap()).await;
    let stored = stored.unwrap().size;
    assert!(stored < payload.len() as u64, "{stored} bytes");
}

#[tokio::test]
async fn a_chunk_sent_twice_changes_nothing() {
    for (payload, objects_then) in [(b"[1]".to_vec(), 0), (large(0), 1)] {
        let fixture = Fixture::start().await;
        let (organization, _) = fixture.connected("shop").await;
        accept(&fixture, &organization, 0, &payload).await;
        let before = fixture.dump().await;
        assert_eq!(
            accept(&fixture, &organization, 0, &payload).await,
            ChunkOutcome::Duplicate
        );
        assert_eq!(fixture.dump().await, before);
        assert_eq!(objects(&fixture).await, objects_then);
    }
}

#[tokio::test]
async fn other_bytes_under_a_stored_number_are_a_conflict() {
    for (stored, other, objects_then) in [
        (b"[1]".to_vec(), b"[2]".to_vec(), 0),
        (b"[1]".to_vec(), large(0), 0),
        (large(0), b"[1]".to_vec(), 1),
        (large(0), large(1), 1),
    ] {
        let fixture = Fixture::start().await;
        let (organization, _) = fixture.connected("shop").await;
        accept(&fixture, &organization, 0, &stored).await;
        let before = fixture.dump().await;
        assert_eq!(
            accept(&fixture, &organization, 0, &other).await,
            ChunkOutcome::Conflict
        );
        assert_eq!(fixture.dump().await, before);
        let is_left = objects(&fixture).await;
        assert_eq!(is_left, objects_then, "the refused bytes do not stay");
    }
}

#[tokio::test]
async fn of_many_writers_of_one_number_exactly_one_is_stored() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    for seq in 0..10 {
        // Some of them in the row, some in the bucket.
        let payloads: Vec<Vec<u8>> = (0..8)
            .map(|writer| match writer % 2 {
                0 => format!("[{seq},{writer}]").into_bytes(),
                _ => large(writer),
            })
            .collect();
        let writers = payloads
            .iter()
            .map(|payload| accept(&fixture, &organization, seq, payload));
        let outcomes = futures::future::join_all(writers).await;
        let winners: Vec<usize> = (0..8)
            .filter(|writer| outcomes[*writer] == ChunkOutcome::Stored)
            .collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let manifest = manifest(&fixture, &organization, seq).await;
        let stored = fixture.recordings.read_chunk(&manifest).await.unwrap();
        assert_eq!(stored, payloads[winners[0]]);
    }
}

#[tokio::test]
async fn chunks_are_listed_by_number_from_anywhere() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    for seq in [1_000_000, 2, 0, 10, u32::MAX] {
        accept(&fixture, &organization, seq, format!("[{seq}]").as_bytes()).await;
    }
    for (from, limit, expected) in [
        (0, 10, vec![0, 2, 10, 1_000_000, u32::MAX]),
        (1, 2, vec![2, 10]),
        (11, 1, vec![1_000_000]),
        (u32::MAX, 10, vec![u32::MAX]),
        (0, 0, vec![]),
    ] {
        let manifests = fixture
            .store
            .of(&organization)
            .sessions()
            .chunks_from(&id("s1"), from, limit)
            .await
            .unwrap();
        let numbers: Vec<u32> = manifests.iter().map(|manifest| manifest.seq).collect();
        assert_eq!(numbers, expected, "from {from}, at most {limit}");
    }
}

#[tokio::test]
async fn an_object_that_is_not_what_was_stored_is_an_error() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    accept(&fixture, &organization, 0, &large(0)).await;
    let manifest = manifest(&fixture, &organization, 0).await;
    let path = Path::parse(manifest.object().unwrap().as_str()).unwrap();
    let forged = zstd::bulk::compress(b"[2]", 3).unwrap();
    fixture.bucket.put(&path, forged.into()).await.unwrap();
    assert!(matches!(
        fixture.recordings.read_chunk(&manifest).await,
        Err(Error::Table(table::Error::Corrupt { .. }))
    ));
    fixture.bucket.delete(&path).await.unwrap();
    assert!(matches!(
        fixture.recordings.read_chunk(&manifest).await,
        Err(Error::Table(table::Error::Vanished { .. }))
    ));
}

/// A chunk whose events are stored in another way than they were sent.
#[tokio::test]
async fn a_chunk_is_known_again_by_what_was_sent_whatever_is_stored_of_it() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    // Large enough for an object each, and not to be compressed.
    let mut state = 1_u64;
    let payload: Vec<u8> = (0..600_000)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    let facts = facts();
    let store = async |sent: &[u8], payload: &[u8]| {
        let chunk = NewChunk {
            seq: 0,
            sent,
            payload,
            is_masked: false,
            is_unsure: false,
            editables: None,
            facts: &facts,
        };
        let recordings = fixture.recordings.of(&organization);
        let session = id("s1");
        let accepted = recordings.accept_chunk(&session, &chunk, RETENTION_DAYS, fixture.now);
        accepted.await.unwrap()
    };
    for (sent, payload, outcome) in [
        (&b"sent"[..], &payload[..], ChunkOutcome::Stored),
        (b"sent", &payload, ChunkOutcome::Duplicate),
        // Another version makes something else of it: what is stored stays.
        (b"sent", &payload[1..], ChunkOutcome::Duplicate),
        (b"other", &payload, ChunkOutcome::Conflict),
        (&payload, &payload, ChunkOutcome::Conflict),
    ] {
        assert_eq!(store(sent, payload).await, outcome);
        let manifest = manifest(&fixture, &organization, 0).await;
        assert!(manifest.object().is_some());
        let stored = fixture.recordings.read_chunk(&manifest).await.unwrap();
        assert!(stored == payload || stored[1..] == *payload);
    }
}

#[tokio::test]
async fn a_chunk_whose_manifest_failed_can_be_sent_again() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    fixture.calls.fail_next("PutItem");
    let chunk = NewChunk {
        seq: 0,
        sent: b"[1]",
        payload: b"[1]",
        is_masked: false,
        is_unsure: false,
        editables: None,
        facts: &facts(),
    };
    let failed = fixture
        .recordings
        .of(&organization)
        .accept_chunk(&id("s1"), &chunk, RETENTION_DAYS, fixture.now)
        .await;
    assert!(failed.is_err());
    assert_eq!(
        accept(&fixture, &organization, 0, b"[1]").await,
        ChunkOutcome::Stored
    );
}
