//! The table and the bucket.

use std::sync::Arc;

use platform::aws::{self, Patience, SdkConfig};
use platform::config::{ConfigError, Environment};
use platform::runtime;
use platform::secrets::Secrets;
use store::{Recordings, Store};

use crate::master_key;

/// The store over the table `TABLE_NAME`.
///
/// # Errors
/// When the variable is missing, or the secret holds no master key.
pub fn store(
    sdk: &SdkConfig,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Store, runtime::Error> {
    let table = environment.required("TABLE_NAME", "the name of the DynamoDB table")?;
    let client = aws_sdk_dynamodb::Client::new(sdk);
    Ok(Store::new(client, table, master_key(secrets)?))
}

/// The same, refused with another master key than the table's: for functions that write what is hashed
/// with it and have the time. It costs their start a read.
///
/// # Errors
/// Those of [`store()`], when the key does not fit, and when the table does not answer.
pub async fn checked_store(
    sdk: &SdkConfig,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Store, runtime::Error> {
    let store = store(sdk, environment, secrets)?;
    store.check_master_key().await?;
    Ok(store)
}

/// The recordings in the table of `store` and the bucket `BUCKET_NAME`.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn recordings(
    environment: &Environment,
    store: Store,
    patience: Patience,
) -> Result<Recordings, ConfigError> {
    let bucket = aws::bucket(environment, patience)?;
    Ok(Recordings::new(store, Arc::new(bucket)))
}
