//! The recording: chunks in, chunks out.

use identity::OrganizationId;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use replay::ChunkFacts;
use store::{ChunkOutcome, Error, NewChunk};

use crate::fixture::{Fixture, RETENTION_DAYS, id};

fn facts() -> ChunkFacts {
    ChunkFacts {
        events: 2,
        first_at: None,
        last_at: "2026-11-20T10:14:59.5Z".parse().ok(),
        has_full_snapshot: true,
        pieces: Vec::new(),
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
        payload,
        facts: &facts(),
    };
    let (recordings, session) = (&fixture.recordings, id("s1"));
    let accepted =
        recordings
            .of(organization)
            .accept_chunk(&session, &chunk, RETENTION_DAYS, fixture.now);
    accepted.await.unwrap()
}

async fn objects(fixture: &Fixture) -> usize {
    use futures::StreamExt;
    fixture.bucket.list(None).count().await
}

#[tokio::test]
async fn a_chunk_comes_back_as_it_went_in() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let payload = "[{\"type\":4}]".repeat(1_000).into_bytes();
    assert_eq!(
        accept(&fixture, &organization, 0, &payload).await,
        ChunkOutcome::Stored
    );
    let manifests = fixture
        .store
        .of(&organization)
        .sessions()
        .chunks_from(&id("s1"), 0, 10)
        .await
        .unwrap();
    let manifest = &manifests[0];
    assert_eq!(
        (manifest.seq, manifest.bytes, manifest.events),
        (0, 12_000, 2)
    );
    assert_eq!(
        (manifest.first_at, manifest.last_at),
        (facts().first_at, facts().last_at)
    );
    assert_eq!(manifest.stored_at, fixture.now);
    assert!(
        manifest
            .object
            .as_str()
            .starts_with("recordings/30/org_shop/s1/000000-"),
        "{:?}",
        manifest.object
    );
    assert_eq!(
        fixture.recordings.read_chunk(manifest).await.unwrap(),
        payload
    );
    let stored = fixture
        .bucket
        .head(&Path::parse(manifest.object.as_str()).unwrap())
        .await
        .unwrap();
    assert!(stored.size < 200, "it is compressed: {} bytes", stored.size);
}

#[tokio::test]
async fn a_chunk_sent_twice_changes_nothing() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    accept(&fixture, &organization, 0, b"[1]").await;
    let before = fixture.dump().await;
    assert_eq!(
        accept(&fixture, &organization, 0, b"[1]").await,
        ChunkOutcome::Duplicate
    );
    assert_eq!(fixture.dump().await, before);
    assert_eq!(objects(&fixture).await, 1);
}

#[tokio::test]
async fn other_bytes_under_a_stored_number_are_a_conflict() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    accept(&fixture, &organization, 0, b"[1]").await;
    let before = fixture.dump().await;
    assert_eq!(
        accept(&fixture, &organization, 0, b"[2]").await,
        ChunkOutcome::Conflict
    );
    assert_eq!(fixture.dump().await, before);
    assert_eq!(objects(&fixture).await, 1, "the refused bytes do not stay");
}

#[tokio::test]
async fn of_many_writers_of_one_number_exactly_one_is_stored() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    for seq in 0..10 {
        let payloads: Vec<Vec<u8>> = (0..8)
            .map(|writer| format!("[{seq},{writer}]").into_bytes())
            .collect();
        let writers = payloads
            .iter()
            .map(|payload| accept(&fixture, &organization, seq, payload));
        let outcomes = futures::future::join_all(writers).await;
        let winners: Vec<usize> = (0..8)
            .filter(|writer| outcomes[*writer] == ChunkOutcome::Stored)
            .collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let manifests = fixture
            .store
            .of(&organization)
            .sessions()
            .chunks_from(&id("s1"), seq, 1)
            .await
            .unwrap();
        let stored = fixture.recordings.read_chunk(&manifests[0]).await.unwrap();
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
    accept(&fixture, &organization, 0, b"[1]").await;
    let manifest = fixture
        .store
        .of(&organization)
        .sessions()
        .chunks_from(&id("s1"), 0, 1)
        .await
        .unwrap()
        .remove(0);
    let path = Path::parse(manifest.object.as_str()).unwrap();
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

#[tokio::test]
async fn a_chunk_whose_manifest_failed_can_be_sent_again() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    fixture.calls.fail_next("PutItem");
    let chunk = NewChunk {
        seq: 0,
        payload: b"[1]",
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
