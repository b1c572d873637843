//! Segment's own mapping, from npm, over the same events.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// What it needs for an event, and what it tells Intercom.
#[derive(Deserialize)]
pub(crate) struct Measured {
    /// CPU time, the best of many runs.
    pub(crate) microseconds: f64,
    /// The bodies of its calls.
    pub(crate) calls: Vec<String>,
}

/// How long it runs: Node compiles what runs often.
const SECONDS: &str = "8";

/// Runs it; `None`, with a sentence why, on a machine without Node or npm, or where npm cannot install.
pub(crate) fn measure(batch: &str) -> Option<Measured> {
    let measured = measured(batch);
    measured
        .map_err(|reason| println!("No peer from npm: {reason}."))
        .ok()
}

fn measured(batch: &str) -> Result<Measured, String> {
    // Away from the sources, where `node_modules` is in nobody's way.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/mapping/peer");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mapping-peer");
    let text = |error: std::io::Error| error.to_string();
    fs::create_dir_all(&folder).map_err(text)?;
    for name in ["package.json", "package-lock.json", "map.mjs"] {
        fs::copy(source.join(name), folder.join(name)).map_err(text)?;
    }
    if !folder.join("node_modules").exists() {
        let quiet = [
            "--ignore-scripts",
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
        ];
        run(&folder, "npm", &[&["ci"], &quiet[..]].concat())?;
    }
    fs::write(folder.join("batch.json"), batch).map_err(text)?;
    let printed = run(&folder, "node", &["map.mjs", "batch.json", SECONDS])?;
    serde_json::from_str(&printed).map_err(|error| error.to_string())
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}
