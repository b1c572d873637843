//! Lambda's side of a function: what each `main` begins and ends with.
//!
//! [`start`] runs the function; [`http`], [`worker`] and [`events`] serve what comes to it. Every invocation
//! is worked on within a span that bears its ids (see [`crate::telemetry`]) and within its X-Ray trace (see
//! [`crate::xray`]).

mod address;
mod function_url;
mod gate;
mod start;

use std::convert::Infallible;
use std::future::pending;
use std::mem;
use std::task;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use futures::{FutureExt as _, TryFutureExt as _};
use lambda_http::lambda_runtime::tower::{Layer, Service};
use lambda_http::lambda_runtime::{Diagnostic, LambdaEvent, LambdaInvocation, Runtime, service_fn};
use lambda_http::{Adapter, Body, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::futures::TaskLocalFuture;
use tracing::Instrument;
use tracing::instrument::Instrumented;

pub use lambda_http::Error;
pub use start::start;

use self::function_url::FunctionUrl;
use self::gate::Gate;
use crate::edge;
use crate::fault::Fault;
use crate::telemetry::Chain;
use crate::xray::{self, TraceHeader};

/// Enough for the first `GET /next` to be on its way.
const FIRST_NEXT: Duration = Duration::from_millis(1);

/// Serves what comes to the function's URL, for as long as the instance lives: as [`edge`] has it, and
/// answering itself what cannot be read.
///
/// # Errors
/// When Lambda's Runtime API fails, which ends the instance.
pub async fn http<H, F>(handler: H) -> Result<(), Error>
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    let service = service_fn(|request| {
        let answer = edge::answer(request, &handler);
        answer.map(Ok::<_, Infallible>)
    });
    Runtime::new(FunctionUrl(Adapter::from(service)))
        .layer(Invocations)
        .run()
        .await
}

/// Serves as [`http`] does, and handles no request before `check` has passed. The start does not wait for it:
/// it is made beside the first `GET /next`.
///
/// # Errors
/// Those of [`http`], and what the check of a request fails with: it ends the instance.
pub async fn http_checked<C, K, X, H, F>(check: C, handler: H) -> Result<(), Error>
where
    C: Fn() -> K + Sync,
    K: Future<Output = Result<(), X>> + Send,
    X: Into<Error>,
    H: Fn(Request) -> F + Sync,
    F: Future<Output = Response<Body>> + Send,
{
    // Boxed: a call of AWS is large, and it is part of every request's future.
    let gate = &Gate::new(|| Box::pin(check().map_err(X::into)));
    let handler = &handler;
    tokio::select! {
        served = http(|request| async move {
            gate.pass().await;
            handler(request).await
        }) => served,
        error = after_next(gate.watch()) => Err(error),
    }
}

/// Serves as [`http`] does, and does `work` beside the first `GET /next`: what a start need not wait for and
/// the first request gains by, such as a first call over a connection that it will use.
///
/// # Errors
/// Those of [`http`].
pub async fn http_beside<H, F>(work: impl Future<Output = ()>, handler: H) -> Result<(), Error>
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    let work = after_next(work).then(|()| pending::<Infallible>());
    tokio::select! {
        served = http(handler) => served,
        never = work => match never {},
    }
}

/// Does `work` when the first `GET /next` is on its way.
async fn after_next<T>(work: impl Future<Output = T>) -> T {
    tokio::time::sleep(FIRST_NEXT).await;
    work.await
}

/// Serves batches of the function's queue, for as long as the instance lives.
///
/// # Errors
/// When Lambda's Runtime API fails, which ends the instance.
pub async fn worker<H, F>(handler: H) -> Result<(), Error>
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    let service = service_fn(|event: LambdaEvent<SqsEvent>| {
        let response = handler(event.payload);
        async { Ok::<_, Infallible>(response.await) }
    });
    Runtime::new(service).layer(Invocations).run().await
}

/// Serves events of any kind, for as long as the instance lives. What the handler fails with is logged here,
/// and told to whoever invoked the function.
///
/// # Errors
/// When Lambda's Runtime API fails, which ends the instance.
pub async fn events<E, A, X, H, F>(handler: H) -> Result<(), Error>
where
    E: DeserializeOwned,
    A: Serialize,
    X: Fault,
    H: Fn(E) -> F,
    F: Future<Output = Result<A, X>>,
{
    let service = service_fn(|event: LambdaEvent<E>| {
        let answer = handler(event.payload);
        async { answer.await.map_err(|error| failed(&error)) }
    });
    Runtime::new(service).layer(Invocations).run().await
}

fn failed(error: &impl Fault) -> Diagnostic {
    let error_message = Chain(error).to_string();
    tracing::error!(
        "error.type" = error.error_type(),
        retryable = error.is_transient(),
        error = error_message,
        "an invocation failed"
    );
    Diagnostic {
        error_type: error.error_type().to_owned(),
        error_message,
    }
}

/// Puts each invocation into its span and its trace.
struct Invocations;

struct InvocationService<S> {
    inner: S,
    is_first: bool,
}

impl<S> Layer<S> for Invocations {
    type Service = InvocationService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        InvocationService {
            inner,
            is_first: true,
        }
    }
}

impl<S: Service<LambdaInvocation>> Service<LambdaInvocation> for InvocationService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = TaskLocalFuture<Option<TraceHeader>, Instrumented<S::Future>>;

    fn poll_ready(&mut self, context: &mut task::Context<'_>) -> task::Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, invocation: LambdaInvocation) -> Self::Future {
        let context = &invocation.context;
        let trace = context
            .xray_trace_id
            .as_deref()
            .and_then(TraceHeader::parse);
        let span = tracing::error_span!(
            "invocation",
            request.id = context.request_id,
            xray.trace_id = trace.as_ref().map(TraceHeader::trace_id),
            cold_start = mem::take(&mut self.is_first).then_some(true),
        );
        // The event is read here, before there is a future to poll.
        let work = span.in_scope(|| self.inner.call(invocation));
        xray::scope(trace, work.instrument(span))
    }
}
