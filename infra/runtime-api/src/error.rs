//! What can go wrong with a function, told apart as Lambda tells it apart.

use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;
use std::{fmt, io};

use serde::Deserialize;

/// Why a function did not start or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program or its API could not be started.
    #[error("cannot start {}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The function said during its start that it cannot serve.
    #[error("the function refused to start: {error}\n{output}")]
    Init {
        /// What it posted to `/init/error`.
        error: FunctionError,
        /// What it printed so far.
        output: String,
    },
    /// The process ended; Lambda's `Runtime.ExitError`.
    #[error("the function ended with {status}\n{output}")]
    Exited {
        /// How.
        status: ExitStatus,
        /// What it had printed.
        output: String,
    },
    /// No answer came in time; Lambda's `Sandbox.Timedout`. The process was killed.
    #[error("no answer within {after:?}\n{output}")]
    TimedOut {
        /// The time that it had.
        after: Duration,
        /// What it printed so far.
        output: String,
    },
    /// The function answered an event with an error.
    #[error("the function failed: {0}")]
    Function(FunctionError),
    /// Lambda passes no more than this in either direction.
    #[error("{payload:?} of {bytes} bytes, more than the {limit} of a synchronous invocation")]
    TooLarge {
        /// Which of the two.
        payload: Payload,
        /// The size of the event or of the answer.
        bytes: usize,
        /// Lambda's limit.
        limit: usize,
    },
    /// An answer that is none to the event, such as one without a status to a function URL.
    #[error("not an answer: {0}")]
    Malformed(String),
    /// This machine has no CPU quotas, or does not let us set them.
    #[error("no CPU quota on this machine")]
    QuotaUnsupported(#[source] io::Error),
    /// The process could not be looked at.
    #[error("the process cannot be measured")]
    Measure(#[source] io::Error),
}

/// What passes between Lambda and a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// What is handed to the function, which never sees one that is too large.
    Event,
    /// What it answers.
    Answer,
}

/// An error as a function reports it to the Runtime API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// Its kind, for metrics and retries.
    #[serde(default)]
    pub error_type: String,
    /// What an operator reads.
    #[serde(default)]
    pub error_message: String,
}

impl fmt::Display for FunctionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.error_type, self.error_message)
    }
}
