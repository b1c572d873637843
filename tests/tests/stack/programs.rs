//! The functions' programs, built as a developer builds them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::Value;
use test_support::Function;

/// A program for each function, built once for all tests.
pub(crate) static PROGRAMS: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(build);

/// The names of all functions.
pub(crate) fn names() -> Vec<String> {
    let functions = Function::all().into_iter();
    functions.map(|function| function.name).collect()
}

fn build() -> BTreeMap<String, PathBuf> {
    let functions = Function::all().into_iter();
    let packages: BTreeSet<String> = functions.map(|function| function.package).collect();
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo tells a test about itself would look like another configuration to the build scripts that
    // look at it: they would run again here, and once more in the next build.
    for (name, _) in std::env::vars_os() {
        let of_this_test = [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ];
        if of_this_test
            .iter()
            .any(|prefix| name.to_string_lossy().starts_with(prefix))
        {
            cargo.env_remove(name);
        }
    }
    let output = cargo
        .args(["build", "--bins", "--message-format", "json"])
        .args(
            packages
                .iter()
                .flat_map(|package| ["--package", package.as_str()]),
        )
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "the functions do not build");
    let messages = String::from_utf8(output.stdout).unwrap();
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| {
            let program = message["executable"].as_str()?;
            let name = message["target"]["name"].as_str()?;
            Some((name.to_owned(), PathBuf::from(program)))
        })
        .collect()
}
