//! The table and the bucket.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_sdk_dynamodb::config::{Builder, IdentityCache};
use jiff::Timestamp;
use mirror::Mirror;
use outbox::Outbox;
use platform::aws::{self, Services};
use platform::config::{ConfigError, Environment};
use platform::runtime;
use platform::secrets::{LiveSecrets, Needs, Secrets};
use store::{Recordings, Store};

use crate::{live_secrets, master_key};

/// The secrets and the store, as [`live_secrets`] and [`store()`] have them. What the store needs beside its
/// key is made while the secrets are on their way.
///
/// # Errors
/// Those of both.
pub async fn open(
    services: &Services,
    environment: &Environment,
    needs: Needs,
    now: Timestamp,
) -> Result<(LiveSecrets, Store), runtime::Error> {
    let client = async {
        // The request goes first, and this fills the time of its round trips.
        tokio::task::yield_now().await;
        client(services)
    };
    let secrets = live_secrets(services, environment, needs, now);
    let (secrets, client) = tokio::join!(biased; secrets, client);
    let secrets = secrets?;
    let store = Store::new(client, table(environment)?, master_key(&secrets.known())?);
    Ok((secrets, store))
}

/// The store over the table `TABLE_NAME`.
///
/// # Errors
/// When the variable is missing, or the secret holds no master key.
pub fn store(
    services: &Services,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Store, runtime::Error> {
    let key = master_key(secrets)?;
    Ok(Store::new(client(services), table(environment)?, key))
}

fn table(environment: &Environment) -> Result<&str, ConfigError> {
    environment.required("TABLE_NAME", "the name of the DynamoDB table")
}

fn client(services: &Services) -> Client {
    let address = Endpoint::builder().url(services.endpoint("DYNAMODB", "dynamodb"));
    let config = Builder::from(&services.sdk_config());
    let config = config
        .endpoint_resolver(Address(address.build()))
        // Lambda's credentials stand in the environment, for as long as the instance lives.
        .identity_cache(IdentityCache::no_cache());
    Client::from_conf(config.build())
}

/// Where the table is, whatever is asked of it. The SDK's rules would say the same, after reading a table of
/// all partitions of AWS.
#[derive(Debug)]
struct Address(Endpoint);

impl ResolveEndpoint for Address {
    fn resolve_endpoint(&self, _: &Params) -> EndpointFuture<'_> {
        EndpointFuture::ready(Ok(self.0.clone()))
    }
}

/// The same, refused with another master key than the table's: for functions that write what is hashed
/// with it and have the time. It costs their start a read.
///
/// # Errors
/// Those of [`store()`], when the key does not fit, and when the table does not answer.
pub async fn checked_store(
    services: &Services,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Store, runtime::Error> {
    let store = store(services, environment, secrets)?;
    store.check_master_key().await?;
    Ok(store)
}

/// The outbox in the table `TABLE_NAME`.
///
/// # Errors
/// Those of [`store()`].
pub fn outbox(
    services: &Services,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Outbox, runtime::Error> {
    let key = master_key(secrets)?;
    Ok(Outbox::new(&client(services), table(environment)?, key))
}

/// The mirror in the table `TABLE_NAME`.
///
/// # Errors
/// Those of [`store()`].
pub fn mirror(
    services: &Services,
    environment: &Environment,
    secrets: &Secrets,
) -> Result<Mirror, runtime::Error> {
    let key = master_key(secrets)?;
    Ok(Mirror::new(&client(services), table(environment)?, key))
}

/// The recordings in the table of `store` and the bucket `BUCKET_NAME`.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn recordings(services: &Services, store: Store) -> Result<Recordings, ConfigError> {
    let bucket = aws::bucket(services)?;
    Ok(Recordings::new(store, Arc::new(bucket)))
}
