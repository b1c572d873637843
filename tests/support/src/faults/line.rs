//! The line between a client and the table, which every attempt of a call takes.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Value, json};

use super::batches::Part;
use super::losses::Attempt;
use super::stale::may_be_behind;
use super::{Faults, Refusal};
use crate::units::is_write;

/// The header of every answer that says of which call it is: all attempts of a call bear the same name.
pub(crate) const CALL: &str = "x-test-call";

/// The header of an answer that stands in for one that was lost.
pub(crate) const LOST: &str = "x-test-answer-lost";

/// The header by which the SDK names a call.
pub(crate) const INVOCATION: &str = "amz-sdk-invocation-id";

/// A line on which things go wrong as planned.
#[derive(Debug)]
pub(crate) struct Line<T> {
    inner: T,
    faults: Faults,
}

impl<T> Line<T> {
    pub(crate) fn new(inner: T, faults: Faults) -> Self {
        Self { inner, faults }
    }
}

impl HttpClient for Line<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Line::new(inner, self.faults.clone()))
    }
}

impl HttpConnector for Line<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, faults) = (self.inner.clone(), self.faults.clone());
        HttpConnectorFuture::new(async move { attempt(&inner, &faults, request).await })
    }
}

async fn attempt(
    inner: &SharedHttpConnector,
    faults: &Faults,
    mut request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let header = |name| request.headers().get(name).unwrap_or_default().to_owned();
    let target = header("x-amz-target");
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let call = header(INVOCATION);
    if let Some(refusal) = faults.take_refusal(&operation) {
        return refusal.answer().ok_or_else(unbuilt);
    }
    let stale = faults.plan().stale.clone();
    let body = parsed(request.body());
    if let Some(stale) = stale.filter(|_| may_be_behind(&operation, &body)) {
        request.set_uri(stale).map_err(|_| unbuilt())?;
    }
    let part = Part::of(&operation, &body).filter(|_| faults.takes_part_of_batch());
    let mut answer = match part {
        Some(part) => in_part(inner, request, part).await?,
        None => inner.call(request).await?,
    };
    let attempt = Attempt {
        operation: &operation,
        call: &call,
        is_write: is_write(&operation),
        adds_a_number: adds_a_number(&body),
        is_done: answer.status().is_success(),
    };
    let is_lost = faults.plan().losses.is_lost(&attempt);
    if is_lost {
        answer = in_its_place(answer).await?;
    }
    answer.headers_mut().insert(CALL, call);
    Ok(answer)
}

/// What stands in for an answer that was lost. It says what the call consumed, for those who count.
async fn in_its_place(answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let lost = read(answer).await?;
    let mut answer = Refusal::InternalServerError.answer().ok_or_else(unbuilt)?;
    let mut told = parsed(answer.body());
    told["ConsumedCapacity"] = lost["ConsumedCapacity"].clone();
    *answer.body_mut() = told.to_string().into();
    answer.headers_mut().insert(LOST, "true");
    Ok(answer)
}

async fn read(answer: HttpResponse) -> Result<Value, ConnectorError> {
    let body = ByteStream::new(answer.into_body()).collect().await;
    let body = body.map_err(|error| ConnectorError::io(error.into()))?;
    Ok(serde_json::from_slice(&body.into_bytes()).unwrap_or_default())
}

/// Asks for a part of a batch.
async fn in_part(
    inner: &SharedHttpConnector,
    mut request: HttpRequest,
    part: Part,
) -> Result<HttpResponse, ConnectorError> {
    let Some(wanted) = &part.request else {
        let status = StatusCode::try_from(200).map_err(|_| unbuilt())?;
        let body = part.answer(json!({})).to_string();
        return Ok(HttpResponse::new(status, SdkBody::from(body)));
    };
    let body = wanted.to_string();
    let length = body.len().to_string();
    request.headers_mut().insert("content-length", length);
    *request.body_mut() = body.into();
    let answer = inner.call(request).await?;
    let status = answer.status();
    let body = read(answer).await?;
    let body = match status.is_success() {
        true => part.answer(body),
        false => body,
    };
    Ok(HttpResponse::new(status, SdkBody::from(body.to_string())))
}

/// Whether a change adds to a number of a row.
fn adds_a_number(request: &Value) -> bool {
    let changes = request["UpdateExpression"].as_str().unwrap_or_default();
    let Some((_, added)) = changes.split_once("ADD ") else {
        return false;
    };
    let mut words = added.split([' ', ',']).filter(|word| !word.is_empty());
    let value = words.nth(1).unwrap_or_default();
    request["ExpressionAttributeValues"][value]["N"].is_string()
}

fn parsed(body: &SdkBody) -> Value {
    let body = body.bytes().unwrap_or_default();
    serde_json::from_slice(body).unwrap_or_default()
}

fn unbuilt() -> ConnectorError {
    ConnectorError::other("an answer could not be built".into(), None)
}
