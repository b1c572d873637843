//! Logs: one flat JSON object per line, with `timestamp` and `level` where Lambda's log filter looks for
//! them.
//!
//! Ids stand in spans, and every line within a span shows them: `request.id`, `xray.trace_id`,
//! `organization.id`, `workspace.id`, `session.id`, `message.id`. Such spans are opened at error level, so
//! that they are there whatever the log level is. What is done well is one line per request or queued
//! message, and that line bears its metrics.
//!
//! No line holds a body, a token, an e-mail address or another alias.

mod fields;
mod json_lines;
mod levels;

use std::error::Error;
use std::{fmt, io, panic};

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use crate::clock::Clock;
use json_lines::JsonLines;

/// Sends the process's log lines to standard output, panics among them. A second call changes nothing.
///
/// The dimension of the metrics is the function as Lambda names it, so that two stacks in one account do not
/// add up; elsewhere it is `function`, the package's name. `RUST_LOG` sets the level (`debug`, or
/// `info,aws_smithy=debug`), else `AWS_LAMBDA_LOG_LEVEL` does, else it is `info`.
pub fn init(function: &'static str) {
    let name = std::env::var("AWS_LAMBDA_FUNCTION_NAME");
    let name = name.unwrap_or_else(|_| function.to_owned());
    let subscriber = Registry::default()
        .with(JsonLines::new(name, Clock::system(), io::stdout()))
        .with(levels::of_process());
    // Fails only when a subscriber is there already.
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// Shows an error with all its causes, `outer: inner: innermost`: its own text is only the outermost.
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

/// Where it happened, and the message if it is a literal: one that was put together may quote somebody's
/// data.
fn log_panic(panic: &panic::PanicHookInfo<'_>) {
    tracing::error!(
        panic.location = panic.location().map(ToString::to_string),
        panic.message = panic.payload().downcast_ref::<&str>().copied(),
        "panicked"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
