//! How much may be asked: Intercom counts the calls of an app in windows of ten seconds.

use std::time::Duration;

use http::HeaderMap;
use http::header::DATE;
use jiff::Timestamp;

/// The rate limit as an answer tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls in a window.
    pub limit: Option<u32>,
    /// Calls left in this one.
    pub remaining: Option<u32>,
    /// When the next one begins.
    pub reset: Timestamp,
    /// How long that was away when the answer was written, by Intercom's own clock: ours may be wrong.
    pub resets_in: Option<Duration>,
}

impl RateLimit {
    /// Reads the headers of an answer; `None` when they do not say when the next window begins.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let count = |name| text(name)?.trim().parse().ok();
        let seconds = text("x-ratelimit-reset")?.trim().parse().ok()?;
        let reset = Timestamp::from_second(seconds).ok()?;
        Some(Self {
            limit: count("x-ratelimit-limit"),
            remaining: count("x-ratelimit-remaining"),
            reset,
            resets_in: date(headers).map(|now| until(now, reset)),
        })
    }
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date);
    date.ok()
}

/// Zero when `then` has passed.
fn until(now: Timestamp, then: Timestamp) -> Duration {
    then.duration_since(now).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Option<RateLimit> {
        let headers = headers.iter().map(|(name, value)| {
            (
                name.parse::<http::HeaderName>().unwrap(),
                value.parse().unwrap(),
            )
        });
        RateLimit::read(&headers.collect())
    }

    const DATE: (&str, &str) = ("date", "Fri, 20 Nov 2026 12:00:00 GMT");

    #[test]
    fn the_wait_is_measured_by_intercoms_clock() {
        let all = [
            DATE,
            ("x-ratelimit-limit", "1666"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795176007"),
        ];
        let read = read(&all).unwrap();
        assert_eq!((read.limit, read.remaining), (Some(1666), Some(0)));
        assert_eq!(read.reset.to_string(), "2026-11-20T12:00:07Z");
        assert_eq!(read.resets_in, Some(Duration::from_secs(7)));
    }

    #[test]
    fn headers_may_be_missing_or_wrong() {
        let reset = ("x-ratelimit-reset", "1795176007");
        assert_eq!(read(&[reset]).unwrap().resets_in, None);
        assert_eq!(
            read(&[reset, ("x-ratelimit-limit", "many")]).unwrap().limit,
            None
        );
        let passed = read(&[DATE, ("x-ratelimit-reset", "1795175000")]).unwrap();
        assert_eq!(passed.resets_in, Some(Duration::ZERO));
        for wrong in ["soon", "", "99999999999999999999", "999999999999999"] {
            assert_eq!(read(&[DATE, ("x-ratelimit-reset", wrong)]), None, "{wrong}");
        }
        assert_eq!(read(&[DATE]), None);
    }
}
