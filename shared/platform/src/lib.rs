//! What every function needs around its own work.
//!
//! - [`config`]: variables of the environment, with errors that name the variable
//! - [`secrets`]: the values that no log may show
//! - [`random`]: bytes that nobody can guess
//! - [`aws`]: the table, the bucket and the queues that a deployed function talks to
//! - [`clock`]: the time, as a value
//! - [`queue`]: SQS, and (feature `local-queue`) its stand-in on one machine
//! - [`task`]: what travels in queues between functions
//! - [`erasure`]: asking for somebody's erasure
//! - [`worker`]: the batch loop of every queue worker
//! - [`http`]: JSON answers, error bodies, bearer tokens
//! - [`edge`]: slashes, `HEAD`, repeated headers: what all functions behind HTTP do alike
//! - [`html`]: pages, with the layout and the look that all have
//! - [`cookie`], [`form`], [`signed`]: what browsers keep for us and send to us
//! - [`admin_session`], [`csrf`], [`viewing`], [`share_token`]: who may see and change what belongs to an
//!   organization
//! - [`fault`]: which kind an error is, and whether it passes
//! - [`telemetry`]: one JSON object per log line
//! - [`metrics`]: the numbers in them, for CloudWatch
//! - [`xray`]: trace ids, carried over queues
//! - [`schedule`]: events of a function that has a queue and a schedule
//! - [`runtime`]: Lambda's side: what each `main` begins and ends with

pub mod addresses;
pub mod admin_session;
pub mod aws;
pub mod clock;
pub mod config;
pub mod cookie;
pub mod csrf;
pub mod edge;
pub mod erasure;
pub mod fault;
pub mod form;
pub mod html;
pub mod http;
pub mod metrics;
pub mod queue;
pub mod random;
pub mod runtime;
pub mod schedule;
pub mod secrets;
pub mod share_token;
pub mod signature;
pub mod signed;
pub mod task;
pub mod telemetry;
pub mod viewing;
pub mod worker;
pub mod xray;
