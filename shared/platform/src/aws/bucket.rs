//! The bucket on S3, reached through the SDK's HTTP client: a second one would be a second TLS stack in the
//! binary.

use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::Request as SdkRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::retry::ErrorKind;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpService,
};
use object_store::{BackoffConfig, RetryConfig};

use super::{Patience, Services, endpoints};
use crate::config::ConfigError;

/// The bucket `BUCKET_NAME`.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn open(services: &Services) -> Result<AmazonS3, ConfigError> {
    const NAME: &str = "BUCKET_NAME";
    const HOLDS: &str = "the name of the S3 bucket";
    let credentials = &services.credentials;
    let mut bucket = AmazonS3Builder::new()
        .with_bucket_name(services.environment.required(NAME, HOLDS)?)
        .with_region(&services.region)
        .with_access_key_id(credentials.access_key_id())
        .with_secret_access_key(credentials.secret_access_key())
        .with_retry(again(services.patience))
        .with_http_connector(Connections(services.connector.clone()));
    if let Some(token) = credentials.session_token() {
        bucket = bucket.with_token(token);
    }
    bucket = match endpoints::named(&services.environment, "S3") {
        // Emulators know no host of the bucket's own.
        Some(endpoint) => bucket.with_endpoint(endpoint).with_allow_http(true),
        None => bucket.with_virtual_hosted_style_request(true),
    };
    bucket.build().map_err(|_| ConfigError::Invalid {
        name: NAME,
        holds: HOLDS,
    })
}

/// When a request is sent again: what was done and not answered may be done twice, for a path means one
/// content for good.
fn again(patience: Patience) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        },
        retry_timeout: patience.call,
        ..RetryConfig::default()
    }
}

/// Makes what the bucket's requests go through: the connections of all other requests.
#[derive(Debug)]
struct Connections(SharedHttpConnector);

impl HttpConnector for Connections {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Service(self.0.clone())))
    }
}

#[derive(Debug)]
struct Service(SharedHttpConnector);

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let failed = |kind| move |error| HttpError::new_boxed(kind, error);
        let request = SdkRequest::try_from(request.map(SdkBody::from_body_1_x))
            .map_err(|error| failed(HttpErrorKind::Unknown)(error.into()))?;
        let response = self
            .0
            .call(request)
            .await
            .map_err(|error| failed(kind(&error))(error.into()))?
            .try_into_http1x()
            .map_err(|error| failed(HttpErrorKind::Decode)(error.into()))?;
        let (head, body) = response.into_parts();
        // Objects are read whole in any case, and their size is bounded when they are written.
        let body = ByteStream::new(body)
            .collect()
            .await
            .map_err(|error| failed(HttpErrorKind::Interrupted)(error.into()))?;
        Ok(HttpResponse::from_parts(head, body.into_bytes().into()))
    }
}

/// What a failure means for another attempt.
fn kind(error: &ConnectorError) -> HttpErrorKind {
    if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_io() || error.as_other() == Some(ErrorKind::TransientError) {
        // The latter is a connection that S3 closed instead of answering: the request may have been done. All
        // of ours may be done twice. Of one that deletes the client does not know that, unless it is told
        // that nothing was sent.
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again() {
        let transient = ConnectorError::other("closed".into(), Some(ErrorKind::TransientError));
        for (error, expected) in [
            (
                ConnectorError::timeout("slow".into()),
                HttpErrorKind::Timeout,
            ),
            (ConnectorError::io("refused".into()), HttpErrorKind::Connect),
            (transient, HttpErrorKind::Connect),
            (
                ConnectorError::user("malformed".into()),
                HttpErrorKind::Unknown,
            ),
        ] {
            assert_eq!(kind(&error), expected, "{error}");
        }
    }
}
