//! X-Ray's trace ids, carried from the caller of a function to the receivers of its messages.
//!
//! Lambda tells a function the trace of each invocation; [`scope`] keeps it while the invocation is worked
//! on, queues send it along as the message's `AWSTraceHeader`, and [`crate::worker`] takes it up again. So
//! one trace id leads from a request through every log line that came of it.

use tokio::task::futures::TaskLocalFuture;

/// The header that Lambda and SQS hand over, such as
/// `Root=1-65f0c0de-5e1f2a3b4c5d6e7f80910a1b;Parent=…;Sampled=1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceHeader(String);

tokio::task_local! {
    static CURRENT: Option<TraceHeader>;
}

impl TraceHeader {
    /// The attribute of a queued message that carries the header.
    pub const ATTRIBUTE: &str = "AWSTraceHeader";

    /// Longest header, bytes: three times what X-Ray itself writes, for the data that a caller may add.
    const MAX_LEN: usize = 256;

    /// Reads a header; `None` without a `Root`, with characters that ids do not have, or beyond 256 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"=;:-_.".contains(&byte);
        let fits = text.len() <= Self::MAX_LEN && text.bytes().all(plain);
        (fits && root(text).is_some()).then(|| Self(text.to_owned()))
    }

    /// The whole header.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trace's id, such as `1-65f0c0de-5e1f2a3b4c5d6e7f80910a1b`: what X-Ray's console searches for.
    pub fn trace_id(&self) -> &str {
        root(&self.0).unwrap_or_default()
    }
}

fn root(header: &str) -> Option<&str> {
    header
        .split(';')
        .find_map(|part| part.strip_prefix("Root="))
        .filter(|id| !id.is_empty())
}

/// Does `work` as part of a trace.
pub fn scope<F: Future>(
    header: Option<TraceHeader>,
    work: F,
) -> TaskLocalFuture<Option<TraceHeader>, F> {
    CURRENT.scope(header, work)
}

/// The trace that the work under way is part of.
pub fn current() -> Option<TraceHeader> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "Root=1-65f0c0de-5e1f2a3b4c5d6e7f80910a1b;Parent=53995c3f42cd8ad8;Sampled=1";

    #[test]
    fn a_header_names_its_trace() {
        for header in [HEADER, "Self=1-a;Root=1-65f0c0de-5e1f2a3b4c5d6e7f80910a1b"] {
            let parsed = TraceHeader::parse(header).unwrap();
            assert_eq!(parsed.trace_id(), "1-65f0c0de-5e1f2a3b4c5d6e7f80910a1b");
            assert_eq!(parsed.as_str(), header);
        }
    }

    #[test]
    fn what_is_no_header_is_not_carried() {
        let long = format!("Root=1-{}", "a".repeat(256));
        for text in [
            "",
            "Root=",
            "Parent=1",
            "Root=1-a\r\nb",
            "Root=ada@shop.example",
            &long,
        ] {
            assert_eq!(TraceHeader::parse(text), None, "{text:?}");
        }
    }

    #[tokio::test]
    async fn the_trace_is_there_while_its_work_is_done_and_only_then() {
        let header = TraceHeader::parse(HEADER);
        let seen = scope(header.clone(), async {
            tokio::task::yield_now().await;
            current()
        });
        assert_eq!(seen.await, header);
        assert_eq!(current(), None);
    }
}
