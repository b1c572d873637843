//! What every function needs around its own work.
//!
//! - [`config`]: variables of the environment, with errors that name the variable
//! - [`secrets`]: the values that no log may show
//! - [`random`]: bytes that nobody can guess
//! - [`aws`]: the services of AWS that a deployed function talks to
//! - [`clock`]: the time, as a value
//! - [`queue`]: SQS, and (feature `local-queue`) its stand-in on one machine
//! - [`worker`]: the batch loop of every queue worker
//! - [`http`]: JSON answers, error bodies, bearer tokens
//! - [`edge`]: slashes, `HEAD`, repeated headers: what all functions behind HTTP do alike
//! - [`fault`]: which kind an error is, and whether it passes
//! - [`telemetry`]: one JSON object per log line
//! - [`metrics`]: the numbers in them, for CloudWatch
//! - [`xray`]: trace ids, carried over queues
//! - [`schedule`]: events of a function that has a queue and a schedule
//! - [`runtime`]: Lambda's side: what each `main` begins and ends with

pub mod aws;
pub mod clock;
pub mod config;
pub mod edge;
pub mod fault;
pub mod http;
pub mod metrics;
pub mod queue;
pub mod random;
pub mod runtime;
pub mod schedule;
pub mod secrets;
pub mod telemetry;
pub mod worker;
pub mod xray;
