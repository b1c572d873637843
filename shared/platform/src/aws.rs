//! The table, the bucket and the queues that a deployed function talks to, as its environment names them.
//!
//! `AWS_REGION`, credentials and (in tests) `AWS_ENDPOINT_URL…` are read by the SDK itself.

use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use identity::MasterKey;
use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use store::Store;

use crate::config::{ConfigError, Environment};
use crate::queue::SqsQueue;

/// What all clients share: region, credentials, connections.
pub async fn sdk_config() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

/// The store over the table `TABLE_NAME` and the bucket `BUCKET_NAME`.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn store(
    sdk: &SdkConfig,
    environment: &Environment,
    master_key: MasterKey,
) -> Result<Store, ConfigError> {
    let table = environment.required("TABLE_NAME", "the name of the DynamoDB table")?;
    let client = aws_sdk_dynamodb::Client::new(sdk);
    Ok(Store::new(client, table, bucket(environment)?, master_key))
}

/// The queue whose URL stands in the variable `name`.
///
/// # Errors
/// When it is missing.
pub fn queue(
    sdk: &SdkConfig,
    environment: &Environment,
    name: &'static str,
) -> Result<SqsQueue, ConfigError> {
    let url = environment.required(name, "the URL of an SQS queue")?;
    Ok(SqsQueue::new(aws_sdk_sqs::Client::new(sdk), url))
}

fn bucket(environment: &Environment) -> Result<Arc<dyn ObjectStore>, ConfigError> {
    const NAME: &str = "BUCKET_NAME";
    const HOLDS: &str = "the name of the S3 bucket";
    let bucket = AmazonS3Builder::from_env()
        .with_bucket_name(environment.required(NAME, HOLDS)?)
        .build()
        .map_err(|_| ConfigError::Invalid {
            name: NAME,
            holds: HOLDS,
        })?;
    Ok(Arc::new(bucket))
}
