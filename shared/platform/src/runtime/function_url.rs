//! Between Lambda's events and `lambda_http`, which takes for granted what nobody promises.

use std::task::{Context, Poll};

use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use futures::future::{Either, MapOk, Ready, TryFutureExt as _, ready};
use lambda_http::http::StatusCode;
use lambda_http::lambda_runtime::LambdaEvent;
use lambda_http::lambda_runtime::tower::Service;
use lambda_http::request::LambdaRequest;
use lambda_http::{Body, Response};
use serde::Serialize;
use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::address;
use crate::http::ApiError;

/// What Lambda hands over for a request to the function's URL.
pub(super) enum Event {
    Request(Box<ApiGatewayV2httpRequest>),
    /// JSON, but no request: with a header that no header can be, for example.
    Unreadable,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Apart, for a reader that fails in the midst of an event cannot be gone on with.
        let event = Box::<RawValue>::deserialize(deserializer)?;
        let request = serde_json::from_str(event.get());
        Ok(request.map_or(Self::Unreadable, |request| Self::Request(Box::new(request))))
    }
}

/// What Lambda gets for it: as the service within says it, which keeps the type to itself, or as we do.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer<A> {
    Served(A),
    Refused(Box<ApiGatewayV2httpResponse>),
}

/// Hands on what can be read, and answers the rest itself: 400, or 414.
pub(super) struct FunctionUrl<S>(pub(super) S);

type Served<S> = <S as Service<LambdaEvent<LambdaRequest>>>::Response;
type Failed<S> = <S as Service<LambdaEvent<LambdaRequest>>>::Error;
type Working<S> = <S as Service<LambdaEvent<LambdaRequest>>>::Future;

impl<S: Service<LambdaEvent<LambdaRequest>>> Service<LambdaEvent<Event>> for FunctionUrl<S> {
    type Response = Answer<Served<S>>;
    type Error = Failed<S>;
    type Future = Either<
        MapOk<Working<S>, fn(Served<S>) -> Self::Response>,
        Ready<Result<Self::Response, Self::Error>>,
    >;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, event: LambdaEvent<Event>) -> Self::Future {
        match read(event.payload) {
            Ok(request) => {
                let request = LambdaRequest::ApiGatewayV2(request);
                let working = self.0.call(LambdaEvent::new(request, event.context));
                Either::Left(working.map_ok(Answer::Served))
            }
            Err(refusal) => {
                tracing::warn!(code = refusal.code(), "a request cannot be read");
                let answer = Answer::Refused(Box::new(answered(refusal.into_response())));
                Either::Right(ready(Ok(answer)))
            }
        }
    }
}

/// The request of an event, such that `lambda_http` can read it.
fn read(event: Event) -> Result<ApiGatewayV2httpRequest, ApiError> {
    let bad_request = |code, message| ApiError::new(StatusCode::BAD_REQUEST, code, message);
    let Event::Request(mut request) = event else {
        const RULE: &str = "The method or a header of the request is none.";
        return Err(bad_request("unreadable_request", RULE));
    };
    address::canonicalize(&mut request)?;
    let body = request.body.as_deref().unwrap_or_default();
    if request.is_base64_encoded && BASE64_STANDARD.decode(body).is_err() {
        return Err(bad_request("unreadable_body", "The body is not base64."));
    }
    Ok(*request)
}

/// As Lambda's payload format 2.0 has it.
fn answered(response: Response<Body>) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = i64::from(parts.status.as_u16());
    answer.headers = parts.headers;
    answer.body = Some(body);
    answer
}

#[cfg(test)]
mod tests;
