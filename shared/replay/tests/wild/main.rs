//! The summaries of what real sites, browsers and other recorders do, against what is right.
//!
//! The inputs stand in the reference material beside the project. Where it is not there, they are said to be
//! skipped.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod bodies;
mod figure;
mod inputs;
#[path = "../recordings/mod.rs"]
mod recordings;
mod reports;

use inputs::all;

#[test]
fn every_figure_is_right() {
    let mut wrong = Vec::new();
    for input in all() {
        for (figure, what) in input.wrong() {
            wrong.push(format!("{}: {figure}: {what}", input.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_secret_is_told() {
    for input in all() {
        let told = input.summary().unwrap_or_default().to_string();
        for secret in &input.secrets {
            assert!(
                !told.contains(secret),
                "{}: a secret is in the summary",
                input.name
            );
        }
    }
}
