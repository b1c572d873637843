//! When a call is made again, and how long to wait for that.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use super::{Advice, Error};

/// Calls after the first. Intercom asks to retry a 5xx once; the second is for a connection that broke
/// meanwhile.
const MAX_RETRIES: usize = 2;

/// Before the first retry; doubled before the second. Up to as much again is added by chance, so that those
/// who failed together do not come back together.
const FIRST_RETRY_WAIT: Duration = Duration::from_millis(250);

/// Makes a call until it works, up to three times, as long as another time is safe and may help.
pub(super) async fn repeat<T, F: Future<Output = Result<T, Error>>>(
    repeatable: bool,
    longest_rate_limit_wait: Duration,
    call: impl FnMut() -> F,
) -> Result<T, Error> {
    let schedule = ExponentialBuilder::new()
        .with_min_delay(FIRST_RETRY_WAIT)
        .with_factor(2.0)
        .with_max_times(MAX_RETRIES)
        .with_jitter();
    call.retry(schedule)
        .when(|error| may_repeat(error, repeatable))
        .adjust(|error, wait| Some(reset(error, longest_rate_limit_wait)? + wait?))
        .await
}

/// Whether doing it again does no harm and may do good. A call that timed out may not: its time is over.
fn may_repeat(error: &Error, repeatable: bool) -> bool {
    match error {
        Error::Unreachable { never_sent, .. } => *never_sent || repeatable,
        Error::Refused { refusal, .. } => {
            repeatable && matches!(refusal.advice(), Advice::RetryLater { .. })
        }
        Error::TimedOut { .. } | Error::Unreadable { .. } | Error::Unsendable { .. } => false,
    }
}

/// How long Intercom wants to be left alone; `None` when that is too long to wait here, or not said.
fn reset(error: &Error, longest: Duration) -> Option<Duration> {
    match error {
        Error::Refused { refusal, .. } if refusal.is_rate_limit() => refusal
            .rate_limit?
            .resets_in
            .filter(|wait| *wait <= longest),
        _ => Some(Duration::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use http::StatusCode;
    use jiff::Timestamp;
    use tokio::time::Instant;

    use super::*;
    use crate::rest::{RateLimit, Refusal};

    const PATIENCE: Duration = Duration::from_secs(3);

    fn refused(status: StatusCode, resets_in: Option<Duration>) -> Error {
        let reset = Timestamp::UNIX_EPOCH;
        Error::Refused {
            operation: "test",
            refusal: Box::new(Refusal {
                status,
                code: None,
                request_id: None,
                rate_limit: Some(RateLimit {
                    limit: None,
                    remaining: None,
                    reset,
                    resets_in,
                }),
                detail: None,
            }),
        }
    }

    fn unreachable(never_sent: bool) -> Error {
        Error::Unreachable {
            operation: "test",
            never_sent,
            source: "broken".into(),
        }
    }

    /// Calls that fail until the last: how many were made, and how long that took.
    async fn calls(repeatable: bool, failure: fn() -> Error) -> (u32, Duration) {
        let made = Cell::new(0);
        let start = Instant::now();
        let result: Result<(), Error> = repeat(repeatable, PATIENCE, || {
            made.set(made.get() + 1);
            async { Err(failure()) }
        })
        .await;
        assert!(result.is_err());
        (made.get(), start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn failures_that_may_pass_are_repeated_twice_with_growing_waits() {
        let server_error = || refused(StatusCode::BAD_GATEWAY, None);
        for failure in [server_error, || unreachable(false), || unreachable(true)] {
            let (made, took) = calls(true, failure).await;
            assert_eq!(made, 3);
            let (least, most) = (Duration::from_millis(750), Duration::from_millis(1_510));
            assert!((least..=most).contains(&took), "{took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_must_not_happen_twice_is_repeated_only_when_it_was_never_sent() {
        assert_eq!(calls(false, || unreachable(true)).await.0, 3);
        assert_eq!(calls(false, || unreachable(false)).await.0, 1);
        let server_error = || refused(StatusCode::BAD_GATEWAY, None);
        assert_eq!(calls(false, server_error).await.0, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_window_is_waited_for_when_it_is_near() {
        const FULL: StatusCode = StatusCode::TOO_MANY_REQUESTS;
        let near = || refused(FULL, Some(PATIENCE));
        let (made, took) = calls(true, near).await;
        assert_eq!(made, 3);
        assert!(took >= 2 * PATIENCE, "{took:?}");

        let far = || refused(FULL, Some(PATIENCE + Duration::from_secs(1)));
        for failure in [far, || refused(FULL, None)] {
            assert_eq!(calls(true, failure).await, (1, Duration::ZERO));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_fail_again_is_not_repeated() {
        let not_found: fn() -> Error = || refused(StatusCode::NOT_FOUND, None);
        let unauthorized: fn() -> Error = || refused(StatusCode::UNAUTHORIZED, None);
        for failure in [not_found, unauthorized, || Error::TimedOut {
            operation: "test",
        }] {
            assert_eq!(calls(true, failure).await.0, 1);
        }
    }
}
