//! How fast functions start and how little they need: the binaries as they are deployed, under Lambda's
//! Runtime API, beside a hello-world on the same runtime and the same canvas in Node.
//!
//! - `samples`, `data`: what the functions are asked, and what stands in the table
//! - `services`: the AWS that they meet
//! - `subjects`, `node`: the programs
//! - `measure`, `results`: starts and events, and what they say about our limits
//!
//! Prints a table and which of our limits hold, and ends with an error when one does not. Writes rows of
//! `{"name","value","unit","baseline","ratio"}` to the file that `BENCH_JSON` names.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run stops.

mod data;
mod measure;
mod node;
mod results;
mod samples;
mod services;
mod subjects;

use std::process::ExitCode;

use results::Results;
use services::Services;

fn main() -> ExitCode {
    // Away from the core where throughput is measured.
    measure::pin(Some(1));
    let services = Services::start();
    measure::pin(None);
    let subjects = subjects::all(&services);
    let measured = measure::all(&subjects);

    let results = Results::new(&subjects, &measured);
    results.print();
    report::record(&results.rows());
    let limits = results.limits();
    for limit in &limits {
        limit.print();
    }
    match limits.iter().all(results::Limit::holds) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
