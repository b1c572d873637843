//! `make run`: the bundle on this machine.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    local::terminal::main().await
}
