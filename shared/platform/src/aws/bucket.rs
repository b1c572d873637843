//! The bucket on S3, reached through the SDK's HTTP client: a second one would be a second TLS stack in the
//! binary.

use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
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

use super::{CONNECT_TIMEOUT, Patience, endpoints, trust};
use crate::config::{ConfigError, Environment};

/// The bucket `BUCKET_NAME`.
///
/// # Errors
/// When a variable is missing or unusable.
pub fn open(environment: &Environment, patience: Patience) -> Result<AmazonS3, ConfigError> {
    const NAME: &str = "BUCKET_NAME";
    const HOLDS: &str = "the name of the S3 bucket";
    let credentials = super::credentials(environment)?;
    let mut bucket = AmazonS3Builder::new()
        .with_bucket_name(environment.required(NAME, HOLDS)?)
        .with_region(environment.required("AWS_REGION", "an AWS region")?)
        .with_access_key_id(credentials.access_key_id())
        .with_secret_access_key(credentials.secret_access_key())
        .with_retry(again(patience))
        .with_http_connector(Connections {
            trust: trust::context(environment)?,
            patience,
        });
    if let Some(token) = credentials.session_token() {
        bucket = bucket.with_token(token);
    }
    bucket = match endpoints::of_s3(environment) {
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

/// Makes what the bucket's requests go through.
#[derive(Debug)]
struct Connections {
    trust: aws_smithy_http_client::tls::TlsContext,
    patience: Patience,
}

impl HttpConnector for Connections {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let timeouts = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(self.patience.attempt)
            .build();
        let connector = Connector::builder()
            .tls_provider(trust::PROVIDER)
            .tls_context(self.trust.clone())
            .connector_settings(timeouts)
            .build();
        Ok(HttpClient::new(Service(connector)))
    }
}

#[derive(Debug)]
struct Service(Connector);

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
