//! Lambda's side of a function: what each `main` begins and ends with.
//!
//! [`start`] runs the function; [`http`] and [`worker`] serve what comes to it. Every invocation is worked on within a
//! span that bears its ids (see [`crate::telemetry`]) and within its X-Ray trace (see [`crate::xray`]).

mod start;

use std::convert::Infallible;
use std::mem;
use std::task;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_http::lambda_runtime::tower::{Layer, Service};
use lambda_http::lambda_runtime::{LambdaEvent, LambdaInvocation, Runtime, service_fn};
use lambda_http::{Adapter, Body, Request, Response};
use tokio::task::futures::TaskLocalFuture;
use tracing::Instrument;
use tracing::instrument::Instrumented;

pub use lambda_http::Error;
pub use start::start;

use crate::xray::{self, TraceHeader};

/// Serves what comes to the function's URL, for as long as the instance lives.
///
/// # Errors
/// When Lambda's Runtime API fails, which ends the instance.
pub async fn http<H, F>(handler: H) -> Result<(), Error>
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send,
{
    let service = service_fn(|request| {
        let answer = handler(request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    Runtime::new(Adapter::from(service))
        .layer(Invocations)
        .run()
        .await
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
