//! Logs: one JSON object per line, with `timestamp` and `level` where Lambda's log filter looks for them.

use std::error::Error;
use std::fmt;
use std::io;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Sends the process's log lines to standard output. A second call changes nothing.
///
/// The level comes from `RUST_LOG`, else from `AWS_LAMBDA_LOG_LEVEL`, else it is `info`.
pub fn init() {
    // Fails only when a subscriber is there already.
    let _ = tracing::subscriber::set_global_default(subscriber(level(), io::stdout));
}

/// Shows an error with all its causes, `outer: inner: innermost`: a JSON field of an error alone shows only the
/// outermost.
#[derive(Debug)]
pub struct Chain<'a>(pub &'a dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

fn level() -> EnvFilter {
    ["RUST_LOG", "AWS_LAMBDA_LOG_LEVEL"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok()?.parse().ok())
        .unwrap_or_else(|| EnvFilter::new("info"))
}

/// Fields of an event stand at the top of its object; only the innermost span is shown, and once.
fn subscriber<W>(level: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(level)
        .with_writer(writer)
        .finish()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the store is unavailable")]
    struct Outer(#[source] io::Error);

    #[test]
    fn a_chain_shows_every_cause() {
        let error = Outer(io::Error::other("connection refused"));
        assert_eq!(
            Chain(&error).to_string(),
            "the store is unavailable: connection refused"
        );
    }

    #[test]
    fn a_line_is_a_flat_json_object_with_level_and_timestamp() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(EnvFilter::new("info"), move || writer.clone());

        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(session.id = "s-1", "chunk stored");
            tracing::debug!("not shown");
        });

        let written = lines.0.lock().unwrap().clone();
        let line: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(line["level"], "INFO");
        assert_eq!(line["message"], "chunk stored");
        assert_eq!(line["session.id"], "s-1");
        assert!(line["timestamp"].is_string());
    }
}
