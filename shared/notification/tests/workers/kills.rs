//! The process is killed between any two steps, and started again: every notification that was answered 200
//! has its effect exactly once.
//!
//! - `process`: what is killed: the functions from the receiver to parking, over files
//! - `life`: what Intercom sends meanwhile

mod life;
mod process;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use process::Outcome;

/// Every step between which a process may be killed.
fn steps() -> impl Iterator<Item = &'static str> {
    let of_receiver = verify_webhook::steps::ALL.into_iter();
    let of_worker = notification::steps::ALL.into_iter();
    of_receiver
        .chain(of_worker)
        .chain(store::steps::OF_STATEMENTS)
        .chain(park_notification::steps::ALL)
}

/// Which time a step is taken the process is killed: at the first notification, and amid others.
const TIMES: [usize; 2] = [1, 4];

/// The signal by which [`std::process::abort`] ends a process.
const SIGABRT: i32 = 6;

#[test]
fn wherever_it_is_killed_every_notification_has_its_effect_once() {
    let undisturbed = TempDir::new().unwrap();
    assert!(
        run(undisturbed.path(), 0, None).is_none(),
        "it ends by itself"
    );
    let expected = Outcome::read(undisturbed.path());

    for step in steps() {
        for time in TIMES {
            let folder = TempDir::new().unwrap();
            let signal = run(folder.path(), 0, Some((step, time)));
            // Some steps are not taken that often.
            if time == 1 || signal.is_some() {
                assert_eq!(signal, Some(SIGABRT), "{step} {time}");
                assert!(run(folder.path(), 1, None).is_none(), "{step} {time}");
            }
            let outcome = Outcome::read(folder.path());
            let differ: Vec<_> = outcome
                .facts
                .symmetric_difference(&expected.facts)
                .collect();
            assert!(differ.is_empty(), "{step} {time}: {differ:#?}");
            assert_eq!(outcome, expected, "{step} {time}");
        }
    }
}

/// Starts the process for the nth time; the signal that ended it, if one did.
fn run(folder: &Path, restarts: u32, kill: Option<(&str, usize)>) -> Option<i32> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "kills::process::all_that_intercom_sends_is_processed_or_parked",
            "--nocapture",
        ])
        .env("KILL_TEST_FOLDER", folder)
        .env("KILL_TEST_RESTARTS", restarts.to_string());
    if let Some((step, time)) = kill {
        command.env("KILL_TEST_AT", format!("{step} {time}"));
    }
    let output = command.output().unwrap();
    let signal = output.status.signal();
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || signal.is_some(), "{shown}");
    signal
}
