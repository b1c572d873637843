//! A bucket whose answers are lost as planned.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crate::{Faults, Loss};

/// A bucket behind a line on which answers are lost. What is lost is repeated, as `object_store` repeats it.
#[derive(Debug)]
pub struct FaultyBucket<B> {
    bucket: Arc<B>,
    faults: Faults,
}

impl<B: ObjectStore> FaultyBucket<B> {
    /// The same bucket, with a plan.
    pub fn new(bucket: Arc<B>, faults: Faults) -> Self {
        Self { bucket, faults }
    }
}

/// What a caller is told when no attempt was answered.
fn unanswered() -> Error {
    Error::Generic {
        store: "S3",
        source: "no answer".into(),
    }
}

impl<B: ObjectStore> fmt::Display for FaultyBucket<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FaultyBucket")
    }
}

#[async_trait]
impl<B: ObjectStore> ObjectStore for FaultyBucket<B> {
    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        let loss = self.faults.write("S3 PUT");
        let put = || self.bucket.put_opts(path, payload.clone(), options.clone());
        let answer = put().await?;
        match loss {
            None => Ok(answer),
            Some(Loss::First) => put().await,
            Some(Loss::All) => Err(unanswered()),
        }
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.bucket.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        self.bucket.get_opts(path, options).await
    }

    /// Each object is a call of its own, although S3 deletes a thousand by one: losing the answer of one is
    /// worse.
    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let (bucket, faults) = (Arc::clone(&self.bucket), self.faults.clone());
        let delete = move |path: Result<Path>| {
            let (bucket, faults) = (Arc::clone(&bucket), faults.clone());
            async move {
                let path = path?;
                let loss = faults.write("S3 DELETE");
                // S3 does not say whether there was anything to delete.
                let deleted = bucket.delete(&path).await;
                match loss {
                    None => deleted?,
                    Some(Loss::First) => drop(bucket.delete(&path).await),
                    Some(Loss::All) => return Err(unanswered()),
                }
                Ok(path)
            }
        };
        paths.then(delete).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.bucket.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.bucket.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.bucket.copy_opts(from, to, options).await
    }
}
