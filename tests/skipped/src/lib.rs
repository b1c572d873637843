//! Says in the last lines of `cargo test --workspace` what was skipped.
//!
//! Cargo prints nothing after the last documentation test, and libtest swallows what a test that passes
//! prints. So a test that was skipped has a documentation test here, which Cargo lists as ignored.

/// The test of the deployed stack needs the Python that `make stack-test` installs.
#[cfg_attr(
    stack_test_is_skipped,
    doc = "```ignore\nstd::process::Command::new(\"make\").arg(\"stack-test\");\n```"
)]
pub mod the_stack_test_was_skipped_and_runs_with_make_stack_test {}
