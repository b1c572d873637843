//! The canvas as a plain Node Lambda: bundled by esbuild, with the AWS SDK for JavaScript in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use runtime_api::{Bootstrap, Invocation, events};
use serde_json::Value;
use test_support::Function;

use crate::samples;
use crate::services::Services;
use crate::subjects::{self, CANVAS, Size, Subject};

/// Its name in the results.
pub(crate) const NODE: &str = "canvas in Node";

/// Builds it; `None`, with a sentence why, on a machine without Node or npm, or where npm cannot install.
pub(crate) fn subject(services: &Services) -> Option<Subject> {
    let bundle = bundle()
        .map_err(|reason| println!("No Node Lambda: {reason}."))
        .ok()?;
    let node = Bootstrap::new("/usr/bin/env")
        .name("node-canvas")
        .arg("node")
        .arg(&bundle);
    let canvas = Function::named(CANVAS);
    Some(Subject {
        name: NODE.to_owned(),
        bootstrap: subjects::with_secrets(subjects::environment(node, services)),
        event: samples::event_of(&canvas),
        idle_event: samples::idle_event_of(&canvas),
        size: Size::of(&bundle),
    })
}

/// Away from the sources, where `node_modules` is in nobody's way.
fn bundle() -> Result<std::path::PathBuf, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("node-canvas");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node-canvas");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for entry in fs::read_dir(source).map_err(|error| error.to_string())? {
        let file = entry.map_err(|error| error.to_string())?;
        fs::copy(file.path(), folder.join(file.file_name())).map_err(|error| error.to_string())?;
    }
    run(&folder, "node", &["--version"])?;
    if !folder.join("node_modules").exists() {
        run(
            &folder,
            "npm",
            &["ci", "--no-fund", "--no-audit", "--loglevel=error"],
        )?;
    }
    run(&folder, "npm", &["run", "--silent", "bundle"])?;
    Ok(folder.join("bundle.cjs"))
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{program} {}: {}",
        arguments.join(" "),
        reason.trim()
    ))
}

/// Stops the benchmark unless both draw the same canvas: only then do they do the same work. What opens their
/// links ends at another second, but is as long.
pub(crate) fn check_same(node: &Subject, canvas: &Subject) {
    let [node, canvas] = [node, canvas].map(|subject| {
        let mut process = subject.bootstrap.start().unwrap();
        let answer = process.invoke(subject.event.event(), &Invocation::default());
        let response = events::response(&answer.unwrap().body).unwrap();
        let canvas: Value = serde_json::from_slice(response.body()).unwrap();
        without_signatures(&canvas.to_string())
    });
    assert_eq!(node, canvas);
}

/// The text with `*` in place of every character of a key.
fn without_signatures(text: &str) -> String {
    let mut parts = text.split("key=");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let key = part.find([')', '"']).unwrap();
        format!("{text}key={}{}", "*".repeat(key), &part[key..])
    })
}
