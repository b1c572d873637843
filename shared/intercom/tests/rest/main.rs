//! The REST client against a server of its own: what it sends, what it makes of answers, and what never
//! leaks.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod calls;
mod companies;
mod conversations;
mod described;
mod described_mirror;
mod failures;
mod fake;
mod fixture;
mod messages;
mod openapi;
mod records;
mod secrets;
mod tls;
mod writes;
