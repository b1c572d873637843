//! Recordings that nobody recorded: damaged ones, random bytes, and those that mean harm.
//!
//! The bounded part of what `make fuzz` looks for.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod damaged;
mod events;
mod malicious;
mod survival;
