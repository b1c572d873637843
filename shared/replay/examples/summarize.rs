//! Prints the summary of a recording: `cargo run -p replay --example summarize -- recording.json`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for path in std::env::args().skip(1) {
        let summary = replay::summarize(&std::fs::read(&path)?)?;
        println!("{}", serde_json::to_string_pretty(&summary)?);
    }
    Ok(())
}
