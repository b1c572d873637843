//! The services of AWS that a deployed function talks to, as its environment names them.
//!
//! Made by hand from what Lambda promises a function (a region and credentials in the environment) rather
//! than by the SDK's own search for them: profiles, instance metadata and some 145 certificates of the system
//! cost 2 ms of start and 2 MB of binary, and no function of ours needs them.
//!
//! | variable | meaning |
//! |---|---|
//! | `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | set by Lambda |
//! | `AWS_ENDPOINT_URL`, `…_DYNAMODB`, `…_SQS`, `…_S3`, `…_SECRETS_MANAGER` | an emulator |
//! | `AWS_CA_BUNDLE` | a PEM file with certificates to trust instead of Amazon's |

mod bucket;
mod endpoints;
pub(crate) mod json_service;
mod patience;
mod trust;

use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::Region;

use crate::config::{ConfigError, Environment};
use crate::queue::SqsQueue;

pub use aws_types::SdkConfig;
pub use bucket::open as bucket;
pub(crate) use json_service::{CallError, JsonService, Protocol};
pub use patience::Patience;

/// Longest wait for a connection: within a region it takes a few milliseconds, and another attempt may go
/// elsewhere.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The first pause before a call is sent again is between nothing and this; the SDK's own, a second, is most
/// of what a short deadline leaves.
const FIRST_RETRY_PAUSE: Duration = Duration::from_millis(100);

/// What a queue's variable holds.
const QUEUE_URL: &str = "the URL of an SQS queue";

/// What a function shares among all that it asks of AWS: region, credentials, connections, and how long it
/// waits.
#[derive(Clone)]
pub struct Services {
    environment: Environment,
    region: String,
    credentials: Credentials,
    connector: SharedHttpConnector,
    patience: Patience,
}

/// What the environment names, before anything is asked.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn services(environment: &Environment, patience: Patience) -> Result<Services, ConfigError> {
    let region = environment.required("AWS_REGION", "an AWS region")?;
    let timeouts = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(patience.attempt)
        .build();
    let connector = Connector::builder()
        .tls_provider(trust::PROVIDER)
        .tls_context(trust::context(environment)?)
        .connector_settings(timeouts)
        .build();
    Ok(Services {
        environment: environment.clone(),
        region: region.to_owned(),
        credentials: credentials(environment)?,
        connector: SharedHttpConnector::new(connector),
        patience,
    })
}

impl Services {
    /// What the SDK's clients go by. Where their service is stands beside it ([`Self::endpoint`]).
    pub fn sdk_config(&self) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(self.patience.attempt)
            .operation_timeout(self.patience.call)
            .build();
        let again = RetryConfig::standard().with_initial_backoff(FIRST_RETRY_PAUSE);
        let connector = self.connector.clone();
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(self.credentials.clone()))
            .timeout_config(timeouts)
            .retry_config(again)
            // The time of an attempt is limited, reading its answer included.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build()
    }

    /// The address of a service: `variable` as in `AWS_ENDPOINT_URL_…`, `name` as in the host's name.
    pub fn endpoint(&self, variable: &str, name: &str) -> String {
        endpoints::url(&self.environment, variable, name, &self.region)
    }

    pub(crate) fn json(&self, protocol: Protocol) -> JsonService {
        JsonService {
            url: self.endpoint(protocol.variable, protocol.name),
            protocol,
            region: self.region.clone(),
            identity: self.credentials.clone().into(),
            connector: self.connector.clone(),
            patience: self.patience,
        }
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Services({})", self.region)
    }
}

/// The queue whose URL stands in the variable `name`.
///
/// # Errors
/// When it is missing.
pub fn queue(
    services: &Services,
    environment: &Environment,
    name: &'static str,
) -> Result<SqsQueue, ConfigError> {
    queues(services, environment)(name)
}

/// Opens queues as [`queue`] does.
pub fn queues(
    services: &Services,
    environment: &Environment,
) -> impl Fn(&'static str) -> Result<SqsQueue, ConfigError> {
    let service = services.json(SqsQueue::PROTOCOL);
    move |name| {
        let url = environment.required(name, QUEUE_URL)?;
        Ok(SqsQueue::new(service.clone(), url))
    }
}

/// Opens queues whose names stand in variables, and which are all below the URL in the variable `base`.
///
/// # Errors
/// When that is missing.
pub fn queues_below(
    services: &Services,
    environment: &Environment,
    base: &'static str,
) -> Result<impl Fn(&'static str) -> Result<SqsQueue, ConfigError>, ConfigError> {
    let base = environment.required(base, "what the URLs of SQS queues begin with")?;
    let service = services.json(SqsQueue::PROTOCOL);
    Ok(move |name| {
        let queue = environment.required(name, "the name of an SQS queue")?;
        Ok(SqsQueue::new(service.clone(), format!("{base}{queue}")))
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
