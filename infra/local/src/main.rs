//! `make run`: the bundle on this machine.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match local::terminal::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
