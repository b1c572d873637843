//! The services of AWS that a deployed function talks to, as its environment names them.
//!
//! Made by hand from what Lambda promises a function (a region and credentials in the environment) rather
//! than by the SDK's own search for them: profiles, instance metadata and some 145 certificates of the system
//! cost 2 ms of start and 2 MB of binary, and no function of ours needs them.
//!
//! | variable | meaning |
//! |---|---|
//! | `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | set by Lambda |
//! | `AWS_ENDPOINT_URL`, `…_DYNAMODB`, `…_SQS`, `…_S3`, `…_SECRETS_MANAGER` | an emulator to use instead |
//! | `AWS_CA_BUNDLE` | a PEM file with certificates to trust instead of Amazon's |

mod bucket;
mod endpoints;
mod patience;
mod trust;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::Region;

use crate::config::{ConfigError, Environment};
use crate::queue::SqsQueue;

pub use aws_types::SdkConfig;
pub use bucket::open as bucket;
pub use patience::Patience;

/// Longest wait for a connection: within a region it takes a few milliseconds, and another attempt may go
/// elsewhere.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The first pause before a call is sent again is between nothing and this; the SDK's own, a second, is most
/// of what a short deadline leaves.
const FIRST_RETRY_PAUSE: Duration = Duration::from_millis(100);

/// What a queue's variable holds.
const QUEUE_URL: &str = "the URL of an SQS queue";

/// What all clients of a function share: region, credentials, connections, and how long they wait.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn sdk_config(environment: &Environment, patience: Patience) -> Result<SdkConfig, ConfigError> {
    let region = environment.required("AWS_REGION", "an AWS region")?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(patience.attempt)
        .operation_timeout(patience.call)
        .build();
    let again = RetryConfig::standard().with_initial_backoff(FIRST_RETRY_PAUSE);
    let connections = Builder::new()
        .tls_provider(trust::PROVIDER)
        .tls_context(trust::context(environment)?)
        .build_https();
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials(environment)?))
        .service_config(endpoints::Endpoints(environment.clone()))
        .timeout_config(timeouts)
        .retry_config(again)
        .http_client(connections)
        .build())
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
    queues(sdk, environment)(name)
}

/// Opens queues as [`queue`] does, all of them with the same client.
pub fn queues(
    sdk: &SdkConfig,
    environment: &Environment,
) -> impl Fn(&'static str) -> Result<SqsQueue, ConfigError> {
    let client = aws_sdk_sqs::Client::new(sdk);
    move |name| {
        let url = environment.required(name, QUEUE_URL)?;
        Ok(SqsQueue::new(client.clone(), url))
    }
}

/// Opens queues whose names stand in variables, and which are all below the URL in the variable `base`.
///
/// # Errors
/// When that is missing.
pub fn queues_below(
    sdk: &SdkConfig,
    environment: &Environment,
    base: &'static str,
) -> Result<impl Fn(&'static str) -> Result<SqsQueue, ConfigError>, ConfigError> {
    let base = environment.required(base, "what the URLs of SQS queues begin with")?;
    let client = aws_sdk_sqs::Client::new(sdk);
    Ok(move |name| {
        let queue = environment.required(name, "the name of an SQS queue")?;
        Ok(SqsQueue::new(client.clone(), format!("{base}{queue}")))
    })
}

/// Those of the function's role. Lambda ends an instance before they expire.
fn credentials(environment: &Environment) -> Result<Credentials, ConfigError> {
    const HOLDS: &str = "credentials, as Lambda sets them";
    Ok(Credentials::new(
        environment.required("AWS_ACCESS_KEY_ID", HOLDS)?,
        environment.required("AWS_SECRET_ACCESS_KEY", HOLDS)?,
        environment.optional("AWS_SESSION_TOKEN").map(str::to_owned),
        None,
        "Lambda",
    ))
}
