//! The bucket, which loses answers by the same plan.

use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use test_support::{Faults, FaultyBucket, Loss};

#[tokio::test]
async fn an_object_is_there_whether_its_answer_was_lost_or_not() {
    for (loss, is_answered) in [(Loss::First, true), (Loss::All, false)] {
        let (faults, objects) = (Faults::default(), Arc::new(InMemory::new()));
        let bucket = FaultyBucket::new(Arc::clone(&objects), faults.clone());
        let path = Path::from("a");
        faults.lose_answer_of_write(0, loss);
        assert_eq!(bucket.put(&path, "x".into()).await.is_ok(), is_answered);
        assert!(objects.head(&path).await.is_ok());

        faults.lose_answer_of_write(0, loss);
        assert_eq!(bucket.delete(&path).await.is_ok(), is_answered);
        assert!(objects.head(&path).await.is_err());
        assert_eq!(faults.take_writes(), ["S3 PUT", "S3 DELETE"]);
    }
}

/// A bucket can be used as one.
#[tokio::test]
async fn what_is_not_planned_is_answered() {
    let bucket: Arc<dyn ObjectStore> = Arc::new(FaultyBucket::new(
        Arc::new(InMemory::new()),
        Faults::default(),
    ));
    let path = Path::from("a");
    bucket.put(&path, "x".into()).await.unwrap();
    assert_eq!(bucket.get(&path).await.unwrap().bytes().await.unwrap(), "x");
}
