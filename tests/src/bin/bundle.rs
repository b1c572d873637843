//! The bundle of local mode once more, as a program that cargo builds along with the tests that start, kill
//! and restart it.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    local::terminal::main().await
}
