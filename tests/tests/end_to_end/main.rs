//! From a recorder's request to what a teammate sees in the Inbox: the bundle as a process, reached over HTTP
//! only.

#![allow(clippy::unwrap_used, reason = "tests")]

mod admin;
mod bundle;
mod canvas;
mod chunks;
mod client;
mod notification;
mod panel;
mod recording;

mod api;
mod crowd;
mod erased;
mod people;
mod possible_match;
mod privacy;
mod quotas;
mod recordings;
mod restart;
mod signed;
mod states;
mod terminal;
mod timing;
mod webhooks;
