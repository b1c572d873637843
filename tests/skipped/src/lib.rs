//! Says in the last lines of `cargo test --workspace` what was skipped.
//!
//! Cargo prints nothing after the last documentation test, and swallows what tests that pass have to say. So
//! every skipped test has a documentation test here, which is listed as ignored. Nothing is listed that was
//! run.

/// The test of the deployed stack needs the Python that `make stack-test` installs.
#[cfg_attr(
    stack_test_is_skipped,
    doc = "```ignore\n// `make stack-test` runs it, and `make test` runs everything.\n```"
)]
pub mod the_stack_test_was_skipped_and_runs_with_make_stack_test {}
