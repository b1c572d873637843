//! The bucket and the queue with a count of what they are asked, and faults on demand.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use platform::queue::{LocalQueue, Queue, QueueError};

/// How often the bucket was asked what.
#[derive(Debug, Clone, Default)]
pub(crate) struct BucketCalls(Arc<Mutex<BTreeMap<String, usize>>>);

impl BucketCalls {
    fn note(&self, name: &str) {
        *self.0.lock().unwrap().entry(name.to_owned()).or_default() += 1;
    }

    /// The count since the last look.
    pub(crate) fn take(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A bucket in memory.
#[derive(Debug)]
pub(crate) struct CountedBucket {
    pub(crate) objects: InMemory,
    pub(crate) calls: BucketCalls,
}

impl fmt::Display for CountedBucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CountedBucket")
    }
}

#[async_trait]
impl ObjectStore for CountedBucket {
    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.calls.note("put");
        self.objects.put_opts(path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.calls.note("put multipart");
        self.objects.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        self.calls.note("get");
        self.objects.get_opts(path, options).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.calls.note("delete");
        self.objects.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.calls.note("list");
        self.objects.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.calls.note("list");
        self.objects.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.calls.note("copy");
        self.objects.copy_opts(from, to, options).await
    }
}

/// The local queue behind a line that can be cut.
pub(crate) struct CountedQueue {
    pub(crate) queue: Arc<LocalQueue>,
    sent: AtomicUsize,
    failing: AtomicUsize,
}

impl CountedQueue {
    pub(crate) fn new(queue: Arc<LocalQueue>) -> Self {
        Self {
            queue,
            sent: AtomicUsize::new(0),
            failing: AtomicUsize::new(0),
        }
    }

    /// Messages sent since the last look.
    pub(crate) fn take_sent(&self) -> usize {
        self.sent.swap(0, Ordering::Relaxed)
    }

    /// Lets the next `times` messages fail.
    pub(crate) fn fail_next(&self, times: usize) {
        self.failing.store(times, Ordering::Relaxed);
    }
}

#[async_trait]
impl Queue for CountedQueue {
    async fn send(&self, body: String, delay: Duration) -> std::result::Result<(), QueueError> {
        let failing = self
            .failing
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        if failing.is_ok() {
            return Err(QueueError::Unavailable("the line is cut".into()));
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.queue.send(body, delay).await
    }
}
