//! Ends the process in the middle of something, as a power cut would: for tests of what is left then.

use platform::config::Environment;

/// Arms the fail point that `FAILPOINT` names. There is no undoing: the process does not outlive it.
pub(crate) fn arm(environment: &Environment) {
    let Some(name) = environment.optional("FAILPOINT") else {
        return;
    };
    if let Err(reason) = fail::cfg_callback(name, || std::process::abort()) {
        eprintln!("FAILPOINT={name} cannot be armed: {reason}");
    }
}
