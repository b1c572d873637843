//! Sends requests to Intercom.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client as Pool, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;

use super::{Answer, Error, RateLimit, Refusal, Request, Unreadable, retry};
use crate::{Hosts, Region};

/// A connection pool to Intercom. Cheap to clone; clones share the pool.
///
/// It speaks HTTP/1.1 over TLS with Mozilla's roots, follows no redirect, keeps no cookie and asks no proxy:
/// a token goes nowhere but to the host that it is meant for.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    hosts: Hosts,
    limits: Limits,
}

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a TCP connection.
    pub connect: Duration,
    /// For a whole call with its retries.
    pub call: Duration,
    /// Longest wait for the next window when too much was asked; a later one is left to the caller.
    pub rate_limit_wait: Duration,
}

impl Default for Limits {
    /// For a page that somebody waits for: two calls in a row end within API Gateway's 30 seconds.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            call: Duration::from_secs(12),
            rate_limit_wait: Duration::from_secs(3),
        }
    }
}

/// Longest answer, bytes. The largest that we ask for is a page of 150 contacts with all their attributes.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Longest body of an error that is looked at, bytes: an `error.list` has some hundred.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A pooled connection that has been idle for longer is not used again, so that a call that cannot be
/// repeated is not lost on one that Intercom has closed meanwhile, perhaps while the function was frozen.
const IDLE_CONNECTION_LIFETIME: Duration = Duration::from_secs(15);

impl Client {
    /// A client with the limits of a page that somebody waits for.
    #[must_use]
    pub fn new(hosts: Hosts) -> Self {
        Self::with_limits(hosts, Limits::default())
    }

    /// A client with other limits: a queue's worker has more patience.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "ring speaks the TLS versions that rustls asks it for"
    )]
    pub fn with_limits(hosts: Hosts, limits: Limits) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(limits.connect));
        // ring by name: what links another provider as well would have to choose for the whole process.
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(ring::default_provider())
            .expect("TLS 1.2 and 1.3")
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE_CONNECTION_LIFETIME)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self {
            pool,
            hosts,
            limits,
        }
    }

    /// Sends a request to a region's API, and again where that is safe and may help.
    ///
    /// Repeatable requests are sent up to three times in all when Intercom fails (5xx), is gone, or asks to
    /// wait (429) for not too long; others only when no connection came about. All of it ends within
    /// [`Limits::call`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(&self, region: Region, request: &Request) -> Result<Answer, Error> {
        let operation = request.operation;
        let prepared = request
            .to_http(self.hosts.api(region))
            .map_err(|_| Error::Unsendable { operation })?;
        let attempts = retry::repeat(request.repeatable, self.limits.rate_limit_wait, || {
            self.attempt(operation, prepared.clone())
        });
        tokio::time::timeout(self.limits.call, attempts)
            .await
            .unwrap_or(Err(Error::TimedOut { operation }))
    }

    async fn attempt(
        &self,
        operation: &'static str,
        request: http::Request<Full<Bytes>>,
    ) -> Result<Answer, Error> {
        let response = self.pool.request(request).await;
        let response = response.map_err(|source| Error::Unreachable {
            operation,
            never_sent: source.is_connect(),
            source: source.into(),
        })?;
        let (head, body) = response.into_parts();
        if head.status.is_success() {
            let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
            Ok(Answer {
                operation,
                status: head.status,
                body: body
                    .map_err(|source| broken_off(operation, source))?
                    .to_bytes(),
                rate_limit: RateLimit::read(&head.headers),
            })
        } else {
            // What cannot be read is as good as empty: the status tells the most of it.
            let body = Limited::new(body, MAX_ERROR_BYTES).collect().await;
            let body = body.map(|body| body.to_bytes()).unwrap_or_default();
            let refusal = Refusal::read(&Response::from_parts(head, body));
            Err(Error::Refused {
                operation,
                refusal: Box::new(refusal),
            })
        }
    }
}

/// Why a body could not be read to its end.
fn broken_off(operation: &'static str, source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    if source.is::<http_body_util::LengthLimitError>() {
        Error::Unreadable {
            operation,
            problem: Unreadable::TooLarge,
        }
    } else {
        Error::Unreachable {
            operation,
            never_sent: false,
            source,
        }
    }
}
