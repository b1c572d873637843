//! A service of AWS that is asked one thing: signed JSON over HTTP.
//!
//! The SDK's client of such a service is most of what a function loads and sets up at its start. What is
//! needed of it is a POST, AWS's own signature, and another attempt when the first one may pass.

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningError, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::Request as SdkRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use backon::{ExponentialBuilder, Retryable as _};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use lambda_http::http::header::{CONTENT_TYPE, USER_AGENT};
use lambda_http::http::{Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Patience;
use crate::xray;

/// How often a request is sent again: as often as by the SDK.
const RETRIES: usize = 2;

/// What a service is called, and how it is spoken to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Protocol {
    /// In signatures, and in the host's name.
    pub(crate) name: &'static str,
    /// As `AWS_ENDPOINT_URL_…` names it.
    pub(crate) variable: &'static str,
    /// Begins the header `X-Amz-Target`.
    pub(crate) target: &'static str,
    /// The version of `application/x-amz-json`.
    pub(crate) version: &'static str,
}

/// A service, at its address.
#[derive(Clone)]
pub(crate) struct JsonService {
    pub(super) protocol: Protocol,
    pub(super) url: String,
    pub(super) region: String,
    pub(super) identity: Identity,
    pub(super) connector: SharedHttpConnector,
    pub(super) patience: Patience,
}

/// Why a call was not answered as asked. Holds nothing of what was sent or answered, but for a code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The service says no.
    #[error("{service} answered {status} {code}")]
    Answered {
        service: &'static str,
        status: StatusCode,
        code: String,
    },
    /// The answer is not the documented one.
    #[error("{service} answered something else than documented")]
    Malformed { service: &'static str },
    /// No answer came.
    #[error("{service} could not be reached")]
    Unreachable {
        service: &'static str,
        source: BoxError,
    },
    /// None came in time.
    #[error("{service} did not answer in time")]
    Late { service: &'static str },
    /// Nothing was sent.
    #[error("a request to {service} could not be made")]
    Unmade {
        service: &'static str,
        source: BoxError,
    },
}

impl JsonService {
    /// Calls an operation, within the patience of the function: again when what went wrong may pass.
    pub(crate) async fn call<A: DeserializeOwned>(
        &self,
        operation: &str,
        parameters: &Value,
    ) -> Result<A, CallError> {
        let service = self.protocol.name;
        let answer = self.attempts(operation, parameters.to_string()).await?;
        serde_json::from_slice(&answer).map_err(|_| CallError::Malformed { service })
    }

    /// Boxed: it is a part of many handlers' futures, and deep.
    fn attempts<'a>(
        &'a self,
        operation: &'a str,
        body: String,
    ) -> BoxFuture<'a, Result<Vec<u8>, CallError>> {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(super::FIRST_RETRY_PAUSE / 2)
            .with_jitter()
            .with_max_times(RETRIES);
        async move {
            let answered = (|| self.attempt(operation, &body))
                .retry(pauses)
                .sleep(tokio::time::sleep)
                .when(CallError::is_transient);
            within(self.patience.call, self.protocol.name, answered).await
        }
        .boxed()
    }

    async fn attempt(&self, operation: &str, body: &str) -> Result<Vec<u8>, CallError> {
        let service = self.protocol.name;
        let request = self.request(operation, body);
        let request = request.map_err(|source| CallError::Unmade { service, source })?;
        within(self.patience.attempt, service, self.send(request)).await
    }

    async fn send(&self, request: SdkRequest) -> Result<Vec<u8>, CallError> {
        let service = self.protocol.name;
        let unreachable = |source| CallError::Unreachable { service, source };
        let response = self.connector.call(request).await;
        let response = response.map_err(|error: ConnectorError| unreachable(error.into()))?;
        let status = StatusCode::from_u16(response.status().as_u16());
        let body = ByteStream::new(response.into_body()).collect().await;
        let body = body.map_err(|error| unreachable(error.into()))?.to_vec();
        match status {
            Ok(status) if status.is_success() => Ok(body),
            Ok(status) => Err(CallError::Answered {
                service,
                status,
                code: code(&body),
            }),
            Err(_) => Err(CallError::Malformed { service }),
        }
    }

    fn request(&self, operation: &str, body: &str) -> Result<SdkRequest, BoxError> {
        let Protocol {
            target, version, ..
        } = self.protocol;
        let mut request = Request::post(&self.url)
            .header(CONTENT_TYPE, format!("application/x-amz-json-{version}"))
            .header("x-amz-target", format!("{target}.{operation}"))
            .header(
                USER_AGENT,
                concat!("recapt-intercom/", env!("CARGO_PKG_VERSION")),
            );
        if let Some(trace) = xray::current() {
            // Lambda ends what invokes itself in a circle by it.
            request = request.header("x-amzn-trace-id", trace.as_str());
        }
        let mut request = request.body(SdkBody::from(body))?;
        self.sign(&mut request, body)?;
        Ok(SdkRequest::try_from(request)?)
    }

    fn sign(&self, request: &mut Request<SdkBody>, body: &str) -> Result<(), BoxError> {
        let parameters = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(&self.region)
            .name(self.protocol.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = request.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new(
            "POST",
            self.url.as_str(),
            headers,
            SignableBody::Bytes(body.as_bytes()),
        );
        let signed: Result<_, SigningError> = signable.and_then(|it| sign(it, &parameters));
        let (instructions, _) = signed?.into_parts();
        instructions.apply_to_request_http1x(request);
        Ok(())
    }
}

impl fmt::Debug for JsonService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JsonService({})", self.protocol.name)
    }
}

impl CallError {
    /// Whether the same call may be answered later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Answered { status, code, .. } => {
                status.is_server_error()
                    || *status == StatusCode::TOO_MANY_REQUESTS
                    || code.contains("Throttl")
            }
            Self::Unreachable { .. } | Self::Late { .. } => true,
            Self::Malformed { .. } | Self::Unmade { .. } => false,
        }
    }
}

/// The name of an error, as in `{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}`: letters and no more, so
/// that an answer that is none of AWS's does not get into a log.
fn code(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(rename = "__type")]
        code: String,
    }
    let answer: Option<Answer> = serde_json::from_slice(body).ok();
    let code = answer.map(|answer| answer.code).unwrap_or_default();
    let name = code.rsplit('#').next().unwrap_or_default();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
    match name.len() <= 100 && name.bytes().all(is_name) {
        true => name.to_owned(),
        false => String::new(),
    }
}

async fn within<T>(
    longest: Duration,
    service: &'static str,
    work: impl Future<Output = Result<T, CallError>>,
) -> Result<T, CallError> {
    tokio::time::timeout(longest, work)
        .await
        .unwrap_or(Err(CallError::Late { service }))
}

#[cfg(test)]
pub(crate) mod tests;
